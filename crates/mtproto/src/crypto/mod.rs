//! The primitives: AES-IGE, hashes, big numbers, RSA, Diffie–Hellman and keys.
//!
//! Secrets are compared in constant time, wiped when dropped where that is practical, and never printed.

mod auth_key;
mod dh;
mod factor;
mod hash;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod ifma;
mod ige;
#[cfg(target_arch = "x86_64")]
mod ige_x86;
mod modpow;
mod pem;
mod random;
mod rsa;

pub use auth_key::AuthKey;
pub use dh::{DhError, DhGroup, TELEGRAM_PRIME};
pub use factor::{factorize, is_prime_u32, random_pq};
pub use hash::{pbkdf2_sha512, sha1, sha256};
pub use ige::{ige_decrypt, ige_decrypt_portable, ige_encrypt, ige_encrypt_portable};
pub use modpow::Modulus;
pub use pem::PemError;
pub use random::Random;
pub use rsa::{RsaDecrypted, RsaError, RsaPadding, RsaPrivateKey, RsaPublicKey};

pub(crate) use modpow::{Field, from_bytes as number, to_bytes as number_bytes};
pub(crate) use random::array;
pub(crate) use subtle::ConstantTimeEq;

/// The AES key and vector that protect the Diffie–Hellman answers of a key exchange.
///
/// Source: <https://core.telegram.org/mtproto/auth_key>, steps 5 and 6.
#[must_use]
pub fn handshake_aes(server_nonce: &[u8; 16], new_nonce: &[u8; 32]) -> ([u8; 32], [u8; 32]) {
    let new_server = sha1(&[new_nonce, server_nonce]);
    let server_new = sha1(&[server_nonce, new_nonce]);
    let new_new = sha1(&[new_nonce, new_nonce]);
    let (mut key, mut iv) = ([0; 32], [0; 32]);
    key[..20].copy_from_slice(&new_server);
    key[20..].copy_from_slice(&server_new[..12]);
    iv[..8].copy_from_slice(&server_new[12..]);
    iv[8..28].copy_from_slice(&new_new);
    iv[28..].copy_from_slice(&new_nonce[..4]);
    (key, iv)
}
