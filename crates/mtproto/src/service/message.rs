//! The messages that keep a session going. Source: <https://core.telegram.org/mtproto/service_messages>.

use super::wire::{Reader, WireError, put_bytes, put_i32, put_i64, put_longs, put_u32};

/// A salt and when it is good, in seconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FutureSalt {
    /// From when.
    pub valid_since: i32,
    /// Until when.
    pub valid_until: i32,
    /// The salt.
    pub salt: i64,
}

/// What became of an answer that a client asked to drop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropAnswer {
    /// Nothing is known of the request, or its answer was acknowledged already.
    Unknown,
    /// The request was being worked on; its answer will not be sent.
    Running,
    /// The answer was ready and is dropped.
    Dropped {
        /// The answer's message id.
        msg_id: i64,
        /// The answer's sequence number.
        seq_no: i32,
        /// The answer's size.
        bytes: i32,
    },
}

/// The service messages, of both directions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Service {
    /// `msgs_ack`: these have arrived.
    MsgsAck(Vec<i64>),
    /// `bad_msg_notification`: a message was not understood.
    BadMsg {
        /// The message.
        bad_msg_id: i64,
        /// Its sequence number.
        bad_msg_seqno: i32,
        /// 16 to 64: what was wrong.
        error_code: i32,
    },
    /// `bad_server_salt`: send it again with this salt.
    BadServerSalt {
        /// The message.
        bad_msg_id: i64,
        /// Its sequence number.
        bad_msg_seqno: i32,
        /// 48.
        error_code: i32,
        /// The salt to use.
        new_server_salt: i64,
    },
    /// `new_session_created`: the server has just met this session.
    NewSessionCreated {
        /// Messages before this one are not known to it.
        first_msg_id: i64,
        /// Different each time.
        unique_id: i64,
        /// The salt to use.
        server_salt: i64,
    },
    /// `ping`.
    Ping {
        /// Echoed in the answer.
        ping_id: i64,
    },
    /// `ping_delay_disconnect`: and close the connection if nothing more comes.
    PingDelayDisconnect {
        /// Echoed in the answer.
        ping_id: i64,
        /// After how many seconds.
        disconnect_delay: i32,
    },
    /// `pong`.
    Pong {
        /// The message that the ping was.
        msg_id: i64,
        /// The ping's number.
        ping_id: i64,
    },
    /// `get_future_salts`.
    GetFutureSalts {
        /// How many.
        num: i32,
    },
    /// `future_salts`.
    FutureSalts {
        /// The request.
        req_msg_id: i64,
        /// The server's clock.
        now: i32,
        /// Salts in the order of their time.
        salts: Vec<FutureSalt>,
    },
    /// `destroy_session`.
    DestroySession {
        /// Which.
        session_id: i64,
    },
    /// `destroy_session_ok` or `destroy_session_none`.
    SessionDestroyed {
        /// Which.
        session_id: i64,
        /// Whether there was one.
        found: bool,
    },
    /// `destroy_auth_key`: forget the key that this message is encrypted with.
    DestroyAuthKey,
    /// `destroy_auth_key_ok`, `_none` or `_fail`.
    AuthKeyDestroyed(Option<bool>),
    /// `msgs_state_req`: what has become of these?
    MsgsStateReq(Vec<i64>),
    /// `msgs_state_info`: one byte for each message asked about.
    MsgsStateInfo {
        /// The request.
        req_msg_id: i64,
        /// The states.
        info: Vec<u8>,
    },
    /// `msgs_all_info`: states, unasked.
    MsgsAllInfo {
        /// The messages.
        msg_ids: Vec<i64>,
        /// One byte for each.
        info: Vec<u8>,
    },
    /// `msg_detailed_info` or, without a request, `msg_new_detailed_info`: an answer exists and may be asked for.
    DetailedInfo {
        /// The request, where it is one's own.
        msg_id: Option<i64>,
        /// The answer's message id.
        answer_msg_id: i64,
        /// The answer's size.
        bytes: i32,
        /// A state byte.
        status: i32,
    },
    /// `msg_resend_req`: send these again.
    MsgResendReq(Vec<i64>),
    /// `rpc_drop_answer`: never mind the answer to this.
    RpcDropAnswer {
        /// The request.
        req_msg_id: i64,
    },
    /// The answer to [`RpcDropAnswer`](Self::RpcDropAnswer); it arrives inside `rpc_result`.
    DropAnswer(DropAnswer),
    /// `http_wait`: only means something over HTTP.
    HttpWait {
        /// Milliseconds to gather messages.
        max_delay: i32,
        /// Milliseconds to wait after the last one.
        wait_after: i32,
        /// Milliseconds to wait in all.
        max_wait: i32,
    },
}

