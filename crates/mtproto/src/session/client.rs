//! The client's end of a session: what it has to say. What it hears is in `client_inbox`.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::bind::seal_bind_message;
use super::book::{Acks, Arrived, MsgIds, Seqnos};
use super::container::{Message, pack, packed, portion};
use super::envelope::Envelope;
use super::{GZIP_FROM, OLDEST, moment_of};
use crate::crypto::array;
use crate::service::wire::{put_bytes, put_i32, put_i64, put_u32};
use crate::service::{BindAuthKeyInner, FutureSalt, Service};
use crate::{AuthKey, Random, Side};

/// Pings and the like that are kept until they are answered, at most.
const SERVICES_KEPT: usize = 16;

/// A request keeps its number however often it is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub(super) u64);

/// What a request says.
pub(super) enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// `auth.bindTempAuthKey`, which names its own message id and so is made each time that it is sent.
    Bind {
        permanent: Arc<AuthKey>,
        nonce: i64,
        expires_at: i32,
    },
    /// `rpc_drop_answer` for this request.
    Drop(RequestId),
}

/// A request without its answer.
pub(super) struct Pending {
    pub(super) body: Body,
    /// Where it was last sent: its message id, sequence number and container.
    pub(super) sent: Option<(i64, i32, Option<i64>)>,
    pub(super) refusals: u32,
}

/// What waits to be sent.
pub(super) enum Queued {
    /// A request, with a new message id.
    Request(RequestId),
    /// A request as it was sent before.
    Again(RequestId),
    /// A service message.
    Service(Service),
}

/// One session with a server, as the client keeps it.
///
/// [`request`](Self::request) gives a number, [`flush`](Self::flush) packets to send, and
/// [`receive`](Self::receive) events. Salts, clocks, lost and refused messages are dealt with inside.
pub struct ClientSession {
    pub(super) key: Arc<AuthKey>,
    pub(super) session_id: i64,
    pub(super) salt: i64,
    pub(super) salts: Vec<FutureSalt>,
    /// Seconds, and a fraction of them, that the server's clock is ahead.
    pub(super) ahead: Duration,
    pub(super) behind: Duration,
    pub(super) arrived: Arrived,
    pub(super) acks: Acks,
    pub(super) pending: BTreeMap<RequestId, Pending>,
    pub(super) by_msg_id: BTreeMap<i64, RequestId>,
    pub(super) queue: VecDeque<Queued>,
    /// Service messages that want an answer and have none, by message id, with their container.
    pub(super) services: BTreeMap<i64, (Service, Option<i64>)>,
    /// The server's clock has been seen.
    pub(super) synced: bool,
    /// The session was refused and goes on under another number.
    pub(super) renew: bool,
    pub(super) ids: MsgIds,
    pub(super) seqnos: Seqnos,
    next_request: u64,
}

impl ClientSession {
    /// A fresh session. `salt` and `time_offset` (in seconds) are what the key exchange gave, or what was stored.
    #[must_use]
    pub fn new(key: Arc<AuthKey>, salt: i64, time_offset: i64, random: &mut dyn Random) -> Self {
        let seconds = Duration::from_secs(time_offset.unsigned_abs());
        let (ahead, behind) = if time_offset < 0 {
            (Duration::ZERO, seconds)
        } else {
            (seconds, Duration::ZERO)
        };
        Self {
            key,
            session_id: i64::from_le_bytes(array(random)),
            salt,
            salts: Vec::new(),
            ahead,
            behind,
            arrived: Arrived::new(),
            acks: Acks::default(),
            pending: BTreeMap::new(),
            by_msg_id: BTreeMap::new(),
            queue: VecDeque::new(),
            services: BTreeMap::new(),
            synced: false,
            renew: false,
            ids: MsgIds::default(),
            seqnos: Seqnos::default(),
            next_request: 0,
        }
    }

    /// Its number.
    #[must_use]
    pub fn session_id(&self) -> i64 {
        self.session_id
    }

    /// The salt in use, for storage.
    #[must_use]
    pub fn salt(&self) -> i64 {
        self.salt
    }

    /// The server's clock.
    #[must_use]
    pub fn server_time(&self, now: Duration) -> Duration {
        (now + self.ahead).saturating_sub(self.behind)
    }

