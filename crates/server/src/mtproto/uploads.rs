//! Files on their way in, part by part, as each user sends them.
//!
//! The rules are those of <https://core.telegram.org/api/files>: parts of up to 512 KiB, all but the last of the same
//! size, which is a multiple of 1 KiB and divides 512 KiB. What is longer than this server keeps is refused.

use super::Mtproto;
use super::session::Refusal;
use bytes::Bytes;
use ringback_tl::types;
use ringback_world::UserId;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::PoisonError;

/// The longest part.
const MAX_PART: usize = 512 * 1024;
/// The most parts of one file.
const MAX_PARTS: i32 = 4000;
/// All that has been sent and not been used yet, together; the oldest files go first.
const MAX_WAITING: usize = 256 << 20;

/// The files that came in and were not used yet.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    files: HashMap<(UserId, i64), BTreeMap<i32, Bytes>>,
    order: VecDeque<(UserId, i64)>,
    bytes: usize,
}

/// A whole file, and what its sender calls it.
#[derive(Debug)]
pub(super) struct Uploaded {
    pub name: String,
    pub content: Bytes,
}

fn invalid(text: &str) -> Refusal {
    Refusal {
        code: 400,
        text: text.to_owned(),
    }
}

impl Mtproto {
    /// Keeps a part. The errors are those of the method pages of `upload.saveFilePart` and `upload.saveBigFilePart`.
    pub(super) fn keep_part(
        &self,
        user: UserId,
        file: i64,
        part: i32,
        total: Option<i32>,
        bytes: Vec<u8>,
    ) -> Result<(), Refusal> {
        if bytes.is_empty() {
            return Err(invalid("FILE_PART_EMPTY"));
        }
        if bytes.len() > MAX_PART {
            return Err(invalid("FILE_PART_TOO_BIG"));
        }
        let known = total.filter(|total| *total >= 0);
        if total.is_some_and(|total| total == 0 || total > MAX_PARTS) {
            return Err(invalid("FILE_PARTS_INVALID"));
        }
        if !(0..known.unwrap_or(MAX_PARTS)).contains(&part) {
            return Err(invalid("FILE_PART_INVALID"));
        }
        let is_last = known.is_none_or(|total| part + 1 == total);
        if !bytes.len().is_multiple_of(1024) && !is_last {
            return Err(invalid("FILE_PART_SIZE_INVALID"));
        }
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        uploads.insert((user, file), part, bytes.into())
    }

    /// The whole of a file that was sent in parts. It stays until [`Mtproto::drop_upload`]: what it was wanted for may be
    /// refused, and asked again.
    pub(super) fn upload(&self, user: UserId, input: &types::InputFile) -> Result<Uploaded, Refusal> {
        let (id, parts, name) = match input {
            types::InputFile::InputFile(file) => (file.id, file.parts, &file.name),
            types::InputFile::Big(file) => (file.id, file.parts, &file.name),
            types::InputFile::StoryDocument(_) => return Err(invalid("MEDIA_INVALID")),
        };
        let uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        let content = uploads.whole((user, id), parts)?;
        Ok(Uploaded {
            name: name.clone(),
            content,
        })
    }

    /// Forgets the parts of a file that has been used.
    pub(super) fn drop_upload(&self, user: UserId, input: &types::InputFile) {
        let id = match input {
            types::InputFile::InputFile(file) => file.id,
            types::InputFile::Big(file) => file.id,
            types::InputFile::StoryDocument(_) => return,
        };
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        uploads.remove((user, id));
    }
}

impl Uploads {
    fn insert(&mut self, file: (UserId, i64), part: i32, bytes: Bytes) -> Result<(), Refusal> {
        if !self.files.contains_key(&file) {
            self.order.push_back(file);
        }
        self.bytes += bytes.len();
        if let Some(old) = self.files.entry(file).or_default().insert(part, bytes) {
            self.bytes -= old.len();
        }
        while self.bytes > MAX_WAITING {
            // The file in hand is too much by itself.
            let Some(oldest) = self.order.iter().copied().find(|other| *other != file) else {
                self.remove(file);
                return Err(invalid("FILE_PARTS_INVALID"));
            };
            self.remove(oldest);
        }
        Ok(())
    }

