//! Calls of `updates`.

pub(super) mod get_channel_difference;
pub(super) mod get_difference;
pub(super) mod get_state;
pub(super) mod missed;
