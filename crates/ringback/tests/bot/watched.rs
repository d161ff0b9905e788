//! A store that can be looked at, and made to fail.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ringback::store::{MemoryStore, Store, StoreFuture, When};

#[derive(Clone)]
pub(crate) struct Watched(Arc<Inner>);

struct Inner {
    memory: MemoryStore,
    reads: AtomicUsize,
    /// The keys that were written, and for how long.
    writes: Mutex<Vec<(String, Option<Duration>)>>,
    down: AtomicBool,
}

impl Watched {
    pub(crate) fn new() -> Self {
        Watched(Arc::new(Inner {
            memory: MemoryStore::new(100),
            reads: AtomicUsize::new(0),
            writes: Mutex::default(),
            down: AtomicBool::new(false),
        }))
    }

    pub(crate) fn reads(&self) -> usize {
        self.0.reads.load(Ordering::Relaxed)
    }

    pub(crate) fn writes(&self) -> Vec<(String, Option<Duration>)> {
        self.0.writes.lock().unwrap().clone()
    }

    /// Writes fail from now on.
    pub(crate) fn go_down(&self) {
        self.0.down.store(true, Ordering::Relaxed);
    }

    pub(crate) async fn text(&self, key: &str) -> Option<String> {
        let value = self.0.memory.get(key).await.unwrap()?;
        Some(String::from_utf8(value).unwrap())
    }

    /// What another process writes.
    pub(crate) async fn put(&self, key: &str, value: &str) {
        let put = self.0.memory.set(key, value.as_bytes(), None, When::Always);
        assert!(put.await.unwrap());
    }
}

impl Store for Watched {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.0.reads.fetch_add(1, Ordering::Relaxed);
        self.0.memory.get(key)
    }

    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        keep: Option<Duration>,
        when: When<'a>,
    ) -> StoreFuture<'a, bool> {
        if self.0.down.load(Ordering::Relaxed) {
            return Box::pin(async { Err("the disk is full".into()) });
        }
        self.0.writes.lock().unwrap().push((key.to_owned(), keep));
        self.0.memory.set(key, value, keep, when)
    }

    fn remove<'a>(&'a self, key: &'a str, only: Option<&'a [u8]>) -> StoreFuture<'a, bool> {
        self.0.memory.remove(key, only)
    }
}
