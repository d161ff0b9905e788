//! Between bytes and numbers.

use crypto_bigint::U2048;

use crate::crypto::{DhGroup, Field, number_bytes};

pub(super) fn field(group: &DhGroup) -> &Field<{ U2048::LIMBS }> {
    &group.modulus.0
}

pub(super) fn from(bytes: &[u8; 256]) -> U2048 {
    U2048::from_be_slice(bytes)
}

pub(super) fn to(number: &U2048) -> [u8; 256] {
    number_bytes(number)
}
