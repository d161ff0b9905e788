//! What bots set about themselves, and ids.

use ringback_botapi::UPDATE_KINDS;
use ringback_world::{AllowedUpdates, BotCommand, MessageId, QueryId};
use serde_json::Value;

use super::fields::{Fields, What};
use crate::bot_api::lenient::to_integer;
use crate::bot_api::{ApiError, Params};

/// The update kinds that a bot asks for; `None` if it does not, or cannot be understood: then what it asked for
/// before stays (TBA `Client.cpp:15700-15724`).
pub(crate) fn allowed_updates(params: &Params) -> Option<AllowedUpdates> {
    let text = params.text("allowed_updates")?;
    let names: Vec<String> = serde_json::from_str(text).ok()?;
    let names = names.into_iter().map(|name| name.to_ascii_lowercase()).collect();
    Some(AllowedUpdates::named(names, |name| UPDATE_KINDS.contains(&name)))
}

/// A callback or inline query's id; what is no number is 0, which no query has.
pub(crate) fn query_id(text: &str) -> QueryId {
    QueryId(to_integer(text))
}

/// The most messages that one call names.
const MAX_MESSAGES: usize = 100;

/// The messages in `message_ids`.
///
/// # Errors
/// There are none, too many, or they cannot be read.
pub(crate) fn message_ids(params: &Params) -> Result<Vec<MessageId>, ApiError> {
    let error = |what: &str| Err(ApiError::bad_request(what));
    let Some(text) = params.checked("message_ids")?.filter(|text| !text.is_empty()) else {
        return error("message identifiers are not specified");
    };
    let items = match serde_json::from_str(text) {
        Ok(Value::Array(items)) => items,
        Ok(_) => return error("expected an Array of message identifiers"),
        Err(_) => return error("can't parse message_ids JSON object"),
    };
    if items.len() > MAX_MESSAGES {
        return error("too many message identifiers specified");
    }
    let mut ids = Vec::with_capacity(items.len());
    for item in items {
        let number = match item {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text,
            _ => return error("message identifier must be a Number"),
        };
        match number.parse() {
            Ok(id @ 1..) => ids.push(MessageId(id)),
            Ok(_) => return error("invalid message identifier specified"),
            Err(_) => return error("can't parse message identifier as Number"),
        }
    }
    if ids.is_empty() {
        return error("message identifiers are not specified");
    }
    Ok(ids)
}

/// The commands in `commands`.
///
/// # Errors
/// They cannot be read.
pub(crate) fn bot_commands(params: &Params) -> Result<Vec<BotCommand>, ApiError> {
    let Some(text) = params.checked("commands")?.filter(|text| !text.is_empty()) else {
        return Ok(Vec::new());
    };
    let value: Value =
        serde_json::from_str(text).map_err(|_| ApiError::bad_request("can't parse commands JSON object"))?;
    let Value::Array(items) = value else {
        return Err(ApiError::bad_request("expected an Array of BotCommand"));
    };
    let command = |value: &Value| {
        let Value::Object(fields) = value else {
            return Err("expected an Object".to_owned());
        };
        Ok(BotCommand {
            command: Fields(fields).string("command")?,
            description: Fields(fields).string("description")?,
        })
    };
    let commands: Result<_, What> = items.iter().map(command).collect();
    commands.map_err(|what| ApiError::bad_request(format_args!("can't parse BotCommand: {what}")))
}

/// The language in `language_code`; empty: none.
///
/// # Errors
/// It is not two letters.
pub(crate) fn language(params: &Params) -> Result<String, ApiError> {
    let language = params.checked("language_code")?.unwrap_or_default();
    if !language.is_empty()
        && (language.len() != 2 || !language.bytes().all(|byte| byte.is_ascii_lowercase()))
    {
        return Err(ApiError::bad_request("invalid language code specified"));
    }
    Ok(language.to_owned())
}

/// Which list of commands is meant: the scope as text, and the language.
///
/// # Errors
/// The scope cannot be read.
pub(crate) fn command_key(params: &Params) -> Result<(String, String), ApiError> {
    let language = language(params)?;
    let Some(text) = params.checked("scope")?.filter(|text| !text.is_empty()) else {
        return Ok(("default".to_owned(), language));
    };
    let value: Value = serde_json::from_str(text)
        .map_err(|_| ApiError::bad_request("can't parse BotCommandScope JSON object"))?;
    let scope = scope(&value)
        .map_err(|what| ApiError::bad_request(format_args!("can't parse BotCommandScope: {what}")))?;
    Ok((scope, language))
}

