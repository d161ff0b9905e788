//! Results of inline queries.

use ringback_world::{FormattedText, InlineContent, InlineResult, ReplyMarkup};
use serde_json::Value;

use super::fields::{Fields, What};
use super::{keyboard, text};
use crate::bot_api::{ApiError, Params};

/// The results in `results`.
///
/// Any result that brings its own text as `input_message_content` is sent as that text; of those that do not, games
/// are known here, and others are refused by name.
///
/// # Errors
/// They cannot be read, or are of a kind that this server cannot send.
pub(crate) fn inline_results(params: &Params) -> Result<Vec<InlineResult>, ApiError> {
    let Some(text) = params.checked("results")?.filter(|text| !text.is_empty()) else {
        return Ok(Vec::new());
    };
    let value: Value = serde_json::from_str(text).map_err(|error| {
        ApiError::bad_request(format_args!(
            "can't parse JSON encoded inline query results: {error}"
        ))
    })?;
    match &value {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) if items.len() > 50 => {
            Err(ApiError::bad_request("too many inline query results specified"))
        }
        Value::Array(items) => {
            let results: Result<_, What> = items.iter().map(result).collect();
            results.map_err(|what| {
                ApiError::bad_request(format_args!("can't parse inline query result: {what}"))
            })
        }
        _ => Err(ApiError::bad_request("expected an Array of inline query results")),
    }
}

fn result(value: &Value) -> Result<InlineResult, What> {
    let Value::Object(object) = value else {
        return Err("Inline query result must be an object".to_owned());
    };
    let fields = Fields(object);
    let kind = fields.string("type")?.to_ascii_lowercase();
    let id = fields.string("id")?;
    let content = match kind.as_str() {
        "game" => InlineContent::Game(fields.string("game_short_name")?),
        _ if fields.get("input_message_content").is_some() => {
            let content = fields.object("input_message_content")?;
            if !content.has("message_text") {
                return Err(
                    "only a text (message_text) is supported here as input_message_content".to_owned(),
                );
            }
            InlineContent::Text(message_text(content)?)
        }
        // The Bot API's first form of it, and the complaint about neither.
        "article" => InlineContent::Text(message_text(fields)?),
        _ if fields.optional_string("message_text")?.is_some() => InlineContent::Text(message_text(fields)?),
        kind => {
            return Err(format!(
                "type \"{kind}\" is supported here only with a text as input_message_content"
            ));
        }
    };
    if kind == "article" {
        fields.string("title")?;
    }
    let keyboard = match fields.get("reply_markup") {
        None => None,
        Some(markup) => match keyboard::markup_value(markup)? {
            Some(ReplyMarkup::Inline(keyboard)) => Some(keyboard),
            _ => None,
        },
    };
    Ok(InlineResult {
        id,
        content,
        keyboard,
        shown: value.to_string(),
    })
}

fn message_text(fields: Fields<'_>) -> Result<FormattedText, What> {
    let words = fields.string("message_text")?;
    if words.is_empty() {
        return Err("Message text is empty".to_owned());
    }
    let mode = fields.optional_string("parse_mode")?;
    text::words_of_value(&words, mode.as_deref(), fields.get("entities")).map_err(text::inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<InlineResult>, String> {
        inline_results(&Params::from_pairs([("results", text)])).map_err(|error| error.description)
    }

    #[test]
    fn articles_and_games() {
        let results = read(
            r#"[{"type": "article", "id": 1, "title": "T", "input_message_content":
                {"message_text": "<b>x</b>", "parse_mode": "HTML"},
                "reply_markup": {"inline_keyboard": [[{"text": "t", "callback_data": "d"}]]}},
               {"type": "game", "id": "g", "game_short_name": "chess"},
               {"type": "photo", "id": "p", "input_message_content": {"message_text": "y"}}]"#,
        )
        .unwrap();
        assert_eq!(
            results
                .iter()
                .map(|result| result.id.as_str())
                .collect::<Vec<_>>(),
            ["1", "g", "p"]
        );
        let InlineContent::Text(words) = &results[0].content else {
            panic!()
        };
        assert_eq!((words.text.as_str(), words.entities.len()), ("x", 1));
        assert!(results[0].keyboard.is_some());
        assert!(results[0].shown.contains("\"title\":\"T\""));
        assert_eq!(results[1].content, InlineContent::Game("chess".into()));
        assert_eq!(read(""), Ok(vec![]));
    }

    #[test]
    fn complaints() {
        for (text, expected) in [
            ("{}", "expected an Array of inline query results"),
            (
                "[1]",
                "can't parse inline query result: Inline query result must be an object",
            ),
            (
                "[{}]",
                "can't parse inline query result: Can't find field \"type\"",
            ),
            (
                r#"[{"type": "photo", "id": "1", "photo_url": "x"}]"#,
                "can't parse inline query result: type \"photo\" is supported here only with a text as input_message_content",
            ),
            (
                r#"[{"type": "article", "id": "1", "input_message_content": {"message_text": "x"}}]"#,
                "can't parse inline query result: Can't find field \"title\"",
            ),
            (
                r#"[{"type": "Article", "id": "1", "title": "t"}]"#,
                "can't parse inline query result: Can't find field \"message_text\"",
            ),
            (
                r#"[{"type": "article", "id": "1", "title": "t", "input_message_content": {"latitude": 1}}]"#,
                "can't parse inline query result: only a text (message_text) is supported here as input_message_content",
            ),
            (
                r#"[{"type": "article", "id": "1", "title": "t", "input_message_content":
                    {"message_text": "<b>", "parse_mode": "HTML"}}]"#,
                "can't parse inline query result: Can't parse entities: Can't find end tag corresponding to start tag \"b\"",
            ),
            (
                r#"[{"type": "game", "id": "1", "game_short_name": "x", "reply_markup": {"inline_keyboard": [["x"]]}}]"#,
                "can't parse inline query result: Can't parse inline keyboard button: InlineKeyboardButton must be an Object",
            ),
        ] {
            assert_eq!(read(text), Err(format!("Bad Request: {expected}")));
        }
        assert!(
            read("[")
                .unwrap_err()
                .starts_with("Bad Request: can't parse JSON encoded inline query results: ")
        );
    }
}
