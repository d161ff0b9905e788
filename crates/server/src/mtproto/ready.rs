//! Sessions that are signed in already, as each library writes them: with one of these a client needs neither the
//! server's RSA key nor a login.

use super::{DC, Mtproto};
use crate::bot_api::encode::to_base64;
use ringback_world::UserId;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Whose form of session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Library {
    Telethon,
    Gramjs,
    Pyrogram,
    Ringback,
}

impl Library {
    /// By the name that the control API has for it.
    pub(crate) fn named(name: &str) -> Option<Library> {
        Some(match name {
            "telethon" => Library::Telethon,
            "gramjs" => Library::Gramjs,
            "pyrogram" => Library::Pyrogram,
            "ringback" => Library::Ringback,
            _ => return None,
        })
    }
}

impl Mtproto {
    /// A new session of `user`, to be used against `addr`.
    pub(crate) fn ready_session(
        &self,
        user: UserId,
        is_bot: bool,
        library: Library,
        addr: SocketAddr,
    ) -> String {
        let key = self.ready_key(user);
        let mut bytes = vec![DC as u8];
        match library {
            // Both read this: the data centre, its address, its port, the key; "1" is the form's version.
            Library::Telethon | Library::Gramjs => {
                match addr.ip() {
                    IpAddr::V4(ip) => bytes.extend(reachable(ip).octets()),
                    IpAddr::V6(ip) => bytes.extend(ip.octets()),
                }
                // GramJS cannot write ports above 32767 back and does not use the port at all; 443 is what it expects.
                let port = if library == Library::Gramjs {
                    443
                } else {
                    addr.port()
                };
                bytes.extend(port.to_be_bytes());
                bytes.extend(key.as_bytes());
                format!("1{}", padded(&bytes))
            }
            // The data centre, the application, test or not, the key, who, bot or not.
            Library::Pyrogram => {
                bytes.extend(1_u32.to_be_bytes());
                bytes.push(0);
                bytes.extend(key.as_bytes());
                bytes.extend(user.0.to_be_bytes());
                bytes.push(u8::from(is_bot));
                url_safe(&to_base64(&bytes))
            }
            // The address as text, the data centre, who, the key: separated, and so readable but for the key.
            Library::Ringback => {
                let key = url_safe(&to_base64(key.as_bytes()));
                format!("ringback1:{addr}:{DC}:{user}:{key}")
            }
        }
    }
}

/// "Any address" is none to connect to.
fn reachable(ip: Ipv4Addr) -> Ipv4Addr {
    if ip.is_unspecified() {
        Ipv4Addr::LOCALHOST
    } else {
        ip
    }
}

/// With the signs at the end that make it whole fours, which Telethon needs.
fn padded(bytes: &[u8]) -> String {
    let mut text = url_safe(&to_base64(bytes));
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

fn url_safe(base64: &str) -> String {
    base64.replace('+', "-").replace('/', "_")
}
