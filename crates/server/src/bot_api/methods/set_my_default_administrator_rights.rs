//! `setMyDefaultAdministratorRights`: what the bot would like. Nobody is asked to grant it here.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_world::calls::SetDefaultRights;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let rights = decode::default_rights(context.params)?;
    let for_channels = context.params.flag("for_channels");
    context.call(SetDefaultRights {
        bot: context.bot,
        for_channels,
        rights,
    })?;
    Ok(Reply::done())
}
