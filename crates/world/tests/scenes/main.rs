//! The rules of the local Telegram, one short scene each.

// Helpers of tests may panic like the tests themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;

mod answer;
mod chats;
mod faults;
mod forward;
mod games;
mod inline;
mod mail;
mod media;
mod messages;
mod moderate;
mod polling;
mod press;
mod profile;
mod promote;
mod shared;
mod standing;
mod webhook;
