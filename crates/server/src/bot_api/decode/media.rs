//! Pictures, films, recordings and files as the methods that send or exchange them describe them.

use ringback_botapi::InputFile;
use ringback_world::{FormattedText, Media, MediaKind};
use serde_json::Value;

use super::fields::{Fields, What};
use super::text;
use crate::bot_api::{ApiError, Params};

/// What is longer is taken for this long, in seconds (TBA `MAX_DURATION`).
const MAX_DURATION: i64 = 24 * 60 * 60;
/// What is wider or higher is taken for this wide, in pixels (TBA `MAX_LENGTH`).
const MAX_LENGTH: i64 = 10_000;

/// What a file is to be, if it is new.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum SentAs {
    /// A picture.
    Photo,
    /// Any file.
    Document,
    /// A film, a recording or a sticker; what it is called, and its type, the file itself says.
    Media(Media),
}

impl SentAs {
    /// As TDLib names the kind in its errors.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            SentAs::Photo => "Photo",
            SentAs::Document => "Document",
            SentAs::Media(media) => media.kind.name(),
        }
    }

    /// Whether there can be words with it.
    pub(crate) fn has_caption(&self) -> bool {
        match self {
            SentAs::Photo | SentAs::Document => true,
            SentAs::Media(media) => media.kind.has_caption(),
        }
    }

    /// A film, a recording or a sticker as the parameters of its own method describe it.
    pub(crate) fn of_params(params: &Params, kind: MediaKind) -> SentAs {
        let text = |name: &str| params.text(name).map(str::to_owned);
        let mut media = Media::new(kind);
        match kind {
            MediaKind::VideoNote => {
                let length = bounded(params.integer("length"), MAX_LENGTH);
                (media.width, media.height) = (length, length);
            }
            MediaKind::Sticker => media.emoji = text("emoji"),
            _ => {
                media.width = bounded(params.integer("width"), MAX_LENGTH);
                media.height = bounded(params.integer("height"), MAX_LENGTH);
                media.performer = text("performer");
                media.title = text("title");
                media.streaming = params.flag("supports_streaming");
            }
        }
        media.duration = bounded(params.integer("duration"), MAX_DURATION);
        SentAs::Media(of_its_kind(media))
    }
}

fn bounded(number: i64, most: i64) -> u32 {
    u32::try_from(number.clamp(0, most)).unwrap_or(0)
}

