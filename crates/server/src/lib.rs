//! A local Telegram: Bot API, control API and web page around one world.
//!
//! [`Server::start`] gives one on a port of this machine; see [`Config`]. The rules of Telegram are all in
//! `ringback-world`; this crate is sockets and storage around it:
//!
//! * [`hub`](self) holds the world, carries out its effects and keeps its time;
//! * `mtproto` serves user clients, and bots that use it; what a connection is, its first bytes tell;
//! * `http` tells requests apart, `bot_api` and `control` answer them, `web` gives the page;
//! * `store` keeps the world on disk, `journal` the latest of what happened.

mod app;
mod blobs;
mod bot_api;
mod clock;
mod control;
#[doc(hidden)]
pub mod fuzz;
mod http;
mod hub;
mod journal;
mod mtproto;
mod replay;
mod server;
mod store;
mod web;

pub use server::{Config, DEFAULT_PORT, Server, StartError};
pub use store::StoreError;
