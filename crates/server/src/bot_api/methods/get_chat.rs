//! `getChat`: all about a chat.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};
use ringback_botapi::GetChat as Asked;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let peer = context.peer(&asked.chat_id)?;
    let conversation = context.world().may_read(context.bot, peer)?;
    Reply::json(&encode::chat_full_info(context.world(), context.bot, conversation))
}
