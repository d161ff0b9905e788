//! What the operating system gives: time and randomness.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time of day, by which the protocol counts.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Random bytes. [`is_random`] has shown that there are some.
pub(crate) fn random(out: &mut [u8]) {
    if let Err(error) = getrandom::fill(out) {
        // Keys and nonces that can be guessed are worse than no client.
        tracing::error!(%error, "the operating system gives no random bytes");
        std::process::abort();
    }
}

/// Whether the operating system gives random bytes: a system that does so once does so always.
pub(crate) fn is_random() -> bool {
    getrandom::fill(&mut [0]).is_ok()
}

/// A random number.
pub(crate) fn random_i64() -> i64 {
    let mut bytes = [0; 8];
    random(&mut bytes);
    i64::from_le_bytes(bytes)
}
