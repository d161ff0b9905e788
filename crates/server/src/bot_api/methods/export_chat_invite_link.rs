//! `exportChatInviteLink`: a new link in the place of the one that the chat had. Each chat has one here, whoever asks.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};
use ringback_world::Error;
use ringback_world::calls::ReplaceLink;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let chat = context.place(Error::CantInvitePrivate)?;
    context.call(ReplaceLink {
        by: context.bot,
        chat,
    })?;
    Reply::json(&encode::invite_link(context.world(), chat))
}
