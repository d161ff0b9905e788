//! What a client's session makes of what the server sends.

use std::time::Duration;

use super::SessionError;
use super::book::{Age, Seen, age};
use super::client::{Body, ClientSession, Queued, RequestId};
use super::container::{Message, constructor, copied, unpack, unpacked};
use super::envelope::open;
use super::moment_of;
use crate::Side;
use crate::service::{DropAnswer, Reader, RpcError, Service, WireError, ids};

/// A request that is refused so often is given up.
const MAX_REFUSALS: u32 = 8;

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientEvent {
    /// A request is answered.
    Answer {
        /// Which.
        id: RequestId,
        /// The result's bytes, unpacked, or the server's error.
        result: Result<Vec<u8>, RpcError>,
    },
    /// A request has arrived; its answer may take a while.
    Acknowledged(RequestId),
    /// A request was refused again and again with this code of `bad_msg_notification`.
    Failed {
        /// Which.
        id: RequestId,
        /// The code.
        code: i32,
    },
    /// What became of an answer that is not wanted any more.
    Dropped {
        /// The request.
        id: RequestId,
        /// The server's word.
        answer: DropAnswer,
    },
    /// An update, or anything else that answers nothing.
    Update(Vec<u8>),
    /// The server has met this session anew: updates may have been missed.
    SessionCreated,
    /// The answer to a ping.
    Pong {
        /// Its number.
        ping_id: i64,
    },
    /// The salts that were asked for have come.
    Salts(usize),
    /// Another session is forgotten, or was not there.
    SessionDestroyed {
        /// Which.
        session_id: i64,
        /// Whether it was there.
        found: bool,
    },
    /// This key is forgotten (`Some(true)`), was not known (`Some(false)`) or stays (`None`).
    KeyDestroyed(Option<bool>),
    /// A message could not be read.
    Malformed(WireError),
}

impl ClientSession {
    /// Takes an encrypted packet of the server.
    ///
    /// # Errors
    /// [`SessionError`]: the packet is to be dropped. The connection may go on; but when packet after packet is
    /// untimely ([`SessionError::Time`]), this machine's clock has jumped and a new session is needed.
    pub fn receive(&mut self, mut packet: Vec<u8>, now: Duration) -> Result<Vec<ClientEvent>, SessionError> {
        let envelope = open(&self.key, Side::Server, &mut packet)?;
        if envelope.session_id != self.session_id || self.renew {
            return Err(SessionError::SessionId);
        }
        let (msg_id, seqno, body) = (envelope.msg_id, envelope.seqno, envelope.body);
        if msg_id & 1 == 0 {
            return Err(SessionError::Parity);
        }
        match self.arrived.find(msg_id) {
            Seen::New => {}
            Seen::Before | Seen::Forgotten => return Err(SessionError::Replay),
        }
        if age(msg_id, self.server_time(now)) != Age::Good {
            // The first packet of a session cannot be an old one, as the session's number is new: it sets the clock.
            // Later only the server's complaint about the clock is let through, which must not be thrown away for
            // being untimely.
            if self.synced && !self.complains_about_time(&body) {
                return Err(SessionError::Time);
            }
            self.set_clock(moment_of(msg_id), now);
        }
        self.synced = true;
        let mut events = Vec::new();
        self.message(Message { msg_id, seqno, body }, true, now, &mut events);
        Ok(events)
    }

    fn complains_about_time(&self, body: &[u8]) -> bool {
        match Service::decode(body) {
            Ok(Some(Service::BadMsg {
                bad_msg_id,
                error_code: 16 | 17,
                ..
            })) => self.names_own(bad_msg_id),
            _ => false,
        }
    }

    /// Whether a message of this session, or a container, has this id.
    fn names_own(&self, msg_id: i64) -> bool {
        self.pending
            .values()
            .filter_map(|pending| pending.sent)
            .any(|(id, _, container)| id == msg_id || container == Some(msg_id))
            || self
                .services
                .iter()
                .any(|(id, (_, container))| *id == msg_id || *container == Some(msg_id))
    }

