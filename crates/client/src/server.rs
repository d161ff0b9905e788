//! Servers: a local one, or Telegram's own.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ringback_mtproto::crypto::{PemError, RsaPublicKey};

/// A server: where it is, and the keys that it is known by.
///
/// [`Server::telegram`] is Telegram itself. For a local server, `GET /_ringback/v1/mtproto` tells address and key.
#[derive(Clone, Debug)]
pub struct Server {
    pub(crate) place: Place,
    pub(crate) keys: Vec<RsaPublicKey>,
}

/// One data centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) address: SocketAddr,
    pub(crate) dc: i32,
}

impl Server {
    /// A data centre, and its RSA public key as a `BEGIN RSA PUBLIC KEY` block.
    ///
    /// # Errors
    /// When the text is no such key.
    pub fn new(address: SocketAddr, dc: i32, pem: &str) -> Result<Self, PemError> {
        Ok(Self {
            place: Place { address, dc },
            keys: vec![RsaPublicKey::from_pem(pem)?],
        })
    }

    /// One more key that the server may be known by.
    ///
    /// # Errors
    /// When the text is no such key.
    pub fn key(mut self, pem: &str) -> Result<Self, PemError> {
        self.keys.push(RsaPublicKey::from_pem(pem)?);
        Ok(self)
    }

    /// Telegram. The connection begins at data centre 2; an account that lives elsewhere is followed there when it
    /// signs in.
    ///
    /// It wants the `api_id` and `api_hash` of an application, from <https://my.telegram.org/apps>
    /// ([`Builder::api`](crate::Builder::api)).
    #[must_use]
    pub fn telegram() -> Self {
        Self::of(&PRODUCTION)
    }

    /// Telegram's test servers, whose accounts are apart from the others.
    #[must_use]
    pub fn telegram_test() -> Self {
        Self::of(&TEST)
    }

    fn of(network: &Network) -> Self {
        Self {
            place: network.place(FIRST).unwrap_or(Place {
                address: SocketAddr::from(([127, 0, 0, 1], 0)),
                dc: FIRST,
            }),
            keys: network.keys(),
        }
    }
}

/// The data centre that clients begin with.
const FIRST: i32 = 2;
const PORT: u16 = 443;

/// One of Telegram's networks.
///
/// Addresses and keys are public facts: <https://my.telegram.org/apps> shows them to whoever registers an
/// application, and every client has them built in. They are those on which grammers-session 0.11 and
/// grammers-mtproto 0.11 (MIT or Apache-2.0), Telethon 1.45 and GramJS 2.26 (MIT) agree, data centres having several
/// addresses each; `help.getConfig` tells the others. A test computes the keys' fingerprints.
pub(crate) struct Network {
    centres: &'static [(i32, [u8; 4])],
    pem: &'static str,
}

pub(crate) static PRODUCTION: Network = Network {
    centres: &[
        (1, [149, 154, 175, 53]),
        (2, [149, 154, 167, 51]),
        (3, [149, 154, 175, 100]),
        (4, [149, 154, 167, 91]),
        (5, [91, 108, 56, 130]),
    ],
    pem: "-----BEGIN RSA PUBLIC KEY-----\n\
MIIBCgKCAQEA6LszBcC1LGzyr992NzE0ieY+BSaOW622Aa9Bd4ZHLl+TuFQ4lo4g\n\
5nKaMBwK/BIb9xUfg0Q29/2mgIR6Zr9krM7HjuIcCzFvDtr+L0GQjae9H0pRB2OO\n\
62cECs5HKhT5DZ98K33vmWiLowc621dQuwKWSQKjWf50XYFw42h21P2KXUGyp2y/\n\
+aEyZ+uVgLLQbRA1dEjSDZ2iGRy12Mk5gpYc397aYp438fsJoHIgJ2lgMv5h7WY9\n\
t6N/byY9Nw9p21Og3AoXSL2q/2IJ1WRUhebgAdGVMlV1fkuOQoEzR7EdpqtQD9Cs\n\
5+bfo3Nhmcyvk5ftB0WkJ9z6bNZ7yxrP8wIDAQAB\n\
-----END RSA PUBLIC KEY-----\n",
};

