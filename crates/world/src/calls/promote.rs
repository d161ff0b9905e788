//! Administrators of supergroups and channels are made, and made members again.

use super::Call;
use crate::{ChatId, Error, Peer, Status, UserId, World};
use serde::{Deserialize, Serialize};

/// Someone becomes an administrator, or is one no more.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Promote {
    /// Who does it.
    pub by: UserId,
    /// Where.
    pub peer: Peer,
    /// To whom.
    pub user: UserId,
    /// An administrator, who may do everything here; otherwise a member.
    pub admin: bool,
}

impl Call for Promote {
    type Output = ();

    /// TD `set_channel_participant_status` and `promote_channel_participant`, but that nobody is added: bots cannot.
    fn apply(self, world: &mut World) -> Result<(), Error> {
        let (by, user) = (self.by, self.user);
        world.readable(by, self.peer)?;
        let Peer::Channel(id) = self.peer else {
            return Err(Error::ChannelsOnly);
        };
        let id = ChatId::Channel(id);
        let chat = world.chat(id).ok_or(Error::ChannelInvalid)?;
        world.user(user).ok_or(Error::UserNotFound)?;
        let status = match (self.admin, chat.status(user)) {
            (_, Status::Creator) => return Err(Error::CantRemoveOwner),
            (true, _) if by == user => return Err(Error::CantPromoteSelf),
            (_, old) if !old.is_in() => return Err(Error::UserNotParticipant),
            (true, _) => Status::Administrator,
            (false, Status::Administrator) => Status::Member,
            (false, _) => return Ok(()),
        };
        if by != user && !chat.status(by).is_admin() {
            return Err(Error::CantPromote);
        }
        world.set_standing(by, id, user, status, None)
    }
}
