//! Calls of `upload`.

pub(super) mod get_file;
pub(super) mod save_big_file_part;
pub(super) mod save_file_part;
