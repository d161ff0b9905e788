//! A local Telegram: Bot API, control API and web page around one world.
