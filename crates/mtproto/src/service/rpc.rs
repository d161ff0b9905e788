//! What carries requests and answers. Source: <https://core.telegram.org/mtproto/service_messages>.

use thiserror::Error;

use super::wire::{Reader, WireError, put_bytes, put_i32, put_u32};

/// Constructor ids of the messages that the session layer takes apart itself.
pub mod ids {
    /// `rpc_result`.
    pub const RPC_RESULT: u32 = 0xf35c_6d01;
    /// `rpc_error`.
    pub const RPC_ERROR: u32 = 0x2144_ca19;
    /// `msg_container`.
    pub const MSG_CONTAINER: u32 = 0x73f1_f8dc;
    /// `msg_copy`.
    pub const MSG_COPY: u32 = 0xe060_46b2;
    /// `gzip_packed`.
    pub const GZIP_PACKED: u32 = 0x3072_cfa1;
}

/// An error that a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{code} {message}")]
pub struct RpcError {
    /// Like an HTTP status; negative for a few.
    pub code: i32,
    /// An upper-case name, perhaps with a number: `FLOOD_WAIT_3`.
    pub message: String,
}

impl RpcError {
    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_u32(&mut out, ids::RPC_ERROR);
        put_i32(&mut out, self.code);
        put_bytes(&mut out, self.message.as_bytes());
        out
    }

    /// Reads one.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        reader.expect(ids::RPC_ERROR)?;
        let code = reader.i32()?;
        Ok(Self {
            code,
            message: String::from_utf8_lossy(reader.bytes()?).into_owned(),
        })
    }
}
