//! `messages.sendMultiMedia`: an album.

use super::media::{Brought, bring};
use super::sent::{no_later, own_updates, reply_to};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context, Refusal};
use ringback_tl::functions;
use ringback_world::MailChange;
use ringback_world::calls::SendAlbum;
use std::sync::Arc;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: functions::messages::SendMultiMedia,
) -> Answer {
    const NAME: &str = "messages.sendMultiMedia";
    let me = context.me()?;
    no_later(context, NAME, call.schedule_date)?;
    let numbers: Vec<i64> = call.multi_media.iter().map(|one| one.random_id).collect();
    let before: Option<Vec<_>> = numbers
        .iter()
        .map(|number| Some((context.mtproto().sent_before(me, *number)?, *number)))
        .collect();
    if let Some(before) = before.filter(|before| !before.is_empty()) {
        // The client did not hear that it was sent, and sends it again.
        let locked = context.lock();
        let sent: Vec<_> = before
            .into_iter()
            .filter_map(|(key, number)| Some((Arc::clone(locked.world().message(key)?), Some(number))))
            .collect();
        return context.give(&own_updates(locked.world(), me, &sent, MailChange::New));
    }
    let mut brought = Vec::with_capacity(call.multi_media.len());
    for one in &call.multi_media {
        match bring(context, me, NAME, &one.media)? {
            known @ Brought::Known { .. } => brought.push(known),
            // What is new goes by messages.uploadMedia first (<https://core.telegram.org/api/files#albums-grouped-media>).
            _ => return Err(Refusal::new(400, "MEDIA_INVALID")),
        }
    }
    let mut locked = context.lock();
    let peer = decode::peer(locked.world(), me, &call.peer)?;
    locked.world().may_write(me, peer)?;
    let mut items = Vec::with_capacity(brought.len());
    for (brought, one) in brought.into_iter().zip(call.multi_media) {
        let caption = decode::text(one.message, one.entities);
        items.push(brought.content(&mut locked, me, caption, call.invert_media)?);
    }
    let new = SendAlbum {
        from: me,
        peer,
        items,
        reply_to: reply_to(locked.world(), me, call.reply_to)?,
        silent: call.silent,
        protected: call.noforwards,
    };
    let messages = locked.call(context.cause, new)?;
    let mut sent = Vec::with_capacity(messages.len());
    for (message, number) in messages.into_iter().zip(numbers) {
        context.mtproto().note_sent(me, number, message.key);
        sent.push((message, Some(number)));
    }
    context.give(&own_updates(locked.world(), me, &sent, MailChange::New))
}
