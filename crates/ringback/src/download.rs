//! Files from the API server.

use std::path::Path;

use bytes::{Bytes, BytesMut};
use ringback_botapi::GetFile;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::bot::Bot;
use crate::error::{ApiError, BoxError, Error};
use crate::net::{Download, MAX_FILE};
use crate::outgoing::About;

const METHOD: &str = "getFile";

impl Bot {
    /// Fetches a file that somebody has sent into memory, by its `file_id`: up to 20 MB, as far as Telegram's own server
    /// gives them out; up to 64 MiB from another.
    ///
    /// A server that was started with `--local` gives paths on its own disk instead: see
    /// [`GetFile`] and [`File::file_path`](ringback_botapi::File::file_path).
    ///
    /// # Errors
    /// See [`Error`]. A status other than 200 is an [`Error::Api`] with that code.
    pub async fn download(&self, file_id: impl Into<String>) -> Result<Bytes, Error> {
        let request = self.file_request(file_id.into()).await?;
        let about = About::read(METHOD);
        let fetch = || async {
            let mut download = self.open_file(&about, &request).await?;
            let mut file = BytesMut::new();
            while let Some(piece) = download.next(&about, self.timeout()).await? {
                if file.len() + piece.len() > MAX_FILE {
                    return Err(unreadable(
                        "the file is too large for memory; download_to takes it".into(),
                    ));
                }
                file.extend_from_slice(&piece);
            }
            Ok(file.freeze())
        };
        self.outgoing().deliver(&about, fetch).await
    }

    /// Fetches a file of any size and writes it as it comes; how many bytes it has. The writer is flushed.
    ///
    /// The [time for a call](crate::Builder::timeout) counts for each piece. Once a piece has been written nothing is
    /// tried again.
    ///
    /// # Errors
    /// See [`Error`]. What the writer says is an [`Error::File`].
    pub async fn download_to<W>(&self, file_id: impl Into<String>, writer: &mut W) -> Result<u64, Error>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let request = self.file_request(file_id.into()).await?;
        let about = About::read(METHOD);
        let open = || self.open_file(&about, &request);
        let mut download = self.outgoing().deliver(&about, open).await?;
        let mut length = 0;
        while let Some(piece) = download.next(&about, self.timeout()).await? {
            writer.write_all(&piece).await.map_err(unwritten)?;
            length += piece.len() as u64;
        }
        writer.flush().await.map_err(unwritten)?;
        Ok(length)
    }

    /// Fetches a file of any size into a file of this machine, in place of what is there; how many bytes it has. What
    /// was written before an error is left.
    ///
    /// # Errors
    /// See [`download_to`](Self::download_to).
    pub async fn download_file(
        &self,
        file_id: impl Into<String>,
        path: impl AsRef<Path>,
    ) -> Result<u64, Error> {
        let mut file = tokio::fs::File::create(path).await.map_err(unwritten)?;
        self.download_to(file_id, &mut file).await
    }

    /// Asks where the file is; the request for it.
    async fn file_request(&self, file_id: String) -> Result<Vec<u8>, Error> {
        let file = self.send(GetFile::new(file_id)).await?;
        let path = file.file_path.unwrap_or_default();
        let request = self.calls().endpoint().file(&path);
        request.ok_or_else(|| unreadable("the file's path is not one to download from".into()))
    }

    async fn open_file(&self, about: &About, request: &[u8]) -> Result<Download, Error> {
        let opened = self.calls().open(about, request, self.timeout()).await?;
        opened.map_err(|refusal| {
            // The server says the same as to any call, a gateway in front of it may not.
            #[derive(serde::Deserialize)]
            struct Refusal {
                description: String,
            }
            let said = serde_json::from_slice::<Refusal>(&refusal.body);
            let text = said.map_or_else(|_| "the file can't be downloaded".into(), |said| said.description);
            ApiError::new(METHOD, refusal.status, text).into()
        })
    }
}

fn unreadable(source: BoxError) -> Error {
    Error::Response {
        method: METHOD,
        status: 200,
        source,
    }
}

fn unwritten(error: std::io::Error) -> Error {
    Error::File {
        method: METHOD,
        source: error.into(),
    }
}
