//! `upload.saveBigFilePart`: a part of a longer file.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: functions::upload::SaveBigFilePart,
) -> Answer {
    let me = context.me()?;
    let total = Some(call.file_total_parts);
    context
        .mtproto()
        .keep_part(me, call.file_id, call.file_part, total, call.bytes)?;
    context.give(&true)
}
