//! `getFile`: where a file can be fetched.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};
use ringback_botapi::GetFile as Asked;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let invalid = || ApiError::new(400, "Bad Request: invalid file_id");
    let file = encode::file_of(&asked.file_id).and_then(|id| context.world().file(id)).ok_or_else(invalid)?;
    Reply::json(&encode::file(file))
}
