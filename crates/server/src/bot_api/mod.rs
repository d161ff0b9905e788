//! The Bot API's edge: between its requests and JSON on one side and the world's own types on the other.

pub mod decode;
pub mod encode;
mod error;
pub mod lenient;
pub mod params;
pub mod parse_mode;

pub use error::ApiError;
pub use lenient::DecodeError;
pub use params::Params;
