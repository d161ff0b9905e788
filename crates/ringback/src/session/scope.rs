//! [`Scope`]: whose a session is.

use super::{SessionData, SessionError};
use crate::context::Context;

/// Who shares a session.
///
/// An update that says nothing of a chat (an inline query, a press on a message that was sent in inline mode) counts
/// as of the user's private chat with the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// Each user has one in each chat: a dialogue in a group does not go on in the private chat.
    UserInChat,
    /// Each user has one, in all chats.
    User,
    /// Each chat has one, for all its users.
    Chat,
}

/// The key under which an update's session is kept. Of one bot: several may share a store.
pub(super) fn key<T: SessionData>(context: &Context) -> Result<String, SessionError> {
    let user = || {
        let user = context.sender_id();
        user.ok_or(SessionError::NoOwner(T::NAME, "user"))
    };
    let chat = || match context.place() {
        Some((chat, _)) => Ok(chat),
        None => context.sender_id().ok_or(SessionError::NoOwner(T::NAME, "chat")),
    };
    let owner = match T::SCOPE {
        Scope::UserInChat => format!("c{}u{}", chat()?, user()?),
        Scope::User => format!("u{}", user()?),
        Scope::Chat => format!("c{}", chat()?),
    };
    Ok(format!("session/{}/{}/{owner}", context.bot().id(), T::NAME))
}
