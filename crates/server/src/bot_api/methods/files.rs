//! Files: those that come with a request, and those that are named in it.

use super::{Context, Entry};
use crate::app::App;
use crate::bot_api::decode::{self, SentAs};
use crate::bot_api::{ApiError, Params, Reply, encode};
use ringback_botapi::{ChatId, InputFile};
use ringback_world::calls::{AddFile, Send};
use ringback_world::{Content, Error, FileId, FileKind, FormattedText, Media, MediaKind};
use std::collections::HashMap;

/// A file that came with the request, kept already.
#[derive(Clone, Debug)]
pub(in crate::bot_api) struct Kept {
    digest: String,
    size: u64,
    file_name: Option<String>,
    mime_type: Option<String>,
    /// In pixels, if it is a picture.
    dimensions: Option<(u32, u32)>,
    /// Its bytes begin as those of a WebP picture do.
    is_webp: bool,
}

/// Keeps the files that came with a request, before the world is held: that may take a while.
pub(in crate::bot_api) fn keep_uploads(
    app: &App,
    entry: &Entry,
    params: &Params,
) -> Result<HashMap<String, Kept>, ApiError> {
    let mut kept = HashMap::new();
    if !entry.takes_files {
        return Ok(kept);
    }
    for file in params.files() {
        let dimensions = imagesize::blob_size(&file.content).ok();
        let digest = app.hub.blobs.put(file.content.clone()).map_err(|error| {
            tracing::error!(%error, "cannot keep a file");
            ApiError::new(500, "Internal Server Error: can't keep the file")
        })?;
        let file_kept = Kept {
            digest,
            size: file.content.len() as u64,
            file_name: Some(file.file_name.clone()).filter(|name| !name.is_empty()),
            mime_type: file.content_type.clone(),
            dimensions: dimensions
                .and_then(|size| Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))),
            is_webp: file.content.starts_with(b"RIFF") && file.content.get(8..12) == Some(b"WEBP"),
        };
        kept.insert(file.name.clone(), file_kept);
    }
    Ok(kept)
}

/// What the methods that send a file ask for, each under a name of its own.
pub(super) struct Sending<'a> {
    /// Where.
    pub chat: &'a ChatId,
    /// The parameter that names or brings the file.
    pub parameter: &'static str,
    /// What stands in it.
    pub file: &'a InputFile,
    /// As what.
    pub sent_as: SentAs,
    /// The words stand above.
    pub caption_above: Option<bool>,
    /// Covered until tapped.
    pub spoiler: Option<bool>,
    /// Without a sound.
    pub silent: Option<bool>,
    /// Not to be forwarded or saved.
    pub protected: Option<bool>,
}

