//! Calls of `bots`: what bots say about themselves.

pub(super) mod get_bot_commands;
pub(super) mod get_bot_info;
pub(super) mod get_bot_menu_button;
pub(super) mod reset_bot_commands;
pub(super) mod set_bot_commands;
pub(super) mod set_bot_info;
pub(super) mod set_bot_menu_button;

use super::Refusal;
use crate::mtproto::decode;
use ringback_tl::types;
use ringback_world::{Error, UserId, World};

/// The list of commands for whom a call means, in its language: named as the Bot API edge names it, for it is the same
/// list there.
fn commands_key(
    world: &World,
    bot: UserId,
    scope: &types::BotCommandScope,
    lang_code: String,
) -> Result<(String, String), Refusal> {
    let chat = |peer| decode::peer(world, bot, peer).map(ringback_world::Peer::chat_id);
    let scope = match scope {
        types::BotCommandScope::Default => "default".to_owned(),
        types::BotCommandScope::Users => "all_private_chats".to_owned(),
        types::BotCommandScope::Chats => "all_group_chats".to_owned(),
        types::BotCommandScope::ChatAdmins => "all_chat_administrators".to_owned(),
        types::BotCommandScope::Peer(own) => format!("chat:{}", chat(&own.peer)?),
        types::BotCommandScope::PeerAdmins(own) => format!("chat_administrators:{}", chat(&own.peer)?),
        types::BotCommandScope::PeerUser(own) => {
            let user = decode::user(world, bot, &own.user_id)?;
            format!("chat_member:{}:{user}", chat(&own.peer)?)
        }
    };
    Ok((scope, language(lang_code)?))
}

/// Two letters, or nothing.
fn language(lang_code: String) -> Result<String, Refusal> {
    let known = lang_code.is_empty()
        || lang_code.len() == 2 && lang_code.bytes().all(|byte| byte.is_ascii_lowercase());
    known
        .then_some(lang_code)
        .ok_or_else(|| Refusal::new(400, "LANG_CODE_INVALID"))
}

/// The user whose button is meant; nobody: everybody's.
fn button_of(world: &World, bot: UserId, named: &types::InputUser) -> Result<Option<UserId>, Refusal> {
    match named {
        types::InputUser::Empty => Ok(None),
        named => Ok(Some(decode::user(world, bot, named)?)),
    }
}

/// A bot may name itself, and no other: nobody owns bots here.
fn itself(world: &World, bot: UserId, named: Option<&types::InputUser>) -> Result<(), Refusal> {
    match named.map(|named| decode::user(world, bot, named)) {
        None => Ok(()),
        Some(Ok(named)) if named == bot => Ok(()),
        Some(Ok(_) | Err(Error::UserNotFound)) => Err(Refusal::new(400, "BOT_INVALID")),
        Some(Err(error)) => Err(error.into()),
    }
}
