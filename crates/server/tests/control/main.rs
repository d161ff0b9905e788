//! The control API of a running server, over its port; everything it answers is held against `openapi.json`.

mod client;
mod events;
mod presses;
mod refusals;
mod schema;
mod world;