impl Context<'_> {
    /// Sends a file.
    pub(super) fn send_file(&mut self, sending: Sending<'_>) -> Result<Reply, ApiError> {
        let markup = self.params.reply_markup()?;
        let peer = self.peer(sending.chat)?;
        self.world().may_write(self.bot, peer)?;
        let caption = if sending.sent_as.has_caption() {
            decode::caption(self.params)?
        } else {
            FormattedText::default()
        };
        let reply_to = self.reply_to()?;
        let file = self.file(sending.parameter, sending.file, sending.sent_as)?;
        let content = self.content(
            file,
            caption,
            sending.caption_above.unwrap_or(false),
            sending.spoiler.unwrap_or(false),
        )?;
        let message = self.call(Send {
            from: self.bot,
            peer,
            content,
            markup,
            reply_to,
            silent: sending.silent.unwrap_or(false),
            protected: sending.protected.unwrap_or(false),
        })?;
        self.message(&message)
    }

    /// The file that a parameter names or brings. A new one becomes what it is sent as; one that is known stays what it is,
    /// and is only refused where a picture is asked for and it is none, or the reverse (TD `FileManager`: every kind but
    /// pictures is a document).
    pub(super) fn file(
        &mut self,
        parameter: &str,
        file: &InputFile,
        sent_as: SentAs,
    ) -> Result<FileId, ApiError> {
        let part = match file {
            InputFile::Attach(part) => part.as_str(),
            InputFile::Id(id) => {
                let known = encode::read_file_id(id)
                    .and_then(|(_, id)| self.world().file(id))
                    .ok_or(Error::FileIdInvalid)?;
                if known.kind.is_photo() != matches!(sent_as, SentAs::Photo) {
                    let (is, wanted) = (known.kind.name().to_owned(), sent_as.name().to_owned());
                    return Err(Error::FileTypeMismatch { is, wanted }.into());
                }
                return Ok(known.id);
            }
            InputFile::Url(_) => {
                return Err(ApiError::new(
                    400,
                    "Bad Request: failed to get HTTP URL content: this local server fetches nothing",
                ));
            }
            _ => parameter,
        };
        let kept = self.uploads.get(part).cloned().ok_or_else(|| {
            let parameter = parameter.replace('_', " ");
            ApiError::bad_request(format_args!("there is no {parameter} in the request"))
        })?;
        if kept.size == 0 {
            return Err(ApiError::new(400, "Bad Request: file must be non-empty"));
        }
        let (digest, size) = (kept.digest.clone(), kept.size);
        let kind = kept.sent_as(sent_as)?;
        self.call(AddFile { digest, size, kind })
    }

    /// What a message with this file says.
    pub(super) fn content(
        &self,
        file: FileId,
        caption: FormattedText,
        caption_above: bool,
        spoiler: bool,
    ) -> Result<Content, ApiError> {
        let file = self.world().file(file).ok_or(Error::FileIdInvalid)?;
        Ok(Content::of_file(file, caption, caption_above, spoiler))
    }
}

impl Kept {
    fn sent_as(self, sent_as: SentAs) -> Result<FileKind, ApiError> {
        let (name, mime_type) = (self.file_name, self.mime_type);
        let mut media = match (sent_as, self.dimensions) {
            (SentAs::Photo, Some((width, height))) => return Ok(FileKind::Photo { width, height }),
            (SentAs::Photo, None) => return Err(ApiError::new(400, "Bad Request: IMAGE_PROCESS_FAILED")),
            (SentAs::Document, _) => return Ok(FileKind::Document { name, mime_type }),
            (SentAs::Media(media), _) => media,
        };
        match (media.kind, self.dimensions) {
            (MediaKind::Sticker, Some(size)) if self.is_webp => (media.width, media.height) = size,
            (MediaKind::Sticker, _) => {
                return Err(ApiError::bad_request(
                    "this local server takes only static stickers in .WEBP format",
                ));
            }
            // A GIF: nobody has to say how large it is.
            (MediaKind::Animation, Some(size)) if media.width == 0 || media.height == 0 => {
                (media.width, media.height) = size;
            }
            _ => {}
        }
        media.mime_type = Some(mime_type_of(&media, name.as_deref(), mime_type));
        media.name = name;
        Ok(FileKind::Media(media))
    }
}

/// As the sender says; what says nothing, or only that it is a file, is what its kind mostly is.
fn mime_type_of(media: &Media, name: Option<&str>, said: Option<String>) -> String {
    const NOTHING: &str = "application/octet-stream";
    let is_gif = name.is_some_and(|name| name.to_ascii_lowercase().ends_with(".gif"));
    said.filter(|mime_type| !mime_type.is_empty() && mime_type != NOTHING)
        .unwrap_or_else(|| {
            let usual = match media.kind {
                MediaKind::Animation if is_gif => "image/gif",
                MediaKind::Video | MediaKind::Animation | MediaKind::VideoNote => "video/mp4",
                MediaKind::Audio => "audio/mpeg",
                MediaKind::Voice => "audio/ogg",
                MediaKind::Sticker => "image/webp",
            };
            usual.to_owned()
        })
}
