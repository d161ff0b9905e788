//! The generated code is what the schema says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

#[test]
fn is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ringback_tl_gen::generate(root).unwrap_or_else(|e| panic!("{e}"));
    let stale = ringback_tl_gen::stale(root, &files);
    assert!(stale.is_empty(), "run `cargo xtask codegen`; stale: {stale:?}");
}
