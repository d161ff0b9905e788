//! `getChatMemberCount`.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::GetChatMemberCount as Asked;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let peer = context.peer(&asked.chat_id)?;
    let world = context.world();
    let conversation = world.may_read(context.bot, peer)?;
    // A private chat has two.
    Reply::json(&world.chat_of(conversation).map_or(2, |chat| chat.present().count()))
}
