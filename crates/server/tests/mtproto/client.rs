//! A server, and a bare MTProto client made of this project's own other half.

use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use ringback_mtproto::AuthKey;
use ringback_mtproto::crypto::{RsaPadding, RsaPublicKey};
use ringback_mtproto::handshake::{ClientHandshake, ClientKey, ClientOptions, Step};
use ringback_mtproto::service::RpcError;
use ringback_mtproto::session::{ClientEvent, ClientSession, RequestId};
use ringback_mtproto::transport::{Frame, Framing, Transport};
use ringback_server::{Config, Server};
use ringback_tl::{Call, Layer, functions, types};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) fn random(out: &mut [u8]) {
    getrandom::fill(out).unwrap();
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

/// A server with Ann, who has a number and a password, and a bot.
pub(crate) struct Local {
    pub server: Server,
    http: Client<HttpConnector, Full<bytes::Bytes>>,
    pub ann: i64,
    pub bot: i64,
    pub token: String,
}

impl Local {
    pub(crate) async fn start(db: Option<PathBuf>) -> Local {
        let mut config = Config::default();
        config.port = 0;
        config.db = db;
        let server = Server::start(config).await.unwrap();
        let http = Client::builder(TokioExecutor::new()).build_http();
        Local {
            server,
            http,
            ann: 0,
            bot: 0,
            token: String::new(),
        }
    }

    pub(crate) async fn with_people() -> Local {
        let mut local = Local::start(None).await;
        local.people().await;
        local
    }

    pub(crate) async fn people(&mut self) {
        let ann = json!({"first_name": "Ann", "phone": "+9996629999", "password": "open sesame"});
        self.ann = self.control("POST", "/users", ann).await["id"].as_i64().unwrap();
        let bot = self
            .control("POST", "/bots", json!({"username": "volume_bot"}))
            .await;
        self.bot = bot["id"].as_i64().unwrap();
        self.token = bot["token"].as_str().unwrap().to_owned();
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let request = hyper::Request::builder()
            .method(method)
            .uri(format!("{}/_ringback/v1{path}", self.server.url()))
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .body(Full::from(body))
            .unwrap();
        let answer = self.http.request(request).await.unwrap();
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(status.is_success(), "{method} {path}: {bytes:?}");
        serde_json::from_slice(&bytes).unwrap()
    }

    /// A call of the bot on the Bot API.
    pub(crate) async fn call(&self, method: &str, params: Value) -> Value {
        let request = hyper::Request::post(format!("{}/bot{}/{method}", self.server.url(), self.token))
            .header("content-type", "application/json")
            .body(Full::from(params.to_string()))
            .unwrap();
        let answer = self.http.request(request).await.unwrap();
        serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes()).unwrap()
    }

    /// The bot shows Ann two buttons; the second asks for her password.
    pub(crate) async fn menu(&self) {
        let hello = json!({"from": self.ann, "chat": self.bot, "text": "/start"});
        self.control("POST", "/messages", hello).await;
        let keyboard = json!({"inline_keyboard": [[
            {"text": "Up", "callback_data": "up"},
            {"text": "Give", "callback_data": "give", "requires_password": true},
        ]]});
        let menu = json!({"from": self.bot, "chat": self.ann, "text": "Menu", "reply_markup": keyboard});
        self.control("POST", "/messages", menu).await;
    }

    /// A session that the server made for Ann or the bot.
    pub(crate) async fn ready(&self, who: i64) -> Wire {
        let path = format!("/users/{who}/sessions");
        let session = self.control("POST", &path, json!({"for": "ringback"})).await;
        let session = session["session"].as_str().unwrap().to_owned();
        Wire::with_key(self, key_of(&session)).await
    }
}

/// The key in a session of this project's own form.
pub(crate) fn key_of(session: &str) -> AuthKey {
    let text = session.rsplit(':').next().unwrap();
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'-' => 62,
        _ => 63,
    };
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for c in text.bytes() {
        bits = bits << 6 | u32::from(digit(c));
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    AuthKey::from_bytes(bytes.try_into().unwrap())
}

/// A connection with one session on it.
pub(crate) struct Wire {
    stream: TcpStream,
    transport: Transport,
    pub key: Arc<AuthKey>,
    pub session: ClientSession,
    answers: HashMap<RequestId, Result<Vec<u8>, RpcError>>,
    pub updates: Vec<types::Update>,
}

async fn connect(local: &Local, framing: Framing) -> (TcpStream, Transport) {
    let mut stream = TcpStream::connect(local.server.addr()).await.unwrap();
    let (transport, opening) = Transport::connect(framing);
    stream.write_all(&opening).await.unwrap();
    (stream, transport)
}

async fn packet(stream: &mut TcpStream, transport: &mut Transport) -> Frame {
    loop {
        if let Some(frame) = transport.next_frame().unwrap() {
            return frame;
        }
        let mut buffer = [0; 4096];
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut buffer));
        let count = read.await.expect("an answer in time").unwrap();
        assert!(count > 0, "the server hung up");
        transport.feed(&buffer[..count]);
    }
}

