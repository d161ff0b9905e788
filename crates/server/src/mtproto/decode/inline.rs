//! Inline mode: results, and the names of messages sent through it.

use super::{markup, text};
use crate::bot_api::encode as bot_api;
use crate::mtproto::shown::{Content, Shown};
use ringback_tl::types;
use ringback_world::{
    FormattedText, InlineContent, InlineKeyboard, InlineMessageId, InlineResult, ReplyMarkup,
};

/// The name of a message sent through inline mode. The older form packs sender and number into one value.
pub(in crate::mtproto) fn inline_message_id(input: &types::InputBotInlineMessageID) -> InlineMessageId {
    match input {
        types::InputBotInlineMessageID::InputBotInlineMessageID64(own) => InlineMessageId {
            owner: own.owner_id,
            id: own.id,
            access_hash: own.access_hash,
        },
        types::InputBotInlineMessageID::InputBotInlineMessageID(own) => InlineMessageId {
            owner: own.id >> 32,
            // The lower half, whatever its sign.
            id: own.id as i32,
            access_hash: own.access_hash,
        },
    }
}

/// A result that a bot offers.
///
/// # Errors
/// The name of what this server cannot send.
pub(in crate::mtproto) fn inline_result(
    input: types::InputBotInlineResult,
) -> Result<InlineResult, &'static str> {
    match input {
        types::InputBotInlineResult::InputBotInlineResult(own) => {
            let (words, keyboard) = message(own.send_message)?;
            let shown = Shown {
                kind: own.r#type,
                id: own.id.clone(),
                title: own.title,
                description: own.description,
                url: own.url,
                ..Shown::default()
            };
            Ok(text_result(own.id, shown, words, keyboard))
        }
        types::InputBotInlineResult::Game(own) => {
            let types::InputBotInlineMessage::Game(game) = own.send_message else {
                return Err("inputBotInlineResultGame without inputBotInlineMessageGame");
            };
            let keyboard = inline_keyboard(game.reply_markup);
            let shown = Shown {
                kind: "game".into(),
                id: own.id.clone(),
                game_short_name: Some(own.short_name.clone()),
                reply_markup: keyboard.clone().map(shown_keyboard),
                ..Shown::default()
            };
            Ok(InlineResult {
                id: own.id,
                content: InlineContent::Game(own.short_name),
                keyboard,
                shown: shown.write(),
            })
        }
        types::InputBotInlineResult::Photo(own) => {
            let (words, keyboard) = message(own.send_message)?;
            let shown = Shown {
                kind: own.r#type,
                id: own.id.clone(),
                ..Shown::default()
            };
            Ok(text_result(own.id, shown, words, keyboard))
        }
        types::InputBotInlineResult::Document(own) => {
            let (words, keyboard) = message(own.send_message)?;
            let shown = Shown {
                kind: own.r#type,
                id: own.id.clone(),
                title: own.title,
                description: own.description,
                ..Shown::default()
            };
            Ok(text_result(own.id, shown, words, keyboard))
        }
    }
}

fn text_result(
    id: String,
    mut shown: Shown,
    words: FormattedText,
    keyboard: Option<InlineKeyboard>,
) -> InlineResult {
    shown.input_message_content = Some(Content {
        message_text: words.text.clone(),
    });
    shown.reply_markup = keyboard.clone().map(shown_keyboard);
    InlineResult {
        id,
        content: InlineContent::Text(words),
        keyboard,
        shown: shown.write(),
    }
}

/// The words that are sent if a result is chosen: what brings its own text is sent as that, whatever it shows.
fn message(
    input: types::InputBotInlineMessage,
) -> Result<(FormattedText, Option<InlineKeyboard>), &'static str> {
    use types::InputBotInlineMessage as Tl;
    match input {
        Tl::Text(own) => Ok((text(own.message, own.entities), inline_keyboard(own.reply_markup))),
        // The words go, their preview stays behind: this server makes none.
        Tl::MediaWebPage(own) => Ok((text(own.message, own.entities), inline_keyboard(own.reply_markup))),
        Tl::MediaAuto(_) => Err("inputBotInlineMessageMediaAuto"),
        Tl::MediaGeo(_) => Err("inputBotInlineMessageMediaGeo"),
        Tl::MediaVenue(_) => Err("inputBotInlineMessageMediaVenue"),
        Tl::MediaContact(_) => Err("inputBotInlineMessageMediaContact"),
        Tl::MediaInvoice(_) => Err("inputBotInlineMessageMediaInvoice"),
        Tl::RichMessage(_) => Err("inputBotInlineMessageRichMessage"),
        Tl::Game(_) => Err("inputBotInlineMessageGame outside of inputBotInlineResultGame"),
    }
}

/// Other keyboards cannot come with a message sent through inline mode.
pub(in crate::mtproto) fn inline_keyboard(input: Option<types::ReplyMarkup>) -> Option<InlineKeyboard> {
    match input.map(markup) {
        Some(ReplyMarkup::Inline(keyboard)) => Some(keyboard),
        _ => None,
    }
}

fn shown_keyboard(keyboard: InlineKeyboard) -> serde_json::Value {
    serde_json::to_value(bot_api::reply_markup(&ReplyMarkup::Inline(keyboard))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_tl::ctors;

    #[test]
    fn both_forms_of_a_name() {
        let old = ctors::InputBotInlineMessageID {
            dc_id: 2,
            id: (-9_i64 << 32) | 7,
            access_hash: 5,
        };
        let new = ctors::InputBotInlineMessageID64 {
            dc_id: 2,
            owner_id: -9,
            id: 7,
            access_hash: 5,
        };
        let named = InlineMessageId {
            owner: -9,
            id: 7,
            access_hash: 5,
        };
        assert_eq!(inline_message_id(&old.into()), named);
        assert_eq!(inline_message_id(&new.into()), named);
    }

    #[test]
    fn what_brings_a_text_is_sent_as_that() {
        let result = |send_message| {
            let result = ctors::InputBotInlineResult {
                id: "1".into(),
                r#type: "photo".into(),
                title: Some("Title".into()),
                description: None,
                url: None,
                thumb: None,
                content: None,
                send_message,
            };
            inline_result(result.into())
        };
        let words = ctors::InputBotInlineMessageText {
            message: "words".into(),
            ..Default::default()
        };
        let own = result(words.into()).unwrap();
        assert_eq!(own.content, InlineContent::Text(FormattedText::plain("words")));
        assert_eq!(
            own.shown,
            r#"{"type":"photo","id":"1","title":"Title","input_message_content":{"message_text":"words"}}"#
        );
        let picture = ctors::InputBotInlineMessageMediaAuto::default();
        assert_eq!(result(picture.into()), Err("inputBotInlineMessageMediaAuto"));
        let game = ctors::InputBotInlineMessageGame::default();
        assert!(result(game.into()).is_err());
    }
}
