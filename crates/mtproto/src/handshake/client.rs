//! The client's half, with every check that the security guidelines ask for.

use std::fmt;
use std::time::Duration;

use zeroize::Zeroize;

use super::{HandshakeError, first_salt, open, plain_msg_id, same, seal, secret_exponent, shared_key};
use super::{unwrap_plain, wrap_plain};
use crate::crypto::{
    ConstantTimeEq, DhGroup, RsaPadding, RsaPublicKey, array, factorize, handshake_aes, is_prime_u32, sha1,
};
use crate::service::{
    ClientDhInner, DhGen, DhGenKind, PqInnerData, ReqDhParams, ReqPq, ResPq, ServerDhInner, ServerDhParams,
    SetClientDhParams,
};
use crate::{AuthKey, Random};

/// How often a server may say `dh_gen_retry`.
const MAX_RETRIES: u32 = 5;

/// What kind of key to make, and how.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClientOptions {
    /// The data centre to name; none sends the form without it.
    pub dc: Option<i32>,
    /// A temporary key's lifetime in seconds; none makes a permanent one.
    pub expires_in: Option<i32>,
    /// How the secret is padded.
    pub padding: RsaPadding,
}

/// A key and what was learnt while making it.
#[derive(Debug, Clone)]
pub struct ClientKey {
    /// The key.
    pub key: AuthKey,
    /// The salt to begin with.
    pub salt: i64,
    /// How many seconds the server's clock is ahead of `now`.
    pub time_offset: i64,
    /// For a temporary key: when it ends, by the server's clock.
    pub expires_at: Option<i64>,
}

/// What to do after a packet.
#[derive(Debug)]
pub enum Step {
    /// Send this and wait for the answer.
    Send(Vec<u8>),
    /// The key is made.
    Done(Box<ClientKey>),
}

enum State {
    Pq,
    Params(Box<Params>),
    Finish(Box<Finish>),
    Over,
}

struct Params {
    server_nonce: [u8; 16],
    new_nonce: [u8; 32],
}

struct Finish {
    server_nonce: [u8; 16],
    new_nonce: [u8; 32],
    group: DhGroup,
    g_a: [u8; 256],
    key: AuthKey,
    server_time: i32,
    time_offset: i64,
    retries: u32,
}

impl Drop for Params {
    fn drop(&mut self) {
        self.new_nonce.zeroize();
    }
}

impl Drop for Finish {
    fn drop(&mut self) {
        self.new_nonce.zeroize();
    }
}

/// One key exchange from the client's end.
pub struct ClientHandshake {
    keys: Vec<RsaPublicKey>,
    options: ClientOptions,
    nonce: [u8; 16],
    state: State,
    last_msg_id: i64,
}

impl ClientHandshake {
    /// Begins: the packet is to be sent. `keys` are those of servers that are trusted.
    pub fn start(
        keys: Vec<RsaPublicKey>,
        options: ClientOptions,
        now: Duration,
        random: &mut dyn Random,
    ) -> (Self, Vec<u8>) {
        let nonce = array(random);
        let mut this = Self {
            keys,
            options,
            nonce,
            state: State::Pq,
            last_msg_id: 0,
        };
        let packet = this.wrap(&ReqPq { nonce, multi: true }.encode(), now);
        (this, packet)
    }

    fn wrap(&mut self, body: &[u8], now: Duration) -> Vec<u8> {
        wrap_plain(plain_msg_id(now, &mut self.last_msg_id, 0), body)
    }

    /// Takes the server's answer.
    ///
    /// # Errors
    /// [`HandshakeError`]: this exchange is over; begin another one.
    pub fn receive(
        &mut self,
        packet: &[u8],
        now: Duration,
        random: &mut dyn Random,
    ) -> Result<Step, HandshakeError> {
        let (_, body) = unwrap_plain(packet)?;
        match std::mem::replace(&mut self.state, State::Over) {
            State::Pq => self.split(&ResPq::decode(body)?, now, random),
            State::Params(params) => self.agree(&ServerDhParams::decode(body)?, &params, now, random),
            State::Finish(finish) => self.finish(&DhGen::decode(body)?, finish, now, random),
            State::Over => Err(HandshakeError::Step),
        }
    }

    fn split(
        &mut self,
        answer: &ResPq,
        now: Duration,
        random: &mut dyn Random,
    ) -> Result<Step, HandshakeError> {
        same(&self.nonce, &answer.nonce, "nonce")?;
        let key = answer
            .fingerprints
            .iter()
            .find_map(|print| self.keys.iter().find(|key| key.fingerprint() == *print))
            .ok_or_else(|| HandshakeError::UnknownKey(answer.fingerprints.clone()))?;
        let (p, q) = factorize(answer.pq).ok_or(HandshakeError::Pq)?;
        if p >= q || !is_prime_u32(p) || !is_prime_u32(q) {
            return Err(HandshakeError::Pq);
        }
        let new_nonce = array(random);
        let inner = PqInnerData {
            pq: answer.pq,
            p,
            q,
            nonce: self.nonce,
            server_nonce: answer.server_nonce,
            new_nonce,
            dc: self.options.dc,
            expires_in: self.options.expires_in,
        };
        let mut data = inner.encode();
        let encrypted = key.encrypt(&data, self.options.padding, random);
        data.zeroize();
        let request = ReqDhParams {
            nonce: self.nonce,
            server_nonce: answer.server_nonce,
            p: p.into(),
            q: q.into(),
            fingerprint: key.fingerprint(),
            encrypted_data: encrypted?.to_vec(),
        };
        self.state = State::Params(Box::new(Params {
            server_nonce: answer.server_nonce,
            new_nonce,
        }));
        Ok(Step::Send(self.wrap(&request.encode(), now)))
    }

