//! The proof within `auth.bindTempAuthKey`: a message under the permanent key, by MTProto 1.0's rules.
//!
//! Source: <https://core.telegram.org/method/auth.bindTempAuthKey> and <https://core.telegram.org/mtproto/description_v1>.

use thiserror::Error;

use crate::crypto::{ConstantTimeEq, array, ige_decrypt, ige_encrypt, sha1};
use crate::service::BindAuthKeyInner;
use crate::{AuthKey, Random};

/// Why a binding is not to be made. The API's answer is 400 `ENCRYPTED_MESSAGE_INVALID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BindError {
    /// It cannot be decrypted with the permanent key.
    #[error("the message is not encrypted with the permanent key")]
    Encryption,
    /// It is not what the request says.
    #[error("the {0} within the message is not that of the request")]
    Mismatch(&'static str),
}

/// MTProto 1.0's AES key and vector, for messages from the client.
fn derive(key: &AuthKey, msg_key: &[u8; 16]) -> ([u8; 32], [u8; 32]) {
    let secret = key.as_bytes();
    let a = sha1(&[msg_key, &secret[..32]]);
    let b = sha1(&[&secret[32..48], msg_key, &secret[48..64]]);
    let c = sha1(&[&secret[64..96], msg_key]);
    let d = sha1(&[msg_key, &secret[96..128]]);
    let (mut aes_key, mut iv) = ([0; 32], [0; 32]);
    aes_key[..8].copy_from_slice(&a[..8]);
    aes_key[8..20].copy_from_slice(&b[8..]);
    aes_key[20..].copy_from_slice(&c[4..16]);
    iv[..12].copy_from_slice(&a[8..]);
    iv[12..20].copy_from_slice(&b[..8]);
    iv[20..24].copy_from_slice(&c[16..]);
    iv[24..].copy_from_slice(&d[..8]);
    (aes_key, iv)
}

/// Makes the `encrypted_message` of the request that has this message id.
#[must_use]
pub fn seal_bind_message(
    permanent: &AuthKey,
    inner: &BindAuthKeyInner,
    msg_id: i64,
    random: &mut dyn Random,
) -> Vec<u8> {
    let mut plain = array::<16>(random).to_vec();
    plain.extend(msg_id.to_le_bytes());
    plain.extend(0i32.to_le_bytes());
    let body = inner.encode();
    plain.extend((body.len() as u32).to_le_bytes());
    plain.extend(body);
    let mut msg_key = [0; 16];
    msg_key.copy_from_slice(&sha1(&[&plain])[4..]);
    let padding = (16 - plain.len() % 16) % 16;
    plain.extend_from_slice(&array::<16>(random)[..padding]);
    let (aes_key, iv) = derive(permanent, &msg_key);
    ige_encrypt(&aes_key, &iv, plain.as_chunks_mut().0);
    let mut out = permanent.id().to_le_bytes().to_vec();
    out.extend(msg_key);
    out.extend(plain);
    out
}

/// Opens an `encrypted_message` and checks it against what it came in: the fields of the request (in `expected`) and
/// its message id.
///
/// # Errors
/// [`BindError`].
pub fn open_bind_message(
    permanent: &AuthKey,
    message: &[u8],
    expected: &BindAuthKeyInner,
    msg_id: i64,
) -> Result<(), BindError> {
    const SIZE: usize = 32 + 40;
    let (head, secret) = message.split_first_chunk::<24>().ok_or(BindError::Encryption)?;
    if head[..8] != permanent.id().to_le_bytes() {
        return Err(BindError::Encryption);
    }
    let mut msg_key = [0; 16];
    msg_key.copy_from_slice(&head[8..]);
    let mut plain = secret.to_vec();
    let (aes_key, iv) = derive(permanent, &msg_key);
    ige_decrypt(&aes_key, &iv, plain.as_chunks_mut().0);
    // Seventy-two bytes make five blocks; more would be something else.
    let data = plain
        .get(..SIZE)
        .filter(|_| plain.len() == 80)
        .ok_or(BindError::Encryption)?;
    if !bool::from(sha1(&[data])[4..].ct_eq(&msg_key)) {
        return Err(BindError::Encryption);
    }
    let inner = BindAuthKeyInner::decode(&data[32..]).map_err(|_| BindError::Encryption)?;
    let mut id = [0; 8];
    id.copy_from_slice(&data[16..24]);
    let checks = [
        (i64::from_le_bytes(id) == msg_id, "message id"),
        (data[24..28] == [0; 4], "sequence number"),
        (data[28..32] == 40u32.to_le_bytes(), "length"),
        (inner.nonce == expected.nonce, "nonce"),
        (
            inner.temp_auth_key_id == expected.temp_auth_key_id,
            "temporary key",
        ),
        (
            inner.perm_auth_key_id == expected.perm_auth_key_id,
            "permanent key",
        ),
        (inner.temp_session_id == expected.temp_session_id, "session"),
        (inner.expires_at == expected.expires_at, "expiry"),
    ];
    match checks.iter().find(|(same, _)| !same) {
        None => Ok(()),
        Some((_, name)) => Err(BindError::Mismatch(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binding_holds_only_for_what_it_names() {
        let permanent = AuthKey::from_bytes([5; 256]);
        let inner = BindAuthKeyInner {
            nonce: 1,
            temp_auth_key_id: 2,
            perm_auth_key_id: permanent.id(),
            temp_session_id: 4,
            expires_at: 5,
        };
        let message = seal_bind_message(&permanent, &inner, 400, &mut |out: &mut [u8]| out.fill(9));
        let check = |expected, msg_id| open_bind_message(&permanent, &message, &expected, msg_id);
        assert_eq!(check(inner, 400), Ok(()));
        assert_eq!(check(inner, 404), Err(BindError::Mismatch("message id")));
        assert_eq!(
            check(BindAuthKeyInner { nonce: 0, ..inner }, 400),
            Err(BindError::Mismatch("nonce"))
        );
        assert_eq!(
            check(
                BindAuthKeyInner {
                    temp_auth_key_id: 0,
                    ..inner
                },
                400
            ),
            Err(BindError::Mismatch("temporary key"))
        );
        assert_eq!(
            check(
                BindAuthKeyInner {
                    temp_session_id: 0,
                    ..inner
                },
                400
            ),
            Err(BindError::Mismatch("session"))
        );
        assert_eq!(
            check(
                BindAuthKeyInner {
                    expires_at: 0,
                    ..inner
                },
                400
            ),
            Err(BindError::Mismatch("expiry"))
        );
        for at in 0..message.len() {
            let mut bad = message.clone();
            bad[at] ^= 1;
            // The last eight bytes of the last block are padding, but chained to the rest by IGE.
            let result = open_bind_message(&permanent, &bad, &inner, 400);
            assert!(result.is_err() || at >= 24 + 64, "{at}");
        }
        for cut in 0..message.len() {
            assert!(open_bind_message(&permanent, &message[..cut], &inner, 400).is_err());
        }
    }
}
