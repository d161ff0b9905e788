//! `messages.sendMedia` with a game.

use super::super::send::{own_updates, reply_to};
use super::super::{Answer, Context};
use crate::mtproto::{decode, encode};
use ringback_tl::{functions, types};
use ringback_world::calls::Send;
use ringback_world::{Content, Error, MailChange, ReplyMarkup, UserId, World};
use std::sync::Arc;

/// There is no BotFather here: a game exists from its first sending on.
pub(in crate::mtproto::rpc) fn send_game(
    context: &Context<'_>,
    call: functions::messages::SendMedia,
) -> Answer {
    let bot = context.bot()?;
    let types::InputMedia::Game(game) = &call.media else {
        return Err(Error::GameNotFound.into());
    };
    let mut locked = context.lock();
    let world = locked.world();
    let peer = decode::peer(world, bot, &call.peer)?;
    if let Some(before) = context.mtproto().sent_before(bot, call.random_id)
        && let Some(message) = world.message(before)
    {
        // The client did not hear that it was sent, and sends it again.
        let sent = [(Arc::clone(message), Some(call.random_id))];
        return context.give(&own_updates(world, bot, &sent, MailChange::New));
    }
    let (owner, short_name) = find(world, bot, &game.id)?;
    let new = Send {
        from: bot,
        peer,
        content: Content::Game {
            bot: owner,
            short_name,
            text: String::new(),
        },
        markup: decode::inline_keyboard(call.reply_markup).map(ReplyMarkup::Inline),
        reply_to: reply_to(world, bot, call.reply_to)?,
        silent: call.silent,
        protected: call.noforwards,
    };
    let message = locked.call(context.cause, new)?;
    context.mtproto().note_sent(bot, call.random_id, message.key);
    let sent = [(message, Some(call.random_id))];
    context.give(&own_updates(locked.world(), bot, &sent, MailChange::New))
}

/// Whose game is meant, and its name.
fn find(world: &World, me: UserId, game: &types::InputGame) -> Result<(UserId, String), Error> {
    match game {
        types::InputGame::ShortName(own) => {
            let bot = decode::user(world, me, &own.bot_id)?;
            Ok((bot, own.short_name.clone()))
        }
        types::InputGame::ID(own) => {
            let games = world.bots().flat_map(|bot| {
                let names = bot.games.keys();
                names.map(move |name| (bot.id, name))
            });
            let mut games = games.filter(|(bot, name)| encode::game_id(world, *bot, name) == own.id);
            let found = games.next().map(|(bot, name)| (bot, name.clone()));
            found.ok_or(Error::GameNotFound)
        }
    }
}
