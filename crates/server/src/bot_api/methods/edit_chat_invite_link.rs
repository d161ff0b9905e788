//! `editChatInviteLink`: one that the bot has made.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode, encode};
use ringback_world::Error;
use ringback_world::calls::ChangeLink;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let (hash, terms) = (
        decode::link_hash(context.params)?,
        Some(decode::link_terms(context.params)?),
    );
    let chat = context.place(Error::CantInvitePrivate)?;
    context.call(ChangeLink {
        by: context.bot,
        chat,
        hash: hash.clone(),
        terms,
    })?;
    Reply::json(&encode::chat_invite_link(context.world(), chat, &hash, false))
}
