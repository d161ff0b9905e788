//! MTProto 2.0's encryption of one message.
//!
//! Source: <https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector>.

use thiserror::Error;

use crate::crypto::{ConstantTimeEq, array, ige_decrypt, ige_encrypt, sha256};
use crate::{AuthKey, Random, Side};

/// Why a packet cannot be opened. It is to be dropped without a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EnvelopeError {
    /// It is not whole.
    #[error("the packet is too short or not of whole blocks")]
    Short,
    /// It is encrypted with another key; a server answers with the transport error −404.
    #[error("the packet is encrypted with another key")]
    UnknownKey,
    /// The message key does not fit what was decrypted.
    #[error("the message key is wrong")]
    MsgKey,
    /// The body's length is no multiple of four or does not fit.
    #[error("the message's length is wrong")]
    Length,
    /// There are fewer than 12 or more than 1024 bytes of padding.
    #[error("the message has {0} bytes of padding")]
    Padding(usize),
}

/// One message, opened or about to be sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The salt that its sender thinks is current.
    pub salt: i64,
    /// The session, chosen by the client.
    pub session_id: i64,
    /// The message id.
    pub msg_id: i64,
    /// The sequence number.
    pub seqno: i32,
    /// The message, perhaps a container.
    pub body: Vec<u8>,
    /// What a quick acknowledgement of it says; only known of what was opened.
    pub quick_ack: u32,
}

const HEAD: usize = 24;
const PLAIN_HEAD: usize = 32;

fn offset(from: Side) -> usize {
    match from {
        Side::Client => 0,
        Side::Server => 8,
    }
}

/// The AES key and vector for a message key.
fn derive(key: &AuthKey, msg_key: &[u8; 16], from: Side) -> ([u8; 32], [u8; 32]) {
    let (secret, x) = (key.as_bytes(), offset(from));
    let a = sha256(&[msg_key, &secret[x..x + 36]]);
    let b = sha256(&[&secret[x + 40..x + 76], msg_key]);
    let (mut aes_key, mut iv) = ([0; 32], [0; 32]);
    aes_key[..8].copy_from_slice(&a[..8]);
    aes_key[8..24].copy_from_slice(&b[8..24]);
    aes_key[24..].copy_from_slice(&a[24..]);
    iv[..8].copy_from_slice(&b[..8]);
    iv[8..24].copy_from_slice(&a[8..24]);
    iv[24..].copy_from_slice(&b[24..]);
    (aes_key, iv)
}

/// The hash that the message key and the quick acknowledgement are parts of.
fn msg_key_large(key: &AuthKey, from: Side, plain: &[u8]) -> [u8; 32] {
    let x = 88 + offset(from);
    sha256(&[&key.as_bytes()[x..x + 32], plain])
}

/// Encrypts what stands behind the first 24 bytes and fills those in.
fn encrypt(key: &AuthKey, from: Side, packet: &mut [u8]) {
    let (head, plain) = packet.split_at_mut(HEAD);
    let mut msg_key = [0; 16];
    msg_key.copy_from_slice(&msg_key_large(key, from, plain)[8..24]);
    let (aes_key, iv) = derive(key, &msg_key, from);
    ige_encrypt(&aes_key, &iv, plain.as_chunks_mut().0);
    head[..8].copy_from_slice(&key.id().to_le_bytes());
    head[8..].copy_from_slice(&msg_key);
}

/// Decrypts in place and checks the message key: the plain text and the quick acknowledgement.
fn decrypt<'a>(key: &AuthKey, from: Side, packet: &'a mut [u8]) -> Result<(&'a [u8], u32), EnvelopeError> {
    let (head, rest) = packet
        .split_first_chunk_mut::<HEAD>()
        .ok_or(EnvelopeError::Short)?;
    if head[..8] != key.id().to_le_bytes() {
        return Err(EnvelopeError::UnknownKey);
    }
    let mut msg_key = [0; 16];
    msg_key.copy_from_slice(&head[8..]);
    // What is left over after whole blocks is the transport's padding.
    let blocks = rest.as_chunks_mut().0;
    let (aes_key, iv) = derive(key, &msg_key, from);
    ige_decrypt(&aes_key, &iv, blocks);
    let plain = blocks.as_flattened();
    let large = msg_key_large(key, from, plain);
    if !bool::from(large[8..24].ct_eq(&msg_key)) {
        return Err(EnvelopeError::MsgKey);
    }
    let [a, b, c, d, ..] = large;
    Ok((plain, u32::from_le_bytes([a, b, c, d]) | 0x8000_0000))
}

