//! A server, and who talks to it.

use crate::schema;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{CONTENT_TYPE, HeaderMap};
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use ringback_server::{Config, Server};
use serde_json::{Value, json};
use std::time::Duration;

/// A server with Ann and a bot, whose clock stands.
pub(crate) struct Local {
    pub server: Server,
    client: Client<HttpConnector, Full<Bytes>>,
    pub ann: i64,
    pub bot: i64,
    token: String,
}

impl Local {
    pub(crate) async fn start() -> Local {
        Local::start_with(|config| config.standing_clock = true).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Local {
        let mut config = Config::default();
        config.port = 0;
        change(&mut config);
        let server = Server::start(config).await.unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http();
        let mut local = Local {
            server,
            client,
            ann: 0,
            bot: 0,
            token: String::new(),
        };
        local.people().await;
        local
    }

    /// Makes Ann and the bot.
    pub(crate) async fn people(&mut self) {
        let ann = self
            .post("/users", json!({"first_name": "Ann", "username": "ann"}))
            .await;
        let bot = self.post("/bots", json!({"username": "volume_bot"})).await;
        self.ann = ann["id"].as_i64().unwrap();
        self.bot = bot["id"].as_i64().unwrap();
        self.token = bot["token"].as_str().unwrap().to_owned();
    }

    pub(crate) async fn raw(&self, request: Request<Full<Bytes>>) -> Response<hyper::body::Incoming> {
        let answer = tokio::time::timeout(Duration::from_secs(20), self.client.request(request)).await;
        answer.expect("an answer in time").unwrap()
    }

    /// Status, headers and JSON of an answer.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> (u16, HeaderMap, Value) {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/_ringback/v1{path}", self.server.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.raw(request.body(Full::new(body.into())).unwrap()).await;
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let value = serde_json::from_slice(&body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}: {body:?}"));
        schema::check(method, path, head.status.as_u16(), &value);
        (head.status.as_u16(), head.headers, value)
    }

    /// A request with JSON, as programs send it.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let json = [
            (CONTENT_TYPE.as_str(), "application/json"),
            ("accept", "application/json"),
        ];
        let body = if body.is_null() {
            Bytes::new()
        } else {
            body.to_string().into()
        };
        let (status, _, value) = self.send(method, path, &json, body).await;
        (status, value)
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, value) = self.ask("GET", path, Value::Null).await;
        assert_eq!(status, 200, "GET {path}: {value}");
        value
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, value) = self.ask("POST", path, body).await;
        assert_eq!(status, 200, "POST {path}: {value}");
        value
    }

    /// The code and the message of what must be refused.
    pub(crate) async fn refused(&self, method: &str, path: &str, body: Value) -> (u16, String, String) {
        let (status, value) = self.ask(method, path, body).await;
        assert!(status >= 400, "{method} {path} was not refused: {value}");
        let text = |field: &str| value["error"][field].as_str().unwrap().to_owned();
        (
            status,
            text("code"),
            format!("{} {}", text("message"), text("hint")),
        )
    }

    /// A call of the bot.
    pub(crate) async fn call(&self, method: &str, params: Value) -> Value {
        let uri = format!("{}/bot{}/{method}", self.server.url(), self.token);
        let request = Request::post(uri)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(params.to_string().into()))
            .unwrap();
        let body = self
            .raw(request)
            .await
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes();
        serde_json::from_slice(&body).unwrap()
    }

    /// A call of the bot that brings a file to Ann.
    pub(crate) async fn upload(&self, method: &str, field: &str, name: &str, content: &[u8]) -> Value {
        self.upload_with(method, field, name, content, &[]).await
    }

    /// The same, with more parameters.
    pub(crate) async fn upload_with(
        &self,
        method: &str,
        field: &str,
        name: &str,
        content: &[u8],
        fields: &[(&str, String)],
    ) -> Value {
        const PART: &str = "--b\r\nContent-Disposition: form-data; name=";
        let mut body = format!("{PART}\"chat_id\"\r\n\r\n{}\r\n", self.ann);
        for (name, value) in fields {
            body += &format!("{PART}\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += &format!("{PART}\"{field}\"; filename=\"{name}\"\r\n\r\n");
        let mut body = body.into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let uri = format!("{}/bot{}/{method}", self.server.url(), self.token);
        let request = Request::post(uri).header(CONTENT_TYPE, "multipart/form-data; boundary=b");
        let body = self
            .raw(request.body(Full::new(body.into())).unwrap())
            .await
            .into_body()
            .collect()
            .await;
        serde_json::from_slice(&body.unwrap().to_bytes()).unwrap()
    }

    /// A file's bytes, as the bot gets them.
    pub(crate) async fn download(&self, path: &str) -> Bytes {
        let uri = format!("{}/file/bot{}/{path}", self.server.url(), self.token);
        let answer = self.raw(Request::get(uri).body(Full::default()).unwrap()).await;
        assert_eq!(answer.status(), 200);
        answer.into_body().collect().await.unwrap().to_bytes()
    }

    /// A file's bytes, as the page gets them.
    pub(crate) async fn file(&self, id: &str) -> (HeaderMap, Bytes) {
        let uri = format!("{}/_ringback/v1/files/{id}", self.server.url());
        let (head, body) = self
            .raw(Request::get(uri).body(Full::default()).unwrap())
            .await
            .into_parts();
        assert_eq!(head.status, 200);
        (head.headers, body.collect().await.unwrap().to_bytes())
    }

    /// The bot sends Ann a message with these buttons, having heard from her.
    pub(crate) async fn keyboard(&self, keyboard: Value) -> Value {
        self.post(
            "/messages",
            json!({"from": self.ann, "chat": self.bot, "text": "/start"}),
        )
        .await;
        let markup = json!({"inline_keyboard": keyboard});
        let sent = self
            .call(
                "sendMessage",
                json!({"chat_id": self.ann, "text": "Volume", "reply_markup": markup}),
            )
            .await;
        assert_eq!(sent["ok"], true, "{sent}");
        sent["result"].clone()
    }

    /// The next press that reaches the bot.
    pub(crate) async fn next_press(&self) -> Value {
        let mut offset = 0;
        loop {
            let updates = self
                .call("getUpdates", json!({"offset": offset, "timeout": 5}))
                .await;
            let updates = updates["result"].as_array().unwrap();
            assert!(!updates.is_empty(), "no press came");
            for update in updates {
                offset = update["update_id"].as_i64().unwrap() + 1;
                if !update["callback_query"].is_null() {
                    let _ = self.call("getUpdates", json!({"offset": offset})).await;
                    return update["callback_query"].clone();
                }
            }
        }
    }

    pub(crate) async fn press(&self, button: Value) -> Value {
        self.post(
            "/presses",
            json!({"from": self.ann, "chat": self.bot, "button": button}),
        )
        .await
    }
}
