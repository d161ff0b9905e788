//! The Telegram Bot API's objects and methods as plain data.
