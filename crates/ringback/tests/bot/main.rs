//! Whole bots against a scripted API server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod answers;
mod calls;
mod codecs;
#[path = "../support/counts.rs"]
mod counts;
mod data;
mod dedupe;
mod dialogues;
mod hangup;
mod inbox;
mod menus;
mod metered;
mod order;
mod outgoing;
mod polling;
mod proxy;
mod routing;
mod server;
mod sessions;
mod slow;
mod uploads;
mod watched;
