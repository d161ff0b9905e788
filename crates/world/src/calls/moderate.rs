//! Administrators put people out, silence them, and take it back: the Bot API's way, and that of `channels.editBanned`.
//!
//! How people join, leave, are invited and rise in rank is [`ChangeMember`](super::ChangeMember). It puts them out of basic
//! groups as well; there any administrator may put out any other, only not the creator.

use super::Call;
use super::members::conversation;
use crate::world::Timer;
use crate::{
    Actor, ChatId, ChatKind, Conversation, Error, Member, Peer, Status, Time, UserId, World, journal,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A shorter or longer time than these is for ever (Bot API, `until_date`).
const SHORTEST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(366 * 86_400);

/// What is done to someone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Measure {
    /// Put out, and not let in again.
    Ban,
    /// Let in again, if they were banned; a member stays one.
    Unban,
    /// Put out, if they are in; free to come back.
    Remove,
    /// Kept from writing.
    Mute,
    /// Free to write again.
    Unmute,
}

/// An administrator moderates.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Moderate {
    /// Who.
    pub by: UserId,
    /// Where.
    pub peer: Peer,
    /// Whom.
    pub user: UserId,
    /// What is done.
    pub measure: Measure,
    /// When a ban or a mute ends by itself, in seconds since 1970; less than 30 seconds or more than 366 days from
    /// now is for ever.
    pub until: Option<i64>,
}

impl Call for Moderate {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        let (by, user) = (self.by, self.user);
        let mutes = matches!(self.measure, Measure::Mute | Measure::Unmute);
        let id = match world.readable(by, self.peer)? {
            Conversation::Private(..) if mutes => return Err(Error::SupergroupsOnly),
            Conversation::Private(..) => return Err(Error::NotAGroup),
            Conversation::Group(id) => ChatId::Group(id),
            Conversation::Channel(id) => ChatId::Channel(id),
        };
        let chat = world.chats.get(&id).ok_or(Error::PeerIdInvalid)?;
        if mutes && chat.kind != ChatKind::Supergroup {
            return Err(Error::SupergroupsOnly);
        }
        if !chat.status(by).is_admin() {
            return Err(Error::CantRestrict);
        }
        if user == by {
            return Err(Error::CantRestrictSelf);
        }
        world.users.get(&user).ok_or(Error::UserNotFound)?;
        let old = chat.status(user);
        match old {
            Status::Creator => return Err(Error::CantRemoveOwner),
            // Only who has made the chat stands above its administrators.
            Status::Administrator if chat.status(by) != Status::Creator => {
                return Err(Error::IsAdministrator);
            }
            // Telegram keeps a restriction of someone who is not there for when they come; here they must be.
            _ if mutes && !old.is_in() => return Err(Error::ParticipantIdInvalid),
            _ => {}
        }
        let (new, until) = match (self.measure, old) {
            (Measure::Ban, _) => (Status::Kicked, self.ends(world.now)),
            (Measure::Mute, _) => (Status::Restricted, self.ends(world.now)),
            (Measure::Unmute, Status::Restricted) => (Status::Member, None),
            (Measure::Unban | Measure::Remove, Status::Kicked) => (Status::Left, None),
            (Measure::Remove, _) if old.is_in() => (Status::Left, None),
            _ => return Ok(()),
        };
        world.set_standing(by, id, user, new, until)?;
        if let Some(until) = until {
            world.timers.insert((until, Timer::Lift(id, user)));
        }
        Ok(())
    }
}

impl Moderate {
    fn ends(&self, now: Time) -> Option<Time> {
        let until = Time(u64::try_from(self.until?).ok()?.saturating_mul(1000));
        (SHORTEST..=LONGEST).contains(&until.since(now)).then_some(until)
    }
}

impl World {
    /// The time of a ban or a mute is over. Bots are not told: nobody did anything.
    pub(crate) fn lift(&mut self, id: ChatId, user: UserId) {
        let now = self.now;
        let Some(member) = self
            .chats
            .get_mut(&id)
            .and_then(|chat| chat.members.get_mut(&user))
        else {
            return;
        };
        // Whoever was banned anew meanwhile has another time, and another timer.
        if member.until.is_none_or(|until| until > now) {
            return;
        }
        let status = match member.status {
            Status::Restricted => Status::Member,
            _ => Status::Left,
        };
        *member = Member {
            status,
            since: now,
            until: None,
        };
        let lifted = journal::Kind::MemberChanged {
            conversation: conversation(id),
            user,
            status,
        };
        self.journal(Actor::Server, lifted);
    }
}
