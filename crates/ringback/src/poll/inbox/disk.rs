//! The inbox's file, as the thread that writes it sees it.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::log::{self, Foreign, Handled, Record};
use super::{InboxError, REMEMBERED};
use crate::hash::Ids;
use crate::update::{self, Envelope, Update};

/// A file of less than this is not worth making smaller.
const SMALL: u64 = 4 << 20;

/// The file and what of it is still needed.
pub(super) struct Disk {
    path: PathBuf,
    /// `None` when a write did not succeed: what is behind the last good record is not known then.
    file: Option<File>,
    /// Held while the inbox is in use. A file of its own, because the other one is replaced.
    _lock: File,
    bot: i64,
    length: u64,
    /// How long the file was when it was last written anew: it is again at four times that.
    fresh: u64,
    offset: i64,
    batches: BTreeMap<u64, Batch>,
    next_batch: u64,
    /// Each unhandled update's batch.
    places: HashMap<i64, u64, Ids>,
    handled: VecDeque<Handled>,
    buffer: Vec<u8>,
}

/// A batch with an update that has not been handled.
struct Batch {
    body: Bytes,
    /// How many updates are in it, and how many of them have not been handled.
    all: usize,
    left: usize,
}

/// What was in the file.
pub(super) struct Recovered {
    pub(super) offset: i64,
    /// Not handled, in the order in which they came; with the size of each batch in front of its first.
    pub(super) batches: Vec<(usize, Vec<Update>)>,
    pub(super) handled: VecDeque<Handled>,
}

