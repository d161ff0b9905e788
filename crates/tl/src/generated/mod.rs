//! What `cargo xtask codegen` writes, except this file.
#![allow(clippy::all, reason = "written by a program; the lints speak to people")]

pub mod catalogue;
pub mod ctors;
pub(crate) mod described;
pub mod functions;
pub(crate) mod layers;
pub(crate) mod methods;
pub(crate) mod shapes;
pub mod types;
