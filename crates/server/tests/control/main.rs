//! The control API of a running server, over its port; everything it answers is held against `openapi.json`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails panics"
)]

mod client;
mod events;
mod media;
mod methods;
mod presses;
mod refusals;
mod schema;
mod world;
