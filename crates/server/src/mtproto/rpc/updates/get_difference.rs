//! `updates.getDifference`: what a client missed, in slices if it was much.

use super::missed::{Missed, missed, slice, state};
use crate::mtproto::encode::{self, Cast};
use crate::mtproto::push;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, functions, types};
use ringback_world::calls::Pushed;
use ringback_world::{ChannelId, MailChange, Mailbox, Peer, Time, Update, UpdateId, UserId, World};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::updates::GetDifference,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let presses = undelivered(locked.world(), me);
    let world = locked.world();
    let mailbox = Mailbox::User(me);
    let now = world.pts(mailbox);
    let most = call.pts_total_limit.filter(|most| *most > 0);
    let too_long = most.is_some_and(|most| now.saturating_sub(call.pts) > most);
    let Some(entries) = world.mail_since(mailbox, call.pts).filter(|_| !too_long) else {
        return context.give(&types::updates::Difference::from(
            ctors::updates::DifferenceTooLong { pts: now },
        ));
    };
    let mut cast = Cast::new(world, me);
    let (entries, more) = slice(entries, call.pts_limit.unwrap_or(0));
    if let Some(last) = entries.last().filter(|_| more) {
        let reached = last.pts;
        let Missed { messages, others } = missed(world, me, mailbox, &entries, &mut cast);
        // What is not counted comes with the last slice, and so does the new date, from which that is looked for.
        let slice = ctors::updates::DifferenceSlice {
            new_messages: messages,
            new_encrypted_messages: Vec::new(),
            other_updates: others,
            chats: cast.chats(),
            users: cast.users(),
            intermediate_state: types::updates::State {
                pts: reached,
                date: call.date,
                ..state(world, me)
            },
        };
        return context.give(&types::updates::Difference::from(slice));
    }
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

/// Channels are counted by themselves: of those in which something happened since, only that is told. Within the second
/// of `since` nobody can say what was first, and of what is gone not even the second: the client sees by the number
/// whether it is news.
fn channels_with_news(world: &World, me: UserId, since: i32, cast: &mut Cast<'_>) -> Vec<types::Update> {
    let mut updates = Vec::new();
    for peer in world.dialogs(me) {
        let Peer::Channel(ChannelId(channel_id)) = peer else {
            continue;
        };
        let mailbox = Mailbox::Channel(ChannelId(channel_id));
        let newest = world.latest_mail(mailbox).next();
        let may_be_news = newest
            .is_some_and(|newest| changed(world, &newest.change).is_none_or(|at| encode::date(at) >= since));
        if may_be_news && world.may_read(me, peer).is_ok() {
            cast.peer(peer);
            let pts = world.pts(mailbox);
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

/// When a message came or was edited, if that can be told.
fn changed(world: &World, change: &MailChange) -> Option<Time> {
    match change {
        MailChange::New(key) => world.message(*key).map(|message| message.date),
        MailChange::Edited(key) => world.message(*key).and_then(|message| message.edited),
        _ => None,
    }
}
