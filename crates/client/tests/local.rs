//! The client against a local Telegram: every way in, and presses.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ringback_client::{
    Builder, Client, DialogStart, Error, Message, Peer, Press, PressError, Server, Session, Transport, Update,
};
use ringback_server::{Config, Server as Telegram};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

struct Local {
    telegram: Telegram,
    ann: i64,
    bot: i64,
    token: String,
}

impl Local {
    async fn start() -> Self {
        let mut config = Config::default();
        (config.port, config.answer_timeout) = (0, Duration::from_secs(2));
        let telegram = Telegram::start(config).await.unwrap();
        let mut local = Self {
            telegram,
            ann: 0,
            bot: 0,
            token: String::new(),
        };
        let ann = json!({"first_name": "Ann", "username": "ann", "phone": "+9996621234"});
        local.ann = local.control("POST", "/users", ann).await["id"].as_i64().unwrap();
        let bot = local
            .control("POST", "/bots", json!({"username": "volume_bot"}))
            .await;
        local.bot = bot["id"].as_i64().unwrap();
        local.token = bot["token"].as_str().unwrap().to_owned();
        local
    }

    async fn http(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(self.telegram.addr()).await.unwrap();
        let body = body.to_string();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{path}: {error}: {answer}"))
    }

    async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        self.http(method, &format!("/_ringback/v1{path}"), &body).await
    }

    async fn bot(&self, method: &str, body: Value) -> Value {
        let answer = self
            .http("POST", &format!("/bot{}/{method}", self.token), &body)
            .await;
        assert_eq!(answer["ok"], true, "{answer}");
        answer["result"].clone()
    }

    /// The next callback query, confirmed.
    async fn query(&self) -> Option<Value> {
        self.query_within(5).await
    }

    async fn query_within(&self, seconds: u64) -> Option<Value> {
        loop {
            let ask = json!({"timeout": seconds, "limit": 1});
            let updates = self.bot("getUpdates", ask).await;
            let update = updates.as_array()?.first()?.clone();
            let next = update["update_id"].as_i64()? + 1;
            self.bot("getUpdates", json!({"offset": next, "timeout": 0}))
                .await;
            if update.get("callback_query").is_some() {
                return Some(update["callback_query"].clone());
            }
        }
    }

    async fn answer(&self, mut answer: Value) -> Value {
        let query = self.query().await.unwrap();
        answer["callback_query_id"] = query["id"].clone();
        self.bot("answerCallbackQuery", answer).await;
        query
    }

    async fn session(&self, who: i64) -> Session {
        let path = format!("/users/{who}/sessions");
        let made = self.control("POST", &path, json!({"for": "ringback"})).await;
        made["session"].as_str().unwrap().parse().unwrap()
    }

    async fn server(&self) -> Server {
        let about = self.control("GET", "/mtproto", json!({})).await;
        let pem = about["public_key_pem"].as_str().unwrap();
        Server::new(self.telegram.addr(), 2, pem).unwrap()
    }

    async fn ann(&self) -> Client {
        quick()
            .session(self.session(self.ann).await)
            .connect()
            .await
            .unwrap()
    }

    /// Ann's bot, and its keyboard.
    async fn keyboard(&self, client: &Client) -> (Peer, Message) {
        let bot = client.resolve("@volume_bot").await.unwrap();
        client.send_message(&bot, "/start").await.unwrap();
        let keyboard = json!([
            [{"text": "Turn up", "callback_data": "up"}, {"text": "Up", "callback_data": "much"}],
            [{"text": "Docs", "url": "https://example.org/docs"}]
        ]);
        let message =
            json!({"chat_id": self.ann, "text": "Volume", "reply_markup": {"inline_keyboard": keyboard}});
        self.bot("sendMessage", message).await;
        let history = client.history(&bot, 10).await.unwrap();
        assert_eq!(history[0].text, "Volume");
        (bot, history[0].clone())
    }
}

fn quick() -> Builder {
    Client::builder()
        .backoff(Duration::from_millis(10), Duration::from_millis(100))
        .call_timeout(Duration::from_secs(10))
        .press_timeout(Duration::from_secs(10))
}

