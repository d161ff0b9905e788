//! A server that answers whatever a test tells it to.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "shared by several tests, which panic when they fail"
)]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ringback_client::tl::functions::Function;
use ringback_client::tl::{self, Layer, types};
use ringback_mtproto::crypto::{DhGroup, RsaPrivateKey};
use ringback_mtproto::handshake::{ServerHandshake, auth_key_id};
use ringback_mtproto::session::{ServerEvent, ServerSalts, ServerSession, SessionOptions, open};
use ringback_mtproto::transport::{Detected, Detector, Frame, Transport};
use ringback_mtproto::{AuthKey, Side};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The key that every such server knows from the start.
pub const KEY: [u8; 256] = [7; 256];

/// The RSA key of all of them.
pub static RSA: LazyLock<RsaPrivateKey> = LazyLock::new(|| RsaPrivateKey::generate(&mut random));

pub type Reply = Result<Vec<u8>, (i32, &'static str)>;

/// A call, and how it came.
pub struct Asked {
    pub function: Function,
    pub key: i64,
    pub session: i64,
    pub msg_id: i64,
}

type Script = Box<dyn Fn(Asked) -> Reply + Send + Sync>;

/// Keys by their numbers, with when temporary ones end.
type Keys = HashMap<i64, (Arc<AuthKey>, Option<Duration>)>;

/// One data centre.
pub struct Peer {
    pub address: SocketAddr,
    /// The answer to `help.getConfig`.
    pub config: Mutex<types::Config>,
    /// The keys that it knows.
    pub keys: Mutex<Keys>,
    /// What is pushed before the next answer.
    pub pushes: Mutex<Vec<Vec<u8>>>,
    script: Script,
}

pub fn random(out: &mut [u8]) {
    getrandom::fill(out).unwrap();
}

pub fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

pub fn bytes(value: &impl tl::Encode) -> Reply {
    Ok(tl::encode(value, Layer::NEWEST).unwrap())
}

impl Peer {
    pub async fn start(script: impl Fn(Asked) -> Reply + Send + Sync + 'static) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let key = Arc::new(AuthKey::from_bytes(KEY));
        let peer = Arc::new(Self {
            address: listener.local_addr().unwrap(),
            config: Mutex::default(),
            keys: Mutex::new(HashMap::from([(key.id(), (key, None))])),
            pushes: Mutex::default(),
            script: Box::new(script),
        });
        let this = Arc::clone(&peer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&this).talk(stream));
            }
        });
        peer
    }

    /// Whether the key is good; temporary ones end.
    fn key(&self, id: i64) -> Option<Arc<AuthKey>> {
        let keys = self.keys.lock().unwrap();
        let (key, until) = keys.get(&id)?;
        until.is_none_or(|until| until > now()).then(|| Arc::clone(key))
    }

    async fn talk(self: Arc<Self>, mut stream: TcpStream) {
        let (mut detector, mut frames) = (Detector::new(), None);
        let mut sessions = HashMap::new();
        let mut handshake = None;
        let mut buffer = vec![0; 65536];
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            match &mut frames {
                None => {
                    if let Some(Detected::Mtproto(found)) = detector.feed(&buffer[..count]).unwrap() {
                        frames = Some(found);
                    }
                }
                Some(frames) => frames.feed(&buffer[..count]),
            }
            let Some(frames) = &mut frames else { continue };
            let mut out = Vec::new();
            while let Some(Frame::Packet { payload, .. }) = frames.next_frame().unwrap() {
                self.packet(payload, frames, &mut sessions, &mut handshake, &mut out);
            }
            if stream.write_all(&out).await.is_err() {
                return;
            }
        }
    }

    fn packet(
        &self,
        mut payload: Vec<u8>,
        frames: &mut Transport,
        sessions: &mut HashMap<(i64, i64), ServerSession>,
        handshake: &mut Option<ServerHandshake>,
        out: &mut Vec<u8>,
    ) {
        let id = auth_key_id(&payload).unwrap();
        if id == 0 {
            let exchange = handshake.get_or_insert_with(|| {
                ServerHandshake::new(Arc::new([RSA.clone()]), DhGroup::telegram(3).unwrap())
            });
            let reply = exchange.receive(&payload, now(), &mut random, |_| false).unwrap();
            if let Some(made) = reply.created {
                let key = Arc::new(made.key);
                self.keys.lock().unwrap().insert(key.id(), (key, made.expires_at));
            }
            return frames.send(&reply.packet, out, &mut random);
        }
        let Some(key) = self.key(id) else {
            return frames.send_error(-404, out, &mut random);
        };
        let envelope = open(&key, Side::Client, &mut payload).unwrap();
        let session = sessions.entry((id, envelope.session_id)).or_insert_with(|| {
            let salts = ServerSalts::new([1; 32], key.id());
            ServerSession::new(
                Arc::clone(&key),
                envelope.session_id,
                salts,
                SessionOptions::default(),
            )
        });
        for event in session.receive(envelope, now(), &mut random) {
            let ServerEvent::Request { msg_id, body, .. } = event else {
                continue;
            };
            let reply = match tl::Request::peel(&body).unwrap().function().unwrap() {
                Function::HelpGetConfig(_) => bytes(&*self.config.lock().unwrap()),
                function => (self.script)(Asked {
                    function,
                    key: id,
                    session: session.session_id(),
                    msg_id,
                }),
            };
            for push in self.pushes.lock().unwrap().drain(..) {
                session.push(push, now());
            }
            match reply {
                Ok(body) => session.reply(msg_id, &body, now()),
                Err((code, message)) => session.reply_error(msg_id, code, message, now()),
            };
        }
        for packet in session.flush(now(), &mut random) {
            frames.send(&packet, out, &mut random);
        }
    }
}
