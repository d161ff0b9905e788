//! `setChatMenuButton`: for one user, or for everybody.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_world::calls::SetMenuButton;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let button = decode::menu_button(context.params)?;
    let user = context
        .params
        .text("chat_id")
        .is_some()
        .then(|| context.user_in("chat_id"))
        .transpose()?;
    context.call(SetMenuButton {
        bot: context.bot,
        user,
        button,
    })?;
    Ok(Reply::done())
}
