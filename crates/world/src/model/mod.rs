//! What the world is made of.

pub(crate) mod file;
pub(crate) mod keyboard;
pub(crate) mod message;
pub(crate) mod people;
pub(crate) mod shared;
pub(crate) mod text;