impl Disk {
    pub(super) fn open(path: &Path, bot: i64) -> Result<(Self, Recovered), InboxError> {
        let failed = |source| InboxError::Io {
            path: path.to_owned(),
            source,
        };
        let lock = private().open(beside(path, ".lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(InboxError::InUse {
                    path: path.to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let content = match std::fs::read(path) {
            Ok(content) => Bytes::from(content),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Bytes::new(),
            Err(error) => return Err(failed(error)),
        };
        let scan = log::scan(&content, bot).map_err(|foreign| match foreign {
            Foreign::NoInbox => InboxError::NoInbox {
                path: path.to_owned(),
            },
            Foreign::OtherBot(bot) => InboxError::OtherBot {
                path: path.to_owned(),
                bot,
            },
        })?;
        if scan.torn > 0 {
            tracing::warn!(path = %path.display(), bytes = scan.torn, "the inbox ends in a write that was cut short; \
                            what was in it comes again from the server");
        }
        if scan.damaged > 0 {
            let copy = beside(path, ".damaged");
            std::fs::copy(path, &copy).map_err(failed)?;
            tracing::error!(path = %path.display(), copy = %copy.display(), bytes = scan.damaged, "the inbox is \
                             damaged; what is whole is used, and a copy is kept");
        }
        let mut disk = Disk {
            path: path.to_owned(),
            file: None,
            _lock: lock,
            bot,
            length: 0,
            fresh: 0,
            offset: 0,
            batches: BTreeMap::new(),
            next_batch: 0,
            places: HashMap::default(),
            handled: VecDeque::new(),
            buffer: Vec::new(),
        };
        let batches = disk.replay(scan.records);
        // What the file was left with is written anew: from here on it is whole.
        disk.rewrite().map_err(failed)?;
        let recovered = Recovered {
            offset: disk.offset,
            batches,
            handled: disk.handled.clone(),
        };
        Ok((disk, recovered))
    }

    /// Takes up what the records say; the updates that have not been handled.
    fn replay(&mut self, records: Vec<Record>) -> Vec<(usize, Vec<Update>)> {
        let mut found = Vec::new();
        for record in records {
            match record {
                Record::Offset(offset) => self.offset = offset,
                Record::Handled(list) => list.into_iter().for_each(|one| self.forget(one)),
                Record::Batch(body) => {
                    let updates = update::read_batch(&body)
                        .ok()
                        .and_then(|envelope| envelope.result);
                    let Some(updates) = updates else { continue };
                    let ids: Vec<_> = updates.iter().map(|update| update.id).collect();
                    found.push((self.next_batch, body.len(), updates));
                    self.remember(&body, &ids, ids.len());
                }
            }
        }
        let left = |(number, bytes, mut updates): (u64, usize, Vec<Update>)| {
            updates.retain(|update| self.places.get(&update.id) == Some(&number));
            (!updates.is_empty()).then_some((bytes, updates))
        };
        found.into_iter().filter_map(left).collect()
    }

    /// Writes a batch, with those of its updates that are new, and what has been handled meanwhile; ready when it is on
    /// the disk.
    pub(super) fn store(&mut self, new: &[(Bytes, Vec<i64>, usize)], handled: &[Handled]) -> io::Result<()> {
        self.buffer.clear();
        for (body, ids, all) in new {
            self.remember(body, ids, *all);
            log::batch(&mut self.buffer, body);
        }
        if !handled.is_empty() {
            handled.iter().for_each(|one| self.forget(*one));
            log::handled(&mut self.buffer, handled);
        }
        let small = self.length <= SMALL.max(self.fresh * 4);
        let Some(mut file) = self.file.take().filter(|_| small) else {
            return self.rewrite();
        };
        file.write_all(&self.buffer)?;
        if !new.is_empty() {
            file.sync_data()?;
        }
        self.file = Some(file);
        self.length += self.buffer.len() as u64;
        self.buffer.shrink_to(SMALL as usize);
        Ok(())
    }

    fn remember(&mut self, body: &Bytes, ids: &[i64], all: usize) {
        let number = self.next_batch;
        self.next_batch += 1;
        let mut left = 0;
        for id in ids {
            // An update that came twice is in its first batch.
            if let std::collections::hash_map::Entry::Vacant(place) = self.places.entry(*id) {
                place.insert(number);
                left += 1;
            }
        }
        if let Some(last) = ids.last() {
            self.offset = last + 1;
        }
        if left > 0 {
            let body = body.clone();
            self.batches.insert(number, Batch { body, all, left });
        }
    }

    fn forget(&mut self, one: Handled) {
        if let Some(number) = self.places.remove(&one.id)
            && let Some(batch) = self.batches.get_mut(&number)
        {
            batch.left -= 1;
            if batch.left == 0 {
                self.batches.remove(&number);
            }
        }
        self.handled.push_back(one);
        if self.handled.len() > REMEMBERED {
            self.handled.pop_front();
        }
    }

    /// Writes a new file with what is still needed, and puts it in the place of the old one.
    fn rewrite(&mut self) -> io::Result<()> {
        self.file = None;
        let out = &mut self.buffer;
        out.clear();
        out.extend_from_slice(&log::header(self.bot));
        log::handled(out, &self.handled);
        for (number, batch) in &self.batches {
            if batch.left == batch.all {
                log::batch(out, &batch.body);
            } else {
                let of = |id: i64| self.places.get(&id) == Some(number);
                match only(&batch.body, of) {
                    Some(kept) => log::batch(out, &kept),
                    None => {
                        // It stays whole, and what of it is over is said behind it.
                        log::batch(out, &batch.body);
                        let updates = update::read_batch(&batch.body).ok();
                        let updates = updates.and_then(|envelope| envelope.result).unwrap_or_default();
                        let ids = updates.iter().map(|update| update.id);
                        let over = ids.filter(|id| !self.places.contains_key(id));
                        let over: Vec<_> = over.map(|id| Handled { id, key: 0 }).collect();
                        log::handled(out, &over);
                    }
                }
            }
        }
        log::offset(out, self.offset);
        let new = beside(&self.path, ".new");
        let mut file = private().truncate(true).open(&new)?;
        file.write_all(out)?;
        file.sync_all()?;
        std::fs::rename(&new, &self.path)?;
        // The new name must outlive a loss of power as well.
        #[cfg(unix)]
        if let Some(folder) = self.path.parent() {
            let here = folder.as_os_str().is_empty();
            File::open(if here { Path::new(".") } else { folder })?.sync_all()?;
        }
        self.length = out.len() as u64;
        self.fresh = self.length;
        self.file = Some(file);
        self.buffer.shrink_to(SMALL as usize);
        Ok(())
    }
}

/// The batch with only these updates; `None` if it can't be taken apart: where nobody looks while updates are read, an
/// update may hold what is no JSON.
pub(super) fn only(body: &Bytes, keep: impl Fn(i64) -> bool) -> Option<Vec<u8>> {
    #[derive(Deserialize)]
    struct Number {
        update_id: i64,
    }
    // As it was read when it came: bytes that are no UTF-8 were replaced.
    let text = String::from_utf8_lossy(body);
    let envelope = serde_json::from_str::<Envelope<Vec<&RawValue>>>(&text);
    let (mut seen, mut kept) = (HashSet::new(), Vec::new());
    for json in envelope.ok()?.result? {
        let Number { update_id } = serde_json::from_str(json.get()).ok()?;
        if keep(update_id) && seen.insert(update_id) {
            kept.push(json.get());
        }
    }
    Some(format!(r#"{{"ok":true,"result":[{}]}}"#, kept.join(",")).into_bytes())
}

/// What users write is nobody else's to read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