#[tokio::test]
async fn a_press_is_answered_and_kept() {
    let local = Local::start().await;
    let client = local.ann().await;
    assert_eq!(client.me().await.unwrap().username.as_deref(), Some("ann"));
    let (bot, message) = local.keyboard(&client).await;
    assert!(bot.is_bot);
    let button = message.button("Turn").unwrap();
    let louder = json!({"text": "Louder", "show_alert": true, "cache_time": 60});
    let (answer, query) = tokio::join!(client.press(&message, button), local.answer(louder));
    let answer = answer.unwrap();
    assert_eq!(query["data"], "up");
    assert_eq!(
        (answer.text.as_deref(), answer.alert, answer.cached),
        (Some("Louder"), true, false)
    );
    assert_eq!(answer.cache_time, Duration::from_secs(60));
    // Again: nobody is asked, whichever way the button is named.
    let again = client.press((&bot, message.id), Press::data("up")).await.unwrap();
    assert!(again.cached && again.text == answer.text);
    assert_eq!(local.query_within(0).await, None);
    // Another button is another press.
    let plain = client.press(&message, message.button("Up").unwrap());
    let (plain, query) = tokio::join!(plain, local.answer(json!({})));
    assert_eq!((plain.unwrap().text, &query["data"]), (None, &json!("much")));
    let dialogs = client.dialogs(&DialogStart::default(), 10).await.unwrap();
    assert!(
        dialogs
            .dialogs
            .iter()
            .any(|dialog| dialog.peer.id == bot.id && dialog.last.is_some())
    );
}

#[tokio::test]
async fn what_goes_wrong_has_its_name() {
    let local = Local::start().await;
    let client = local.ann().await;
    let (bot, message) = local.keyboard(&client).await;
    let docs = client.press(&message, message.button("Docs").unwrap()).await;
    assert!(matches!(docs, Err(PressError::NotACallback)));
    let wrong = client.press(&message, Press::data("nothing")).await;
    assert!(matches!(wrong, Err(PressError::DataInvalid)), "{wrong:?}");
    let nowhere = client.press((&bot, 4_437_344), Press::data("up")).await;
    assert!(
        matches!(nowhere, Err(PressError::MessageIdInvalid)),
        "{nowhere:?}"
    );
    let silent = client.press(&message, Press::data("up")).await;
    assert!(
        matches!(silent, Err(PressError::BotResponseTimeout)),
        "{silent:?}"
    );
    let nobody = client.resolve("nobody_has_this").await;
    assert!(matches!(nobody, Err(Error::NobodyNamed(_))), "{nobody:?}");
}

#[tokio::test]
async fn every_transport_and_every_way_to_sign_in() {
    let local = Local::start().await;
    let server = local.server().await;
    for transport in [
        Transport::Abridged,
        Transport::Intermediate,
        Transport::PaddedIntermediate,
        Transport::Full,
        Transport::Obfuscated,
    ] {
        let client = quick().server(server.clone()).transport(transport);
        let client = client.connect().await.unwrap();
        let me = client.sign_in_bot(&local.token).await.unwrap();
        assert!(me.is_bot && client.session().user == local.bot, "{transport:?}");
    }
    let client = quick().server(server.clone()).connect().await.unwrap();
    let sent = client.send_code("+9996621234").await.unwrap();
    assert!(matches!(
        client.sign_in(&sent, "00000").await,
        Err(Error::CodeWrong)
    ));
    let me = client.sign_in(&sent, "22222").await.unwrap();
    assert_eq!(me.username.as_deref(), Some("ann"));
    // With the text of that session, somebody else is Ann.
    let text = client.session().to_text();
    let second = quick().session(text.parse().unwrap()).connect().await.unwrap();
    assert_eq!(second.me().await.unwrap().id, me.id);
    // A password, wrong and then right.
    let ben = json!({"first_name": "Ben", "phone": "+9996631234", "password": "secret"});
    local.control("POST", "/users", ben).await;
    let client = quick().server(server).connect().await.unwrap();
    let sent = client.send_code("+9996631234").await.unwrap();
    assert!(matches!(
        client.sign_in(&sent, "33333").await,
        Err(Error::PasswordNeeded)
    ));
    assert!(matches!(
        client.check_password("guess").await,
        Err(Error::PasswordWrong)
    ));
    assert_eq!(client.check_password("secret").await.unwrap().name, "Ben");
}

#[tokio::test]
async fn updates_come_in_order() {
    let local = Local::start().await;
    let client = local.ann().await;
    let bot = client.resolve("volume_bot").await.unwrap();
    client.send_message(&bot, "/start").await.unwrap();
    let mut updates = client.updates().await.unwrap();
    for text in ["one", "two", "three"] {
        local
            .bot("sendMessage", json!({"chat_id": local.ann, "text": text}))
            .await;
    }
    let mut seen = Vec::new();
    while seen.len() < 3 {
        let next = tokio::time::timeout(Duration::from_secs(5), updates.next()).await;
        if let Update::NewMessage(message) = next.unwrap().unwrap() {
            seen.push(message.text);
        }
    }
    assert_eq!(seen, ["one", "two", "three"]);
}

