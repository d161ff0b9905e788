//! The authorization key.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::sha1;

/// The 256-byte secret that a client and a server share.
///
/// It is always all 256 bytes, leading zeros too: some libraries strip them and then fail one exchange in 256.
/// Source: <https://core.telegram.org/mtproto/auth_key>.
#[derive(Clone)]
pub struct AuthKey {
    bytes: [u8; 256],
    aux_hash: [u8; 8],
    id: i64,
}

impl AuthKey {
    /// A key from its bytes, for example from storage.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 256]) -> Self {
        let hash = sha1(&[&bytes]);
        let (mut aux_hash, mut id) = ([0; 8], [0; 8]);
        aux_hash.copy_from_slice(&hash[..8]);
        id.copy_from_slice(&hash[12..]);
        Self {
            bytes,
            aux_hash,
            id: i64::from_le_bytes(id),
        }
    }

    /// The secret itself, for storage and for ready-made sessions.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 256] {
        &self.bytes
    }

    /// The number that names this key on the wire: the low 64 bits of its SHA-1.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// `new_nonce_hash1`, `2` or `3`: what ends a key exchange with ok, retry or fail.
    #[must_use]
    pub fn new_nonce_hash(&self, new_nonce: &[u8; 32], number: u8) -> [u8; 16] {
        let hash = sha1(&[new_nonce, &[number], &self.aux_hash]);
        let mut out = [0; 16];
        out.copy_from_slice(&hash[4..]);
        out
    }

    /// The high 64 bits of the key's SHA-1, which a repeated exchange sends as `retry_id`.
    #[must_use]
    pub fn aux_hash(&self) -> i64 {
        i64::from_le_bytes(self.aux_hash)
    }
}

impl Drop for AuthKey {
    fn drop(&mut self) {
        self.bytes.zeroize();
        self.aux_hash.zeroize();
    }
}

impl PartialEq for AuthKey {
    fn eq(&self, other: &Self) -> bool {
        self.bytes.ct_eq(&other.bytes).into()
    }
}

impl Eq for AuthKey {}

impl fmt::Debug for AuthKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
