//! `getChatAdministrators`: bots are not listed, but for the caller itself.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};
use ringback_botapi::GetChatAdministrators as Asked;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let peer = context.peer(&asked.chat_id)?;
    let world = context.world();
    let conversation = world.may_read(context.bot, peer)?;
    let chat = world
        .chat_of(conversation)
        .ok_or_else(|| ApiError::new(400, "Bad Request: there are no administrators in the private chat"))?;
    let is_bot = |id| world.bot(id).is_some();
    let admins: Vec<_> = chat
        .members
        .iter()
        .filter(|(id, member)| member.status.is_admin() && (!is_bot(**id) || **id == context.bot))
        .map(|(id, member)| encode::chat_member(world, conversation, *id, *member))
        .collect();
    Reply::json(&admins)
}