impl Service {
    /// Reads one; `Ok(None)` for a constructor that is not the protocol's own, which is then the API's.
    ///
    /// # Errors
    /// [`WireError`] when it is one of these and malformed.
    pub fn decode(bytes: &[u8]) -> Result<Option<Self>, WireError> {
        let mut r = Reader::new(bytes);
        Ok(Some(match r.u32()? {
            0x62d6_b459 => Self::MsgsAck(r.longs()?),
            0xa7ef_f811 => Self::BadMsg {
                bad_msg_id: r.i64()?,
                bad_msg_seqno: r.i32()?,
                error_code: r.i32()?,
            },
            0xedab_447b => Self::BadServerSalt {
                bad_msg_id: r.i64()?,
                bad_msg_seqno: r.i32()?,
                error_code: r.i32()?,
                new_server_salt: r.i64()?,
            },
            0x9ec2_0908 => Self::NewSessionCreated {
                first_msg_id: r.i64()?,
                unique_id: r.i64()?,
                server_salt: r.i64()?,
            },
            0x7abe_77ec => Self::Ping { ping_id: r.i64()? },
            0xf342_7b8c => Self::PingDelayDisconnect {
                ping_id: r.i64()?,
                disconnect_delay: r.i32()?,
            },
            0x3477_73c5 => Self::Pong {
                msg_id: r.i64()?,
                ping_id: r.i64()?,
            },
            0xb921_bd04 => Self::GetFutureSalts { num: r.i32()? },
            0xae50_0895 => {
                let (req_msg_id, now) = (r.i64()?, r.i32()?);
                let mut salts = Vec::new();
                for _ in 0..r.count(16)? {
                    salts.push(FutureSalt {
                        valid_since: r.i32()?,
                        valid_until: r.i32()?,
                        salt: r.i64()?,
                    });
                }
                Self::FutureSalts {
                    req_msg_id,
                    now,
                    salts,
                }
            }
            0xe751_2126 => Self::DestroySession { session_id: r.i64()? },
            0xe220_45fc => Self::SessionDestroyed {
                session_id: r.i64()?,
                found: true,
            },
            0x62d3_50c9 => Self::SessionDestroyed {
                session_id: r.i64()?,
                found: false,
            },
            0xd143_5160 => Self::DestroyAuthKey,
            0xf660_e1d4 => Self::AuthKeyDestroyed(Some(true)),
            0x0a9f_2259 => Self::AuthKeyDestroyed(Some(false)),
            0xea10_9b13 => Self::AuthKeyDestroyed(None),
            0xda69_fb52 => Self::MsgsStateReq(r.longs()?),
            0x04de_b57d => Self::MsgsStateInfo {
                req_msg_id: r.i64()?,
                info: r.bytes()?.to_vec(),
            },
            0x8cc0_d131 => Self::MsgsAllInfo {
                msg_ids: r.longs()?,
                info: r.bytes()?.to_vec(),
            },
            0x276d_3ec6 => Self::DetailedInfo {
                msg_id: Some(r.i64()?),
                answer_msg_id: r.i64()?,
                bytes: r.i32()?,
                status: r.i32()?,
            },
            0x809d_b6df => Self::DetailedInfo {
                msg_id: None,
                answer_msg_id: r.i64()?,
                bytes: r.i32()?,
                status: r.i32()?,
            },
            // The second form asks for answers rather than messages; there is nothing else to resend here.
            0x7d86_1a08 | 0x8610_baeb => Self::MsgResendReq(r.longs()?),
            0x58e4_a740 => Self::RpcDropAnswer { req_msg_id: r.i64()? },
            0x5e2a_d36e => Self::DropAnswer(DropAnswer::Unknown),
            0xcd78_e586 => Self::DropAnswer(DropAnswer::Running),
            0xa43a_d8b7 => Self::DropAnswer(DropAnswer::Dropped {
                msg_id: r.i64()?,
                seq_no: r.i32()?,
                bytes: r.i32()?,
            }),
            0x9299_359f => Self::HttpWait {
                max_delay: r.i32()?,
                wait_after: r.i32()?,
                max_wait: r.i32()?,
            },
            _ => return Ok(None),
        }))
    }

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32);
        let o = &mut out;
        match self {
            Self::MsgsAck(msg_ids) => {
                put_u32(o, 0x62d6_b459);
                put_longs(o, msg_ids);
            }
            Self::BadMsg {
                bad_msg_id,
                bad_msg_seqno,
                error_code,
            } => {
                put_u32(o, 0xa7ef_f811);
                put_i64(o, *bad_msg_id);
                put_i32(o, *bad_msg_seqno);
                put_i32(o, *error_code);
            }
            Self::BadServerSalt {
                bad_msg_id,
                bad_msg_seqno,
                error_code,
                new_server_salt,
            } => {
                put_u32(o, 0xedab_447b);
                put_i64(o, *bad_msg_id);
                put_i32(o, *bad_msg_seqno);
                put_i32(o, *error_code);
                put_i64(o, *new_server_salt);
            }
            Self::NewSessionCreated {
                first_msg_id,
                unique_id,
                server_salt,
            } => {
                put_u32(o, 0x9ec2_0908);
                put_i64(o, *first_msg_id);
                put_i64(o, *unique_id);
                put_i64(o, *server_salt);
            }
            Self::Ping { ping_id } => {
                put_u32(o, 0x7abe_77ec);
                put_i64(o, *ping_id);
            }
            Self::PingDelayDisconnect {
                ping_id,
                disconnect_delay,
            } => {
                put_u32(o, 0xf342_7b8c);
                put_i64(o, *ping_id);
                put_i32(o, *disconnect_delay);
            }
            Self::Pong { msg_id, ping_id } => {
                put_u32(o, 0x3477_73c5);
                put_i64(o, *msg_id);
                put_i64(o, *ping_id);
            }
            Self::GetFutureSalts { num } => {
                put_u32(o, 0xb921_bd04);
                put_i32(o, *num);
            }
            Self::FutureSalts {
                req_msg_id,
                now,
                salts,
            } => {
                put_u32(o, 0xae50_0895);
                put_i64(o, *req_msg_id);
                put_i32(o, *now);
                // A bare vector of bare salts: a count and no constructors.
                put_u32(o, salts.len() as u32);
                for salt in salts {
                    put_i32(o, salt.valid_since);
                    put_i32(o, salt.valid_until);
                    put_i64(o, salt.salt);
                }
            }
            Self::DestroySession { session_id } => {
                put_u32(o, 0xe751_2126);
                put_i64(o, *session_id);
            }
            Self::SessionDestroyed { session_id, found } => {
                put_u32(o, if *found { 0xe220_45fc } else { 0x62d3_50c9 });
                put_i64(o, *session_id);
            }
            Self::DestroyAuthKey => put_u32(o, 0xd143_5160),
            Self::AuthKeyDestroyed(Some(true)) => put_u32(o, 0xf660_e1d4),
            Self::AuthKeyDestroyed(Some(false)) => put_u32(o, 0x0a9f_2259),
            Self::AuthKeyDestroyed(None) => put_u32(o, 0xea10_9b13),
            Self::MsgsStateReq(msg_ids) => {
                put_u32(o, 0xda69_fb52);
                put_longs(o, msg_ids);
            }
            Self::MsgsStateInfo { req_msg_id, info } => {
                put_u32(o, 0x04de_b57d);
                put_i64(o, *req_msg_id);
                put_bytes(o, info);
            }
            Self::MsgsAllInfo { msg_ids, info } => {
                put_u32(o, 0x8cc0_d131);
                put_longs(o, msg_ids);
                put_bytes(o, info);
            }
            Self::DetailedInfo {
                msg_id,
                answer_msg_id,
                bytes,
                status,
            } => {
                put_u32(
                    o,
                    if msg_id.is_some() {
                        0x276d_3ec6
                    } else {
                        0x809d_b6df
                    },
                );
                msg_id.iter().for_each(|msg_id| put_i64(o, *msg_id));
                put_i64(o, *answer_msg_id);
                put_i32(o, *bytes);
                put_i32(o, *status);
            }
            Self::MsgResendReq(msg_ids) => {
                put_u32(o, 0x7d86_1a08);
                put_longs(o, msg_ids);
            }
            Self::RpcDropAnswer { req_msg_id } => {
                put_u32(o, 0x58e4_a740);
                put_i64(o, *req_msg_id);
            }
            Self::DropAnswer(DropAnswer::Unknown) => put_u32(o, 0x5e2a_d36e),
            Self::DropAnswer(DropAnswer::Running) => put_u32(o, 0xcd78_e586),
            Self::DropAnswer(DropAnswer::Dropped {
                msg_id,
                seq_no,
                bytes,
            }) => {
                put_u32(o, 0xa43a_d8b7);
                put_i64(o, *msg_id);
                put_i32(o, *seq_no);
                put_i32(o, *bytes);
            }
            Self::HttpWait {
                max_delay,
                wait_after,
                max_wait,
            } => {
                put_u32(o, 0x9299_359f);
                put_i32(o, *max_delay);
                put_i32(o, *wait_after);
                put_i32(o, *max_wait);
            }
        }
        out
    }

    /// Whether it counts in sequence numbers and must be acknowledged.
    ///
    /// Source: <https://core.telegram.org/mtproto/description#content-related-message>.
    #[must_use]
    pub fn content_related(&self) -> bool {
        matches!(
            self,
            Self::NewSessionCreated { .. }
                | Self::Ping { .. }
                | Self::PingDelayDisconnect { .. }
                | Self::GetFutureSalts { .. }
                | Self::DestroySession { .. }
                | Self::DestroyAuthKey
                | Self::RpcDropAnswer { .. }
        )
    }
}
