//! Texts with their marks.

use ringback_world::{Entity, EntityKind, Error, FormattedText, UserId};
use serde_json::Value;

use super::fields::{Fields, What};
use crate::bot_api::parse_mode::{self, link};
use crate::bot_api::{ApiError, Params};

/// The longest text that is looked at, in bytes (TBA `get_formatted_text`).
const MAX_BYTES: usize = 1 << 15;

/// The `text` of a message with `parse_mode` or `entities`.
///
/// # Errors
/// It is empty, or its marks cannot be read.
pub(crate) fn text(params: &Params) -> Result<FormattedText, ApiError> {
    match params.checked("text")? {
        None | Some("") => Err(Error::MessageEmpty.into()),
        Some(text) => of_params(params, text, "entities"),
    }
}

/// The `caption` of a message with `parse_mode` or `caption_entities`; empty if there is none.
///
/// # Errors
/// Its marks cannot be read.
pub(crate) fn caption(params: &Params) -> Result<FormattedText, ApiError> {
    let caption = params.checked("caption")?.unwrap_or_default();
    of_params(params, caption, "caption_entities")
}

fn of_params(params: &Params, text: &str, entities: &str) -> Result<FormattedText, ApiError> {
    let mode = params.checked("parse_mode")?;
    // What is no JSON counts as absent (TBA `get_input_entities`).
    let entities = params.checked(entities)?;
    let entities: Option<Value> = entities.and_then(|json| serde_json::from_str(json).ok());
    words_of_value(text, mode, entities.as_ref())
}

