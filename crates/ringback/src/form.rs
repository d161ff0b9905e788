//! `multipart/form-data`: how parameters go when files go with them.
//!
//! A form is a list of pieces. Those in memory are sent as they are; a file or a stream is read piece by piece while it is
//! sent, so that its size does not matter.

use std::collections::VecDeque;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use ringback_botapi::{Content, Method};
use serde_json::Value;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::error::BoxError;
use crate::upload::Source;

/// How much of a file is in memory at a time.
const CHUNK: usize = 64 * 1024;

/// The parameters and files of a request.
pub(crate) struct Form {
    boundary: String,
    pieces: Vec<Piece>,
}

enum Piece {
    Bytes(Bytes),
    Content(Content),
}

impl Form {
    /// Of a method that has files.
    pub(crate) fn new<M: Method>(method: &M) -> Result<Self, BoxError> {
        let Value::Object(parameters) = serde_json::to_value(method)? else {
            return Err("the parameters are no object".into());
        };
        let mut form = Form {
            boundary: boundary()?,
            pieces: Vec::new(),
        };
        let mut text = String::new();
        for (name, value) in parameters {
            // Text goes as it is, everything else as JSON.
            let value = match value {
                Value::String(text) => text,
                Value::Null => continue,
                other => other.to_string(),
            };
            form.open(&mut text, &name);
            text.push_str("\r\n\r\n");
            text.push_str(&value);
            text.push_str("\r\n");
        }
        for file in method.files() {
            form.open(&mut text, &file.part);
            text.push_str("; filename=\"");
            text.push_str(&escape(&file.file_name));
            text.push_str("\"\r\nContent-Type: application/octet-stream\r\n\r\n");
            form.pieces.push(Piece::Bytes(std::mem::take(&mut text).into()));
            form.pieces.push(Piece::Content(file.content.clone()));
            text.push_str("\r\n");
        }
        text.push_str("--");
        text.push_str(&form.boundary);
        text.push_str("--\r\n");
        form.pieces.push(Piece::Bytes(text.into()));
        Ok(form)
    }

    pub(crate) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    fn open(&self, text: &mut String, name: &str) {
        let name = escape(name);
        text.push_str(&format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{name}\"",
            self.boundary
        ));
    }

    /// Opens the files, to be sent once.
    ///
    /// # Errors
    /// A file can't be opened, or a stream has been read already.
    pub(crate) async fn body(&self) -> Result<Body, BoxError> {
        let mut pieces = VecDeque::with_capacity(self.pieces.len());
        let mut length = Some(0_u64);
        for piece in &self.pieces {
            let open = match piece {
                Piece::Bytes(bytes) | Piece::Content(Content::Bytes(bytes)) => Open::Bytes(bytes.clone()),
                Piece::Content(Content::Path(path)) => {
                    let failed = |error| format!("the file {}: {error}", path.display());
                    let file = File::open(path).await.map_err(failed)?;
                    let about = file.metadata().await.map_err(failed)?;
                    if !about.is_file() {
                        return Err(format!("{} is no file", path.display()).into());
                    }
                    Open::Reader {
                        left: Some(about.len()),
                        reader: Box::pin(file),
                    }
                }
                Piece::Content(Content::Stream(handle)) => {
                    let source = handle.downcast_ref::<Source>();
                    let source = source.ok_or("a stream that was not made by ringback::upload")?;
                    let (reader, left) = source.take().ok_or("a stream that has been sent already")?;
                    Open::Reader { left, reader }
                }
                Piece::Content(_) => return Err("content of an unknown kind".into()),
            };
            length = match (length, open.length()) {
                (Some(sum), Some(more)) => sum.checked_add(more),
                _ => None,
            };
            pieces.push_back(open);
        }
        Ok(Body { pieces, length })
    }

    /// Whether it can be sent once only.
    pub(crate) fn is_once(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Content(Content::Stream(_))))
    }
}

/// A form on its way.
pub(crate) struct Body {
    pieces: VecDeque<Open>,
    /// Of all pieces, if all are known.
    pub(crate) length: Option<u64>,
}

enum Open {
    Bytes(Bytes),
    Reader {
        reader: Pin<Box<dyn AsyncRead + Send>>,
        /// How much is still to come, if that is known.
        left: Option<u64>,
    },
}

impl Open {
    fn length(&self) -> Option<u64> {
        match self {
            Open::Bytes(bytes) => bytes.len().try_into().ok(),
            Open::Reader { left, .. } => *left,
        }
    }
}

