//! A Telegram bot framework that cannot forget to answer a callback query.
