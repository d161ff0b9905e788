//! What a server's session makes of what a client sends.

use std::time::Duration;

use super::book::{Age, Seen, age};
use super::container::{Message, constructor, copied, unpack, unpacked};
use super::envelope::Envelope;
use super::server::{Request, ServerSession};
use crate::Random;
use crate::crypto::array;
use crate::service::{DropAnswer, Service, WireError, ids};

/// What a client's packet asks of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerEvent {
    /// A request of the API: answer it with [`reply`](ServerSession::reply).
    Request {
        /// Its message id.
        msg_id: i64,
        /// Its sequence number.
        seqno: i32,
        /// Its bytes, unpacked if they were packed.
        body: Vec<u8>,
    },
    /// The client has met the server anew: tell it of what it missed when it asks.
    Begun,
    /// These answers and updates have arrived.
    Acknowledged(Vec<i64>),
    /// Nobody waits for the answer to this request any more.
    Dropped {
        /// The request.
        msg_id: i64,
    },
    /// The connection is to be closed when so much time passes without another one of these.
    DisconnectAfter(Duration),
    /// Another session is to be forgotten: do so, and call
    /// [`session_destroyed`](ServerSession::session_destroyed).
    DestroySession {
        /// Which.
        session_id: i64,
    },
    /// The key is to be forgotten: do so, and call [`key_destroyed`](ServerSession::key_destroyed) first.
    DestroyKey,
    /// A message was refused with this code.
    Refused {
        /// The message.
        msg_id: i64,
        /// 16 to 64, as in `bad_msg_notification`.
        code: i32,
    },
    /// A message of the protocol itself is malformed.
    Malformed {
        /// The message.
        msg_id: i64,
        /// What is wrong with it.
        error: WireError,
    },
}

/// The nesting that a message was found in: only whole packets may be containers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Packet,
    Container,
}

impl ServerSession {
    /// Takes an opened packet of this session.
    ///
    /// A message that breaks the rules is answered as the protocol says, never acted upon, and reported.
    pub fn receive(
        &mut self,
        envelope: Envelope,
        now: Duration,
        random: &mut dyn Random,
    ) -> Vec<ServerEvent> {
        let mut events = Vec::new();
        if envelope.session_id != self.session_id {
            return events;
        }
        let Envelope {
            salt,
            msg_id,
            seqno,
            body,
            ..
        } = envelope;
        let code = if msg_id & 3 != 0 {
            Some(18)
        } else {
            match age(msg_id, now) {
                Age::TooOld => Some(16),
                Age::TooNew => Some(17),
                Age::Good => None,
            }
        };
        if let Some(code) = code {
            self.refuse(msg_id, seqno, code, now, &mut events);
        } else if !self.salts.accepts(salt, now) {
            let service = Service::BadServerSalt {
                bad_msg_id: msg_id,
                bad_msg_seqno: seqno,
                error_code: 48,
                new_server_salt: self.salts.current(now),
            };
            self.say(&service, now);
            events.push(ServerEvent::Refused { msg_id, code: 48 });
        } else {
            self.message(
                Message { msg_id, seqno, body },
                Within::Packet,
                now,
                random,
                &mut events,
            );
        }
        events
    }

    fn refuse(&mut self, msg_id: i64, seqno: i32, code: i32, now: Duration, events: &mut Vec<ServerEvent>) {
        let service = Service::BadMsg {
            bad_msg_id: msg_id,
            bad_msg_seqno: seqno,
            error_code: code,
        };
        self.say(&service, now);
        events.push(ServerEvent::Refused { msg_id, code });
    }

