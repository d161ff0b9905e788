//! Files that are read while they are sent.
//!
//! | where the file is | how it is sent | sent again when safe |
//! |---|---|---|
//! | in memory | [`InputFile::bytes`] | yes |
//! | on this machine | [`InputFile::path`] | yes: it is opened again |
//! | made as it goes, of a known length | [`sized`] | no, once any of it was read |
//! | made as it goes, until it ends | [`reader`] | no, once any of it was read |
//!
//! Of what is not in memory anyway, 64 KiB are at a time. The [time for a call](crate::Builder::timeout) then counts for
//! each piece, and for the response: a large file takes as long as it takes, as long as it gets on.
//!
//! ```no_run
//! # async fn example(bot: ringback::Bot) -> Result<(), ringback::BoxError> {
//! use ringback::api::{InputFile, SendDocument, SendVideo};
//!
//! bot.send(SendVideo::new(42, InputFile::path("holiday.mp4"))).await?;
//!
//! let (report, mut pen) = tokio::io::duplex(4096);
//! tokio::spawn(async move {
//!     use tokio::io::AsyncWriteExt;
//!     pen.write_all(b"as it is written").await
//! });
//! bot.send(SendDocument::new(42, ringback::upload::reader("report.txt", report))).await?;
//! # Ok(()) }
//! ```

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use ringback_botapi::{InputFile, StreamHandle, Upload};
use tokio::io::AsyncRead;

/// Content that comes from a reader, until it ends. Without a length the request goes in chunks (HTTP/1.1 `chunked`).
///
/// The method that holds it can be sent once.
pub fn reader(file_name: impl Into<String>, reader: impl AsyncRead + Send + 'static) -> InputFile {
    Source::input(file_name.into(), Box::pin(reader), None)
}

/// The same of a known length, in bytes. What the reader has beyond it is not read; if it ends before, the call is
/// broken off with [`Error::Request`](crate::Error::Request).
pub fn sized(
    file_name: impl Into<String>,
    length: u64,
    reader: impl AsyncRead + Send + 'static,
) -> InputFile {
    Source::input(file_name.into(), Box::pin(reader), Some(length))
}

type Reader = Pin<Box<dyn AsyncRead + Send>>;

/// A reader, for the one who takes it.
pub(crate) struct Source(Mutex<Option<(Reader, Option<u64>)>>);

impl Source {
    fn input(file_name: String, reader: Reader, length: Option<u64>) -> InputFile {
        let source = Source(Mutex::new(Some((reader, length))));
        InputFile::from(Upload::new(file_name, StreamHandle::new(source)))
    }

    pub(crate) fn take(&self) -> Option<(Reader, Option<u64>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
