//! MTProto on the one port: user clients and bots of any library, on the same world as the Bot API.
//!
//! A connection ([`connection`], [`websocket`]) carries packets; a packet belongs to a key ([`keys`]) or makes one; a
//! key's packets belong to sessions ([`session`]), which outlive connections; a session's requests are answered by
//! [`rpc`], one file for each group of calls; and what happens in the world is pushed to the sessions of whoever it
//! concerns ([`push`]).
//!
//! Nothing here decides a rule of Telegram's: requests become [`calls`](ringback_world::calls), and what the world
//! holds becomes TL ([`encode`]).

mod asides;
mod connection;
mod decode;
mod encode;
mod keys;
mod passwords;
mod push;
mod ready;
mod rpc;
mod sent;
mod session;
mod shown;
mod uploads;
mod vault;
mod websocket;

pub(crate) use connection::{detect, serve};
pub(crate) use push::{News, SessionName};
pub(crate) use ready::Library;
pub(crate) use rpc::login_code;
pub(crate) use websocket::{frames, upgrade};

use keys::Keys;
use passwords::Passwords;
use redb::Database;
use ringback_mtproto::crypto::{DhError, DhGroup, RsaPrivateKey};
use ringback_mtproto::transport::ProxySecret;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use vault::Vault;

/// The one data centre that this server is.
pub(crate) const DC: i32 = 2;

/// The secret for clients that are told of this server as of an MTProto proxy. It is no secret at all: it keeps strangers
/// from nothing, and a proxy's address needs one.
pub(crate) const PROXY_SECRET: ProxySecret = *b"ringback-local!!";

/// Everything about MTProto that is not in the world: keys, who is signed in, passwords.
#[derive(Debug)]
pub(crate) struct Mtproto {
    rsa: OnceLock<Arc<[RsaPrivateKey]>>,
    group: Option<DhGroup>,
    salt_secret: [u8; 32],
    keys: Mutex<Keys>,
    passwords: Mutex<Passwords>,
    sent: Mutex<sent::Sent>,
    uploads: Mutex<uploads::Uploads>,
    vault: Vault,
}

impl Mtproto {
    /// With what `database` holds, or with nothing.
    pub(crate) fn open(database: Option<Arc<Database>>) -> Result<Mtproto, redb::Error> {
        let vault = Vault::new(database);
        let salt_secret = vault.salt_secret()?;
        let keys = Keys::new(vault.keys()?);
        let passwords = Passwords::new(vault.passwords()?);
        Ok(Mtproto {
            rsa: OnceLock::new(),
            group: telegram_group().ok(),
            salt_secret,
            keys: Mutex::new(keys),
            passwords: Mutex::new(passwords),
            sent: Mutex::default(),
            uploads: Mutex::default(),
            vault,
        })
    }

    /// The server's RSA key: made when it is first asked for, and then kept.
    pub(crate) fn rsa(&self) -> Arc<[RsaPrivateKey]> {
        let key = self.rsa.get_or_init(|| {
            let kept = self.vault.rsa().ok().flatten();
            let kept = kept.and_then(|pem| RsaPrivateKey::from_pem(&pem).ok());
            let key = kept.unwrap_or_else(|| {
                let key = new_rsa_key();
                if let Err(error) = self.vault.save_rsa(&key.to_pem()) {
                    tracing::error!(%error, "cannot keep the server's RSA key; clients will not know it after a restart");
                }
                key
            });
            Arc::from([key])
        });
        Arc::clone(key)
    }

    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn passwords(&self) -> MutexGuard<'_, Passwords> {
        self.passwords.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A key whose fingerprint has no leading zero as hex digits, which one library (mtcute) writes without them.
fn new_rsa_key() -> RsaPrivateKey {
    loop {
        let key = RsaPrivateKey::generate(&mut random);
        if key.public().fingerprint().cast_unsigned() >> 60 != 0 {
            return key;
        }
    }
}

/// Telegram's group, which some libraries compare with.
fn telegram_group() -> Result<DhGroup, DhError> {
    DhGroup::telegram(3)
}

/// Random bytes of the operating system.
fn random(out: &mut [u8]) {
    if let Err(error) = getrandom::fill(out) {
        // Keys that are not random are worse than no server.
        tracing::error!(%error, "the operating system gives no random bytes");
        std::process::abort();
    }
}

fn random_array<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    random(&mut out);
    out
}

/// The time of day, by which the protocol counts; the world's own clock may stand still.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
