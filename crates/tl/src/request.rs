//! A call as it arrives: wrapped in `invokeWithLayer`, `initConnection` and their like, perhaps gzipped.

use std::borrow::Cow;

use crate::codec::{Boxed, Decode, Reader};
use crate::error::DecodeError;
use crate::functions::{self, Function};
use crate::generated::methods::METHODS;
use crate::gzip;

/// How many wrappers may lie around one call; clients use four.
const MAX_WRAPPERS: usize = 16;

/// A call without its wrappers, and what they said.
///
/// The call itself is still bytes: the layer has to be known, and kept, even if decoding the call fails.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// From `invokeWithLayer`: the layer that the client speaks from now on.
    pub layer: Option<i32>,
    /// From `initConnection`: what the client is.
    pub connection: Option<Box<functions::InitConnection<()>>>,
    /// From `invokeAfterMsg` and `invokeAfterMsgs`: run the call after these messages.
    pub after: Vec<i64>,
    /// From `invokeWithoutUpdates`: send no updates over this connection.
    pub without_updates: bool,
    /// From `invokeWithTakeout`: the export session.
    pub takeout: Option<i64>,
    /// From `invokeWithBusinessConnection`: in whose name a bot calls.
    pub business_connection: Option<String>,
    /// The call, with its id.
    pub call: Cow<'a, [u8]>,
}

impl<'a> Request<'a> {
    /// Takes off the wrappers.
    ///
    /// # Errors
    /// When a wrapper is broken, there are too many, or a gzipped call is too long.
    pub fn peel(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut request = Request {
            call: Cow::Borrowed(bytes),
            ..Request::default()
        };
        for _ in 0..MAX_WRAPPERS {
            let (wrapper, inner) = {
                let mut r = Reader::new(&request.call);
                let Some(wrapper) = Wrapper::read(&mut r)? else {
                    return Ok(request);
                };
                (wrapper, request.call.len() - r.rest().len())
            };
            if let Wrapper::Gzip(object) = wrapper {
                request.call = Cow::Owned(object);
                continue;
            }
            request.call = match request.call {
                Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[inner..]),
                Cow::Owned(mut bytes) => {
                    bytes.drain(..inner);
                    Cow::Owned(bytes)
                }
            };
            request.note(wrapper);
        }
        Err(DecodeError::Depth)
    }

    /// The id of the call.
    ///
    /// # Errors
    /// When there are not even four bytes.
    pub fn id(&self) -> Result<u32, DecodeError> {
        Reader::new(&self.call).u32()
    }

    /// Reads the call; nothing may follow it.
    ///
    /// # Errors
    /// As [`decode_function`], and when bytes are left over.
    pub fn function(&self) -> Result<Function, DecodeError> {
        let mut r = Reader::new(&self.call);
        let function = decode_function(&mut r)?;
        r.finish()?;
        Ok(function)
    }

    fn note(&mut self, wrapper: Wrapper) {
        match wrapper {
            Wrapper::Layer(layer) => self.layer = Some(layer),
            Wrapper::Connection(connection) => self.connection = Some(connection),
            Wrapper::After(ids) => self.after.extend(ids),
            Wrapper::WithoutUpdates => self.without_updates = true,
            Wrapper::Takeout(id) => self.takeout = Some(id),
            Wrapper::Business(id) => self.business_connection = Some(id),
            Wrapper::Range | Wrapper::Gzip(_) => {}
        }
    }
}

/// One wrapper, read up to the call inside.
enum Wrapper {
    Layer(i32),
    Connection(Box<functions::InitConnection<()>>),
    After(Vec<i64>),
    WithoutUpdates,
    Takeout(i64),
    Business(String),
    Range,
    Gzip(Vec<u8>),
}

/// Stands where the call is, and reads nothing.
impl Decode for () {
    const MIN_SIZE: usize = 0;
    fn decode(_: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(())
    }
}

impl Wrapper {
    /// `None` if what comes is no wrapper.
    fn read(r: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        let id = r.u32()?;
        if id == gzip::GZIP_PACKED {
            let object = gzip::inflate(r, gzip::MAX_INFLATED)?;
            r.finish()?;
            return Ok(Some(Self::Gzip(object)));
        }
        Ok(Some(match id {
            0xda9b_0d0d => Self::Layer(functions::InvokeWithLayer::<()>::decode_id(id, r)?.layer),
            0xc1cd_5ea9 => Self::Connection(Box::new(functions::InitConnection::decode_id(id, r)?)),
            0xcb9f_372d => Self::After(vec![functions::InvokeAfterMsg::<()>::decode_id(id, r)?.msg_id]),
            0x3dc4_b4f0 => Self::After(functions::InvokeAfterMsgs::<()>::decode_id(id, r)?.msg_ids),
            0xbf94_59b7 => {
                functions::InvokeWithoutUpdates::<()>::decode_id(id, r)?;
                Self::WithoutUpdates
            }
            0xaca9_fd2e => Self::Takeout(functions::InvokeWithTakeout::<()>::decode_id(id, r)?.takeout_id),
            0xdd28_9f8e => {
                Self::Business(functions::InvokeWithBusinessConnection::<()>::decode_id(id, r)?.connection_id)
            }
            0x365275f2 => {
                functions::InvokeWithMessagesRange::<()>::decode_id(id, r)?;
                Self::Range
            }
            _ => return Ok(None),
        }))
    }
}