impl Body {
    /// The next piece, which is not empty; `None` at the end.
    ///
    /// # Errors
    /// A file can't be read, or is shorter than it was said to be.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, BoxError> {
        while let Some(piece) = self.pieces.front_mut() {
            let chunk = match piece {
                Open::Bytes(bytes) => std::mem::take(bytes),
                Open::Reader { reader, left } => read(reader, left).await?,
            };
            if !chunk.is_empty() {
                return Ok(Some(chunk));
            }
            self.pieces.pop_front();
        }
        Ok(None)
    }
}

/// The next of a reader. A file that grows meanwhile is cut where it ended: its length has been said.
async fn read(
    reader: &mut Pin<Box<dyn AsyncRead + Send>>,
    left: &mut Option<u64>,
) -> Result<Bytes, BoxError> {
    let room = left.map_or(CHUNK, |left| usize::try_from(left).unwrap_or(CHUNK).min(CHUNK));
    let mut chunk = BytesMut::with_capacity(room);
    if room > 0 {
        (&mut *reader).take(room as u64).read_buf(&mut chunk).await?;
    }
    if let Some(left) = left {
        if chunk.is_empty() && *left > 0 {
            return Err(format!("a file ended {left} bytes too early").into());
        }
        *left -= chunk.len() as u64;
    }
    Ok(chunk.freeze())
}

/// One that occurs in no file by chance, nor by anybody's design: nobody knows it before it is sent.
fn boundary() -> Result<String, BoxError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)?;
    Ok(format!("ringback-{:032x}", u128::from_ne_bytes(random)))
}

/// Names as browsers write them: a quote or a line's end would end the header.
fn escape(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_botapi::{InputFile, SendDocument, Upload};

    async fn whole(form: &Form) -> (String, Option<u64>) {
        let mut body = form.body().await.unwrap();
        let length = body.length;
        let mut all = Vec::new();
        while let Some(chunk) = body.next().await.unwrap() {
            assert!(!chunk.is_empty() && chunk.len() <= CHUNK);
            all.extend_from_slice(&chunk);
        }
        (String::from_utf8(all).unwrap(), length)
    }

    #[tokio::test]
    async fn parameters_and_files_are_parts() {
        let upload = Upload::new("a \"b\".txt", "hello").part("p");
        let method = SendDocument::new(42, InputFile::from(upload)).caption("Hi");
        let form = Form::new(&method).unwrap();
        let (body, length) = whole(&form).await;
        assert_eq!(length, Some(body.len() as u64));
        let b = &form.boundary;
        for part in [
            format!("--{b}\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n42\r\n"),
            format!("--{b}\r\nContent-Disposition: form-data; name=\"document\"\r\n\r\nattach://p\r\n"),
            format!("--{b}\r\nContent-Disposition: form-data; name=\"p\"; filename=\"a %22b%22.txt\"\r\n"),
            format!("\r\nhello\r\n--{b}--\r\n"),
        ] {
            assert!(body.contains(&part), "{part} in {body}");
        }
        assert_ne!(Form::new(&method).unwrap().boundary, form.boundary);
    }

    #[tokio::test]
    async fn streams_are_read_once_and_to_their_length() {
        let file = |input| Form::new(&SendDocument::new(1, input)).unwrap();
        let known = file(crate::upload::sized("a", 3, &b"abcdef"[..]));
        let (body, length) = whole(&known).await;
        assert!(body.contains("\r\n\r\nabc\r\n--"), "{body}");
        assert_eq!(length, Some(body.len() as u64));
        assert!(known.is_once() && known.body().await.is_err());

        let unknown = file(crate::upload::reader("a", &b"abcdef"[..]));
        let (body, length) = whole(&unknown).await;
        assert!(body.contains("\r\n\r\nabcdef\r\n--") && length.is_none());

        let short = file(crate::upload::sized("a", 10, &b"abcdef"[..]));
        let mut body = short.body().await.unwrap();
        let error = loop {
            match body.next().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it did not notice"),
                Err(error) => break error.to_string(),
            }
        };
        assert_eq!(error, "a file ended 4 bytes too early");

        let missing = file(InputFile::path("no/such/file.txt"));
        assert!(!missing.is_once());
        let error = missing.body().await.err().unwrap().to_string();
        assert!(error.contains("no/such/file.txt"), "{error}");
        assert!(file(InputFile::path(".")).body().await.is_err());
    }
}
