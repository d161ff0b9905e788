//! `updates.getState`.

use super::missed::state;
use crate::mtproto::rpc::{Answer, Context};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>) -> Answer {
    let me = context.me()?;
    context.give(&state(context.lock().world(), me))
}
