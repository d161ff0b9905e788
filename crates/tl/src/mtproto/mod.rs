//! MTProto's own schema: key exchange and service messages.
//!
//! [`Service`] is any object or call of that schema. What carries other messages (containers, results) is
//! read by functions of this module, which leave the contents as bytes.

#[rustfmt::skip]
mod generated;
mod message;

pub use generated::service::Service;
pub use generated::{catalogue, ctors, functions, types};
pub use message::{
    MAX_IN_CONTAINER, MSG_CONTAINER, MSG_COPY, Message, RPC_RESULT, read_container, read_rpc_result,
    write_container, write_rpc_result,
};