/// Passes bytes on until it is told to cut every connection.
async fn proxy(to: SocketAddr, cut: Arc<Notify>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let cut = Arc::clone(&cut);
            tokio::spawn(async move {
                let mut far = TcpStream::connect(to).await.unwrap();
                tokio::select! {
                    _ = copy_bidirectional(&mut near, &mut far) => {}
                    () = cut.notified() => {}
                }
            });
        }
    });
    address
}

#[tokio::test]
async fn a_press_outlives_its_connection_and_is_made_once() {
    let local = Local::start().await;
    let cut = Arc::new(Notify::new());
    let mut session = local.session(local.ann).await;
    session.address = proxy(local.telegram.addr(), Arc::clone(&cut)).await;
    let client = quick().session(session).connect().await.unwrap();
    let (_, message) = local.keyboard(&client).await;
    let bot = async {
        let query = local.query().await.unwrap();
        cut.notify_waiters();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let answer = json!({"callback_query_id": query["id"], "text": "Louder"});
        local.bot("answerCallbackQuery", answer).await;
        // It was asked once.
        assert_eq!(local.query_within(1).await, None);
    };
    let (answer, ()) = tokio::join!(client.press(&message, Press::data("up")), bot);
    assert_eq!(answer.unwrap().text.as_deref(), Some("Louder"));
}

#[tokio::test]
async fn garbage_is_an_error() {
    let local = Local::start().await;
    let server = local.server().await;
    drop(server);
    for length in [1, 4, 5, 64, 1000, 70_000] {
        for byte in [0, 1, 0x7f, 0xee, 0xff] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut session = local.session(local.ann).await;
            session.address = listener.local_addr().unwrap();
            tokio::spawn(async move {
                while let Ok((mut stream, _)) = listener.accept().await {
                    let _ = stream.write_all(&vec![byte; length]).await;
                }
            });
            let connect = Client::builder()
                .session(session)
                .call_timeout(Duration::from_millis(60))
                .connect();
            assert!(connect.await.is_err());
        }
    }
}

#[tokio::test]
async fn a_key_that_is_not_known() {
    let local = Local::start().await;
    let text = local.session(local.ann).await.to_text();
    let mut other = text.to_string();
    let end = other.split_off(other.len() - 4);
    other += if end == "AAAA" { "AAAE" } else { "AAAA" };
    let refused = quick().session(other.parse().unwrap()).connect().await;
    assert!(matches!(refused, Err(Error::KeyUnknown)), "{refused:?}");
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_when_connections_break() {
    let local = Local::start().await;
    let cut = Arc::new(Notify::new());
    let mut session = local.session(local.ann).await;
    session.address = proxy(local.telegram.addr(), Arc::clone(&cut)).await;
    let client = quick().session(session).connect().await.unwrap();
    let (_, message) = local.keyboard(&client).await;
    let mut updates = client.updates().await.unwrap();
    for round in 0..5 {
        // The call may go into a connection that is dead already: then the server never got it.
        cut.notify_waiters();
        let data = if round % 2 == 0 { "up" } else { "much" };
        let (answer, query) = tokio::join!(
            client.press(&message, Press::data(data)),
            local.answer(json!({"text": data}))
        );
        assert_eq!(
            (answer.unwrap().text.as_deref(), &query["data"]),
            (Some(data), &json!(data))
        );
        cut.notify_waiters();
        let text = json!({"chat_id": local.ann, "text": format!("{round}")});
        local.bot("sendMessage", text).await;
    }
    assert_eq!(local.query_within(0).await, None);
    let mut seen = Vec::new();
    while seen.len() < 5 {
        let next = tokio::time::timeout(Duration::from_secs(5), updates.next()).await;
        if let Update::NewMessage(message) = next.unwrap().unwrap() {
            seen.push(message.text);
        }
    }
    assert_eq!(seen, ["0", "1", "2", "3", "4"]);
}

#[tokio::test]
async fn temporary_keys_press_too() {
    let local = Local::start().await;
    let client = quick()
        .server(local.server().await)
        .session(local.session(local.ann).await)
        .forward_secrecy(Duration::from_secs(3600))
        .connect()
        .await
        .unwrap();
    let (_, message) = local.keyboard(&client).await;
    let press = client.press(&message, message.button("Turn up").unwrap());
    let (answer, query) = tokio::join!(press, local.answer(json!({"text": "Louder"})));
    assert_eq!(answer.unwrap().text.as_deref(), Some("Louder"));
    assert_eq!(query["from"]["id"], local.ann);
}
