//! A local Telegram: sockets and storage around one [world](ringback_world).

pub mod bot_api;
