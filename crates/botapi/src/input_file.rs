//! Files that a method sends.

use std::any::Any;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A file to send: one that Telegram has, one that it shall fetch, or one that goes with the request.
///
/// In JSON this is text in every case. A file that goes with the request is written as `attach://PART`, where `PART` is
/// the name of the part of the `multipart/form-data` body that holds its content; the Bot API's server takes that
/// form for every file parameter. Whoever sends the request asks [`Method::files`](crate::Method::files) for the
/// contents, and adds one part for each.
///
/// The content may be in memory, in a file, or be made while it is sent: see [`Content`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum InputFile {
    /// The `file_id` of a file that Telegram has already.
    Id(String),
    /// An HTTP URL for Telegram to fetch.
    Url(String),
    /// The part of this name, which the sender adds to the request (on the wire with `attach://` before it).
    Attach(String),
    /// Content that goes with the request.
    Upload(Upload),
}

/// A file's content, to be sent along with a request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Upload {
    /// The name of the part, which no other part of the request may have.
    pub part: String,
    /// The name that the receiver sees.
    pub file_name: String,
    /// The content; cloning it copies nothing.
    pub content: Content,
}

/// Where the content of an [`Upload`] is.
///
/// This crate opens and reads nothing: whoever sends the request does.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// In memory.
    Bytes(Bytes),
    /// In a file, which is read while it is sent.
    Path(PathBuf),
    /// In something that the sender knows how to read, mostly once only.
    Stream(StreamHandle),
}

impl<T: Into<Bytes>> From<T> for Content {
    fn from(content: T) -> Self {
        Self::Bytes(content.into())
    }
}

impl From<StreamHandle> for Content {
    fn from(handle: StreamHandle) -> Self {
        Self::Stream(handle)
    }
}

/// A value of the sender's own kind. Clones are the same value, and only those are equal.
#[derive(Clone)]
pub struct StreamHandle(Arc<dyn Any + Send + Sync>);

impl StreamHandle {
    /// Holds the value, for the sender to take out again.
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self(Arc::new(value))
    }

    /// The value, if it is of this type.
    pub fn downcast_ref<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for StreamHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StreamHandle")
    }
}

impl PartialEq for StreamHandle {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Upload {
    /// A file under a part name that is unique in this process.
    pub fn new(file_name: impl Into<String>, content: impl Into<Content>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let part = format!("file{}", NEXT.fetch_add(1, Ordering::Relaxed));
        Self {
            part,
            file_name: file_name.into(),
            content: content.into(),
        }
    }

    /// A file of this machine, under its own name. It is opened when the request is sent.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Self::new(name.into_owned(), Content::Path(path))
    }

    /// Another name for the part. Two parts of a request must not have the same.
    #[must_use]
    pub fn part(mut self, part: impl Into<String>) -> Self {
        self.part = part.into();
        self
    }
}

const ATTACH: &str = "attach://";

impl InputFile {
    /// A file that Telegram has already.
    pub fn id(file_id: impl Into<String>) -> Self {
        Self::Id(file_id.into())
    }

    /// A file that Telegram shall fetch.
    pub fn url(url: impl Into<String>) -> Self {
        Self::Url(url.into())
    }

    /// A file whose content goes with the request.
    pub fn bytes(file_name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self::Upload(Upload::new(file_name, content.into()))
    }

    /// A file of this machine, which is read while it is sent.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::Upload(Upload::path(path))
    }
}

impl From<Upload> for InputFile {
    fn from(upload: Upload) -> Self {
        Self::Upload(upload)
    }
}

/// Text as it is on the wire: `attach://…` is a part, a URL is a URL, anything else a `file_id`.
impl From<String> for InputFile {
    fn from(text: String) -> Self {
        if let Some(part) = text.strip_prefix(ATTACH) {
            return Self::Attach(part.to_owned());
        }
        let is_url = ["http://", "https://"].iter().any(|scheme| {
            text.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        if is_url { Self::Url(text) } else { Self::Id(text) }
    }
}

impl From<&str> for InputFile {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Display for InputFile {
    /// As on the wire.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(text) | Self::Url(text) => f.write_str(text),
            Self::Attach(part) | Self::Upload(Upload { part, .. }) => write!(f, "{ATTACH}{part}"),
        }
    }
}

impl Serialize for InputFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(text) | Self::Url(text) => serializer.serialize_str(text),
            Self::Attach(_) | Self::Upload(_) => serializer.collect_str(self),
        }
    }
}

crate::object::simple_parts! { InputFile = Self::Id(String::new()), }

impl<'de> Deserialize<'de> for InputFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InputFileVisitor;

        impl Visitor<'_> for InputFileVisitor {
            type Value = InputFile;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a file_id, a URL or attach://name")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<InputFile, E> {
                Ok(text.into())
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<InputFile, E> {
                Ok(text.into())
            }
        }

        deserializer.deserialize_string(InputFileVisitor)
    }
}

/// What can hold files to upload. Generated for every object and union that can.
pub(crate) trait CollectFiles {
    fn collect<'a>(&'a self, out: &mut Vec<&'a Upload>);
}

impl CollectFiles for InputFile {
    fn collect<'a>(&'a self, out: &mut Vec<&'a Upload>) {
        if let Self::Upload(upload) = self {
            out.push(upload);
        }
    }
}

impl<T: CollectFiles> CollectFiles for Option<T> {
    fn collect<'a>(&'a self, out: &mut Vec<&'a Upload>) {
        if let Some(inner) = self {
            inner.collect(out);
        }
    }
}

impl<T: CollectFiles> CollectFiles for Vec<T> {
    fn collect<'a>(&'a self, out: &mut Vec<&'a Upload>) {
        for inner in self {
            inner.collect(out);
        }
    }
}

impl<T: CollectFiles> CollectFiles for Box<T> {
    fn collect<'a>(&'a self, out: &mut Vec<&'a Upload>) {
        (**self).collect(out);
    }
}
