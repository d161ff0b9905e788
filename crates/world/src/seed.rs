//! Numbers that look random and follow from the seed.
//!
//! Each number is a keyed hash of *what it is for*, not the next of one stream: so an id never depends on
//! calls that have nothing to do with it, and a trace replays however its neighbours change.

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;
use std::hash::Hasher;

/// The world's only source of chance.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// The number for `purpose` and the ids that tell this use from every other.
    pub fn number(self, purpose: &str, of: &[u64]) -> u64 {
        let mut hash = SipHasher24::new_with_keys(self.0, 0x7269_6e67_6261_636b);
        hash.write(purpose.as_bytes());
        for id in of {
            hash.write_u64(*id);
        }
        hash.finish()
    }

    /// Names some bytes: the same bytes, the same number.
    pub fn digest(self, bytes: &[u8]) -> u64 {
        let mut hash = SipHasher24::new_with_keys(self.0, 0);
        hash.write(bytes);
        hash.finish()
    }

    /// Like [`Seed::number`], as a signed id that is not 0.
    pub fn id(self, purpose: &str, of: &[u64]) -> i64 {
        self.number(purpose, of).cast_signed().max(i64::MIN + 1) | 1 << 40
    }

    /// `len` characters that a URL and a token may hold.
    pub fn text(self, purpose: &str, of: &[u64], len: usize) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut text = String::with_capacity(len);
        let mut block = 0;
        while text.len() < len {
            let mut bits = self.number(purpose, &[of, &[block]].concat());
            for _ in 0..10.min(len - text.len()) {
                text.push(char::from(ALPHABET[(bits & 63) as usize]));
                bits >>= 6;
            }
            block += 1;
        }
        text
    }
}
