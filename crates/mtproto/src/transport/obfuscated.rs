//! Obfuscation: AES-256-CTR in both directions, with keys that the first 64 bytes carry.
//!
//! It hides nothing from anybody who looks closely; it is what browsers' clients speak within WebSockets.
//! Source: <https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation>.

use std::fmt;

use aes::Aes256;
use aes::cipher::{KeyIvInit, StreamCipher};

use super::{Framing, ProxySecret, TransportError};
use crate::Random;
use crate::crypto::sha256;

type Cipher = ctr::Ctr128BE<Aes256>;

/// First words that would be taken for something else: HTTP, TLS and the other transports.
const RESERVED: [[u8; 4]; 7] = [
    *b"HEAD",
    *b"POST",
    *b"GET ",
    *b"OPTI",
    [0x16, 3, 1, 2],
    [0xdd; 4],
    [0xee; 4],
];

/// The two ciphers of one connection.
pub(super) struct Obfuscation {
    outgoing: Cipher,
    incoming: Cipher,
}

/// The two ciphers that a header gives: the client's direction, then the server's. A proxy's secret goes into the keys.
fn ciphers(header: &[u8; 64], proxy: Option<&ProxySecret>) -> (Cipher, Cipher) {
    let cipher = |secret: &[u8; 48]| {
        let (mut key, mut iv) = ([0; 32], [0; 16]);
        match proxy {
            None => key.copy_from_slice(&secret[..32]),
            Some(proxy) => key = sha256(&[&secret[..32], proxy]),
        }
        iv.copy_from_slice(&secret[32..]);
        Cipher::new(&key.into(), &iv.into())
    };
    let mut secret = [0; 48];
    secret.copy_from_slice(&header[8..56]);
    let forward = cipher(&secret);
    secret.reverse();
    (forward, cipher(&secret))
}

impl Obfuscation {
    pub(super) fn connect(framing: Framing, dc: i16, random: &mut dyn Random) -> (Self, [u8; 64]) {
        let mut header = [0; 64];
        loop {
            random.fill(&mut header);
            let reserved = RESERVED.iter().any(|word| header.starts_with(word));
            if header[0] != 0xef && !reserved && header[4..8] != [0; 4] {
                break;
            }
        }
        header[56..60].copy_from_slice(&framing.inner_tag());
        header[60..62].copy_from_slice(&dc.to_le_bytes());
        let (mut outgoing, incoming) = ciphers(&header, None);
        // The whole header runs through the cipher, but only its last eight bytes go out encrypted.
        let mut covered = header;
        outgoing.apply_keystream(&mut covered);
        header[56..].copy_from_slice(&covered[56..]);
        (Self { outgoing, incoming }, header)
    }

    /// With `proxy`, a header that it opens is taken as well.
    pub(super) fn accept(
        header: &[u8; 64],
        proxy: Option<&ProxySecret>,
    ) -> Result<(Self, Framing), TransportError> {
        let plain = Self::accept_with(header, None);
        match proxy {
            Some(proxy) => plain.or_else(|error| Self::accept_with(header, Some(proxy)).map_err(|_| error)),
            None => plain,
        }
    }

    fn accept_with(
        header: &[u8; 64],
        proxy: Option<&ProxySecret>,
    ) -> Result<(Self, Framing), TransportError> {
        let (mut incoming, outgoing) = ciphers(header, proxy);
        let mut opened = *header;
        incoming.apply_keystream(&mut opened);
        let mut tag = [0; 4];
        tag.copy_from_slice(&opened[56..60]);
        let framing = Framing::from_inner_tag(tag).ok_or(TransportError::Tag(u32::from_le_bytes(tag)))?;
        Ok((Self { outgoing, incoming }, framing))
    }

    pub(super) fn outgoing(&mut self, bytes: &mut [u8]) {
        self.outgoing.apply_keystream(bytes);
    }

    pub(super) fn incoming(&mut self, bytes: &mut [u8]) {
        self.incoming.apply_keystream(bytes);
    }
}

impl fmt::Debug for Obfuscation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Obfuscation")
    }
}