    fn message(&mut self, message: Message, outer: bool, now: Duration, events: &mut Vec<ClientEvent>) {
        let Message { msg_id, seqno, body } = message;
        if self.arrived.find(msg_id) != Seen::New {
            // Within a container, a message may be repeated because its acknowledgement was lost.
            if seqno & 1 == 1 {
                self.acks.add(msg_id, now);
            }
            return;
        }
        self.arrived.insert(msg_id, seqno);
        let kind = constructor(&body);
        if kind == Some(ids::MSG_CONTAINER) {
            let inner = if outer { unpack(&body) } else { None };
            let Some(inner) = inner else {
                return events.push(ClientEvent::Malformed(WireError::Value));
            };
            for one in inner.into_iter().filter(|one| one.msg_id & 1 == 1) {
                self.message(one, false, now, events);
            }
            return;
        }
        if seqno & 1 == 1 {
            self.acks.add(msg_id, now);
        }
        if kind == Some(ids::MSG_COPY) {
            match copied(&body).filter(|inner| outer && inner.msg_id & 1 == 1) {
                Some(inner) => self.message(inner, false, now, events),
                None => events.push(ClientEvent::Malformed(WireError::Value)),
            }
            return;
        }
        if kind == Some(ids::RPC_RESULT) {
            return self.result(&body, events);
        }
        let Some(body) = unpacked(body) else {
            return events.push(ClientEvent::Malformed(WireError::Value));
        };
        match Service::decode(&body) {
            Ok(Some(service)) => self.service(msg_id, service, now, events),
            Ok(None) if constructor(&body) == Some(ids::RPC_RESULT) => self.result(&body, events),
            Ok(None) => events.push(ClientEvent::Update(body)),
            Err(error) => events.push(ClientEvent::Malformed(error)),
        }
    }

    fn result(&mut self, body: &[u8], events: &mut Vec<ClientEvent>) {
        let mut reader = Reader::new(body);
        let (Ok(()), Ok(request)) = (reader.expect(ids::RPC_RESULT), reader.i64()) else {
            return events.push(ClientEvent::Malformed(WireError::Short));
        };
        // An answer to a request that was given up is no news.
        let Some(id) = self.by_msg_id.remove(&request) else {
            return;
        };
        let Some(pending) = self.pending.remove(&id) else {
            return;
        };
        let Some(body) = unpacked(reader.rest().to_vec()) else {
            let error = RpcError {
                code: 500,
                message: "CANNOT_UNPACK_RESULT".to_owned(),
            };
            return events.push(ClientEvent::Answer {
                id,
                result: Err(error),
            });
        };
        if let Body::Drop(other) = pending.body {
            if let Ok(Some(Service::DropAnswer(answer))) = Service::decode(&body) {
                if let Some((msg_id, _, _)) = self.pending.remove(&other).and_then(|dropped| dropped.sent) {
                    self.by_msg_id.remove(&msg_id);
                }
                events.push(ClientEvent::Dropped { id: other, answer });
            }
            return;
        }
        let result = match constructor(&body) {
            Some(ids::RPC_ERROR) => match RpcError::decode(&body) {
                Ok(error) => Err(error),
                Err(error) => return events.push(ClientEvent::Malformed(error)),
            },
            _ => Ok(body),
        };
        events.push(ClientEvent::Answer { id, result });
    }

