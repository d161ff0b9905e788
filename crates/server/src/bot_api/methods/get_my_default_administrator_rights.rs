//! `getMyDefaultAdministratorRights`.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};
use ringback_world::ChatKind;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let for_channels = context.params.flag("for_channels");
    let rights = context.world().default_rights(context.bot, for_channels);
    let kind = if for_channels {
        ChatKind::Channel
    } else {
        ChatKind::Supergroup
    };
    Reply::json(&encode::admin_rights(&rights, kind))
}
