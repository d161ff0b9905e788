//! Whole bots against the local Telegram.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod files;
mod testing;
mod webhook;
