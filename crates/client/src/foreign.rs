//! Sessions as other libraries write them, so that one account's session can be used by several programs.
//!
//! | library | its text |
//! |---|---|
//! | Telethon, GramJS | `1`, and in base64: data centre, address (4 or 16 bytes), port, key |
//! | Pyrogram 2, Kurigram | in base64: data centre, `api_id`, whether a test server, key, account, whether a bot; no address |
//!
//! Sources: `telethon/sessions/string.py` of Telethon 1.45, `sessions/StringSession.js` of GramJS 2.26,
//! `pyrogram/storage/storage.py` of Pyrogram 2.0.106.

use std::net::{IpAddr, SocketAddr};

use ringback_mtproto::AuthKey;
use zeroize::Zeroizing;

use crate::base64::{decode, encode};
use crate::server::{Network, PRODUCTION, TEST};
use crate::session::{Session, SessionError};

const KEY: usize = 256;

impl Session {
    /// The session as Telethon and GramJS read it. It is a secret.
    ///
    /// GramJS does not use the port, and cannot write one above 32767: for it, a server elsewhere than at 443 is named
    /// by the class of its connection, and here goes 443 in its place.
    ///
    /// # Errors
    /// When the data centre's number does not fit into a byte.
    pub fn to_telethon(&self, for_gramjs: bool) -> Result<Zeroizing<String>, SessionError> {
        let mut bytes = self.centre()?;
        match self.address.ip() {
            IpAddr::V4(ip) => bytes.extend(ip.octets()),
            IpAddr::V6(ip) => bytes.extend(ip.octets()),
        }
        let port = if for_gramjs { 443 } else { self.address.port() };
        bytes.extend(port.to_be_bytes());
        bytes.extend(self.key.as_bytes());
        Ok(Zeroizing::new(format!("1{}", *padded(&bytes))))
    }

    /// Reads what [`to_telethon`](Self::to_telethon) writes. Who is signed in it does not say: 0.
    ///
    /// # Errors
    /// When the text is no such session.
    pub fn from_telethon(text: &str) -> Result<Self, SessionError> {
        let bytes = text
            .trim()
            .strip_prefix('1')
            .and_then(decode)
            .ok_or(SessionError::Foreign("Telethon"))?;
        let (address, rest) = match bytes.len() {
            263 => (IpAddr::from(array::<4>(&bytes, 1)), 5),
            275 => (IpAddr::from(array::<16>(&bytes, 1)), 17),
            _ => return Err(SessionError::Foreign("Telethon")),
        };
        Ok(Self {
            address: SocketAddr::new(address, u16::from_be_bytes(array(&bytes, rest))),
            dc: bytes[0].into(),
            user: 0,
            key: AuthKey::from_bytes(array::<KEY>(&bytes, rest + 2)),
        })
    }

    /// The session as Pyrogram 2 and Kurigram read it. It is a secret.
    ///
    /// `api_id` is the application's, and `bot` whether the account is one. The server's address is not in it.
    ///
    /// # Errors
    /// When the data centre's number does not fit into a byte.
    pub fn to_pyrogram(&self, api_id: u32, bot: bool) -> Result<Zeroizing<String>, SessionError> {
        let test = Network::at(self.address).is_some_and(|network| std::ptr::eq(network, &TEST));
        let mut bytes = self.centre()?;
        bytes.extend(api_id.to_be_bytes());
        bytes.push(test.into());
        bytes.extend(self.key.as_bytes());
        bytes.extend(self.user.to_be_bytes());
        bytes.push(bot.into());
        Ok(encode(&bytes))
    }

    /// Reads what [`to_pyrogram`](Self::to_pyrogram) writes, with the address that Telegram's data centre has.
    ///
    /// # Errors
    /// When the text is no such session, or the data centre is not known.
    pub fn from_pyrogram(text: &str) -> Result<Self, SessionError> {
        let bytes = decode(text.trim())
            .filter(|bytes| bytes.len() == 271)
            .ok_or(SessionError::Foreign("Pyrogram"))?;
        let network = if bytes[5] == 0 { &PRODUCTION } else { &TEST };
        let dc = bytes[0].into();
        let place = network.place(dc).ok_or(SessionError::Part("data centre"))?;
        Ok(Self {
            address: place.address,
            dc,
            user: i64::from_be_bytes(array(&bytes, 6 + KEY)),
            key: AuthKey::from_bytes(array::<KEY>(&bytes, 6)),
        })
    }

    fn centre(&self) -> Result<Zeroizing<Vec<u8>>, SessionError> {
        let dc = u8::try_from(self.dc).map_err(|_| SessionError::Part("data centre"))?;
        // Room for all of it, so that no copy of the key is left behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(512));
        bytes.push(dc);
        Ok(bytes)
    }
}

/// Telethon wants whole fours.
fn padded(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = encode(bytes);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// `N` bytes from a place that is known to be there.
fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.iter_mut()
        .zip(bytes.iter().skip(at))
        .for_each(|(to, from)| *to = *from);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(address: &str) -> Session {
        let mut key = [0; 256];
        key.iter_mut().enumerate().for_each(|(at, byte)| *byte = at as u8);
        Session {
            address: address.parse().unwrap(),
            dc: 2,
            user: 5_000_000_001,
            key: AuthKey::from_bytes(key),
        }
    }

    #[test]
    fn telethon_there_and_back() {
        for address in ["127.0.0.1:8081", "[2001:67c:4e8:f002::a]:443"] {
            let session = session(address);
            let text = session.to_telethon(false).unwrap();
            let back = Session::from_telethon(&text).unwrap();
            assert_eq!(
                back,
                Session {
                    user: 0,
                    ..session.clone()
                }
            );
            assert_eq!(
                Session::from_telethon(&session.to_telethon(true).unwrap())
                    .unwrap()
                    .address
                    .port(),
                443
            );
            for end in 0..text.len() {
                let cut = Session::from_telethon(&text[..end]);
                // The last sign is padding, and the beginning of a long address can be a short one.
                let whole = end + 1 == text.len() || session.address.is_ipv6() && end == 352;
                assert_eq!(cut.is_ok(), whole, "{end}");
            }
        }
    }

    #[test]
    fn pyrogram_there_and_back() {
        for (address, dc) in [("149.154.167.51:443", 2), ("149.154.167.40:443", 2)] {
            let session = Session {
                dc,
                ..session(address)
            };
            let text = session.to_pyrogram(6, false).unwrap();
            assert_eq!(text.len(), 362);
            assert_eq!(Session::from_pyrogram(&text).unwrap(), session);
        }
        assert!(Session::from_pyrogram("AgAA").is_err());
        let far = Session {
            dc: 300,
            ..session("127.0.0.1:1")
        };
        assert!(far.to_pyrogram(6, false).is_err() && far.to_telethon(false).is_err());
    }
}
