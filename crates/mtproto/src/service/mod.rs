//! The protocol's own messages: key exchange, containers, acknowledgements and their kin.
//!
//! Sources: <https://core.telegram.org/mtproto/auth_key> and <https://core.telegram.org/mtproto/service_messages>.

mod agreement;
mod message;
mod opening;
mod rpc;
pub(crate) mod wire;

pub use agreement::{
    BindAuthKeyInner, ClientDhInner, DhGen, DhGenKind, ServerDhInner, ServerDhParams, SetClientDhParams,
};
pub use message::{DropAnswer, FutureSalt, Service};
pub use opening::{PqInnerData, ReqDhParams, ReqPq, ResPq};
pub use rpc::{RpcError, ids};
pub use wire::{Reader, WireError};
