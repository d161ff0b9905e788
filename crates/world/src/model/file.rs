//! Files, and what they were sent as.

use crate::FileId;
use serde::{Deserialize, Serialize};

/// A file's description. Its bytes are kept by whoever keeps the world.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct File {
    /// Which.
    pub id: FileId,
    /// Names the bytes: the same bytes, the same digest.
    pub digest: String,
    /// In bytes.
    pub size: u64,
    /// What it was sent as.
    pub kind: FileKind,
}

/// What a file was sent as. It stays that, however often it is sent again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum FileKind {
    /// A picture, in pixels.
    Photo {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// Any file.
    Document {
        /// As the sender called it.
        name: Option<String>,
        /// As the sender described it.
        mime_type: Option<String>,
    },
    /// A film, a recording or a sticker.
    Media(Media),
}

/// A film, a recording or a sticker, as its sender described it: nobody here looks into it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Media {
    /// Which of them.
    pub kind: MediaKind,
    /// As the sender called the file.
    pub name: Option<String>,
    /// As the sender described the file.
    pub mime_type: Option<String>,
    /// Width in pixels; 0 if the sender did not say, or there is nothing to see.
    pub width: u32,
    /// Height in pixels; 0 as with the width.
    pub height: u32,
    /// In whole seconds; 0 if the sender did not say, or it has none.
    pub duration: u32,
    /// Who made a piece of music.
    pub performer: Option<String>,
    /// What a piece of music is called.
    pub title: Option<String>,
    /// What a sticker stands for.
    pub emoji: Option<String>,
    /// A film that can be watched while it is still coming.
    pub streaming: bool,
}

/// What Telegram tells apart among the documents.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MediaKind {
    /// A film.
    Video,
    /// A film without sound, played over and over.
    Animation,
    /// Music.
    Audio,
    /// What somebody said.
    Voice,
    /// A round film of whoever speaks.
    VideoNote,
    /// A picture that stands for itself.
    Sticker,
}

impl MediaKind {
    /// As TDLib names the kind in its errors (TD `FileType`).
    pub fn name(self) -> &'static str {
        match self {
            MediaKind::Video => "Video",
            MediaKind::Animation => "Animation",
            MediaKind::Audio => "Audio",
            MediaKind::Voice => "VoiceNote",
            MediaKind::VideoNote => "VideoNote",
            MediaKind::Sticker => "Sticker",
        }
    }

    /// Whether there can be words below it (TD `can_have_message_content_caption`).
    pub fn has_caption(self) -> bool {
        !matches!(self, MediaKind::VideoNote | MediaKind::Sticker)
    }

    /// Whether its words may stand above it, and it may be covered: of the Bot API's methods only those for pictures and
    /// films know `show_caption_above_media` and `has_spoiler`.
    pub(crate) fn is_shown(self) -> bool {
        matches!(self, MediaKind::Video | MediaKind::Animation)
    }

    /// Whether an edit can exchange it (TD `edit_message_media`).
    pub(crate) fn is_exchanged(self) -> bool {
        matches!(self, MediaKind::Video | MediaKind::Animation | MediaKind::Audio)
    }
}

impl Media {
    /// One of this kind of which nothing is known.
    pub fn new(kind: MediaKind) -> Media {
        Media {
            kind,
            name: None,
            mime_type: None,
            width: 0,
            height: 0,
            duration: 0,
            performer: None,
            title: None,
            emoji: None,
            streaming: false,
        }
    }
}

impl FileKind {
    /// Whether it is a picture. All else is a document in MTProto, and neither can be sent as the other.
    pub fn is_photo(&self) -> bool {
        matches!(self, FileKind::Photo { .. })
    }

    /// What its sender called the file, and how they described it; nothing of a picture.
    pub fn described(&self) -> (Option<&str>, Option<&str>) {
        let (name, mime_type) = match self {
            FileKind::Photo { .. } => (&None, &None),
            FileKind::Document { name, mime_type } => (name, mime_type),
            FileKind::Media(media) => (&media.name, &media.mime_type),
        };
        (name.as_deref(), mime_type.as_deref())
    }

    /// As TDLib names the kind in its errors (TD `FileType`).
    pub fn name(&self) -> &'static str {
        match self {
            FileKind::Photo { .. } => "Photo",
            FileKind::Document { .. } => "Document",
            FileKind::Media(media) => media.kind.name(),
        }
    }
}