    fn agree(
        &mut self,
        answer: &ServerDhParams,
        params: &Params,
        now: Duration,
        random: &mut dyn Random,
    ) -> Result<Step, HandshakeError> {
        let Params {
            server_nonce,
            new_nonce,
        } = *params;
        let encrypted = match answer {
            ServerDhParams::Ok {
                nonce,
                server_nonce: echoed,
                encrypted_answer,
            } => {
                same(&self.nonce, nonce, "nonce")?;
                same(&server_nonce, echoed, "server nonce")?;
                encrypted_answer
            }
            ServerDhParams::Fail {
                nonce,
                server_nonce: echoed,
                new_nonce_hash,
            } => {
                same(&self.nonce, nonce, "nonce")?;
                same(&server_nonce, echoed, "server nonce")?;
                let proof = sha1(&[&new_nonce]);
                let genuine = bool::from(proof[4..].ct_eq(new_nonce_hash));
                return Err(if genuine {
                    HandshakeError::Refused
                } else {
                    HandshakeError::NewNonceHash
                });
            }
        };
        let aes = handshake_aes(&server_nonce, &new_nonce);
        let inner = open(encrypted, &aes, ServerDhInner::decode)?;
        same(&self.nonce, &inner.nonce, "nonce")?;
        same(&server_nonce, &inner.server_nonce, "server nonce")?;
        let group = DhGroup::verify(&inner.dh_prime, inner.g.cast_unsigned())?;
        let g_a = group.check_public(&inner.g_a)?;
        let time_offset = i64::from(inner.server_time) - now.as_secs().cast_signed();
        let finish = Finish {
            server_nonce,
            new_nonce,
            group,
            g_a,
            key: AuthKey::from_bytes([0; 256]),
            server_time: inner.server_time,
            time_offset,
            retries: 0,
        };
        self.offer(Box::new(finish), 0, now, random)
    }

    fn offer(
        &mut self,
        mut finish: Box<Finish>,
        retry_id: i64,
        now: Duration,
        random: &mut dyn Random,
    ) -> Result<Step, HandshakeError> {
        let (mut secret, g_b) = secret_exponent(&finish.group, random)?;
        finish.key = shared_key(&finish.group, &finish.g_a, &secret);
        secret.zeroize();
        let inner = ClientDhInner {
            nonce: self.nonce,
            server_nonce: finish.server_nonce,
            retry_id,
            g_b: g_b.to_vec(),
        };
        let aes = handshake_aes(&finish.server_nonce, &finish.new_nonce);
        let request = SetClientDhParams {
            nonce: self.nonce,
            server_nonce: finish.server_nonce,
            encrypted_data: seal(&inner.encode(), &aes, random),
        };
        self.state = State::Finish(finish);
        Ok(Step::Send(self.wrap(&request.encode(), now)))
    }

    fn finish(
        &mut self,
        answer: &DhGen,
        mut finish: Box<Finish>,
        now: Duration,
        random: &mut dyn Random,
    ) -> Result<Step, HandshakeError> {
        same(&self.nonce, &answer.nonce, "nonce")?;
        same(&finish.server_nonce, &answer.server_nonce, "server nonce")?;
        let proof = finish.key.new_nonce_hash(&finish.new_nonce, answer.kind.number());
        if !bool::from(proof.ct_eq(&answer.new_nonce_hash)) {
            return Err(HandshakeError::NewNonceHash);
        }
        match answer.kind {
            DhGenKind::Ok => Ok(Step::Done(Box::new(ClientKey {
                key: finish.key.clone(),
                salt: first_salt(&finish.new_nonce, &finish.server_nonce),
                time_offset: finish.time_offset,
                expires_at: self
                    .options
                    .expires_in
                    .map(|life| i64::from(finish.server_time) + i64::from(life)),
            }))),
            DhGenKind::Retry if finish.retries >= MAX_RETRIES => Err(HandshakeError::Retries),
            DhGenKind::Retry => {
                finish.retries += 1;
                let retry_id = finish.key.aux_hash();
                self.offer(finish, retry_id, now, random)
            }
            DhGenKind::Fail => Err(HandshakeError::Refused),
        }
    }
}

impl fmt::Debug for ClientHandshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Pq => "pq",
            State::Params(_) => "params",
            State::Finish(_) => "finish",
            State::Over => "over",
        };
        f.debug_struct("ClientHandshake")
            .field("state", &state)
            .finish_non_exhaustive()
    }
}
