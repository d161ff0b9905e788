//! `getChatMember`: what someone is in a chat.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};
use ringback_botapi::GetChatMember as Asked;
use ringback_world::{Error, UserId};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let peer = context.peer(&asked.chat_id)?;
    let world = context.world();
    let conversation = world.may_read(context.bot, peer)?;
    let user = UserId(asked.user_id);
    world.user(user).ok_or(Error::UserNotFound)?;
    let member = world.member(conversation, user).ok_or(Error::ParticipantIdInvalid)?;
    Reply::json(&encode::chat_member(world, conversation, user, member))
}
