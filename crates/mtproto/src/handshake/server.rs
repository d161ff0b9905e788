//! The server's half.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroize;

use super::{HandshakeError, first_salt, open, plain_msg_id, same, seal, secret_exponent, shared_key};
use super::{unwrap_plain, wrap_plain};
use crate::crypto::{DhGroup, RsaPrivateKey, array, handshake_aes, random_pq};
use crate::service::{
    ClientDhInner, DhGen, DhGenKind, PqInnerData, ReqDhParams, ReqPq, ResPq, ServerDhInner, ServerDhParams,
    SetClientDhParams,
};
use crate::{AuthKey, Random};

/// A key that has just been made, and what the server is to remember with it.
#[derive(Debug, Clone)]
pub struct NewAuthKey {
    /// The key.
    pub key: AuthKey,
    /// The salt that the client begins with.
    pub salt: i64,
    /// For a temporary key: when it ends, since the Unix epoch.
    pub expires_at: Option<Duration>,
    /// The data centre that the client thinks it talks to, as it said.
    pub dc: Option<i32>,
}

/// What a packet led to.
#[derive(Debug)]
pub struct HandshakeReply {
    /// To be sent back.
    pub packet: Vec<u8>,
    /// The key, once the exchange has made one. It is to be stored before the packet goes out.
    pub created: Option<NewAuthKey>,
}

enum State {
    Idle,
    /// `resPQ` is out.
    Pq {
        nonce: [u8; 16],
        server_nonce: [u8; 16],
        p: u32,
        q: u32,
    },
    /// `server_DH_params_ok` is out.
    Dh {
        nonce: [u8; 16],
        server_nonce: [u8; 16],
        inner: Box<PqInnerData>,
        secret: Box<[u8; 256]>,
    },
}

impl Drop for State {
    fn drop(&mut self) {
        if let Self::Dh { inner, secret, .. } = self {
            inner.new_nonce.zeroize();
            secret.zeroize();
        }
    }
}

/// The exchange on one connection.
///
/// A client may begin anew whenever it likes, and again after a key is made.
pub struct ServerHandshake {
    keys: Arc<[RsaPrivateKey]>,
    group: DhGroup,
    state: State,
    last_msg_id: i64,
}

impl ServerHandshake {
    /// For a fresh connection. `keys` are offered in their order.
    #[must_use]
    pub fn new(keys: Arc<[RsaPrivateKey]>, group: DhGroup) -> Self {
        Self {
            keys,
            group,
            state: State::Idle,
            last_msg_id: 0,
        }
    }

    /// Takes an unencrypted packet of the client.
    ///
    /// `taken` says whether a key of this id exists already, in which case the client is asked for another one.
    ///
    /// # Errors
    /// [`HandshakeError`]: the exchange is off; answer with the transport error −404 and let the client begin anew.
    pub fn receive(
        &mut self,
        packet: &[u8],
        now: Duration,
        random: &mut dyn Random,
        taken: impl FnOnce(i64) -> bool,
    ) -> Result<HandshakeReply, HandshakeError> {
        let (_, body) = unwrap_plain(packet)?;
        // Whatever goes wrong from here ends the exchange, as taking the state out does.
        let state = std::mem::replace(&mut self.state, State::Idle);
        let (answer, created) = if let Ok(request) = ReqPq::decode(body) {
            (self.begin(request, random), None)
        } else if let Ok(request) = ReqDhParams::decode(body) {
            (self.params(&state, &request, now, random)?, None)
        } else {
            self.finish(state, &SetClientDhParams::decode(body)?, now, taken)?
        };
        let msg_id = plain_msg_id(now, &mut self.last_msg_id, 1);
        Ok(HandshakeReply {
            packet: wrap_plain(msg_id, &answer),
            created,
        })
    }

    fn begin(&mut self, request: ReqPq, random: &mut dyn Random) -> Vec<u8> {
        let server_nonce = array(random);
        let (p, q) = random_pq(random);
        self.state = State::Pq {
            nonce: request.nonce,
            server_nonce,
            p,
            q,
        };
        ResPq {
            nonce: request.nonce,
            server_nonce,
            pq: u64::from(p) * u64::from(q),
            fingerprints: self.keys.iter().map(|key| key.public().fingerprint()).collect(),
        }
        .encode()
    }

