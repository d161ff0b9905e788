//! The inbox as a whole, with real files.

use super::*;
use crate::update::read_batch;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ringback-inbox-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).unwrap();
        Folder(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("bot.inbox")
    }

    fn open(&self) -> Inbox {
        Inbox::open(&self.file(), 42).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A response with a press for each number and query.
fn batch(presses: impl IntoIterator<Item = (i64, u64)>) -> (Bytes, Vec<Update>) {
    let presses: Vec<_> = presses
        .into_iter()
        .map(|(id, query)| {
            format!(
                r#"{{"update_id":{id},"callback_query":{{"id":"{query}","from":{{"id":7}},"chat_instance":"1","data":"d"}}}}"#
            )
        })
        .collect();
    let body = Bytes::from(format!(r#"{{"ok":true,"result":[{}]}}"#, presses.join(",")));
    let updates = read_batch(&body).unwrap().result.unwrap();
    (body, updates)
}

async fn take(inbox: &Inbox, presses: &[(i64, u64)]) -> Vec<(Update, Done)> {
    let (body, updates) = batch(presses.iter().copied());
    let (taken, stored) = inbox.take(&body, updates, inbox.offset());
    if let Some(stored) = stored {
        stored.await.unwrap().unwrap();
    }
    taken
}

fn ids(updates: &[(Update, Done)]) -> Vec<i64> {
    updates.iter().map(|(update, _)| update.id).collect()
}

/// As if the process had been killed: what is in the file now is what the next run finds.
fn killed(folder: &Folder, copy: &str) -> Inbox {
    let path = folder.0.join(copy);
    std::fs::copy(folder.file(), &path).unwrap();
    Inbox::open(&path, 42).unwrap()
}

#[tokio::test]
async fn what_was_not_handled_is_there_after_a_kill() {
    let folder = Folder::new("kill");
    let inbox = folder.open();
    let mut taken = take(&inbox, &[(10, 1), (11, 2), (12, 3)]).await;
    let more = take(&inbox, &[(13, 4)]).await;
    let length = std::fs::metadata(folder.file()).unwrap().len();
    drop(taken.remove(1));
    // The note of it is written, not synced, soon.
    while std::fs::metadata(folder.file()).unwrap().len() == length {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    let next = killed(&folder, "first");
    let recovered = next.recovered();
    assert_eq!(ids(&recovered), [10, 12, 13]);
    assert_eq!((next.offset(), next.unhandled()), (14, 3));
    // In order, over another kill, and none that comes again.
    assert_eq!(ids(&take(&next, &[(12, 3), (13, 4), (14, 5)]).await), [14]);
    drop((inbox, taken, more, recovered));
}

#[tokio::test]
async fn nothing_is_left_when_all_is_handled_and_it_is_not_handled_again() {
    let folder = Folder::new("once");
    let inbox = folder.open();
    drop(take(&inbox, &[(10, 1), (11, 2)]).await);
    drop(inbox);
    let inbox = folder.open();
    assert!(inbox.recovered().is_empty());
    assert_eq!((inbox.offset(), inbox.unhandled()), (12, 0));
    // The same press under another number, and the same number under a new numbering.
    assert_eq!(ids(&take(&inbox, &[(12, 1), (13, 6)]).await), [13]);
    assert_eq!(inbox.offset(), 14);
    assert_eq!(ids(&take(&inbox, &[(10, 7)]).await), [10]);
    assert_eq!(inbox.offset(), 11);
}

#[tokio::test]
async fn a_second_one_is_kept_out() {
    let folder = Folder::new("lock");
    let first = folder.open();
    let error = Inbox::open(&folder.file(), 42).err().unwrap();
    assert!(matches!(error, InboxError::InUse { .. }), "{error}");
    drop(first);
    let other = Inbox::open(&folder.file(), 43).err().unwrap();
    assert!(matches!(other, InboxError::OtherBot { bot: 42, .. }), "{other}");
    let notes = folder.0.join("notes");
    std::fs::write(&notes, "buy milk").unwrap();
    let error = Inbox::open(&notes, 42).err().unwrap();
    assert!(matches!(error, InboxError::NoInbox { .. }), "{error}");
    assert_eq!(std::fs::read(&notes).unwrap(), b"buy milk");
}

#[tokio::test]
async fn the_file_is_made_smaller_and_loses_nothing() {
    let folder = Folder::new("compact");
    let inbox = folder.open();
    let stuck = take(&inbox, &[(1, 1), (2, 2), (3, 3)]).await;
    let mut largest = 0;
    for round in 1..200_i64 {
        let presses: Vec<_> = (0..400)
            .map(|n| (round * 1000 + n, (round * 1000 + n) as u64))
            .collect();
        drop(take(&inbox, &presses).await);
        largest = largest.max(std::fs::metadata(folder.file()).unwrap().len());
    }
    assert!(largest < 6 << 20, "{largest}");
    let next = killed(&folder, "then");
    assert_eq!(&ids(&next.recovered())[..3], [1, 2, 3]);
    assert_eq!(next.offset(), 199_400);
    drop((inbox, stuck));
}

#[tokio::test]
async fn a_damaged_file_gives_what_is_whole() {
    let folder = Folder::new("damage");
    let inbox = folder.open();
    let taken = [
        take(&inbox, &[(1, 1)]).await,
        take(&inbox, &[(2, 2)]).await,
        take(&inbox, &[(3, 3)]).await,
    ];
    let mut file = std::fs::read(folder.file()).unwrap();
    let at = file
        .windows(13)
        .position(|window| window == b"\"update_id\":2")
        .unwrap();
    file[at] ^= 1;
    let damaged = folder.0.join("damaged");
    std::fs::write(&damaged, &file).unwrap();
    let next = Inbox::open(&damaged, 42).unwrap();
    assert_eq!(ids(&next.recovered()), [1, 3]);
    assert_eq!(std::fs::read(folder.0.join("damaged.damaged")).unwrap(), file);
    drop((inbox, taken));
}

#[tokio::test]
async fn room_is_bounded() {
    let folder = Folder::new("room");
    let inbox = folder.open();
    let mut taken = take(&inbox, &[(1, 1), (2, 2)]).await;
    assert_eq!(inbox.room(5).await, 3);
    let full = tokio::time::timeout(std::time::Duration::from_millis(20), inbox.room(2)).await;
    assert!(full.is_err());
    taken.pop();
    assert_eq!(inbox.room(2).await, 1);
    taken.pop();
    inbox.idle().await;
    assert_eq!(inbox.shared.lock().bytes, 0);
}

#[test]
fn a_batch_that_is_not_json_throughout_is_not_lost_when_the_file_is_written_anew() {
    let folder = Folder::new("odd");
    let press = r#"{"update_id":7,"callback_query":{"id":"55","from":{"id":9,"firs_"menat:"Ann"},"chat_instance":"1"}}"#;
    let body = format!(
        r#"{{"ok":true,"result":[{press},{}]}}"#,
        press.replace(":7", ":8")
    );
    let body = bytes::Bytes::from(body);
    let read = crate::update::read_batch(&body).unwrap().result.unwrap();
    assert_eq!(read.len(), 2, "it is read");
    let open = || super::disk::Disk::open(&folder.file(), 42).unwrap();
    let (mut disk, _) = open();
    let done = Handled { id: 8, key: 1 };
    disk.store(&[(body, vec![7, 8], 2)], &[done]).unwrap();
    drop(disk);
    for _ in 0..3 {
        let (_disk, recovered) = open();
        let left = recovered.batches.iter().flat_map(|(_, updates)| updates);
        assert_eq!(left.map(|update| update.id).collect::<Vec<_>>(), [7]);
    }
}
