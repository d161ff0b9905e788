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
}

impl FileKind {
    /// Whether it is a picture. All else is a document in MTProto, and neither can be sent as the other.
    pub fn is_photo(&self) -> bool {
        matches!(self, FileKind::Photo { .. })
    }

    /// As TDLib names the kind in its errors (TD `FileType`).
    pub fn name(&self) -> &'static str {
        match self {
            FileKind::Photo { .. } => "Photo",
            FileKind::Document { .. } => "Document",
        }
    }
}
