//! Whole bots against the local Telegram.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

#[path = "../support/counts.rs"]
mod counts;
mod crash;
mod editing;
mod files;
mod http;
mod outgoing;
mod routing;
mod testing;
mod watching;
mod webhook;
