//! Pictures, films, recordings, stickers and files.

use ringback_botapi as api;
use ringback_botapi::StickerType;
use ringback_world::{File, FileKind, Media, MediaKind};

use super::{file_id, file_unique_id};

/// Puts a film, a recording or a sticker into a message.
///
/// There are no thumbnails: this server makes and keeps none.
pub(super) fn add_media(file: &File, own: &mut api::Message) {
    let FileKind::Media(media) = &file.kind else {
        return;
    };
    match media.kind {
        MediaKind::Video => own.video = Some(Box::new(video(file, media))),
        MediaKind::Animation => {
            own.animation = Some(Box::new(animation(file, media)));
            // For programs that know no animations (Bot API, `Message.animation`).
            own.document = Some(Box::new(document(file)));
        }
        MediaKind::Audio => own.audio = Some(Box::new(audio(file, media))),
        MediaKind::Voice => own.voice = Some(Box::new(voice(file, media))),
        MediaKind::VideoNote => own.video_note = Some(Box::new(video_note(file, media))),
        MediaKind::Sticker => own.sticker = Some(Box::new(sticker(file, media))),
    }
}

fn size(file: &File) -> Option<i64> {
    i64::try_from(file.size).ok()
}

/// The sizes that a picture can be had in: here one, its own.
pub(crate) fn photo_sizes(file: &File) -> Vec<api::PhotoSize> {
    let (width, height) = match file.kind {
        FileKind::Photo { width, height } => (width, height),
        FileKind::Document { .. } | FileKind::Media(_) => (0, 0),
    };
    let mut own = api::PhotoSize::new(
        file_id(file),
        file_unique_id(file),
        i64::from(width),
        i64::from(height),
    );
    own.file_size = size(file);
    vec![own]
}

pub(super) fn document(file: &File) -> api::Document {
    let mut own = api::Document::new(file_id(file), file_unique_id(file));
    let (name, mime_type) = file.kind.described();
    own.file_name = name.map(str::to_owned);
    own.mime_type = mime_type.map(str::to_owned);
    own.file_size = size(file);
    own
}

fn video(file: &File, media: &Media) -> api::Video {
    let mut own = api::Video::new(
        file_id(file),
        file_unique_id(file),
        media.width.into(),
        media.height.into(),
        media.duration.into(),
    );
    own.file_name.clone_from(&media.name);
    own.mime_type.clone_from(&media.mime_type);
    own.file_size = size(file);
    own
}

fn animation(file: &File, media: &Media) -> api::Animation {
    let mut own = api::Animation::new(
        file_id(file),
        file_unique_id(file),
        media.width.into(),
        media.height.into(),
        media.duration.into(),
    );
    own.file_name.clone_from(&media.name);
    own.mime_type.clone_from(&media.mime_type);
    own.file_size = size(file);
    own
}

fn audio(file: &File, media: &Media) -> api::Audio {
    let mut own = api::Audio::new(file_id(file), file_unique_id(file), media.duration.into());
    own.performer.clone_from(&media.performer);
    own.title.clone_from(&media.title);
    own.file_name.clone_from(&media.name);
    own.mime_type.clone_from(&media.mime_type);
    own.file_size = size(file);
    own
}

fn voice(file: &File, media: &Media) -> api::Voice {
    let mut own = api::Voice::new(file_id(file), file_unique_id(file), media.duration.into());
    own.mime_type.clone_from(&media.mime_type);
    own.file_size = size(file);
    own
}

fn video_note(file: &File, media: &Media) -> api::VideoNote {
    let mut own = api::VideoNote::new(
        file_id(file),
        file_unique_id(file),
        media.width.into(),
        media.duration.into(),
    );
    own.file_size = size(file);
    own
}

fn sticker(file: &File, media: &Media) -> api::Sticker {
    let mut own = api::Sticker::new(
        file_id(file),
        file_unique_id(file),
        StickerType::Regular,
        media.width.into(),
        media.height.into(),
        false,
        false,
    );
    own.emoji.clone_from(&media.emoji);
    own.file_size = size(file);
    own
}
