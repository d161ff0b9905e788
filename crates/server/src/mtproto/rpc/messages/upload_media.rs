//! `messages.uploadMedia`: a picture or file that is to be sent later.

use super::media::{bring, used};
use crate::mtproto::rpc::{Answer, Context, Refusal};
use crate::mtproto::{decode, encode};
use ringback_tl::functions;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::messages::UploadMedia) -> Answer {
    let me = context.me()?;
    let brought = bring(context, me, "messages.uploadMedia", &call.media)?;
    let mut locked = context.lock();
    decode::peer(locked.world(), me, &call.peer)?;
    let file = brought.file(&mut locked, me)?;
    let (file, spoiler) = file.ok_or_else(|| Refusal::new(400, "MEDIA_INVALID"))?;
    used(context, me, &call.media);
    let world = locked.world();
    context.give(&encode::of_file(world, me, file, world.now(), spoiler))
}
