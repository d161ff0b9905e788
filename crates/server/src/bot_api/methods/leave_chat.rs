//! `leaveChat`.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::calls::ChangeMember;
use ringback_world::{Error, Status};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let chat = context.place(Error::CantLeavePrivate)?;
    let bot = context.bot;
    context.call(ChangeMember {
        by: bot,
        chat,
        user: bot,
        status: Status::Left,
        invite: None,
    })?;
    Ok(Reply::done())
}
