//! Whole bots against a scripted API server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod answers;
mod calls;
mod codecs;
mod data;
mod dedupe;
mod dialogues;
mod hangup;
mod inbox;
mod menus;
mod order;
mod outgoing;
mod polling;
mod proxy;
mod routing;
mod server;
mod sessions;
mod uploads;
mod watched;
