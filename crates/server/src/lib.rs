//! A local Telegram: Bot API, control API and web page around one world.

mod blobs;
mod clock;
mod hub;
mod journal;
mod store;

pub use store::StoreError;
