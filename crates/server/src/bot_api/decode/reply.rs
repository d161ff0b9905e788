//! What a message replies to.

use ringback_botapi::ChatId;
use ringback_world::calls::ReplyTo;
use ringback_world::{MessageId, Peer};
use serde_json::Value;

use super::fields::{Fields, What};
use super::text;
use crate::bot_api::lenient::to_integer;
use crate::bot_api::{ApiError, Params};

/// What a message replies to: `reply_parameters`, or the older `reply_to_message_id` and
/// `allow_sending_without_reply`. `resolve` finds the chat that another message is in.
///
/// # Errors
/// The parameters cannot be read, or `resolve` finds no chat.
pub(crate) fn reply_to(
    params: &Params,
    resolve: impl FnOnce(ChatId) -> Result<Peer, ApiError>,
) -> Result<Option<ReplyTo>, ApiError> {
    let text = match params.checked("reply_parameters")? {
        None => return Ok(legacy(params)),
        Some("") => return Ok(None),
        Some(text) => text,
    };
    let value: Value = serde_json::from_str(text)
        .map_err(|_| ApiError::bad_request("can't parse reply parameters JSON object"))?;
    let (mut reply, chat) = read(&value)?;
    if let Some(reply) = &mut reply
        && let Some(chat) = chat
    {
        reply.peer = Some(resolve(chat)?);
    }
    Ok(reply)
}

fn legacy(params: &Params) -> Option<ReplyTo> {
    let message = message_id(to_integer(params.get("reply_to_message_id").unwrap_or_default()))?;
    Some(ReplyTo {
        message,
        peer: None,
        optional: params.flag("allow_sending_without_reply"),
        quote: None,
    })
}

fn message_id(number: i64) -> Option<MessageId> {
    i32::try_from(number)
        .ok()
        .filter(|number| *number > 0)
        .map(MessageId)
}

fn read(value: &Value) -> Result<(Option<ReplyTo>, Option<ChatId>), ApiError> {
    let Value::Object(fields) = value else {
        return Err(ApiError::bad_request("object expected as reply parameters"));
    };
    let fields = Fields(fields);
    let wrong = |what: What| ApiError::bad_request(what);
    let chat = fields.optional_string("chat_id").map_err(wrong)?;
    let number = fields.optional_integer("message_id").map_err(wrong)?;
    let optional = fields.flag("allow_sending_without_reply").map_err(wrong)?;
    let quote = match fields.optional_string("quote").map_err(wrong)? {
        None => None,
        Some(quote) => {
            let mode = fields.optional_string("quote_parse_mode").map_err(wrong)?;
            let entities = fields.get("quote_entities");
            Some(text::words_of_value(&quote, mode.as_deref(), entities)?)
        }
    };
    let reply = message_id(number).map(|message| ReplyTo {
        message,
        peer: None,
        optional,
        quote,
    });
    Ok((reply, chat.map(ChatId::from)))
}

#[cfg(test)]
mod tests {
    use ringback_world::UserId;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Option<ReplyTo>, String> {
        let params = Params::from_pairs(pairs.iter().copied());
        reply_to(&params, |chat| match chat.id() {
            Some(id) => Ok(Peer::User(UserId(id))),
            None => Err(ApiError::bad_request("chat not found")),
        })
        .map_err(|error| error.description)
    }

    #[test]
    fn old_and_new() {
        let old = read(&[
            ("reply_to_message_id", "5"),
            ("allow_sending_without_reply", "True"),
        ]);
        let mut expected = ReplyTo {
            message: MessageId(5),
            peer: None,
            optional: true,
            quote: None,
        };
        assert_eq!(old, Ok(Some(expected.clone())));
        let new = r#"{"message_id": "5", "chat_id": 7, "allow_sending_without_reply": true, "quote": "<b>x</b>",
            "quote_parse_mode": "html"}"#;
        let new = read(&[("reply_parameters", new), ("reply_to_message_id", "6")])
            .unwrap()
            .unwrap();
        expected.peer = Some(Peer::User(UserId(7)));
        let quote = new.quote.clone().unwrap();
        assert_eq!((quote.text.as_str(), quote.entities.len()), ("x", 1));
        expected.quote = Some(quote);
        assert_eq!(new, expected);
        for none in [
            &[][..],
            &[("reply_to_message_id", "x")],
            &[("reply_parameters", ""), ("reply_to_message_id", "6")],
            &[("reply_parameters", "{}")],
        ] {
            assert_eq!(read(none), Ok(None));
        }
    }

    #[test]
    fn complaints() {
        for (text, expected) in [
            ("{", "can't parse reply parameters JSON object"),
            ("[]", "object expected as reply parameters"),
            (
                r#"{"message_id": []}"#,
                "field \"message_id\" must be of type Number",
            ),
            (r#"{"message_id": 1, "chat_id": "@x"}"#, "chat not found"),
            (
                r#"{"message_id": 1, "quote": "<b>", "quote_parse_mode": "HTML"}"#,
                "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
            ),
        ] {
            assert_eq!(
                read(&[("reply_parameters", text)]),
                Err(format!("Bad Request: {expected}"))
            );
        }
    }
}
