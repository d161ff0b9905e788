//! Hashing of ids.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// Builds hashers for numbers that Telegram gave out: two multiplications instead of a cryptographic hash. The seed
/// differs from process to process, so that nobody can choose ids that collide.
#[derive(Debug, Clone)]
pub(crate) struct Ids(u64);

impl Default for Ids {
    fn default() -> Self {
        // Odd, so that multiplying loses nothing.
        Ids(RandomState::new().hash_one(0) | 1)
    }
}

impl BuildHasher for Ids {
    type Hasher = IdHasher;

    fn build_hasher(&self) -> IdHasher {
        IdHasher {
            seed: self.0,
            state: self.0,
        }
    }
}

pub(crate) struct IdHasher {
    seed: u64,
    state: u64,
}

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        // The table takes its places from the low bits and its tags from the high ones: all must depend on all.
        let mixed = (self.state ^ (self.state >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.state = (self.state ^ number).wrapping_mul(self.seed).rotate_left(23);
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_in_a_row_are_spread() {
        let ids = Ids::default();
        let low: HashSet<u64> = (0..128_i64).map(|id| ids.hash_one(id) & 127).collect();
        let high: HashSet<u64> = (0..128_i64).map(|id| ids.hash_one(id) >> 57).collect();
        assert!(low.len() > 50 && high.len() > 50, "{} {}", low.len(), high.len());
    }
}
