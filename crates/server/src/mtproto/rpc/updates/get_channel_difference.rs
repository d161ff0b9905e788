//! `updates.getChannelDifference`: what a client missed of one supergroup or channel, in slices if it was much.

use super::missed::{missed, slice};
use crate::mtproto::decode;
use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, functions, types};
use ringback_world::{Mailbox, Peer};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::updates::GetChannelDifference,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let channel = decode::channel(world, me, &call.channel)?;
    let peer = Peer::Channel(channel);
    world.may_look(me, peer)?;
    let mailbox = Mailbox::Channel(channel);
    let pts = world.pts(mailbox);
    let mut cast = Cast::new(world, me);
    cast.peer(peer);
    let answer: types::updates::ChannelDifference = match world.mail_since(mailbox, call.pts) {
        Some(entries) if entries.is_empty() => ctors::updates::ChannelDifferenceEmpty {
            r#final: true,
            pts,
            timeout: Some(30),
        }
        .into(),
        Some(entries) => {
            let (entries, more) = slice(entries, call.limit);
            let reached = entries.last().filter(|_| more).map_or(pts, |last| last.pts);
            let missed = missed(world, me, mailbox, &entries, &mut cast);
            ctors::updates::ChannelDifference {
                r#final: !more,
                pts: reached,
                timeout: Some(30),
                new_messages: missed.messages,
                other_updates: missed.others,
                chats: cast.chats(),
                users: cast.users(),
            }
            .into()
        }
        None => {
            let newest: Vec<_> = world.history(me, peer).take(20).collect();
            let messages = newest.iter();
            let messages = messages
                .filter_map(|message| encode::message(world, me, message, &mut cast))
                .collect();
            let dialog = ctors::Dialog {
                peer: encode::peer(peer),
                top_message: newest.first().and_then(|top| top.id_for(me)).map_or(0, |id| id.0),
                read_inbox_max_id: world.read_inbox(me, peer).0,
                unread_count: encode::count(world.unread(me, peer)),
                notify_settings: encode::notify_settings(),
                pts: Some(pts),
                ..Default::default()
            };
            let own = ctors::updates::ChannelDifferenceTooLong {
                r#final: true,
                timeout: Some(30),
                dialog: types::Dialog::Dialog(Box::new(dialog)),
                messages,
                chats: cast.chats(),
                users: cast.users(),
            };
            types::updates::ChannelDifference::TooLong(Box::new(own))
        }
    };
    context.give(&answer)
}
