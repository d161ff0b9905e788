//! Entry points for fuzzing: one per way in which bytes from outside reach this crate.
//!
//! Each takes any bytes, and panics only if the crate broke a promise: a value that was read and written
//! has to be read as the same value again.

use crate::any::Any;
use crate::codec::Reader;
use crate::layer::Layer;
use crate::{DecodeError, Request, catalogue, describe, gzip};

/// Any type or call: the first two bytes choose it.
pub fn decode_any(data: &[u8]) {
    let Some((choice, data)) = data.split_first_chunk() else {
        return;
    };
    let all = catalogue::TYPES.iter().chain(catalogue::FUNCTIONS);
    let choice = usize::from(u16::from_le_bytes(*choice)) % all.clone().count();
    if let Some(any) = all.clone().nth(choice) {
        stable(any, data);
    }
}

/// What is written is read again, and then written the same, in every layer.
fn stable(any: &Any, data: &[u8]) {
    for &layer in Layer::ALL {
        let Ok(first) = any.recode(data, layer) else {
            return;
        };
        let Ok(written) = first.written else { continue };
        let again = any.recode(&written, layer);
        assert_eq!(
            again.map(|again| again.written),
            Ok(Ok(written)),
            "{} in {layer:?}",
            any.name
        );
    }
}

/// A call as a client sends it, with or without wrappers. What can be read can be described.
pub fn decode_function(data: &[u8]) {
    let Ok(request) = Request::peel(data) else { return };
    let described = describe(&request.call);
    match request.function() {
        Ok(call) => assert!(
            matches!(described, Ok(_) | Err(DecodeError::Depth)),
            "{}: {described:?}",
            call.name()
        ),
        Err(error) => drop(error.to_string()),
    }
}

/// What follows the id of `gzip_packed`.
pub fn inflate(data: &[u8]) {
    const LIMIT: usize = 1 << 16;
    if let Ok(object) = gzip::inflate(&mut Reader::new(data), LIMIT) {
        assert!(object.len() <= LIMIT);
    }
}
