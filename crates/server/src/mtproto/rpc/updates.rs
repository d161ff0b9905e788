//! Where a client stands, and what it missed.

use super::{Answer, Context};
use crate::mtproto::encode::{self, Cast};
use crate::mtproto::{decode, push};
use ringback_tl::{ctors, functions, types};
use ringback_world::calls::Pushed;
use ringback_world::{ChannelId, MailChange, MailEntry, Mailbox, Peer, Update, UpdateId, UserId, World};

/// What a mailbox counts to, now.
pub(super) fn state(world: &World, me: UserId) -> types::updates::State {
    types::updates::State {
        pts: world.pts(Mailbox::User(me)),
        qts: 0,
        date: encode::date(world.now()),
        seq: 0,
        unread_count: 0,
    }
}

pub(super) fn get_state(context: &Context<'_>) -> Answer {
    let me = context.me()?;
    context.give(&state(context.lock().world(), me))
}

/// What happened, parted as clients want it: new messages, and the rest.
struct Missed {
    messages: Vec<types::Message>,
    others: Vec<types::Update>,
}

fn missed(
    world: &World,
    me: UserId,
    mailbox: Mailbox,
    entries: &[&MailEntry],
    cast: &mut Cast<'_>,
) -> Missed {
    let mut missed = Missed {
        messages: Vec::new(),
        others: Vec::new(),
    };
    for entry in entries {
        match (&entry.change, push::mail(world, me, mailbox, entry, cast)) {
            (MailChange::New(_), Some(types::Update::NewMessage(own))) => missed.messages.push(own.message),
            (MailChange::New(_), Some(types::Update::NewChannelMessage(own))) => {
                missed.messages.push(own.message);
            }
            (_, update) => missed.others.extend(update),
        }
    }
    missed
}

pub(super) fn get_difference(context: &Context<'_>, call: &functions::updates::GetDifference) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let presses = undelivered(locked.world(), me);
    let world = locked.world();
    let mailbox = Mailbox::User(me);
    let Some(entries) = world.mail_since(mailbox, call.pts) else {
        let pts = world.pts(mailbox);
        return context.give(&types::updates::Difference::from(
            ctors::updates::DifferenceTooLong { pts },
        ));
    };
    let mut cast = Cast::new(world, me);
    let Missed {
        messages: new_messages,
        others: mut other_updates,
    } = missed(world, me, mailbox, &entries, &mut cast);
    other_updates.extend(channels_with_news(world, me, call.date, &mut cast));
    for id in &presses {
        if let Some(waiting) = world.bot(me).and_then(|bot| bot.queue.get(*id)) {
            other_updates.extend(push::bot_update(world, me, &waiting.update, &mut cast));
        }
    }
    let state = state(world, me);
    let answer: types::updates::Difference =
        if new_messages.is_empty() && other_updates.is_empty() && call.pts >= state.pts {
            ctors::updates::DifferenceEmpty {
                date: state.date,
                seq: state.seq,
            }
            .into()
        } else {
            ctors::updates::Difference {
                new_messages,
                new_encrypted_messages: Vec::new(),
                other_updates,
                chats: cast.chats(),
                users: cast.users(),
                state,
            }
            .into()
        };
    let answer = context.give(&answer);
    for update in presses {
        let _ = locked.call(None, Pushed { bot: me, update });
    }
    answer
}

/// The presses and inline queries that a bot was not told of yet: it may have been away.
fn undelivered(world: &World, bot: UserId) -> Vec<UpdateId> {
    let queue = world.bot(bot).map(|bot| bot.queue.iter());
    let presses = queue.into_iter().flatten().filter(|(_, waiting)| {
        let own = matches!(
            &*waiting.update,
            Update::CallbackQuery { .. } | Update::InlineQuery { .. } | Update::ChosenInlineResult { .. }
        );
        !waiting.delivered && own
    });
    presses.map(|(id, _)| id).collect()
}

/// Channels are counted by themselves: of those in which something happened since, only that is told.
fn channels_with_news(world: &World, me: UserId, since: i32, cast: &mut Cast<'_>) -> Vec<types::Update> {
    let mut updates = Vec::new();
    for peer in world.dialogs(me) {
        let Peer::Channel(ChannelId(channel_id)) = peer else {
            continue;
        };
        let news = world.may_read(me, peer).is_ok()
            && world
                .history(me, peer)
                .next()
                .is_some_and(|last| encode::date(last.edited.unwrap_or(last.date)) > since);
        if news {
            cast.peer(peer);
            let pts = world.pts(Mailbox::Channel(ChannelId(channel_id)));
            updates.push(
                ctors::UpdateChannelTooLong {
                    channel_id,
                    pts: Some(pts),
                }
                .into(),
            );
        }
    }
    updates
}

pub(super) fn get_channel_difference(
    context: &Context<'_>,
    call: &functions::updates::GetChannelDifference,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let channel = decode::channel(world, me, &call.channel)?;
    let peer = Peer::Channel(channel);
    world.may_read(me, peer)?;
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
            let missed = missed(world, me, mailbox, &entries, &mut cast);
            ctors::updates::ChannelDifference {
                r#final: true,
                pts,
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
