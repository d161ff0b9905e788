//! What `cargo xtask codegen` writes, except this file.
#![allow(clippy::all, reason = "written by a program; the lints speak to people")]

pub mod catalogue;
pub mod ctors;
pub mod functions;
pub(super) mod service;
pub mod types;