/// Without what its kind has no use for: some libraries send every field that they know.
fn of_its_kind(media: Media) -> Media {
    let Media { kind, .. } = media;
    let keep = |kinds: &[MediaKind]| kinds.contains(&kind);
    let shown = keep(&[MediaKind::Video, MediaKind::Animation, MediaKind::VideoNote]);
    let music = keep(&[MediaKind::Audio]);
    Media {
        width: if shown { media.width } else { 0 },
        height: if shown { media.height } else { 0 },
        duration: if keep(&[MediaKind::Sticker]) {
            0
        } else {
            media.duration
        },
        performer: media.performer.filter(|_| music),
        title: media.title.filter(|_| music),
        streaming: media.streaming && keep(&[MediaKind::Video]),
        ..media
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
    read(params, &value, false).map_err(unreadable)
}

/// The array of `InputMedia` in `media`, for an album (TBA `get_input_message_contents`).
///
/// # Errors
/// It is not there or cannot be read, or a file did not come.
pub(crate) fn input_media_group(params: &Params) -> Result<Vec<InputMedia>, ApiError> {
    let Some(media) = params.checked("media")?.filter(|text| !text.is_empty()) else {
        return Err(ApiError::bad_request("parameter \"media\" is required"));
    };
    let value: Value =
        serde_json::from_str(media).map_err(|_| ApiError::bad_request("can't parse media JSON object"))?;
    let Value::Array(items) = &value else {
        return Err(ApiError::bad_request("expected an Array of InputMedia"));
    };
    items
        .iter()
        .map(|item| read(params, item, true).map_err(unreadable))
        .collect()
}

fn unreadable(what: What) -> ApiError {
    ApiError::bad_request(format_args!("can't parse InputMedia: {what}"))
}

fn read(params: &Params, value: &Value, for_album: bool) -> Result<InputMedia, What> {
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
        "video" => SentAs::Media(described(fields, MediaKind::Video)?),
        "animation" if for_album => {
            return Err("type \"animation\" can't be used in sendMediaGroup".to_owned());
        }
        "animation" => SentAs::Media(described(fields, MediaKind::Animation)?),
        "audio" => SentAs::Media(described(fields, MediaKind::Audio)?),
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

fn described(fields: Fields<'_>, kind: MediaKind) -> Result<Media, What> {
    Ok(of_its_kind(Media {
        width: bounded(fields.optional_integer("width")?, MAX_LENGTH),
        height: bounded(fields.optional_integer("height")?, MAX_LENGTH),
        duration: bounded(fields.optional_integer("duration")?, MAX_DURATION),
        performer: fields.optional_string("performer")?,
        title: fields.optional_string("title")?,
        streaming: fields.flag("supports_streaming")?,
        ..Media::new(kind)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(media: &str) -> Result<InputMedia, String> {
        input_media(&Params::from_pairs([("media", media)])).map_err(|error| error.description)
    }

    #[test]
    fn a_picture_with_its_words() {
        let media = r#"{"type": "photo", "media": "AgAC", "caption": "<b>x</b>", "parse_mode": "HTML",
            "show_caption_above_media": true, "has_spoiler": true}"#;
        let read = input(media).unwrap();
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
    fn several_for_an_album() {
        let group = |media| {
            let params = Params::from_pairs([("media", media)]);
            input_media_group(&params)
                .map(|items| items.len())
                .map_err(|error| error.description)
        };
        assert_eq!(
            group(r#"[{"type": "photo", "media": "AgAC"}, {"type": "video", "media": "BAAC"}]"#),
            Ok(2)
        );
        assert_eq!(group("[]"), Ok(0));
        for (media, expected) in [
            ("", "parameter \"media\" is required"),
            ("[", "can't parse media JSON object"),
            ("{}", "expected an Array of InputMedia"),
            ("[1]", "can't parse InputMedia: expected an Object"),
            (
                r#"[{"type": "animation", "media": "CgAC"}]"#,
                "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
            ),
        ] {
            assert_eq!(group(media), Err(format!("Bad Request: {expected}")), "{media}");
        }
    }

    #[test]
    fn what_is_said_of_films_and_music() {
        let video = input(
            r#"{"type": "video", "media": "BAAC", "width": 20000, "height": "3", "duration": -1,
            "supports_streaming": true, "title": "not a film's"}"#,
        );
        let expected = Media {
            width: 10_000,
            height: 3,
            streaming: true,
            ..Media::new(MediaKind::Video)
        };
        assert_eq!(video.unwrap().sent_as, SentAs::Media(expected));
        let music = input(r#"{"type": "audio", "media": "CQAC", "title": "T", "performer": "", "width": 5}"#);
        let expected = Media {
            title: Some("T".into()),
            ..Media::new(MediaKind::Audio)
        };
        assert_eq!(music.unwrap().sent_as, SentAs::Media(expected));

        let params = Params::from_pairs([
            ("length", "240"),
            ("width", "9"),
            ("duration", "90000"),
            ("emoji", "👍"),
        ]);
        let round = Media {
            width: 240,
            height: 240,
            duration: 86_400,
            ..Media::new(MediaKind::VideoNote)
        };
        assert_eq!(
            SentAs::of_params(&params, MediaKind::VideoNote),
            SentAs::Media(round)
        );
        let sticker = Media {
            emoji: Some("👍".into()),
            ..Media::new(MediaKind::Sticker)
        };
        assert_eq!(
            SentAs::of_params(&params, MediaKind::Sticker),
            SentAs::Media(sticker)
        );
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
                r#"{"type": "voice", "media": "AgAC"}"#,
                "can't parse InputMedia: type \"voice\" is unsupported",
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
            assert_eq!(input(media), Err(format!("Bad Request: {expected}")), "{media}");
        }
    }
}
