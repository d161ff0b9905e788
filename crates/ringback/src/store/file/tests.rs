use std::sync::atomic::{AtomicU64, Ordering};

use redb::ReadableTableMetadata;

use super::*;

/// A path of this test's own, whose file is removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        let name = format!("ringback-{}-{name}.redb", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_file(&path);
        Temporary(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn put(store: &FileStore, key: &str, keep: Option<Duration>) {
    assert!(store.set(key, b"1", keep, When::Always).await.unwrap());
}

fn rows(store: &FileStore) -> (u64, u64) {
    let transaction = store.0.database.begin_read().unwrap();
    let values = transaction.open_table(VALUES).unwrap().len().unwrap();
    (values, transaction.open_table(ENDS).unwrap().len().unwrap())
}

#[tokio::test]
async fn time_passes_while_the_file_is_closed_and_what_is_over_leaves_it() {
    const SECOND: Option<Duration> = Some(Duration::from_secs(1));
    let file = Temporary::new("time");
    let time = Arc::new(AtomicU64::new(5_000));
    let clock = || -> Clock {
        let time = Arc::clone(&time);
        Arc::new(move || time.load(Ordering::Relaxed))
    };
    let store = FileStore::open_with(&file.0, clock()).unwrap();
    put(&store, "for ever", None).await;
    put(&store, "a second", SECOND).await;
    put(&store, "renewed", SECOND).await;
    put(&store, "renewed", Some(Duration::from_secs(9))).await;
    time.store(5_999, Ordering::Relaxed);
    assert!(store.get("a second").await.unwrap().is_some());
    assert_eq!(rows(&store), (3, 2));
    drop(store);

    time.store(6_000, Ordering::Relaxed);
    let store = FileStore::open_with(&file.0, clock()).unwrap();
    assert_eq!(store.get("a second").await.unwrap(), None);
    assert!(store.get("renewed").await.unwrap().is_some());
    assert!(!store.remove("a second", None).await.unwrap(), "it is over");
    // The next write of anything clears it away.
    put(&store, "for ever", None).await;
    assert_eq!(rows(&store), (2, 1));
    time.store(1_000_000, Ordering::Relaxed);
    assert!(store.remove("for ever", None).await.unwrap());
    assert_eq!(rows(&store), (0, 0));
}

#[tokio::test]
async fn a_file_has_one_store_and_must_be_one() {
    let file = Temporary::new("one");
    let store = FileStore::open(&file.0).unwrap();
    put(&store, "a", None).await;
    let copy = store.clone();
    assert!(matches!(FileStore::open(&file.0), Err(FileError::Open(_))));
    drop((store, copy));
    assert!(
        FileStore::open(&file.0)
            .unwrap()
            .get("a")
            .await
            .unwrap()
            .is_some()
    );

    let database = Database::create(&file.0).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction
        .open_table(ABOUT)
        .unwrap()
        .insert("format", 7)
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    let refused = FileStore::open(&file.0);
    assert!(
        matches!(refused, Err(FileError::Format { found: Some(7), .. })),
        "{refused:?}"
    );

    std::fs::write(&file.0, "no database, but a text that is somebody's own").unwrap();
    assert!(matches!(FileStore::open(&file.0), Err(FileError::File { .. })));
    let text = std::fs::read(&file.0).unwrap();
    assert!(text.starts_with(b"no database"), "nobody's file is overwritten");
}