fn scope(value: &Value) -> Result<String, What> {
    let Value::Object(fields) = value else {
        return Err("BotCommandScope must be an Object".to_owned());
    };
    let fields = Fields(fields);
    let kind = fields.string("type")?;
    match kind.as_str() {
        "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators" => return Ok(kind),
        "chat" | "chat_administrators" | "chat_member" => {}
        _ => return Err("Unsupported type specified".to_owned()),
    }
    let chat = fields.string("chat_id")?;
    if chat.is_empty() {
        return Err("Empty chat_id specified".to_owned());
    }
    if kind != "chat_member" {
        return Ok(format!("{kind}:{chat}"));
    }
    let user = fields.integer("user_id")?;
    if user <= 0 {
        return Err("Invalid user_id specified".to_owned());
    }
    Ok(format!("{kind}:{chat}:{user}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_bot_wants_to_hear() {
        let allowed = |text: &str| allowed_updates(&Params::from_pairs([("allowed_updates", text)]));
        for ignored in ["", "x", "{}", "\"message\"", "[1]", "null"] {
            assert_eq!(allowed(ignored), None, "{ignored}");
        }
        assert_eq!(allowed("[]"), Some(AllowedUpdates::default()));
        assert_eq!(allowed("[\"nonsense\"]"), Some(AllowedUpdates::default()));
        let some = allowed("[\"Callback_Query\", \"poll\", \"x\"]").unwrap();
        assert_eq!(some.asked(), ["callback_query", "poll"]);
    }

    #[test]
    fn scopes_are_keys() {
        let key = |scope: &str, language: &str| {
            command_key(&Params::from_pairs([
                ("scope", scope),
                ("language_code", language),
            ]))
            .map(|(scope, language)| format!("{scope}/{language}"))
            .map_err(|error| error.description)
        };
        for (scope, language, expected) in [
            ("", "", Ok("default/")),
            (r#"{"type": "default"}"#, "en", Ok("default/en")),
            (r#"{"type": "chat", "chat_id": -5}"#, "", Ok("chat:-5/")),
            (
                r#"{"type": "chat_member", "chat_id": "@a", "user_id": "7"}"#,
                "",
                Ok("chat_member:@a:7/"),
            ),
            (
                r#"{"type": "chat_member", "chat_id": 1, "user_id": 0}"#,
                "",
                Err("can't parse BotCommandScope: Invalid user_id specified"),
            ),
            (
                r#"{"type": "moon"}"#,
                "",
                Err("can't parse BotCommandScope: Unsupported type specified"),
            ),
            (
                "[]",
                "",
                Err("can't parse BotCommandScope: BotCommandScope must be an Object"),
            ),
            ("[", "", Err("can't parse BotCommandScope JSON object")),
            ("", "EN", Err("invalid language code specified")),
        ] {
            let expected = expected
                .map(str::to_owned)
                .map_err(|what| format!("Bad Request: {what}"));
            assert_eq!(key(scope, language), expected, "{scope}");
        }
    }

    #[test]
    fn messages_by_number() {
        let read = |text: &str| {
            message_ids(&Params::from_pairs([("message_ids", text)])).map_err(|error| error.description)
        };
        assert_eq!(read("[1, \"2\"]"), Ok(vec![MessageId(1), MessageId(2)]));
        let many = format!("[1{}]", ",1".repeat(100));
        for (text, expected) in [
            ("", "message identifiers are not specified"),
            ("[]", "message identifiers are not specified"),
            ("[", "can't parse message_ids JSON object"),
            ("1", "expected an Array of message identifiers"),
            (many.as_str(), "too many message identifiers specified"),
            ("[{}]", "message identifier must be a Number"),
            ("[\"x\"]", "can't parse message identifier as Number"),
            ("[0]", "invalid message identifier specified"),
        ] {
            assert_eq!(read(text), Err(format!("Bad Request: {expected}")));
        }
    }

    #[test]
    fn commands() {
        let read = |text: &str| {
            bot_commands(&Params::from_pairs([("commands", text)])).map_err(|error| error.description)
        };
        let list = read(r#"[{"command": "start", "description": "Begin"}]"#).unwrap();
        assert_eq!(
            (list[0].command.as_str(), list[0].description.as_str()),
            ("start", "Begin")
        );
        assert_eq!(read(""), Ok(vec![]));
        for (text, expected) in [
            ("[", "can't parse commands JSON object"),
            ("{}", "expected an Array of BotCommand"),
            ("[1]", "can't parse BotCommand: expected an Object"),
            (
                r#"[{"command": "a"}]"#,
                "can't parse BotCommand: Can't find field \"description\"",
            ),
        ] {
            assert_eq!(read(text), Err(format!("Bad Request: {expected}")));
        }
    }
}