impl Wire {
    async fn with_key(local: &Local, key: AuthKey) -> Wire {
        let (stream, transport) = connect(local, Framing::Intermediate).await;
        Wire::over(stream, transport, key, 0, 0)
    }

    fn over(stream: TcpStream, transport: Transport, key: AuthKey, salt: i64, offset: i64) -> Wire {
        let key = Arc::new(key);
        let session = ClientSession::new(Arc::clone(&key), salt, offset, &mut random);
        Wire {
            stream,
            transport,
            key,
            session,
            answers: HashMap::new(),
            updates: Vec::new(),
        }
    }

    /// Makes a key first, as a client does that has none.
    pub(crate) async fn exchange(local: &Local, framing: Framing, expires_in: Option<i32>) -> Wire {
        let about = local.control("GET", "/mtproto", Value::Null).await;
        let key = RsaPublicKey::from_pem(about["public_key_pem"].as_str().unwrap()).unwrap();
        assert_eq!(about["fingerprint"], key.fingerprint().to_string());
        let (mut stream, mut transport) = connect(local, framing).await;
        let options = ClientOptions {
            dc: Some(2),
            expires_in,
            padding: RsaPadding::RsaPad,
        };
        let (mut handshake, mut next) = ClientHandshake::start(vec![key], options, now(), &mut random);
        let made: Box<ClientKey> = loop {
            let mut out = Vec::new();
            transport.send(&next, &mut out, &mut random);
            stream.write_all(&out).await.unwrap();
            let Frame::Packet { payload, .. } = packet(&mut stream, &mut transport).await else {
                panic!("the server refused")
            };
            match handshake.receive(&payload, now(), &mut random).unwrap() {
                Step::Send(packet) => next = packet,
                Step::Done(made) => break made,
            }
        };
        Wire::over(stream, transport, made.key.clone(), made.salt, made.time_offset)
    }

    pub(crate) async fn flush(&mut self) {
        let mut out = Vec::new();
        for packet in self.session.flush(now(), &mut random) {
            self.transport.send(&packet, &mut out, &mut random);
        }
        self.stream.write_all(&out).await.unwrap();
    }

    /// Takes in what comes next.
    pub(crate) async fn hear(&mut self) {
        let Frame::Packet { payload, .. } = packet(&mut self.stream, &mut self.transport).await else {
            panic!("the server refused")
        };
        for event in self.session.receive(payload, now()).unwrap() {
            match event {
                ClientEvent::Answer { id, result } => drop(self.answers.insert(id, result)),
                ClientEvent::Update(bytes) => match ringback_tl::decode(&bytes).unwrap() {
                    types::Updates::Updates(updates) => self.updates.extend(updates.updates),
                    other => panic!("{other:?}"),
                },
                _ => {}
            }
        }
        self.flush().await;
    }

    pub(crate) async fn raw(&mut self, body: Vec<u8>) -> Result<Vec<u8>, RpcError> {
        let id = self.session.request(body);
        self.result(id).await
    }

    pub(crate) async fn result(&mut self, id: RequestId) -> Result<Vec<u8>, RpcError> {
        self.flush().await;
        loop {
            match self.answers.remove(&id) {
                Some(answer) => return answer,
                None => self.hear().await,
            }
        }
    }

    /// Calls, in the newest layer's form.
    pub(crate) async fn call<C: Call>(&mut self, call: &C) -> Result<C::Return, String> {
        let inner = ringback_tl::encode(call, Layer::NEWEST).unwrap();
        let answer = self.raw(inner).await;
        answer
            .map(|bytes| ringback_tl::decode(&bytes).unwrap())
            .map_err(|error| error.to_string())
    }

    /// Calls under a key that the server does not know: its transport error.
    pub(crate) async fn refusal<C: Call>(&mut self, call: &C) -> i32 {
        let inner = ringback_tl::encode(call, Layer::NEWEST).unwrap();
        self.session.request(inner);
        self.flush().await;
        loop {
            match packet(&mut self.stream, &mut self.transport).await {
                Frame::Error(code) => return code,
                Frame::Packet { .. } | Frame::QuickAck(_) => {}
            }
        }
    }

    /// Says which layer it speaks, as every client does first.
    pub(crate) async fn begin(&mut self) -> types::Config {
        self.begin_with(Layer::NEWEST.number()).await
    }

    /// The same, with any layer.
    pub(crate) async fn begin_with(&mut self, layer: i32) -> types::Config {
        let config = ringback_tl::encode(&functions::help::GetConfig, Layer::NEWEST).unwrap();
        let mut call = 0xda9b_0d0d_u32.to_le_bytes().to_vec();
        call.extend(layer.to_le_bytes());
        call.extend(config);
        ringback_tl::decode(&self.raw(call).await.unwrap()).unwrap()
    }
}
