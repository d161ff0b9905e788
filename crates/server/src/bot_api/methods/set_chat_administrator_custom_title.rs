//! `setChatAdministratorCustomTitle`.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::calls::SetAdminTitle;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let user = context.user_in("user_id")?;
    let title = context.words("custom_title")?.to_owned();
    let peer = context.chat()?;
    context.call(SetAdminTitle {
        by: context.bot,
        peer,
        user,
        title,
    })?;
    Ok(Reply::done())
}
