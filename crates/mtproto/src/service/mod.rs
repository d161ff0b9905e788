//! The protocol's own messages: key exchange, containers, acknowledgements and their kin.
//!
//! Sources: <https://core.telegram.org/mtproto/auth_key> and <https://core.telegram.org/mtproto/service_messages>.

mod handshake;
mod message;
pub(crate) mod wire;

pub use handshake::{
    BindAuthKeyInner, ClientDhInner, DhGen, DhGenKind, PqInnerData, ReqDhParams, ReqPq, ResPq, ServerDhInner,
    ServerDhParams, SetClientDhParams,
};
pub use message::{DropAnswer, FutureSalt, RpcError, Service, ids};
pub use wire::{Reader, WireError};