    fn service(&mut self, msg_id: i64, service: Service, now: Duration, events: &mut Vec<ClientEvent>) {
        match service {
            Service::MsgsAck(msg_ids) => {
                let known = msg_ids.iter().filter_map(|msg_id| self.by_msg_id.get(msg_id));
                events.extend(known.map(|id| ClientEvent::Acknowledged(*id)));
            }
            Service::BadServerSalt {
                bad_msg_id,
                new_server_salt,
                ..
            } => {
                self.salt = new_server_salt;
                self.salts.clear();
                self.refused(bad_msg_id, 48, events);
            }
            Service::BadMsg {
                bad_msg_id,
                error_code,
                ..
            } => {
                if !self.names_own(bad_msg_id) {
                    return;
                }
                match error_code {
                    16 | 17 => {
                        self.set_clock(moment_of(msg_id), now);
                        // Ids must rise within a session, and these go back.
                        self.renew |= error_code == 17;
                    }
                    32 | 33 => self.renew = true,
                    _ => {}
                }
                self.refused(bad_msg_id, error_code, events);
                if self.renew {
                    self.ask_again(|_, _| true);
                }
            }
            Service::NewSessionCreated {
                first_msg_id,
                server_salt,
                ..
            } => {
                self.salt = server_salt;
                self.ask_again(|sent, container| {
                    sent < first_msg_id && container.is_none_or(|id| id < first_msg_id)
                });
                events.push(ClientEvent::SessionCreated);
            }
            Service::Pong { msg_id, ping_id } => {
                self.services.remove(&msg_id);
                events.push(ClientEvent::Pong { ping_id });
            }
            Service::FutureSalts {
                req_msg_id,
                mut salts,
                ..
            } => {
                self.services.remove(&req_msg_id);
                salts.truncate(64);
                salts.sort_by_key(|salt| salt.valid_since);
                events.push(ClientEvent::Salts(salts.len()));
                self.salts = salts;
            }
            Service::SessionDestroyed { session_id, found } => {
                events.push(ClientEvent::SessionDestroyed { session_id, found });
            }
            Service::AuthKeyDestroyed(outcome) => events.push(ClientEvent::KeyDestroyed(outcome)),
            Service::DetailedInfo { answer_msg_id, .. } => {
                let service = match self.arrived.find(answer_msg_id) {
                    Seen::New => Service::MsgResendReq(vec![answer_msg_id]),
                    Seen::Before | Seen::Forgotten => Service::MsgsAck(vec![answer_msg_id]),
                };
                self.queue.push_back(Queued::Service(service));
            }
            Service::MsgsStateReq(msg_ids) => {
                let state = |msg_id: &i64| match self.arrived.find(*msg_id) {
                    Seen::Before => 4,
                    Seen::Forgotten => 1,
                    Seen::New => 2,
                };
                let info = msg_ids.iter().map(state).collect();
                self.queue.push_back(Queued::Service(Service::MsgsStateInfo {
                    req_msg_id: msg_id,
                    info,
                }));
            }
            Service::MsgResendReq(msg_ids) => {
                let known = msg_ids.iter().filter_map(|msg_id| self.by_msg_id.get(msg_id));
                self.queue.extend(known.map(|id| Queued::Again(*id)));
            }
            // Requests that only a client makes, and what needs no answer.
            _ => {}
        }
    }

    /// Takes over the server's clock.
    fn set_clock(&mut self, server: Duration, now: Duration) {
        self.ahead = server.saturating_sub(now);
        self.behind = now.saturating_sub(server);
    }

    /// Sends again what was refused: one message, or all of a container.
    fn refused(&mut self, msg_id: i64, code: i32, events: &mut Vec<ClientEvent>) {
        for (id, pending) in &mut self.pending {
            if pending
                .sent
                .is_some_and(|(sent, _, container)| sent == msg_id || container == Some(msg_id))
            {
                pending.refusals += 1;
                if pending.refusals > MAX_REFUSALS {
                    events.push(ClientEvent::Failed { id: *id, code });
                }
            }
        }
        for event in events.iter() {
            if let ClientEvent::Failed { id, .. } = event
                && let Some((sent, _, _)) = self.pending.remove(id).and_then(|pending| pending.sent)
            {
                self.by_msg_id.remove(&sent);
            }
        }
        self.ask_again(|sent, container| sent == msg_id || container == Some(msg_id));
    }

    /// Queues requests anew by where they were sent: message id and container.
    fn ask_again(&mut self, which: impl Fn(i64, Option<i64>) -> bool) {
        for (id, pending) in &mut self.pending {
            if let Some((sent, _, container)) = pending.sent
                && which(sent, container)
            {
                self.by_msg_id.remove(&sent);
                pending.sent = None;
                self.queue.push_back(Queued::Request(*id));
            }
        }
        for (sent, (service, container)) in std::mem::take(&mut self.services) {
            if which(sent, container) {
                self.queue.push_back(Queued::Service(service));
            } else {
                self.services.insert(sent, (service, container));
            }
        }
    }
}
