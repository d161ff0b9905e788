//! What a file is that a client uploads, by what it says of it.

use ringback_tl::{ctors, types};
use ringback_world::{FileKind, Media, MediaKind};
use types::DocumentAttribute as Attribute;

/// What an uploaded document is to be. `called` is the file's own name; an attribute may say another.
///
/// Of several attributes that make it something, the same one counts as in TD `DocumentsManager`. With `force_file` it is
/// a file and nothing else (<https://core.telegram.org/constructor/inputMediaUploadedDocument>).
pub(in crate::mtproto) fn file_kind(own: &ctors::InputMediaUploadedDocument, called: &str) -> FileKind {
    let named = own.attributes.iter().find_map(|attribute| match attribute {
        Attribute::Filename(own) => Some(own.file_name.as_str()),
        _ => None,
    });
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let name = named.and_then(text).or_else(|| text(called));
    let mime_type = text(&own.mime_type);
    match media(&own.attributes).filter(|_| !own.force_file) {
        Some(media) => FileKind::Media(Media {
            name,
            mime_type,
            ..media
        }),
        None => FileKind::Document { name, mime_type },
    }
}

fn media(attributes: &[Attribute]) -> Option<Media> {
    let kind = attributes
        .iter()
        .filter_map(kind)
        .min_by_key(|(order, _)| *order)?
        .1;
    let mut media = Media::new(kind);
    for attribute in attributes {
        match attribute {
            Attribute::Video(own) => {
                (media.width, media.height) = (number(own.w), number(own.h));
                media.duration = seconds(own.duration);
                media.streaming = own.supports_streaming && kind == MediaKind::Video;
            }
            Attribute::ImageSize(own) if media.width == 0 => {
                (media.width, media.height) = (number(own.w), number(own.h));
            }
            Attribute::Audio(own) if matches!(kind, MediaKind::Audio | MediaKind::Voice) => {
                media.duration = number(own.duration);
                let music = kind == MediaKind::Audio;
                let said = |text: &Option<String>| text.clone().filter(|text| music && !text.is_empty());
                (media.performer, media.title) = (said(&own.performer), said(&own.title));
            }
            Attribute::Sticker(own) if kind == MediaKind::Sticker => {
                media.emoji = Some(own.alt.clone()).filter(|emoji| !emoji.is_empty());
            }
            _ => {}
        }
    }
    Some(media)
}

/// What an attribute makes of a file, and which comes before which.
fn kind(attribute: &Attribute) -> Option<(u8, MediaKind)> {
    match attribute {
        Attribute::Sticker(_) => Some((0, MediaKind::Sticker)),
        Attribute::Animated => Some((1, MediaKind::Animation)),
        Attribute::Audio(own) if own.voice => Some((2, MediaKind::Voice)),
        Attribute::Audio(_) => Some((2, MediaKind::Audio)),
        Attribute::Video(own) if own.round_message => Some((3, MediaKind::VideoNote)),
        Attribute::Video(_) => Some((3, MediaKind::Video)),
        _ => None,
    }
}

fn number(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// Whole seconds: a film that has begun another counts it.
fn seconds(duration: f64) -> u32 {
    // What is too long, or no number at all, ends at a bound.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "such a cast keeps to the bounds"
    )]
    let whole = duration.ceil() as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(attributes: Vec<Attribute>, force_file: bool) -> FileKind {
        let own = ctors::InputMediaUploadedDocument {
            nosound_video: false,
            force_file,
            spoiler: false,
            file: ctors::InputFile::default().into(),
            thumb: None,
            mime_type: "a/b".into(),
            attributes,
            stickers: None,
            video_cover: None,
            video_timestamp: None,
            ttl_seconds: None,
        };
        file_kind(&own, "called")
    }

    fn video(round_message: bool, duration: f64) -> Attribute {
        ctors::DocumentAttributeVideo {
            round_message,
            supports_streaming: true,
            duration,
            w: 4,
            h: -3,
            ..Default::default()
        }
        .into()
    }

    fn known(kind: MediaKind) -> Media {
        Media {
            name: Some("called".into()),
            mime_type: Some("a/b".into()),
            ..Media::new(kind)
        }
    }

    #[test]
    fn what_the_attributes_make_of_a_file() {
        let film = Media {
            width: 4,
            duration: 3,
            streaming: true,
            ..known(MediaKind::Video)
        };
        assert_eq!(
            read(vec![video(false, 2.1)], false),
            FileKind::Media(film.clone())
        );
        let name = ctors::DocumentAttributeFilename {
            file_name: "named".into(),
        };
        let round = Media {
            kind: MediaKind::VideoNote,
            name: Some("named".into()),
            streaming: false,
            ..film.clone()
        };
        assert_eq!(
            read(vec![name.into(), video(true, 3.0)], false),
            FileKind::Media(round)
        );
        let moving = Media {
            kind: MediaKind::Animation,
            streaming: false,
            ..film
        };
        assert_eq!(
            read(vec![video(false, 3.0), Attribute::Animated], false),
            FileKind::Media(moving)
        );
        let audio = ctors::DocumentAttributeAudio {
            voice: false,
            duration: 7,
            title: Some("T".into()),
            performer: Some(String::new()),
            waveform: None,
        };
        let music = Media {
            duration: 7,
            title: Some("T".into()),
            ..known(MediaKind::Audio)
        };
        assert_eq!(read(vec![audio.clone().into()], false), FileKind::Media(music));
        let voice = ctors::DocumentAttributeAudio { voice: true, ..audio };
        let said = Media {
            duration: 7,
            ..known(MediaKind::Voice)
        };
        assert_eq!(read(vec![voice.into()], false), FileKind::Media(said));
    }

    #[test]
    fn a_file_is_what_nothing_else_is_said_of() {
        let plain = FileKind::Document {
            name: Some("called".into()),
            mime_type: Some("a/b".into()),
        };
        assert_eq!(read(Vec::new(), false), plain);
        assert_eq!(read(vec![video(false, 1.0)], true), plain);
        for duration in [f64::NAN, f64::NEG_INFINITY, -1.0] {
            let FileKind::Media(media) = read(vec![video(false, duration)], false) else {
                panic!("no film")
            };
            assert_eq!(media.duration, 0);
        }
    }
}
