//! Pictures and files that take the place of others.

use ringback_botapi::InputFile;
use ringback_world::FormattedText;
use serde_json::Value;

use super::fields::{Fields, What};
use super::text;
use crate::bot_api::{ApiError, Params};

/// What a file is to be, if it is new.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum SentAs {
    /// A picture.
    Photo,
    /// Any file.
    Document,
}

impl SentAs {
    /// As TDLib names the kind in its errors.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            SentAs::Photo => "Photo",
            SentAs::Document => "Document",
        }
    }
}

/// An `InputMedia`.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct InputMedia {
    /// Which file: never one that the request should bring and does not.
    pub file: InputFile,
    /// As what.
    pub sent_as: SentAs,
    /// The words with it.
    pub caption: FormattedText,
    /// The words stand above.
    pub caption_above: bool,
    /// Covered until tapped.
    pub spoiler: bool,
}

/// The `InputMedia` in `media` (TBA `get_input_media`).
///
/// # Errors
/// It is not there or cannot be read, or its file did not come.
pub(crate) fn input_media(params: &Params) -> Result<InputMedia, ApiError> {
    let Some(media) = params.checked("media")?.filter(|text| !text.is_empty()) else {
        return Err(ApiError::bad_request("parameter \"media\" is required"));
    };
    let value: Value = serde_json::from_str(media)
        .map_err(|_| ApiError::bad_request("can't parse input media JSON object"))?;
    read(params, &value).map_err(|what| ApiError::bad_request(format_args!("can't parse InputMedia: {what}")))
}

fn read(params: &Params, value: &Value) -> Result<InputMedia, What> {
    let Value::Object(object) = value else {
        return Err("expected an Object".to_owned());
    };
    let fields = Fields(object);
    let words = fields.optional_string("caption")?.unwrap_or_default();
    let mode = fields.optional_string("parse_mode")?;
    let caption =
        text::words_of_value(&words, mode.as_deref(), fields.get("caption_entities")).map_err(text::inner)?;
    let caption_above = fields.flag("show_caption_above_media")?;
    let spoiler = fields.flag("has_spoiler")?;
    let file = match fields.optional_string("media")?.map(InputFile::from) {
        Some(InputFile::Attach(part)) if params.file(&part).is_none() => None,
        file => file,
    };
    let file = file.ok_or("media not found")?;
    let kind = fields.string("type")?;
    let sent_as = match kind.as_str() {
        "photo" => SentAs::Photo,
        "document" => SentAs::Document,
        "video" | "animation" | "audio" => {
            return Err(format!("type \"{kind}\" is not supported by this local server"));
        }
        kind => return Err(format!("type \"{kind}\" is unsupported")),
    };
    Ok(InputMedia {
        file,
        sent_as,
        caption,
        caption_above,
        spoiler,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(media: &str) -> String {
        input_media(&Params::from_pairs([("media", media)]))
            .unwrap_err()
            .description
    }

    #[test]
    fn a_picture_with_its_words() {
        let media = r#"{"type": "photo", "media": "AgAC", "caption": "<b>x</b>", "parse_mode": "HTML",
            "show_caption_above_media": true, "has_spoiler": true}"#;
        let read = input_media(&Params::from_pairs([("media", media)])).unwrap();
        assert_eq!(
            (read.file, read.sent_as),
            (InputFile::Id("AgAC".into()), SentAs::Photo)
        );
        assert_eq!(
            (read.caption.text.as_str(), read.caption.entities.len()),
            ("x", 1)
        );
        assert!(read.caption_above && read.spoiler);
    }

    #[test]
    fn complaints() {
        for (media, expected) in [
            ("", "parameter \"media\" is required"),
            ("{", "can't parse input media JSON object"),
            ("[]", "can't parse InputMedia: expected an Object"),
            (r#"{"type": "photo"}"#, "can't parse InputMedia: media not found"),
            (
                r#"{"type": "photo", "media": "attach://x"}"#,
                "can't parse InputMedia: media not found",
            ),
            (
                r#"{"media": "AgAC"}"#,
                "can't parse InputMedia: Can't find field \"type\"",
            ),
            (
                r#"{"type": "game", "media": "AgAC"}"#,
                "can't parse InputMedia: type \"game\" is unsupported",
            ),
            (
                r#"{"type": "photo", "media": "AgAC", "has_spoiler": 1}"#,
                "can't parse InputMedia: Field \"has_spoiler\" must be of type Boolean",
            ),
            (
                r#"{"type": "photo", "media": "AgAC", "caption": "<b>", "parse_mode": "HTML"}"#,
                "can't parse InputMedia: Can't parse entities: Can't find end tag corresponding to start tag \"b\"",
            ),
        ] {
            assert_eq!(refused(media), format!("Bad Request: {expected}"), "{media}");
        }
    }
}