impl Envelope {
    /// Encrypts it as the given side.
    #[must_use]
    pub fn seal(&self, key: &AuthKey, from: Side, random: &mut dyn Random) -> Vec<u8> {
        let size = PLAIN_HEAD + self.body.len();
        let padding = 12 + (16 - (size + 12) % 16) % 16;
        let mut packet = Vec::with_capacity(HEAD + size + padding);
        packet.resize(HEAD, 0);
        packet.extend(self.salt.to_le_bytes());
        packet.extend(self.session_id.to_le_bytes());
        packet.extend(self.msg_id.to_le_bytes());
        packet.extend(self.seqno.to_le_bytes());
        packet.extend((self.body.len() as u32).to_le_bytes());
        packet.extend_from_slice(&self.body);
        packet.extend_from_slice(&array::<27>(random)[..padding]);
        encrypt(key, from, &mut packet);
        packet
    }
}

/// Opens a packet that the given side sealed.
///
/// # Errors
/// [`EnvelopeError`]. Nothing of the packet may be used then.
pub fn open(key: &AuthKey, from: Side, packet: &mut [u8]) -> Result<Envelope, EnvelopeError> {
    let (plain, quick_ack) = decrypt(key, from, packet)?;
    let (head, rest) = plain
        .split_first_chunk::<PLAIN_HEAD>()
        .ok_or(EnvelopeError::Short)?;
    let long = |at: usize| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&head[at..at + 8]);
        i64::from_le_bytes(bytes)
    };
    let last = long(24);
    let length = (last >> 32) as u32 as usize;
    if !length.is_multiple_of(4) || length > rest.len() {
        return Err(EnvelopeError::Length);
    }
    let padding = rest.len() - length;
    if !(12..=1024).contains(&padding) {
        return Err(EnvelopeError::Padding(padding));
    }
    Ok(Envelope {
        salt: long(0),
        session_id: long(8),
        msg_id: long(16),
        seqno: last as i32,
        body: rest[..length].to_vec(),
        quick_ack,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting() -> AuthKey {
        AuthKey::from_bytes(std::array::from_fn(|i| i as u8))
    }

    fn hex(digits: &str) -> Vec<u8> {
        (0..digits.len() / 2)
            .map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap())
            .collect()
    }

    #[test]
    fn keys_are_derived_as_in_the_known_vectors() {
        let msg_key = std::array::from_fn(|i| i as u8);
        let (key, iv) = derive(&counting(), &msg_key, Side::Client);
        assert_eq!(
            key[..],
            hex("704ed09c8b41668ae8f99d244738f71dbddc44469b6bbd4aa8573dd042bd059e")
        );
        assert_eq!(
            iv[..],
            hex("4d266000a550edabbf4c7ce40fd0043cc92230184cd317a5cc9c2482fd3b9318")
        );
        let (key, iv) = derive(&counting(), &msg_key, Side::Server);
        assert_eq!(
            key[..],
            hex("217725799b245806458174a1fcfbc883906807b15033fdd0ea2b4d69cf9c364e")
        );
        assert_eq!(
            iv[..],
            hex("669a6538917a4fa56ca32360a431c9160be4ad887140980dab91ce7bdc47ffbc")
        );
    }

    #[test]
    fn a_client_encrypts_as_in_the_known_vector() {
        let mut packet = vec![0; HEAD];
        packet.extend(b"Hello, world! This data should remain secure!");
        packet.resize(HEAD + 64, 0);
        encrypt(&counting(), Side::Client, &mut packet);
        let expected = "32d1586ea457dfc8a81729d46db54019a2bfd7f744f9b96c4f716cfdc4477db2a2c15f6ddb85235fb9552f1d\
            8407c6aaea00cc844c5a1bf6ac44b79b5edc2a23868b3d6073a590992c0f2975243d563ea180d218ee757c9a";
        assert_eq!(packet, hex(expected));
    }

    #[test]
    fn a_servers_packet_opens_as_in_the_known_vector() {
        let mut packet = hex(
            "7a7183c2c10e4f4df945fa9a9abd35e7c3840b61f045304f39674c19c0e209784f50f6226a073529d675c92c\
            bf0bfa8c99a79b3f39c72a5d9a026d431ab7407ca04ecc55187d6c45f17871524edd90cea02ed728e14d7cb1\
            8aea2a636158f09459a9437710d894c79f368c4e8164b7647ea98612aefe942c5d92121acb8db02dccceb66d\
            0f8720ac12a06db0582bfd955be34f365118e3bab8cd080ce6b45b28eac56dcd2a29374e",
        );
        let key = hex(
            "5d2e7d65f49ec28bd029a88761ea27b8a4c79f12226525443e7d7c596ef3303530db2107e89aa997c7a0164a\
            b694187adeff156bd6ef7118a1962347753c0e7e89a0354b8ec364f9997e71bc6923fb86e8e43491e010606a\
            6ce845e2fa01940977ef0aa32adf5a97dbf6d428ec0434d717a2d3ad19622cc05887642113c7965ffb862a3e\
            3ccb0ab95addda57f89245dbd76b492348f8e94bd5a7c0e0b84808523cfd1ea80b32fe9ad198bc2e103fceb7\
            d52492ecc0273a28674bc923eee59265ab17a002df1f4aa2c59b819a5e5e1d105ec117336f5c76c6b187037d\
            4b4270cee9cc21071d97e9bca220c6d7b01b998cf2e5cdb9a50ecda1852a36e635690c8e",
        );
        let plain = hex(
            "fc826a02248b28fd60f2c4822443ad6801f0c1c2918b305e0200000058000000dcf8f1730200000001a8c1c2\
            918b305e010000001c0000000809c29ec4fd33ad918b305e18a88ea607ee5816fc826a02248b28fd01ccc1c2\
            918b305e0200000014000000c5737734c4fd33ad918b305e6408300000000000fce66704a3cd8ee9d0ae6fab\
            672c60c04a3f1fd4490e51f6",
        );
        let key = AuthKey::from_bytes(key.try_into().unwrap());
        assert_eq!(decrypt(&key, Side::Server, &mut packet.clone()).unwrap().0, plain);
        let envelope = open(&key, Side::Server, &mut packet).unwrap();
        assert_eq!(envelope.salt.to_le_bytes(), plain[..8]);
        assert_eq!(envelope.seqno, 2);
        assert_eq!(envelope.body, plain[32..120]);
    }

    /// Seals a body whose length field and padding are as told.
    fn forged(key: &AuthKey, length: u32, size: usize) -> Vec<u8> {
        let mut packet = vec![7; HEAD + PLAIN_HEAD + size];
        packet[HEAD + 28..HEAD + 32].copy_from_slice(&length.to_le_bytes());
        encrypt(key, Side::Client, &mut packet);
        packet
    }

    #[test]
    fn lengths_and_padding_are_checked() {
        let key = counting();
        let try_open = |length, size| open(&key, Side::Client, &mut forged(&key, length, size)).map(|_| ());
        assert_eq!(try_open(4, 16), Ok(()));
        assert_eq!(try_open(0, 1024), Ok(()));
        assert_eq!(try_open(3, 16), Err(EnvelopeError::Length));
        assert_eq!(try_open(20, 16), Err(EnvelopeError::Length));
        assert_eq!(try_open(u32::MAX - 3, 16), Err(EnvelopeError::Length));
        assert_eq!(try_open(8, 16), Err(EnvelopeError::Padding(8)));
        assert_eq!(try_open(16, 16), Err(EnvelopeError::Padding(0)));
        assert_eq!(try_open(0, 1040), Err(EnvelopeError::Padding(1040)));
    }

    #[test]
    fn a_changed_packet_and_a_wrong_side_are_refused() {
        let key = counting();
        let envelope = Envelope {
            salt: 1,
            session_id: 2,
            msg_id: 4,
            seqno: 1,
            body: vec![9; 40],
            quick_ack: 0,
        };
        let mut zeros = |out: &mut [u8]| out.fill(0);
        let packet = envelope.seal(&key, Side::Client, &mut zeros);
        let opened = open(&key, Side::Client, &mut packet.clone()).unwrap();
        assert_eq!(
            Envelope {
                quick_ack: 0,
                ..opened
            },
            envelope
        );
        assert_eq!(
            open(&key, Side::Server, &mut packet.clone()),
            Err(EnvelopeError::MsgKey)
        );
        for at in 0..packet.len() {
            let mut bad = packet.clone();
            bad[at] ^= 0x10;
            let expected = if at < 8 {
                EnvelopeError::UnknownKey
            } else {
                EnvelopeError::MsgKey
            };
            assert_eq!(open(&key, Side::Client, &mut bad), Err(expected), "{at}");
        }
        for cut in 0..packet.len() {
            assert!(
                open(&key, Side::Client, &mut packet[..cut].to_vec()).is_err(),
                "{cut}"
            );
        }
        for padding in 0..16 {
            let mut padded = packet.clone();
            padded.resize(packet.len() + padding, 0xaa);
            assert!(
                open(&key, Side::Client, &mut padded).is_ok(),
                "a padded transport adds {padding}"
            );
        }
    }
}