pub(crate) static TEST: Network = Network {
    centres: &[
        (1, [149, 154, 175, 10]),
        (2, [149, 154, 167, 40]),
        (3, [149, 154, 175, 117]),
    ],
    pem: "-----BEGIN RSA PUBLIC KEY-----\n\
MIIBCgKCAQEAyMEdY1aR+sCR3ZSJrtztKTKqigvO/vBfqACJLZtS7QMgCGXJ6XIR\n\
yy7mx66W0/sOFa7/1mAZtEoIokDP3ShoqF4fVNb6XeqgQfaUHd8wJpDWHcR2OFwv\n\
plUUI1PLTktZ9uW2WE23b+ixNwJjJGwBDJPQEQFBE+vfmH0JP503wr5INS1poWg/\n\
j25sIWeYPHYeOrFp/eXaqhISP6G+q2IeTaWTXpwZj4LzXq5YOpk4bYEQ6mvRq7D1\n\
aHWfYmlEGepfaYR8Q0YqvvhYtMte3ITnuSJs171+GDqpdKcSwHnd6FudwGO4pcCO\n\
j4WcDuXc2CTHgH8gFTNhp/Y8/SpDOhvn9QIDAQAB\n\
-----END RSA PUBLIC KEY-----\n",
};

impl Network {
    /// The network that an address belongs to. Its data centres have other addresses beside the known ones, in the
    /// same blocks: 149.154.160.0/20, 91.108.4.0/22 and so on, as `help.getConfig` gives them.
    pub(crate) fn at(address: SocketAddr) -> Option<&'static Network> {
        let IpAddr::V4(ip) = address.ip() else {
            return None;
        };
        let known = |network: &Network| network.centres.iter().any(|(_, at)| Ipv4Addr::from(*at) == ip);
        [&TEST, &PRODUCTION]
            .into_iter()
            .find(|network| known(network))
            .or_else(|| {
                let [a, b, c, _] = ip.octets();
                let telegrams = (a, b) == (149, 154) && (160..176).contains(&c)
                    || (a, b) == (91, 108) && (4..60).contains(&c);
                telegrams.then_some(&PRODUCTION)
            })
    }

    /// Where a data centre is.
    pub(crate) fn place(&self, dc: i32) -> Option<Place> {
        let (_, ip) = self.centres.iter().find(|(id, _)| *id == dc)?;
        Some(Place {
            address: SocketAddr::from((*ip, PORT)),
            dc,
        })
    }

    /// What it is known by.
    pub(crate) fn keys(&self) -> Vec<RsaPublicKey> {
        RsaPublicKey::from_pem(self.pem).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fingerprints are what Telegram's servers name in `resPQ`; clients that are in use know their keys by them.
    #[test]
    fn telegrams_keys_have_their_fingerprints() {
        let print = |network: &Network| {
            network
                .keys()
                .iter()
                .map(RsaPublicKey::fingerprint)
                .collect::<Vec<_>>()
        };
        assert_eq!(print(&PRODUCTION), [-3_414_540_481_677_951_611]);
        assert_eq!(print(&TEST), [-5_595_554_452_916_591_101]);
    }

    #[test]
    fn telegram_is_known_by_its_addresses() {
        let server = Server::telegram();
        assert_eq!((server.place.dc, server.keys.len()), (2, 1));
        assert_eq!(server.place.address.to_string(), "149.154.167.51:443");
        let keys = |address: &str| {
            let network = Network::at(address.parse().unwrap())?;
            Some(network.keys()[0].fingerprint())
        };
        let (live, test) = (
            server.keys[0].fingerprint(),
            Server::telegram_test().keys[0].fingerprint(),
        );
        assert_eq!(keys("149.154.167.92:443"), Some(live));
        assert_eq!(keys("91.108.56.104:443"), Some(live));
        assert_eq!(keys("149.154.167.40:443"), Some(test));
        assert_eq!(keys("127.0.0.1:8081"), None);
        assert_eq!(PRODUCTION.place(6), None);
    }
}
