//! Results of inline queries.

use ringback_world::{FormattedText, InlineContent, InlineResult, ReplyMarkup};
use serde_json::Value;

use super::fields::Fields;
use super::{keyboard, text};
use crate::bot_api::{ApiError, Params};

/// The results in `results`.
///
/// Any result that brings its own text as `input_message_content` is sent as that text; of those that do not, games
/// are known here, and others are refused by name.
///
/// # Errors
/// They cannot be read, or are of a kind that this server cannot send.
pub fn inline_results(params: &Params) -> Result<Vec<InlineResult>, ApiError> {
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
        Value::Array(items) => items
            .iter()
            .map(|item| result(item).map_err(Error::into_api))
            .collect(),
        _ => Err(ApiError::bad_request("expected an Array of inline query results")),
    }
}

enum Error {
    What(String),
    Api(ApiError),
}

impl Error {
    fn into_api(self) -> ApiError {
        match self {
            Error::What(what) => {
                ApiError::bad_request(format_args!("can't parse inline query result: {what}"))
            }
            Error::Api(error) => error,
        }
    }
}

impl From<String> for Error {
    fn from(what: String) -> Error {
        Error::What(what)
    }
}

fn result(value: &Value) -> Result<InlineResult, Error> {
    let Value::Object(object) = value else {
        return Err(Error::What("inline query result must be an object".to_owned()));
    };
    let fields = Fields(object);
    let kind = fields.string("type")?;
    let id = fields.string("id")?;
    let content = match (fields.get("input_message_content"), kind.as_str()) {
        (Some(_), _) => InlineContent::Text(message_text(fields.object("input_message_content")?)?),
        (None, "game") => InlineContent::Game(fields.string("game_short_name")?),
        (None, "article") => {
            fields.string("title")?;
            return Err(Error::What(
                "Can't find field \"input_message_content\"".to_owned(),
            ));
        }
        (None, kind) => {
            return Err(Error::What(format!(
                "type \"{kind}\" is supported here only with a text as input_message_content"
            )));
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

fn message_text(fields: Fields<'_>) -> Result<FormattedText, Error> {
    if !fields.has("message_text") {
        return Err(Error::What(
            "only a text (message_text) is supported here as input_message_content".to_owned(),
        ));
    }
    let words = fields.string("message_text")?;
    if words.is_empty() {
        return Err(Error::What("message text is empty".to_owned()));
    }
    let mode = fields.optional_string("parse_mode")?;
    text::words_of_value(&words, mode.as_deref(), fields.get("entities")).map_err(Error::Api)
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
                "can't parse inline query result: inline query result must be an object",
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
