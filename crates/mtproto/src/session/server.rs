//! The server's end of a session: what it has to say. What it hears is in `server_inbox`.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::book::{Acks, Arrived, MsgIds, Seqnos};
use super::container::{Message, pack, packed, portion};
use super::envelope::Envelope;
use super::{GZIP_FROM, ServerSalts};
use crate::service::wire::{put_i64, put_u32};
use crate::service::{RpcError, Service, ids};
use crate::{AuthKey, Random, Side};

/// Answers and updates that are kept until they are acknowledged, at most.
const KEPT: usize = 1024;

/// And at most this many bytes of them, but for the latest.
const KEPT_BYTES: usize = 32 << 20;

/// An answer as long as this is a reason to count them.
const LONG: usize = 16 << 10;

/// What may be turned off.
#[derive(Debug, Clone, Copy)]
pub struct SessionOptions {
    /// Compress results that get shorter by it.
    pub gzip: bool,
    /// Refuse messages whose sequence numbers break the rules (codes 32 to 35).
    pub check_seqno: bool,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            gzip: true,
            check_seqno: true,
        }
    }
}

/// What is known of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    /// It is being worked on.
    Running,
    /// It is, but nobody waits for the answer any more.
    Dropped,
    /// Its answer is this message.
    Answered(i64),
}

/// A message that may have to be sent again.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) seqno: i32,
    pub(super) body: Vec<u8>,
    /// The request that it answers.
    pub(super) answers: Option<i64>,
}

/// One session of one client, as the server keeps it.
///
/// Open a packet with [`open`](super::open), find or make the session by its
/// [`session_id`](super::Envelope::session_id), give it to [`receive`](Self::receive), act on the events, answer, and
/// send what [`flush`](Self::flush) gives.
pub struct ServerSession {
    pub(super) key: Arc<AuthKey>,
    pub(super) session_id: i64,
    pub(super) salts: ServerSalts,
    pub(super) options: SessionOptions,
    pub(super) begun: bool,
    pub(super) arrived: Arrived,
    pub(super) acks: Acks,
    pub(super) requests: BTreeMap<i64, Request>,
    pub(super) kept: BTreeMap<i64, Kept>,
    ids: MsgIds,
    seqnos: Seqnos,
    outbox: VecDeque<Message>,
}

impl ServerSession {
    /// A session that has just been heard of.
    #[must_use]
    pub fn new(key: Arc<AuthKey>, session_id: i64, salts: ServerSalts, options: SessionOptions) -> Self {
        Self {
            key,
            session_id,
            salts,
            options,
            begun: false,
            arrived: Arrived::new(),
            acks: Acks::default(),
            requests: BTreeMap::new(),
            kept: BTreeMap::new(),
            ids: MsgIds::default(),
            seqnos: Seqnos::default(),
            outbox: VecDeque::new(),
        }
    }

    /// Its number, chosen by the client.
    #[must_use]
    pub fn session_id(&self) -> i64 {
        self.session_id
    }

    /// The key that it lives under.
    #[must_use]
    pub fn auth_key(&self) -> &Arc<AuthKey> {
        &self.key
    }

    /// Answers a request; `false`, and nothing sent, if the request is unknown, answered or dropped.
    ///
    /// `body` is the result's bytes. An answer to a request that a client does not know of makes some clients crash:
    /// that is why there is no way to send one.
    pub fn reply(&mut self, request: i64, body: &[u8], now: Duration) -> bool {
        if self.requests.get(&request) != Some(&Request::Running) {
            if self.requests.get(&request) == Some(&Request::Dropped) {
                self.requests.remove(&request);
            }
            return false;
        }
        let shorter = (self.options.gzip && body.len() > GZIP_FROM)
            .then(|| packed(body))
            .flatten();
        let answer = self.result(request, shorter.as_deref().unwrap_or(body), now);
        self.requests.insert(request, Request::Answered(answer));
        true
    }

    /// Answers a request with an error; `false` as in [`reply`](Self::reply).
    pub fn reply_error(&mut self, request: i64, code: i32, message: &str, now: Duration) -> bool {
        self.reply(
            request,
            &RpcError {
                code,
                message: message.to_owned(),
            }
            .encode(),
            now,
        )
    }

    /// Sends an update or anything else that answers nothing. Returns its message id.
    pub fn push(&mut self, body: Vec<u8>, now: Duration) -> i64 {
        self.send(body, true, None, 3, now)
    }

    /// Queues `rpc_result` and gives its message id.
    pub(super) fn result(&mut self, request: i64, body: &[u8], now: Duration) -> i64 {
        let mut result = Vec::with_capacity(12 + body.len());
        put_u32(&mut result, ids::RPC_RESULT);
        put_i64(&mut result, request);
        result.extend_from_slice(body);
        self.acks.remove(request);
        self.send(result, true, Some(request), 1, now)
    }