    /// How many requests have no answer yet.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        self.pending.len()
    }

    fn ask(&mut self, body: Body) -> RequestId {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        self.pending.insert(
            id,
            Pending {
                body,
                sent: None,
                refusals: 0,
            },
        );
        self.queue.push_back(Queued::Request(id));
        id
    }

    /// Queues a request of the API; its answer comes as an event with this number.
    pub fn request(&mut self, body: Vec<u8>) -> RequestId {
        let shorter = (body.len() > GZIP_FROM).then(|| packed(&body)).flatten();
        self.ask(Body::Bytes(shorter.unwrap_or(body)))
    }

    /// Queues `auth.bindTempAuthKey` for the temporary key that this session lives under.
    ///
    /// `expires_at` is by the server's clock. Source: <https://core.telegram.org/method/auth.bindTempAuthKey>.
    pub fn bind_temp_key(
        &mut self,
        permanent: Arc<AuthKey>,
        expires_at: i32,
        random: &mut dyn Random,
    ) -> RequestId {
        let nonce = i64::from_le_bytes(array(random));
        self.ask(Body::Bind {
            permanent,
            nonce,
            expires_at,
        })
    }

    /// Says that nobody waits for this answer any more. What became of it comes as an event.
    pub fn drop_answer(&mut self, id: RequestId) {
        match self.pending.get(&id) {
            Some(Pending { sent: Some(_), .. }) => {
                self.ask(Body::Drop(id));
            }
            Some(_) => {
                self.pending.remove(&id);
            }
            None => {}
        }
    }

    /// Forgets a request without a word to the server: for when there is no connection, so that it is not sent
    /// again on the next one.
    pub fn forget(&mut self, id: RequestId) {
        if let Some((msg_id, _, _)) = self.pending.remove(&id).and_then(|pending| pending.sent) {
            self.by_msg_id.remove(&msg_id);
        }
    }

    /// Queues a ping; with a delay, the server closes the connection when that time passes without another one.
    pub fn ping(&mut self, ping_id: i64, disconnect_after: Option<Duration>) {
        self.queue.push_back(Queued::Service(match disconnect_after {
            None => Service::Ping { ping_id },
            Some(delay) => Service::PingDelayDisconnect {
                ping_id,
                disconnect_delay: i32::try_from(delay.as_secs()).unwrap_or(i32::MAX),
            },
        }));
    }

    /// Asks for the salts to come; they are used when their time comes.
    pub fn request_salts(&mut self, count: i32) {
        self.queue
            .push_back(Queued::Service(Service::GetFutureSalts { num: count }));
    }

    /// How many salts are known beyond the one in use.
    #[must_use]
    pub fn salts_in_store(&self) -> usize {
        self.salts.len()
    }

    /// Asks the server to forget another session of this key.
    pub fn destroy_session(&mut self, session_id: i64) {
        self.queue
            .push_back(Queued::Service(Service::DestroySession { session_id }));
    }

    /// Asks the server to forget this key.
    pub fn destroy_key(&mut self) {
        self.queue.push_back(Queued::Service(Service::DestroyAuthKey));
    }

    /// To be called on a new connection: what has no answer is sent again.
    ///
    /// It keeps its message id while the server still accepts that, so that nothing is done twice.
    pub fn reconnected(&mut self, now: Duration) {
        let oldest = self.server_time(now).saturating_sub(OLDEST / 2);
        self.queue.retain(|queued| matches!(queued, Queued::Service(_)));
        for (id, pending) in &self.pending {
            let young = pending
                .sent
                .is_some_and(|(msg_id, _, _)| moment_of(msg_id) > oldest);
            self.queue.push_back(if young {
                Queued::Again(*id)
            } else {
                Queued::Request(*id)
            });
        }
    }

    /// When [`flush`](Self::flush) is to be called at the latest, if nothing else happens.
    #[must_use]
    pub fn poll_at(&self) -> Option<Duration> {
        if self.queue.is_empty() {
            self.acks.due()
        } else {
            Some(Duration::ZERO)
        }
    }

    /// Makes packets of everything that waits.
    pub fn flush(&mut self, now: Duration, random: &mut dyn Random) -> Vec<Vec<u8>> {
        if std::mem::take(&mut self.renew) {
            self.session_id = i64::from_le_bytes(array(random));
            (self.ids, self.seqnos, self.arrived) = (MsgIds::default(), Seqnos::default(), Arrived::new());
            self.acks = Acks::default();
        }
        let time = self.server_time(now);
        self.switch_salt(time);
        if let Some(msg_ids) = self.acks.take(now, !self.queue.is_empty()) {
            self.queue.push_back(Queued::Service(Service::MsgsAck(msg_ids)));
        }
        let mut messages = Vec::new();
        let mut again = false;
        for queued in std::mem::take(&mut self.queue) {
            again |= matches!(queued, Queued::Again(_));
            messages.extend(self.compose(queued, time, random));
        }
        let mut packets = Vec::new();
        while !messages.is_empty() {
            let rest = messages.split_off(portion(&messages));
            packets.push(self.packet(messages, again, time, random));
            messages = rest;
        }
        packets
    }

    /// Takes the newest salt whose time has come.
    fn switch_salt(&mut self, time: Duration) {
        let seconds = time.as_secs();
        let good = |salt: &FutureSalt| u64::from(salt.valid_since.max(0).cast_unsigned()) <= seconds;
        if let Some(at) = self.salts.iter().rposition(good) {
            self.salt = self.salts[at].salt;
            self.salts.drain(..=at);
        }
    }

    fn compose(&mut self, queued: Queued, time: Duration, random: &mut dyn Random) -> Option<Message> {
        let (id, repeat) = match queued {
            Queued::Service(service) => {
                let counts = service.content_related();
                let (msg_id, seqno) = (self.ids.next(time, 0), self.seqnos.next(counts));
                let body = service.encode();
                if counts {
                    self.services.insert(msg_id, (service, None));
                    if self.services.len() > SERVICES_KEPT {
                        self.services.pop_first();
                    }
                }
                return Some(Message { msg_id, seqno, body });
            }
            Queued::Request(id) => (id, false),
            Queued::Again(id) => (id, true),
        };
        let pending = self.pending.get(&id)?;
        let (msg_id, seqno) = match pending.sent {
            Some((msg_id, seqno, _)) if repeat => (msg_id, seqno),
            _ => (self.ids.next(time, 0), self.seqnos.next(true)),
        };
        let body = match &pending.body {
            Body::Bytes(bytes) => bytes.clone(),
            Body::Bind {
                permanent,
                nonce,
                expires_at,
            } => self.bind_request(permanent, *nonce, *expires_at, msg_id, random),
            Body::Drop(other) => {
                let req_msg_id = self.pending.get(other)?.sent?.0;
                Service::RpcDropAnswer { req_msg_id }.encode()
            }
        };
        let pending = self.pending.get_mut(&id)?;
        if let Some((old, _, _)) = pending.sent.replace((msg_id, seqno, None)) {
            self.by_msg_id.remove(&old);
        }
        self.by_msg_id.insert(msg_id, id);
        Some(Message { msg_id, seqno, body })
    }

    fn bind_request(
        &self,
        permanent: &AuthKey,
        nonce: i64,
        expires_at: i32,
        msg_id: i64,
        random: &mut dyn Random,
    ) -> Vec<u8> {
        let inner = BindAuthKeyInner {
            nonce,
            temp_auth_key_id: self.key.id(),
            perm_auth_key_id: permanent.id(),
            temp_session_id: self.session_id,
            expires_at,
        };
        let mut out = Vec::with_capacity(136);
        put_u32(&mut out, 0xcdd4_2a05);
        put_i64(&mut out, permanent.id());
        put_i64(&mut out, nonce);
        put_i32(&mut out, expires_at);
        put_bytes(&mut out, &seal_bind_message(permanent, &inner, msg_id, random));
        out
    }

    fn packet(
        &mut self,
        mut messages: Vec<Message>,
        again: bool,
        time: Duration,
        random: &mut dyn Random,
    ) -> Vec<u8> {
        let message = if messages.len() == 1 && !again {
            messages.remove(0)
        } else {
            let (msg_id, seqno) = (self.ids.next(time, 0), self.seqnos.next(false));
            for message in &messages {
                let id = self.by_msg_id.get(&message.msg_id);
                if let Some(sent) = id
                    .and_then(|id| self.pending.get_mut(id))
                    .and_then(|p| p.sent.as_mut())
                {
                    sent.2 = Some(msg_id);
                }
                if let Some((_, container)) = self.services.get_mut(&message.msg_id) {
                    *container = Some(msg_id);
                }
            }
            Message {
                msg_id,
                seqno,
                body: pack(&messages),
            }
        };
        let envelope = Envelope {
            salt: self.salt,
            session_id: self.session_id,
            msg_id: message.msg_id,
            seqno: message.seqno,
            body: message.body,
            quick_ack: 0,
        };
        envelope.seal(&self.key, Side::Client, random)
    }
}

impl fmt::Debug for ClientSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSession")
            .field("key", &self.key)
            .field("session_id", &self.session_id)
            .field("queue", &self.queue.len())
            .field("unanswered", &self.pending.len())
            .finish_non_exhaustive()
    }
}
