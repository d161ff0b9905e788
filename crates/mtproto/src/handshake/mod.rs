//! Making an authorization key: one state machine for each end.
//!
//! A [`ServerHandshake`] answers what clients send until a key comes out; a [`ClientHandshake`] drives the exchange
//! and checks everything that the security guidelines ask for. Both read and write whole packets, as a
//! [`Transport`](crate::transport::Transport) carries them.
//!
//! Sources: <https://core.telegram.org/mtproto/auth_key>, <https://core.telegram.org/mtproto/samples-auth_key> and
//! <https://core.telegram.org/mtproto/security_guidelines>.

mod client;
mod server;

use std::time::Duration;

use thiserror::Error;

pub use client::{ClientHandshake, ClientKey, ClientOptions, Step};
pub use server::{HandshakeReply, NewAuthKey, ServerHandshake};

use crate::crypto::{ConstantTimeEq, DhError, RsaError, array, ige_decrypt, ige_encrypt, sha1};
use crate::service::{Reader, WireError};
use crate::{AuthKey, Random};

/// Why a key exchange cannot go on. Nothing is kept of it: begin again with a new nonce.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HandshakeError {
    /// A message is malformed.
    #[error("a message of the key exchange is malformed: {0}")]
    Wire(#[from] WireError),
    /// The packet is not an unencrypted message.
    #[error("the packet is not an unencrypted message")]
    NotPlain,
    /// The message belongs to another step.
    #[error("this message of the key exchange does not come now")]
    Step,
    /// A nonce is not the one that was sent.
    #[error("the {0} was not echoed")]
    Nonce(&'static str),
    /// The server's number is not the product of two primes below 2^32.
    #[error("the number to split is not a product of two 32-bit primes")]
    Pq,
    /// The client's factors are not those of the server's number.
    #[error("the factors are wrong")]
    Factors,
    /// None of the server's RSA keys is known.
    #[error("none of the server's keys is known: it has {0:x?}")]
    UnknownKey(Vec<i64>),
    /// RSA failed.
    #[error("the client's secret cannot be read: {0}")]
    Rsa(#[from] RsaError),
    /// A hash within an encrypted answer is wrong, or the answer's size is.
    #[error("the hash of an encrypted part is wrong")]
    Hash,
    /// The Diffie–Hellman numbers are not safe.
    #[error("the Diffie-Hellman numbers are not safe: {0}")]
    Dh(#[from] DhError),
    /// The server's hash of the new nonce does not prove that it has the same key.
    #[error("the server does not have the same key")]
    NewNonceHash,
    /// The server refused.
    #[error("the server refused to make a key")]
    Refused,
    /// The server asked for another try too often.
    #[error("the server asked for another try too often")]
    Retries,
}

/// Wraps a message that is not encrypted yet.
///
/// Source: <https://core.telegram.org/mtproto/description#unencrypted-message>.
#[must_use]
pub fn wrap_plain(msg_id: i64, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(20 + body.len());
    out.extend(0i64.to_le_bytes());
    out.extend(msg_id.to_le_bytes());
    out.extend((body.len() as u32).to_le_bytes());
    out.extend_from_slice(body);
    out
}

/// Unwraps a message that is not encrypted: its id and its body. Bytes after it are a transport's padding.
///
/// # Errors
/// [`HandshakeError::NotPlain`] or [`HandshakeError::Wire`].
pub fn unwrap_plain(packet: &[u8]) -> Result<(i64, &[u8]), HandshakeError> {
    let mut reader = Reader::new(packet);
    if reader.i64()? != 0 {
        return Err(HandshakeError::NotPlain);
    }
    let msg_id = reader.i64()?;
    let length = reader.u32()? as usize;
    Ok((msg_id, reader.take(length)?))
}

/// The key that a packet is encrypted with, 0 for none; `None` when it is too short to say.
#[must_use]
pub fn auth_key_id(packet: &[u8]) -> Option<i64> {
    packet.first_chunk().map(|bytes| i64::from_le_bytes(*bytes))
}

/// Whether two nonces are the same.
fn same<const N: usize>(a: &[u8; N], b: &[u8; N], name: &'static str) -> Result<(), HandshakeError> {
    if a.ct_eq(b).into() {
        Ok(())
    } else {
        Err(HandshakeError::Nonce(name))
    }
}

/// SHA-1 of the data, the data, and padding to whole blocks, encrypted.
fn seal(data: &[u8], (key, iv): &([u8; 32], [u8; 32]), random: &mut dyn Random) -> Vec<u8> {
    let mut out = Vec::with_capacity(20 + data.len() + 15);
    out.extend(sha1(&[data]));
    out.extend_from_slice(data);
    let padding = (16 - out.len() % 16) % 16;
    let mut last = [0; 16];
    random.fill(&mut last[..padding]);
    out.extend_from_slice(&last[..padding]);
    ige_encrypt(key, iv, out.as_chunks_mut().0);
    out
}

/// The reverse of [`seal`]: `read` says how long the data is.
fn open<T>(
    secret: &[u8],
    (key, iv): &([u8; 32], [u8; 32]),
    read: impl FnOnce(&[u8]) -> Result<(T, usize), WireError>,
) -> Result<T, HandshakeError> {
    let mut plain = secret.to_vec();
    let (blocks, odd) = plain.as_chunks_mut();
    if !odd.is_empty() || blocks.len() < 2 {
        return Err(HandshakeError::Hash);
    }
    ige_decrypt(key, iv, blocks);
    let (hash, data) = plain.split_at(20);
    let (value, length) = read(data).map_err(|_| HandshakeError::Hash)?;
    let fits = data.len() - length < 16;
    if fits && bool::from(sha1(&[&data[..length]]).ct_eq(hash)) {
        Ok(value)
    } else {
        Err(HandshakeError::Hash)
    }
}

/// The salt that a new key starts with: both nonces' first eight bytes, xored.
fn first_salt(new_nonce: &[u8; 32], server_nonce: &[u8; 16]) -> i64 {
    let mut salt = [0; 8];
    salt.iter_mut()
        .zip(new_nonce)
        .zip(server_nonce)
        .for_each(|((to, a), b)| *to = a ^ b);
    i64::from_le_bytes(salt)
}

/// A message id for unencrypted messages: the time, with the low bits that the side calls for.
fn plain_msg_id(now: Duration, last: &mut i64, low: i64) -> i64 {
    let id = (crate::session::msg_id_at(now) | low).max(*last + 4);
    *last = id;
    id
}

/// 2048 random bits whose power of `g` is a good public number.
fn secret_exponent(
    group: &crate::crypto::DhGroup,
    random: &mut dyn Random,
) -> Result<([u8; 256], [u8; 256]), HandshakeError> {
    let mut error = DhError::PublicRange;
    for _ in 0..8 {
        let secret: [u8; 256] = array(random);
        match group.check_public(&group.power_of_g(&secret)) {
            Ok(public) => return Ok((secret, public)),
            Err(found) => error = found,
        }
    }
    // The chance of this is 2^-500: the source of randomness is broken.
    Err(error.into())
}

/// The shared key of two numbers.
fn shared_key(group: &crate::crypto::DhGroup, public: &[u8; 256], secret: &[u8; 256]) -> AuthKey {
    AuthKey::from_bytes(group.pow(public, secret))
}
