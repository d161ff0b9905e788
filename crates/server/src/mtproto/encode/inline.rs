//! What a bot offers in inline mode, and how its messages are named.

use super::{Cast, entities, markup};
use crate::mtproto::shown::{self, Shown};
use ringback_tl::{ctors, types};
use ringback_world::{
    ChatId, ChatKind, Conversation, InlineAnswer, InlineContent, InlineMessageId, InlineQuery, InlineResult,
    ReplyMarkup, UserId, World,
};

/// The name of a message sent through inline mode.
pub(in crate::mtproto) fn inline_message_id(id: InlineMessageId) -> types::InputBotInlineMessageID {
    ctors::InputBotInlineMessageID64 {
        dc_id: crate::mtproto::DC,
        owner_id: id.owner,
        id: id.id,
        access_hash: id.access_hash,
    }
    .into()
}

/// What sort of chat a query is typed in, as the asked bot is told; none if it is not known.
pub(in crate::mtproto) fn peer_type(
    world: &World,
    bot: UserId,
    chat: Conversation,
) -> Option<types::InlineQueryPeerType> {
    use types::InlineQueryPeerType as Kind;
    Some(match chat {
        Conversation::Private(a, b) if a == bot || b == bot => Kind::SameBotPM,
        Conversation::Private(a, b) => {
            let is_bot = |user| world.bot(user).is_some();
            if is_bot(a) || is_bot(b) {
                Kind::BotPM
            } else {
                Kind::PM
            }
        }
        Conversation::Group(_) => Kind::Chat,
        Conversation::Channel(id) => match world.chat(ChatId::Channel(id))?.kind {
            ChatKind::Channel => Kind::Broadcast,
            ChatKind::Group | ChatKind::Supergroup => Kind::Megagroup,
        },
    })
}

/// The results that a bot offers whoever asked.
pub(in crate::mtproto) fn bot_results(
    world: &World,
    query: &InlineQuery,
    answer: &InlineAnswer,
) -> types::messages::BotResults {
    let mut cast = Cast::new(world, query.from);
    cast.user(query.bot);
    let (switch_pm, switch_webview) = shown::read_button(answer.button.as_deref());
    types::messages::BotResults {
        query_id: query.id.0,
        next_offset: Some(answer.next_offset.clone()).filter(|offset| !offset.is_empty()),
        switch_pm,
        switch_webview,
        results: answer
            .results
            .iter()
            .map(|own| result(world, query.bot, own))
            .collect(),
        cache_time: i32::try_from(answer.cache_time).unwrap_or(i32::MAX),
        users: cast.users(),
        ..Default::default()
    }
}

fn result(world: &World, bot: UserId, own: &InlineResult) -> types::BotInlineResult {
    let shown = Shown::read(&own.shown);
    let reply_markup = own.keyboard.clone().map(ReplyMarkup::Inline);
    let reply_markup = reply_markup.as_ref().map(markup);
    match &own.content {
        InlineContent::Text(words) => {
            let message = ctors::BotInlineMessageText {
                message: words.text.clone(),
                entities: entities(words),
                reply_markup,
                ..Default::default()
            };
            ctors::BotInlineResult {
                id: own.id.clone(),
                r#type: shown.kind,
                title: shown.title,
                description: shown.description,
                url: shown.url,
                thumb: None,
                content: None,
                send_message: message.into(),
            }
            .into()
        }
        InlineContent::Game(short_name) => {
            let game = world.bot(bot).and_then(|bot| bot.games.get(short_name));
            let title = game.map_or(short_name, |game| &game.title);
            let message = ctors::BotInlineMessageMediaAuto {
                reply_markup,
                ..Default::default()
            };
            ctors::BotInlineMediaResult {
                id: own.id.clone(),
                r#type: "game".into(),
                title: Some(title.clone()),
                description: game.map(|game| game.description.clone()),
                photo: None,
                document: None,
                send_message: message.into(),
            }
            .into()
        }
    }
}
