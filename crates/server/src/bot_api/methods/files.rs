//! Files: those that come with a request, and those that are named in it.

use super::{Context, Entry};
use crate::app::App;
use crate::bot_api::decode::SentAs;
use crate::bot_api::{ApiError, Params, encode};
use ringback_botapi::InputFile;
use ringback_world::calls::AddFile;
use ringback_world::{Content, Error, FileId, FileKind, FormattedText};
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
        };
        kept.insert(file.name.clone(), file_kept);
    }
    Ok(kept)
}

impl Context<'_> {
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
            ApiError::new(
                400,
                format!("Bad Request: there is no {parameter} in the request"),
            )
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
        Ok(match (sent_as, self.dimensions) {
            (SentAs::Photo, Some((width, height))) => FileKind::Photo { width, height },
            (SentAs::Photo, None) => return Err(ApiError::new(400, "Bad Request: IMAGE_PROCESS_FAILED")),
            (SentAs::Document, _) => FileKind::Document {
                name: self.file_name,
                mime_type: self.mime_type,
            },
        })
    }
}