/// Reads any call that is not a wrapper (those are taken off by [`Request::peel`]), in the form of
/// whatever layer.
///
/// # Errors
/// [`DecodeError::UnknownFunction`] with the call's name if any layer has it; others if its fields are
/// broken.
pub fn decode_function(r: &mut Reader<'_>) -> Result<Function, DecodeError> {
    let id = r.u32()?;
    match Function::read(id, r)? {
        Some(function) => Ok(function),
        None => Err(DecodeError::UnknownFunction {
            id,
            name: method_name(id),
        }),
    }
}

/// The name of a call by its id in any supported layer, whether this crate has the call or not.
#[must_use]
pub fn method_name(id: u32) -> Option<&'static str> {
    METHODS
        .binary_search_by_key(&id, |(id, _)| *id)
        .ok()
        .map(|at| METHODS[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Encode, Writer};
    use crate::layer::Layer;

    fn bytes(value: &impl Encode) -> Vec<u8> {
        let mut out = Vec::new();
        value.encode(&mut Writer::new(&mut out, Layer::NEWEST)).unwrap();
        out
    }

    fn wrapped<X>(query: X) -> functions::InvokeWithLayer<functions::InitConnection<X>> {
        let query = functions::InitConnection {
            api_id: 6,
            device_model: "pc".into(),
            system_version: "1".into(),
            app_version: "2".into(),
            system_lang_code: "en".into(),
            lang_pack: String::new(),
            lang_code: "en".into(),
            proxy: None,
            params: None,
            query,
        };
        functions::InvokeWithLayer { layer: 198, query }
    }

    #[test]
    fn takes_off_wrappers() {
        let call = functions::InvokeAfterMsg {
            msg_id: 7,
            query: wrapped(functions::help::GetConfig),
        };
        let call = bytes(&functions::InvokeWithoutUpdates { query: call });
        let request = Request::peel(&call).unwrap();
        assert_eq!(
            (request.layer, request.after.as_slice(), request.without_updates),
            (Some(198), &[7][..], true)
        );
        assert_eq!(request.connection.as_ref().unwrap().device_model, "pc");
        assert_eq!(request.function().unwrap().name(), "help.getConfig");
    }

    #[test]
    fn gzip_may_lie_anywhere() {
        let mut packed = Vec::new();
        gzip::deflate(
            &bytes(&functions::help::GetConfig),
            &mut Writer::new(&mut packed, Layer::NEWEST),
        )
        .unwrap();
        let mut inner = bytes(&wrapped(functions::help::GetConfig));
        inner.truncate(inner.len() - 4);
        inner.extend(&packed);
        let mut outer = Vec::new();
        gzip::deflate(&inner, &mut Writer::new(&mut outer, Layer::NEWEST)).unwrap();
        let request = Request::peel(&outer).unwrap();
        assert_eq!(request.layer, Some(198));
        assert_eq!(request.function(), Ok(functions::help::GetConfig.into()));
    }

    #[test]
    fn the_layer_survives_a_call_that_nobody_has() {
        // payments.getStarsStatus in layer 198.
        let mut call = bytes(&wrapped(functions::help::GetConfig));
        call.truncate(call.len() - 4);
        call.extend(0x104f_cfa7_u32.to_le_bytes());
        let request = Request::peel(&call).unwrap();
        assert_eq!(request.layer, Some(198));
        let error = request.function().unwrap_err();
        assert_eq!(
            error,
            DecodeError::UnknownFunction {
                id: 0x104f_cfa7,
                name: Some("payments.getStarsStatus")
            }
        );
        assert_eq!(
            error.to_string(),
            "payments.getStarsStatus (0x104fcfa7) is not supported"
        );
    }

    #[test]
    fn too_many_wrappers_and_bytes_left_over() {
        let mut call = 0xbf94_59b7_u32.to_le_bytes().repeat(MAX_WRAPPERS + 1);
        assert_eq!(Request::peel(&call).unwrap_err(), DecodeError::Depth);
        call.truncate(4);
        call.extend(bytes(&functions::help::GetConfig));
        call.extend([0; 4]);
        assert_eq!(
            Request::peel(&call).unwrap().function(),
            Err(DecodeError::Trailing { left: 4 })
        );
    }
}
