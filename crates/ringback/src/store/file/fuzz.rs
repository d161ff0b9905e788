//! Any bytes in the place of a store's file.

#![allow(clippy::expect_used, reason = "panics are what it is for")]

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use futures_util::FutureExt as _;

use super::{FileStore, When};
use crate::store::Store as _;

/// A store's file with a few values in it.
static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let file = Temporary::new("whole", &[]);
    let store = FileStore::open(&file.0).expect("a store");
    for key in ["a", "b", "c"] {
        wait(store.set(key, &[7; 300], Some(Duration::from_secs(9)), When::Always)).expect("a write");
    }
    drop(store);
    std::fs::read(&file.0).expect("the file")
});

/// A file that is these bytes, or, if the first is odd, a store's file with changes: five bytes each, a place and what
/// stands there.
pub fn store_file(data: &[u8]) {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let file = match choice & 1 {
        0 => Temporary::new("any", data),
        _ => {
            let mut bytes = WHOLE.clone();
            for change in data.chunks_exact(5) {
                let place = u32::from_le_bytes([change[0], change[1], change[2], change[3]]);
                let place = place as usize % bytes.len();
                bytes[place] = change[4];
            }
            Temporary::new("any", &bytes)
        }
    };
    if let Ok(store) = FileStore::open(&file.0) {
        for key in ["a", "z"] {
            let _ = store.get(key).now_or_never();
            let _ = wait(store.set(key, b"1", None, When::Absent));
            let _ = wait(store.remove(key, None));
        }
    }
}

/// The writer has a thread of its own, so there is something to wait for, and no need of a runtime.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

/// A file of this process's own, removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, content: &[u8]) -> Self {
        let thread = std::thread::current().id();
        let name = format!("ringback-fuzz-{}-{thread:?}-{name}.redb", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_file(&path);
        if !content.is_empty() {
            std::fs::write(&path, content).expect("a file");
        }
        Temporary(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 16, failure_persistence: None, ..Default::default() })]

        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(0..=255_u8, 0..60)) {
            super::store_file(&bytes);
        }
    }

    #[test]
    fn a_file_that_the_database_panics_on_is_an_error() {
        super::store_file(b"\x01\x00\x10\x00\x00\x01\x70\x11\x01\x00\x00\x09system_pages_unreachab");
    }
}