    /// Queues a service message.
    pub(super) fn say(&mut self, service: &Service, now: Duration) {
        let (low, counts) = match service {
            Service::NewSessionCreated { .. } => (3, true),
            _ => (1, false),
        };
        self.send(service.encode(), counts, None, low, now);
    }

    fn send(&mut self, body: Vec<u8>, counts: bool, answers: Option<i64>, low: i64, now: Duration) -> i64 {
        let (msg_id, seqno) = (self.ids.next(now, low), self.seqnos.next(counts));
        if counts {
            self.kept.insert(
                msg_id,
                Kept {
                    seqno,
                    body: body.clone(),
                    answers,
                },
            );
            self.bound_kept(body.len());
        }
        self.outbox.push_back(Message { msg_id, seqno, body });
        msg_id
    }

    /// Lets go of the oldest of what is kept, if it is too much with the latest.
    fn bound_kept(&mut self, latest: usize) {
        // Only long answers are a reason to count: [`KEPT`] bounds the short ones.
        let mut bytes = match latest {
            LONG.. => self.kept.values().map(|kept| kept.body.len()).sum(),
            _ => 0,
        };
        while self.kept.len() > KEPT || (bytes > KEPT_BYTES && self.kept.len() > 1) {
            let Some((_, oldest)) = self.kept.pop_first() else {
                return;
            };
            bytes = bytes.saturating_sub(oldest.body.len());
            if let Some(request) = oldest.answers {
                self.requests.remove(&request);
            }
        }
    }

    /// Queues a kept message once more, with its old id; `false` if it is not kept any more.
    pub(super) fn again(&mut self, msg_id: i64) -> bool {
        let Some(kept) = self.kept.get(&msg_id) else {
            return false;
        };
        if !self.outbox.iter().any(|queued| queued.msg_id == msg_id) {
            self.outbox.push_back(Message {
                msg_id,
                seqno: kept.seqno,
                body: kept.body.clone(),
            });
        }
        true
    }

    /// Queues every update once more that has not been acknowledged, for a client that came back.
    ///
    /// Answers are left out: a client that still wants one repeats its request, and some clients cannot bear an
    /// answer to a request that they have given up.
    pub fn resend_updates(&mut self) {
        let updates: Vec<i64> = self
            .kept
            .iter()
            .filter(|(_, kept)| kept.answers.is_none())
            .map(|(msg_id, _)| *msg_id)
            .collect();
        for msg_id in updates {
            self.again(msg_id);
        }
    }

    /// How many messages wait to be acknowledged.
    #[must_use]
    pub fn unacknowledged(&self) -> usize {
        self.kept.len()
    }

    /// When [`flush`](Self::flush) is to be called at the latest, if nothing else happens.
    #[must_use]
    pub fn poll_at(&self) -> Option<Duration> {
        if self.outbox.is_empty() {
            self.acks.due()
        } else {
            Some(Duration::ZERO)
        }
    }

    /// Makes packets of everything that waits: one message alone, several in containers.
    pub fn flush(&mut self, now: Duration, random: &mut dyn Random) -> Vec<Vec<u8>> {
        if let Some(msg_ids) = self.acks.take(now, !self.outbox.is_empty()) {
            self.say(&Service::MsgsAck(msg_ids), now);
        }
        let mut messages: Vec<Message> = self.outbox.drain(..).collect();
        let mut packets = Vec::new();
        while !messages.is_empty() {
            let rest = messages.split_off(portion(&messages));
            packets.push(self.packet(messages, now, random));
            messages = rest;
        }
        packets
    }

    fn packet(&mut self, mut messages: Vec<Message>, now: Duration, random: &mut dyn Random) -> Vec<u8> {
        // A repeated message is older than what went out since: only a container may carry it.
        let repeated = messages
            .first()
            .is_some_and(|first| self.ids.is_past(first.msg_id));
        let message = if messages.len() == 1 && !repeated {
            messages.remove(0)
        } else {
            let body = pack(&messages);
            Message {
                msg_id: self.ids.next(now, 1),
                seqno: self.seqnos.next(false),
                body,
            }
        };
        let envelope = Envelope {
            salt: self.salts.current(now),
            session_id: self.session_id,
            msg_id: message.msg_id,
            seqno: message.seqno,
            body: message.body,
            quick_ack: 0,
        };
        envelope.seal(&self.key, Side::Server, random)
    }
}

impl fmt::Debug for ServerSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerSession")
            .field("key", &self.key)
            .field("session_id", &self.session_id)
            .field("outbox", &self.outbox.len())
            .field("unacknowledged", &self.kept.len())
            .finish_non_exhaustive()
    }
}
