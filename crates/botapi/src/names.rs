//! An object's names on the wire, and how one of them is found: in a hash table that is laid out when the crate is built.

/// The end of the names that share a slot.
const EMPTY: u8 = u8::MAX;

/// The names of an object's fields.
pub(crate) struct Names {
    wire: &'static [&'static str],
    /// Places in `wire`; where two names want the same slot, the later one has the next that is free.
    slots: &'static [u8],
    /// A bit for each place in `wire` that must be there.
    required: u128,
}

impl Names {
    pub(crate) const fn new(wire: &'static [&'static str], slots: &'static [u8], required: u128) -> Self {
        assert!(
            wire.len() <= u128::BITS as usize,
            "an object has at most 128 fields"
        );
        Self {
            wire,
            slots,
            required,
        }
    }

    /// All names, in the order of their places.
    pub(crate) fn wire(&self) -> &'static [&'static str] {
        self.wire
    }

    /// The name in this place; empty if there is none.
    pub(crate) fn name(&self, place: usize) -> &'static str {
        self.wire.get(place).copied().unwrap_or_default()
    }

    /// The place of this name.
    #[inline]
    pub(crate) fn find(&self, name: &[u8]) -> Option<usize> {
        let mut slot = first_slot(name, self.slots.len());
        loop {
            let place = usize::from(*self.slots.get(slot)?);
            // An empty slot's place is beyond all names.
            if self.wire.get(place)?.as_bytes() == name {
                return Some(place);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// The first required name whose bit is not set.
    pub(crate) fn first_missing(&self, seen: u128) -> Option<&'static str> {
        let missing = self.required & !seen;
        self.wire.get(missing.trailing_zeros() as usize).copied()
    }
}

/// How many slots this many names need: a power of two, at least twice as many, so that a search soon ends.
pub(crate) const fn slot_count(names: usize) -> usize {
    if names < 2 {
        4
    } else {
        (names * 2).next_power_of_two()
    }
}

/// Lays the names out.
pub(crate) const fn slots<const COUNT: usize>(names: &[&str]) -> [u8; COUNT] {
    let mut slots = [EMPTY; COUNT];
    let mut place = 0;
    while place < names.len() {
        let mut slot = first_slot(names[place].as_bytes(), COUNT);
        while slots[slot] != EMPTY {
            slot = (slot + 1) & (COUNT - 1);
        }
        slots[slot] = place as u8;
        place += 1;
    }
    slots
}

/// Where to look first: a mix of the length and the first and last eight bytes, which tell most names apart.
#[inline]
const fn first_slot(name: &[u8], count: usize) -> usize {
    let word = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(21),
        _ => match (name.first_chunk::<4>(), name.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                u32::from_le_bytes(*first) as u64 ^ (u32::from_le_bytes(*last) as u64).rotate_left(21)
            }
            _ => match name {
                [first, .., last] => ((*last as u64) << 8) | *first as u64,
                [only] => *only as u64,
                [] => 0,
            },
        },
    };
    // The odd number nearest to 2^64 divided by the golden ratio; the best bits of the product are the upper ones.
    let hash = (word ^ name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> (count.leading_zeros() + 1)) as usize
}
