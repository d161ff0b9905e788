//! SHA-1, SHA-256 and PBKDF2.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// SHA-1 of the parts one after another.
#[must_use]
pub fn sha1(parts: &[&[u8]]) -> [u8; 20] {
    let mut hash = Sha1::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// SHA-256 of the parts one after another.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// PBKDF2 with HMAC-SHA-512 and a 64-byte result, as two-step verification uses it.
#[must_use]
pub fn pbkdf2_sha512(password: &[u8], salt: &[u8], rounds: u32) -> [u8; 64] {
    let mut out = [0; 64];
    pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, rounds, &mut out);
    out
}
