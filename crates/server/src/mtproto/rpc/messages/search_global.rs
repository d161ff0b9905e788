//! `messages.searchGlobal`: in all chats, the newest first.

use super::found::Wanted;
use crate::mtproto::decode;
use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, functions, types};
use ringback_world::{ChatKind, MessageId, Peer};
use std::cmp::Reverse;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::SearchGlobal,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let searched = |peer: &Peer| {
        let chat = match peer {
            Peer::User(_) => None,
            _ => world.chat_of(ringback_world::Conversation::of(me, *peer)),
        };
        let kind = chat.map(|chat| chat.kind);
        let group = matches!(kind, Some(ChatKind::Group | ChatKind::Supergroup));
        !(call.users_only && kind.is_some()
            || call.groups_only && !group
            || call.broadcasts_only && kind != Some(ChatKind::Channel))
    };
    // Nothing is ever archived.
    let folder = matches!(call.folder_id, None | Some(0));
    let peers = world
        .dialogs(me)
        .filter(|peer| folder && searched(peer) && world.may_read(me, *peer).is_ok());
    let wanted = Wanted {
        words: &call.q,
        filter: &call.filter,
        min_date: call.min_date,
        max_date: call.max_date,
    };
    let mut all: Vec<_> = peers
        .flat_map(|peer| world.history(me, peer))
        .filter(|message| wanted.includes(world, me, message))
        .collect();
    all.sort_by_key(|message| Reverse(message.key));
    let total = all.len();
    // The page goes on below the message that the client had last.
    if let Ok(peer) = decode::peer(world, me, &call.offset_peer)
        && let Some(last) = world.message_at(me, peer, MessageId(call.offset_id))
    {
        all.retain(|message| message.key < last.key);
    }
    let rest = all.len();
    all.truncate(usize::try_from(call.limit).unwrap_or(0).min(100));
    let next_rate = (all.len() < rest).then(|| all.last().map_or(0, |last| encode::date(last.date)));
    let mut cast = Cast::new(world, me);
    let messages: Vec<_> = all
        .iter()
        .filter_map(|message| encode::message(world, me, message, &mut cast))
        .collect();
    let (chats, users) = (cast.chats(), cast.users());
    let found: types::messages::Messages = match next_rate {
        None if messages.len() == total => ctors::messages::Messages {
            messages,
            chats,
            users,
            ..Default::default()
        }
        .into(),
        next_rate => ctors::messages::MessagesSlice {
            count: encode::count(total),
            next_rate,
            messages,
            chats,
            users,
            ..Default::default()
        }
        .into(),
    };
    context.give(&found)
}