/// A complaint that stands within another: there it begins as a sentence of its own.
pub(crate) fn inner(error: ApiError) -> String {
    let what = error.description.replacen("Bad Request: ", "", 1);
    let mut chars = what.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

pub(super) fn words_of_value(
    text: &str,
    mode: Option<&str>,
    entities: Option<&Value>,
) -> Result<FormattedText, ApiError> {
    if text.len() > MAX_BYTES {
        return Err(ApiError::bad_request("text is too long"));
    }
    let mode = mode.unwrap_or_default().to_ascii_lowercase();
    if !text.is_empty() && !mode.is_empty() && mode != "none" {
        return parse_mode::parse(text, &mode);
    }
    Ok(FormattedText {
        text: text.to_owned(),
        entities: self::entities(text, entities.unwrap_or(&Value::Null))?,
    })
}

/// The marks in an array; of anything else, none. Kinds that only the server sets are passed over.
///
/// # Errors
/// One that cannot be read.
pub(crate) fn entities(text: &str, value: &Value) -> Result<Vec<Entity>, ApiError> {
    let Value::Array(items) = value else {
        return Ok(Vec::new());
    };
    let len = u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
    let mut entities = Vec::new();
    for item in items {
        let found = entity(item, len)
            .map_err(|what| ApiError::bad_request(format_args!("can't parse MessageEntity: {what}")))?;
        let Some(mut entity) = found else {
            continue;
        };
        if let EntityKind::TextLink(url) = &mut entity.kind {
            match link::checked(url) {
                Some(checked) => *url = checked,
                None if url.is_empty() => return Err(ApiError::bad_request("entity URL is empty")),
                None => {
                    let what = format!("entity URL '{url}' is invalid: Wrong HTTP URL");
                    return Err(ApiError::bad_request(what));
                }
            }
        }
        entities.push(entity);
    }
    parse_mode::sort(&mut entities);
    Ok(entities)
}

fn entity(value: &Value, len: u32) -> Result<Option<Entity>, What> {
    let Value::Object(fields) = value else {
        return Err("expected an Object".to_owned());
    };
    let fields = Fields(fields);
    let (offset, length) = (fields.integer("offset")?, fields.integer("length")?);
    let kind = match fields.string("type")?.as_str() {
        "bold" => EntityKind::Bold,
        "italic" => EntityKind::Italic,
        "underline" => EntityKind::Underline,
        "strikethrough" => EntityKind::Strikethrough,
        "spoiler" => EntityKind::Spoiler,
        "blockquote" => EntityKind::Blockquote,
        "expandable_blockquote" => EntityKind::ExpandableBlockquote,
        "code" => EntityKind::Code,
        "pre" => EntityKind::Pre(fields.optional_string("language")?),
        "text_link" => {
            let url = fields.string("url")?;
            link::user(&url).map_or(EntityKind::TextLink(url), EntityKind::TextMention)
        }
        "text_mention" => EntityKind::TextMention(UserId(fields.object("user")?.integer("id")?)),
        "custom_emoji" => EntityKind::CustomEmoji(fields.integer("custom_emoji_id")?),
        "mention" | "hashtag" | "cashtag" | "bot_command" | "url" | "email" | "phone_number"
        | "bank_card_number" | "date_time" => return Ok(None),
        _ => return Err("Unsupported type specified".to_owned()),
    };
    // What points outside of the text is cut off.
    let start = u32::try_from(offset.max(0)).unwrap_or(u32::MAX).min(len);
    let end = offset.saturating_add(length.max(0)).max(0);
    let end = u32::try_from(end).unwrap_or(u32::MAX).min(len);
    Ok((end > start).then_some(Entity {
        offset: start,
        length: end - start,
        kind,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<FormattedText, String> {
        text(&Params::from_pairs(pairs.iter().copied())).map_err(|error| error.description)
    }

    #[test]
    fn marks_by_entities() {
        let text = read(&[
            ("text", "😀 hello"),
            (
                "entities",
                r#"[{"type": "code", "offset": 3, "length": 99}, {"type": "bold", "offset": "0", "length": 2},
                {"type": "hashtag", "offset": 0, "length": 1}, {"type": "italic", "offset": 50, "length": 1},
                {"type": "text_link", "offset": 0, "length": 1, "url": "tg://user?id=7"}]"#,
            ),
        ])
        .unwrap();
        let found: Vec<_> = text
            .entities
            .iter()
            .map(|entity| (entity.kind.clone(), entity.offset, entity.length))
            .collect();
        assert_eq!(
            found,
            [
                (EntityKind::Bold, 0, 2),
                (EntityKind::TextMention(UserId(7)), 0, 1),
                (EntityKind::Code, 3, 5)
            ]
        );
    }

    #[test]
    fn a_parse_mode_wins() {
        let text = read(&[("text", "<i>a</i>"), ("parse_mode", "hTmL"), ("entities", "[1]")]).unwrap();
        assert_eq!((text.text.as_str(), text.entities.len()), ("a", 1));
        let text = read(&[("text", "<i>a</i>"), ("parse_mode", "None"), ("entities", "7")]).unwrap();
        assert_eq!(text.text, "<i>a</i>");
    }

    #[test]
    fn complaints() {
        let link = r#"[{"type": "text_link", "offset": 0, "length": 1, "url": "x"}]"#;
        for (pairs, expected) in [
            (&[][..], "message text is empty"),
            (&[("text", "")], "message text is empty"),
            (
                &[("text", "a"), ("parse_mode", "bbcode")],
                "unsupported parse_mode",
            ),
            (
                &[
                    ("text", "a"),
                    ("entities", r#"[{"type": "x", "offset": 0, "length": 1}]"#),
                ],
                "can't parse MessageEntity: Unsupported type specified",
            ),
            (
                &[("text", "a"), ("entities", "[{}]")],
                "can't parse MessageEntity: Can't find field \"offset\"",
            ),
            (
                &[("text", "a"), ("entities", link)],
                "entity URL 'x' is invalid: Wrong HTTP URL",
            ),
        ] {
            assert_eq!(read(pairs), Err(format!("Bad Request: {expected}")));
        }
        for ignored in ["[", "{}", "null", ""] {
            assert_eq!(
                read(&[("text", "a"), ("entities", ignored)]),
                Ok(FormattedText::plain("a"))
            );
        }
        let long = "a".repeat(MAX_BYTES + 1);
        assert_eq!(
            read(&[("text", &long)]),
            Err("Bad Request: text is too long".into())
        );
    }
}
