//! `getFile`: where a file can be fetched.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};
use ringback_botapi::{File as Found, GetFile as Asked};
use ringback_world::{FileId, FileKind, MediaKind};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let known = encode::read_file_id(&asked.file_id).and_then(|(_, id)| context.world().file(id));
    let file = known.ok_or_else(|| ApiError::new(400, "Bad Request: invalid file_id"))?;
    let folder = match &file.kind {
        FileKind::Photo { .. } => "photos",
        FileKind::Document { .. } => "documents",
        FileKind::Media(media) => match media.kind {
            MediaKind::Video => "videos",
            MediaKind::Animation => "animations",
            MediaKind::Audio => "music",
            MediaKind::Voice => "voice",
            MediaKind::VideoNote => "video_notes",
            MediaKind::Sticker => "stickers",
        },
    };
    let mut found = Found::new(encode::file_id(file), encode::file_unique_id(file));
    found.file_size = i64::try_from(file.size).ok();
    found.file_path = Some(format!("{folder}/file_{}", file.id));
    Reply::json(&found)
}

/// The file at a path that was given out above.
pub(in crate::bot_api) fn file_at(path: &str) -> Option<FileId> {
    let (_, name) = path.split_once('/')?;
    name.strip_prefix("file_")?.parse().ok().map(FileId)
}
