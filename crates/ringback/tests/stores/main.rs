//! Every store, held to the same suite. Those of a server run where `cargo xtask test` has started one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test may panic"
)]

mod file;
mod servers;
mod suite;
mod tls;

use std::sync::Arc;

use ringback::store::{MemoryStore, Store};

#[tokio::test(flavor = "multi_thread")]
async fn memory_conforms() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new(1000));
    suite::conforms(Arc::clone(&store), store).await;
}
