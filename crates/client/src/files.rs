//! Files: bringing them to the server, and fetching them. <https://core.telegram.org/api/files>

use std::io::ErrorKind;

use futures_util::{TryStreamExt, stream};
use ringback_tl::{ctors, functions, types};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::client::Client;
use crate::error::Error;
use crate::system::random_i64;

/// Bytes of a part, of the last one at most: the largest that may be uploaded.
const PART: usize = 512 << 10;
/// Files of more bytes than this are uploaded by `upload.saveBigFilePart`.
const MAX_SMALL: u64 = 10 << 20;
/// How many parts are on their way at once.
const AT_ONCE: usize = 4;

/// A file that is being uploaded.
#[derive(Clone, Copy)]
struct Upload {
    id: i64,
    parts: i32,
    big: bool,
}

impl Client {
    /// Uploads `size` bytes of `from`, in parts of 512 KiB. What it brings goes into a call that uses the file, such
    /// as `messages.sendMedia`, soon: the server keeps parts for a while only.
    ///
    /// Up to four parts are held in memory at once.
    ///
    /// # Errors
    /// [`Error::File`] if `from` cannot be read or ends too early, or what the server says: how large a file may be, it
    /// says when the file is used (`FILE_PARTS_INVALID`).
    pub async fn upload(
        &self,
        name: &str,
        size: u64,
        from: impl AsyncRead + Unpin,
    ) -> Result<types::InputFile, Error> {
        let parts = i32::try_from(size.div_ceil(PART as u64))
            .map_err(|_| Error::File(ErrorKind::FileTooLarge.into()))?;
        let upload = Upload {
            id: random_i64(),
            parts,
            big: size > MAX_SMALL,
        };
        let read = stream::try_unfold((from, size, 0), async |(mut from, left, part)| {
            if left == 0 {
                return Ok(None);
            }
            let length = usize::try_from(left).map_or(PART, |left| left.min(PART));
            let mut bytes = vec![0; length];
            from.read_exact(&mut bytes).await.map_err(Error::File)?;
            Ok(Some(((part, bytes), (from, left - length as u64, part + 1))))
        });
        read.map_ok(|(part, bytes)| self.save(upload, part, bytes))
            .try_buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        let (id, name) = (upload.id, name.to_owned());
        Ok(if upload.big {
            ctors::InputFileBig { id, parts, name }.into()
        } else {
            // Every part comes under an encryption that checks it: no other checksum is asked for.
            let md5_checksum = String::new();
            ctors::InputFile {
                id,
                parts,
                name,
                md5_checksum,
            }
            .into()
        })
    }

    async fn save(&self, upload: Upload, file_part: i32, bytes: Vec<u8>) -> Result<(), Error> {
        let file_id = upload.id;
        let kept = if upload.big {
            let call = functions::upload::SaveBigFilePart {
                file_id,
                file_part,
                file_total_parts: upload.parts,
                bytes,
            };
            self.invoke(&call).await?
        } else {
            let call = functions::upload::SaveFilePart {
                file_id,
                file_part,
                bytes,
            };
            self.invoke(&call).await?
        };
        kept.then_some(()).ok_or(Error::Unexpected("a part was not kept"))
    }

    /// Fetches a whole file into `to`, part by part, from the data centre that has it. Brings how many bytes it has.
    ///
    /// Where a file is, a message's `photo` or `document` says: `id`, `access_hash` and `file_reference`, and for one
    /// of a photo's sizes its `type`.
    ///
    /// # Errors
    /// [`Error::File`] if `to` takes no more, or what the server says, such as `FILE_REFERENCE_EXPIRED`: then the message
    /// is to be asked for again. After an error, `to` may have the beginning.
    pub async fn download(
        &self,
        location: &types::InputFileLocation,
        mut to: impl AsyncWrite + Unpin,
    ) -> Result<u64, Error> {
        let mut call = functions::upload::GetFile {
            precise: false,
            cdn_supported: false,
            location: location.clone(),
            offset: 0,
            limit: PART as i32,
        };
        let mut fetched: u64 = 0;
        loop {
            let bytes = match self.invoke(&call).await? {
                types::upload::File::File(file) => file.bytes,
                types::upload::File::CdnRedirect(_) => {
                    return Err(Error::Unexpected("a redirect that was not asked for"));
                }
            };
            if bytes.len() > PART {
                return Err(Error::Unexpected("more of a file than was asked for"));
            }
            to.write_all(&bytes).await.map_err(Error::File)?;
            fetched += bytes.len() as u64;
            if bytes.len() < PART {
                to.flush().await.map_err(Error::File)?;
                return Ok(fetched);
            }
            call.offset = i64::try_from(fetched).map_err(|_| Error::File(ErrorKind::FileTooLarge.into()))?;
        }
    }
}
