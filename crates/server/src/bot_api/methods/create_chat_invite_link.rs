//! `createChatInviteLink`: a link beside the chat's own. Nobody has to approve of who comes by it.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode, encode};
use ringback_world::Error;
use ringback_world::calls::CreateLink;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let terms = decode::link_terms(context.params)?;
    let chat = context.place(Error::CantInvitePrivate)?;
    let by = context.bot;
    let hash = context.call(CreateLink { by, chat, terms })?;
    Reply::json(&encode::chat_invite_link(context.world(), chat, &hash, false))
}
