//! The TL language: schema, codec, several layers at once.
//!
//! Telegram's schema changes with every *layer*, and each session speaks the layer it announced. This
//! crate has **one Rust type per TL type**, with the shape of the newest layer, and reads and writes it in
//! the form of each layer in [`Layer::ALL`]:
//!
//! * A **request** tells its form by its id, whatever the layer: [`Request::peel`] takes off
//!   `invokeWithLayer` and its like, [`Request::function`] gives the [`functions::Function`] inside.
//! * An **answer** or update is written for the session's layer: [`encode`]. Fields that the layer lacks are
//!   left out, fields that it alone requires are zero or empty, and what it has no form for at all is an
//!   [`EncodeError`].
//!
//! ```
//! use ringback_tl::{Layer, functions, types};
//!
//! let press = functions::messages::GetBotCallbackAnswer {
//!     peer: types::InputPeer::Self_,
//!     msg_id: 7,
//!     data: Some(b"up".to_vec()),
//!     ..Default::default()
//! };
//! let bytes = ringback_tl::encode(&press, Layer::NEWEST)?;
//! let request = ringback_tl::Request::peel(&bytes)?;
//! assert_eq!(request.function()?, press.into());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`types`] has the types of fields and answers, [`ctors`] what each constructor of a type with several
//! holds, [`functions`] the calls. The schema (`schema/`) holds what this project uses; a value of another
//! type is carried as [`Raw`] bytes. MTProto's own messages, which carry all this, are in `ringback-mtproto`.
//!
//! Bytes from outside never panic, never make the decoder allocate more than they bring, and never nest
//! deeper than a fixed depth.

mod any;
pub mod codec;
mod convert;
mod describe;
mod error;
#[rustfmt::skip]
mod generated;
pub mod fuzz;
pub mod gzip;
mod layer;
mod raw;
mod request;

pub use any::{Any, Recoded};
pub use codec::{Boxed, Call, Decode, Encode, Reader, Writer};
pub use describe::{Described, describe};
pub use error::{DecodeError, EncodeError};
pub use generated::{catalogue, ctors, functions, types};
pub use layer::{Chosen, Layer};
pub use raw::Raw;
pub use request::{Request, decode_function, method_name};

/// The bytes of a value in the form of `layer`.
///
/// # Errors
/// When the layer has no form for it, or a field that the form requires was not given.
pub fn encode(value: &impl Encode, layer: Layer) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    encode_into(value, layer, &mut out)?;
    Ok(out)
}

/// Appends the bytes of a value to `out`, in the form of `layer`; after an error `out` is as it was.
///
/// # Errors
/// As [`encode`].
pub fn encode_into(value: &impl Encode, layer: Layer, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let length = out.len();
    let result = value.encode(&mut Writer::new(out, layer));
    if result.is_err() {
        out.truncate(length);
    }
    result
}

/// The one value that `bytes` hold, in the form of whatever layer.
///
/// # Errors
/// When they hold another, or more than one.
pub fn decode<T: Decode>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut r = Reader::new(bytes);
    let value = r.get()?;
    r.finish()?;
    Ok(value)
}