    fn message(
        &mut self,
        message: Message,
        within: Within,
        now: Duration,
        random: &mut dyn Random,
        events: &mut Vec<ServerEvent>,
    ) {
        let Message { msg_id, seqno, body } = message;
        let container = constructor(&body) == Some(ids::MSG_CONTAINER);
        let code = match self.arrived.find(msg_id) {
            // The very same container once more: its messages decide for themselves. Refusing it would make the
            // client send them under new ids, and have them done twice.
            Seen::Before if container && self.arrived.seqno_of(msg_id) == Some(seqno) => None,
            Seen::Before if container => Some(19),
            Seen::Before => return self.repeated(msg_id, seqno, now),
            Seen::Forgotten => Some(20),
            Seen::New if container && within == Within::Container => Some(64),
            Seen::New => self.seqno_error(msg_id, seqno, &body),
        };
        if let Some(code) = code {
            return self.refuse(msg_id, seqno, code, now, events);
        }
        if container {
            let inner = unpack(&body)
                .filter(|inner| inner.iter().all(|one| one.msg_id < msg_id && one.msg_id & 3 == 0));
            let Some(inner) = inner else {
                return self.refuse(msg_id, seqno, 64, now, events);
            };
            self.arrived.insert(msg_id, seqno);
            self.begin(
                inner.iter().map(|one| one.msg_id).min().unwrap_or(msg_id),
                now,
                random,
                events,
            );
            for one in inner {
                self.message(one, Within::Container, now, random, events);
            }
            return;
        }
        self.arrived.insert(msg_id, seqno);
        self.begin(msg_id, now, random, events);
        if seqno & 1 == 1 {
            self.acks.add(msg_id, now);
        }
        if constructor(&body) == Some(ids::MSG_COPY) {
            // The copy's own id decides whether it is news.
            if let Some(inner) = copied(&body).filter(|inner| constructor(&inner.body) != Some(ids::MSG_COPY))
            {
                self.message(inner, Within::Container, now, random, events);
            }
            return;
        }
        let Some(body) = unpacked(body) else {
            return events.push(ServerEvent::Malformed {
                msg_id,
                error: WireError::Value,
            });
        };
        match Service::decode(&body) {
            Ok(Some(service)) => self.service(msg_id, service, now, events),
            Ok(None) => {
                self.requests.insert(msg_id, Request::Running);
                events.push(ServerEvent::Request { msg_id, seqno, body });
            }
            Err(error) => events.push(ServerEvent::Malformed { msg_id, error }),
        }
    }

    /// Codes 32 to 35.
    fn seqno_error(&self, msg_id: i64, seqno: i32, body: &[u8]) -> Option<i32> {
        if !self.options.check_seqno {
            return None;
        }
        let counts = seqno & 1 == 1;
        match constructor(body) {
            // Acknowledgements should not count either, but one client (mtcute) counts them.
            Some(ids::MSG_CONTAINER) if counts => return Some(34),
            // What a copy holds decides, not the wrapper.
            Some(ids::MSG_CONTAINER | ids::MSG_COPY) => {}
            // The protocol's own messages are counted by some clients and not by others; the API's always are.
            Some(_) if !counts && matches!(Service::decode(body), Ok(None)) => return Some(35),
            _ => {}
        }
        self.arrived.order(msg_id, seqno).err()
    }

    /// The first message of a session is greeted.
    fn begin(
        &mut self,
        first_msg_id: i64,
        now: Duration,
        random: &mut dyn Random,
        events: &mut Vec<ServerEvent>,
    ) {
        if !std::mem::replace(&mut self.begun, true) {
            let unique_id = i64::from_le_bytes(array(random));
            let server_salt = self.salts.current(now);
            self.say(
                &Service::NewSessionCreated {
                    first_msg_id,
                    unique_id,
                    server_salt,
                },
                now,
            );
            events.push(ServerEvent::Begun);
        }
    }

    /// A message that came before is acknowledged or answered again, but not acted upon again.
    fn repeated(&mut self, msg_id: i64, seqno: i32, now: Duration) {
        match self.requests.get(&msg_id) {
            Some(Request::Answered(answer)) => {
                let answer = *answer;
                self.again(answer);
            }
            _ if seqno & 1 == 1 => self.acks.add(msg_id, now),
            _ => {}
        }
    }

