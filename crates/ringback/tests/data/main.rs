//! The forms of callback data: what is written is read, what is not is refused, and nothing panics.

#![cfg(feature = "macros")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod aiogram;
mod any;
mod packed;
mod parts;
mod sealed;
mod versions;
