//! `ringback press`: a user presses a button.

mod control;
mod find;
mod mtproto;

pub(crate) use control::in_words;
pub(crate) use mtproto::once as over_mtproto;

use crate::args::{Format, Press, Via};
use crate::failure::Failure;
use std::process::ExitCode;

pub(crate) async fn run(format: Format, args: Press) -> Result<ExitCode, Failure> {
    match args.via {
        Via::Control if args.session.is_none() => control::run(format, args).await,
        Via::Mtproto | Via::Control => mtproto::run(format, args).await,
    }
}