    fn service(&mut self, msg_id: i64, service: Service, now: Duration, events: &mut Vec<ServerEvent>) {
        match service {
            Service::MsgsAck(mut msg_ids) => {
                // Some clients acknowledge what is not ours.
                msg_ids.retain(|msg_id| {
                    let kept = self.kept.remove(msg_id);
                    if let Some(request) = kept.as_ref().and_then(|kept| kept.answers) {
                        self.requests.remove(&request);
                    }
                    kept.is_some()
                });
                if !msg_ids.is_empty() {
                    events.push(ServerEvent::Acknowledged(msg_ids));
                }
            }
            Service::Ping { ping_id } => self.say(&Service::Pong { msg_id, ping_id }, now),
            Service::PingDelayDisconnect {
                ping_id,
                disconnect_delay,
            } => {
                self.say(&Service::Pong { msg_id, ping_id }, now);
                let delay = Duration::from_secs(disconnect_delay.max(0).cast_unsigned().into());
                events.push(ServerEvent::DisconnectAfter(delay));
            }
            Service::GetFutureSalts { num } => {
                let salts = self.salts.future(num, now);
                self.say(
                    &Service::FutureSalts {
                        req_msg_id: msg_id,
                        now: now.as_secs() as i32,
                        salts,
                    },
                    now,
                );
            }
            Service::DestroySession { session_id } if session_id == self.session_id => {
                self.session_destroyed(session_id, false, now);
            }
            Service::DestroySession { session_id } => events.push(ServerEvent::DestroySession { session_id }),
            Service::DestroyAuthKey => events.push(ServerEvent::DestroyKey),
            Service::MsgsStateReq(msg_ids) => self.report(msg_id, &msg_ids, now),
            Service::MsgResendReq(msg_ids) => {
                let missing = msg_ids.iter().filter(|msg_id| !self.again(**msg_id)).count();
                if missing > 0 {
                    self.report(msg_id, &msg_ids, now);
                }
            }
            Service::RpcDropAnswer { req_msg_id } => self.drop_answer(msg_id, req_msg_id, now, events),
            // Nothing to do over a socket, or nothing that a client should say.
            _ => {}
        }
    }

    fn drop_answer(&mut self, msg_id: i64, request: i64, now: Duration, events: &mut Vec<ServerEvent>) {
        let answer = match self.requests.get(&request).copied() {
            Some(Request::Running) => {
                self.requests.insert(request, Request::Dropped);
                events.push(ServerEvent::Dropped { msg_id: request });
                DropAnswer::Running
            }
            Some(Request::Dropped) => DropAnswer::Running,
            Some(Request::Answered(answer)) => {
                self.requests.remove(&request);
                match self.kept.remove(&answer) {
                    Some(kept) => DropAnswer::Dropped {
                        msg_id: answer,
                        seq_no: kept.seqno,
                        bytes: i32::try_from(kept.body.len()).unwrap_or(i32::MAX),
                    },
                    None => DropAnswer::Unknown,
                }
            }
            None => DropAnswer::Unknown,
        };
        self.result(msg_id, &Service::DropAnswer(answer).encode(), now);
    }

    /// Says what has become of messages.
    ///
    /// Source: <https://core.telegram.org/mtproto/service_messages_about_messages#informational-message-regarding-status-of-messages>.
    fn report(&mut self, req_msg_id: i64, msg_ids: &[i64], now: Duration) {
        let state = |msg_id: &i64| match (self.arrived.find(*msg_id), self.requests.get(msg_id)) {
            (Seen::Before, Some(Request::Answered(_))) => 4 | 64,
            (Seen::Before, Some(_)) => 4 | 32,
            (Seen::Before, None) => 4,
            (Seen::Forgotten, _) => 1,
            (Seen::New, _) if age(*msg_id, now) == Age::TooNew => 3,
            (Seen::New, _) => 2,
        };
        let info = msg_ids.iter().map(state).collect();
        self.say(&Service::MsgsStateInfo { req_msg_id, info }, now);
    }

    /// Answers [`ServerEvent::DestroySession`].
    pub fn session_destroyed(&mut self, session_id: i64, found: bool, now: Duration) {
        self.say(&Service::SessionDestroyed { session_id, found }, now);
    }

    /// Answers [`ServerEvent::DestroyKey`]: `Some(true)` done, `Some(false)` there is none, `None` impossible.
    pub fn key_destroyed(&mut self, outcome: Option<bool>, now: Duration) {
        self.say(&Service::AuthKeyDestroyed(outcome), now);
    }
}
