//! `revokeChatInviteLink`: one that the bot has made, or the chat's own, which gets another in its place.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode, encode};
use ringback_world::Error;
use ringback_world::calls::ChangeLink;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let hash = decode::link_hash(context.params)?;
    let chat = context.place(Error::CantInvitePrivate)?;
    context.call(ChangeLink {
        by: context.bot,
        chat,
        hash: hash.clone(),
        terms: None,
    })?;
    Reply::json(&encode::chat_invite_link(context.world(), chat, &hash, true))
}
