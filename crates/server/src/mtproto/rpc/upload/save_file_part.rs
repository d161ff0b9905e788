//! `upload.saveFilePart`: a part of a file of up to 10 MB.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::upload::SaveFilePart) -> Answer {
    let me = context.me()?;
    context
        .mtproto()
        .keep_part(me, call.file_id, call.file_part, None, call.bytes)?;
    context.give(&true)
}