    fn params(
        &mut self,
        state: &State,
        request: &ReqDhParams,
        now: Duration,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, HandshakeError> {
        let State::Pq {
            nonce,
            server_nonce,
            p,
            q,
        } = state
        else {
            return Err(HandshakeError::Step);
        };
        same(nonce, &request.nonce, "nonce")?;
        same(server_nonce, &request.server_nonce, "server nonce")?;
        if (request.p, request.q) != (u64::from(*p), u64::from(*q)) {
            return Err(HandshakeError::Factors);
        }
        let key = self
            .keys
            .iter()
            .find(|key| key.public().fingerprint() == request.fingerprint)
            .ok_or_else(|| HandshakeError::UnknownKey(vec![request.fingerprint]))?;
        let mut opened = key.decrypt(&request.encrypted_data, |data| {
            PqInnerData::decode(data).ok().map(|(_, n)| n)
        })?;
        let decoded = PqInnerData::decode(&opened.data);
        opened.data.zeroize();
        let (inner, _) = decoded?;
        same(nonce, &inner.nonce, "nonce")?;
        same(server_nonce, &inner.server_nonce, "server nonce")?;
        if (inner.pq, inner.p, inner.q) != (u64::from(*p) * u64::from(*q), *p, *q) {
            return Err(HandshakeError::Factors);
        }
        let (secret, public) = secret_exponent(&self.group, random)?;
        let answer = ServerDhInner {
            nonce: *nonce,
            server_nonce: *server_nonce,
            g: self.group.g().cast_signed(),
            dh_prime: self.group.prime().to_vec(),
            g_a: public.to_vec(),
            server_time: now.as_secs() as i32,
        };
        let aes = handshake_aes(server_nonce, &inner.new_nonce);
        let encrypted_answer = seal(&answer.encode(), &aes, random);
        self.state = State::Dh {
            nonce: *nonce,
            server_nonce: *server_nonce,
            inner: Box::new(inner),
            secret: Box::new(secret),
        };
        Ok(ServerDhParams::Ok {
            nonce: *nonce,
            server_nonce: *server_nonce,
            encrypted_answer,
        }
        .encode())
    }

    fn finish(
        &mut self,
        state: State,
        request: &SetClientDhParams,
        now: Duration,
        taken: impl FnOnce(i64) -> bool,
    ) -> Result<(Vec<u8>, Option<NewAuthKey>), HandshakeError> {
        let State::Dh {
            nonce,
            server_nonce,
            inner,
            secret,
        } = &state
        else {
            return Err(HandshakeError::Step);
        };
        same(nonce, &request.nonce, "nonce")?;
        same(server_nonce, &request.server_nonce, "server nonce")?;
        let aes = handshake_aes(server_nonce, &inner.new_nonce);
        let client = open(&request.encrypted_data, &aes, ClientDhInner::decode)?;
        same(nonce, &client.nonce, "nonce")?;
        same(server_nonce, &client.server_nonce, "server nonce")?;
        let public = self.group.check_public(&client.g_b)?;
        let key = shared_key(&self.group, &public, secret);
        let kind = if taken(key.id()) {
            DhGenKind::Retry
        } else {
            DhGenKind::Ok
        };
        let answer = DhGen {
            kind,
            nonce: *nonce,
            server_nonce: *server_nonce,
            new_nonce_hash: key.new_nonce_hash(&inner.new_nonce, kind.number()),
        }
        .encode();
        if kind == DhGenKind::Retry {
            self.state = state;
            return Ok((answer, None));
        }
        let lifetime = inner
            .expires_in
            .map(|seconds| Duration::from_secs(seconds.max(0).cast_unsigned().into()));
        let created = NewAuthKey {
            key,
            salt: first_salt(&inner.new_nonce, server_nonce),
            expires_at: lifetime.map(|lifetime| now + lifetime),
            dc: inner.dc,
        };
        Ok((answer, Some(created)))
    }
}

impl fmt::Debug for ServerHandshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Idle => "idle",
            State::Pq { .. } => "pq",
            State::Dh { .. } => "dh",
        };
        f.debug_struct("ServerHandshake")
            .field("state", &state)
            .finish_non_exhaustive()
    }
}