    fn whole(&self, file: (UserId, i64), parts: i32) -> Result<Bytes, Refusal> {
        if !(1..=MAX_PARTS).contains(&parts) {
            return Err(invalid("FILE_PARTS_INVALID"));
        }
        let kept = self.files.get(&file);
        let mut all: Vec<&Bytes> = Vec::new();
        for number in 0..parts {
            let part = kept.and_then(|kept| kept.get(&number));
            all.push(part.ok_or_else(|| invalid(&format!("FILE_PART_{number}_MISSING")))?);
        }
        let first = all.first().map_or(0, |first| first.len());
        let rest_fits = |(at, part): (usize, &&Bytes)| {
            let is_last = at + 1 == all.len();
            if is_last {
                part.len() <= first
            } else {
                part.len() == first
            }
        };
        let alone = all.len() == 1;
        if !alone && (!MAX_PART.is_multiple_of(first) || !all.iter().enumerate().all(rest_fits)) {
            return Err(invalid("FILE_PART_SIZE_INVALID"));
        }
        Ok(match all.as_slice() {
            [only] => Bytes::clone(only),
            all => {
                let mut whole = Vec::with_capacity(all.iter().map(|part| part.len()).sum());
                all.iter().for_each(|part| whole.extend_from_slice(part));
                whole.into()
            }
        })
    }

    fn remove(&mut self, file: (UserId, i64)) {
        let parts = self.files.remove(&file);
        self.bytes -= parts.iter().flatten().map(|(_, part)| part.len()).sum::<usize>();
        self.order.retain(|other| *other != file);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: (UserId, i64) = (UserId(1), 7);

    fn put(uploads: &mut Uploads, part: i32, len: usize) {
        uploads.insert(FILE, part, vec![0; len].into()).unwrap();
    }

    #[test]
    fn parts_in_any_order_make_the_file() {
        let mut uploads = Uploads::default();
        uploads.insert(FILE, 1, Bytes::from_static(b"end")).unwrap();
        uploads.insert(FILE, 0, vec![b'a'; 1024].into()).unwrap();
        let whole = uploads.whole(FILE, 2).unwrap();
        assert_eq!((whole.len(), &whole[1024..]), (1027, &b"end"[..]));
        assert_eq!(uploads.whole(FILE, 3).unwrap_err().text, "FILE_PART_2_MISSING");
        uploads.remove(FILE);
        assert_eq!((uploads.bytes, uploads.order.len()), (0, 0));
    }

    #[test]
    fn parts_must_fit_together() {
        let mut uploads = Uploads::default();
        put(&mut uploads, 0, 1024);
        put(&mut uploads, 1, 2048);
        assert_eq!(uploads.whole(FILE, 2).unwrap_err().text, "FILE_PART_SIZE_INVALID");
        // 3 KiB do not divide 512.
        put(&mut uploads, 0, 3072);
        put(&mut uploads, 1, 1);
        assert_eq!(uploads.whole(FILE, 2).unwrap_err().text, "FILE_PART_SIZE_INVALID");
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut uploads = Uploads::default();
        let part = Bytes::from(vec![0; MAX_PART]);
        let fit = i32::try_from(MAX_WAITING / MAX_PART).unwrap();
        for number in 0..fit {
            uploads.insert(FILE, number, part.clone()).unwrap();
        }
        // Another file puts the older one out, and one that is too long itself.
        let other = (UserId(2), 7);
        uploads.insert(other, 0, part.clone()).unwrap();
        assert!(!uploads.files.contains_key(&FILE));
        for number in 1..fit {
            uploads.insert(other, number, part.clone()).unwrap();
        }
        assert!(uploads.insert(other, fit, part).is_err());
        assert_eq!(uploads.bytes, 0);
    }
}
