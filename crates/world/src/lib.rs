//! A local Telegram as a pure state machine.
