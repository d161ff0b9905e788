//! A server with a bot that answers at once, and people who have its keyboard before them.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use ringback_client::{Client, Server as Telegram, Session};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::bot::Bot;
use crate::http::Connection;
use crate::server::Server;

pub(crate) struct Stage {
    pub(crate) server: Server,
    pub(crate) bot: i64,
    pub(crate) people: Vec<i64>,
    telegram: Telegram,
    _answers: Bot,
}

impl Stage {
    pub(crate) async fn start(binary: &Path, people: usize) -> Result<Self, Box<dyn Error>> {
        let server = Server::start(binary)?;
        let mut control = Connection::open(server.address).await?;
        let made: Value = control
            .post_ok("/_ringback/v1/bots", r#"{"username":"bench_bot"}"#)
            .await?
            .parse()?;
        let bot = made["id"].as_i64().ok_or("the bot has no id")?;
        let token = made["token"].as_str().ok_or("the bot has no token")?;
        let answers = Bot::start(server.address, token, 16).await?;
        let mut ids = Vec::with_capacity(people);
        for _ in 0..people {
            let made: Value = control
                .post_ok("/_ringback/v1/users", r#"{"first_name":"Ann"}"#)
                .await?
                .parse()?;
            let id = made["id"].as_i64().ok_or("a user without an id")?;
            let body = format!(r#"{{"from":{id},"chat":{bot},"text":"/start"}}"#);
            control.post_ok("/_ringback/v1/messages", &body).await?;
            ids.push(id);
        }
        let end = Instant::now() + Duration::from_secs(30);
        while answers.greeted.get() < people {
            if Instant::now() > end {
                return Err("the bot has not sent its keyboards".into());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let about = get(&server, "/_ringback/v1/mtproto").await?;
        let pem = about["public_key_pem"].as_str().ok_or("the server has no key")?;
        let telegram = Telegram::new(server.address, 2, pem)?;
        Ok(Self {
            server,
            bot,
            people: ids,
            telegram,
            _answers: answers,
        })
    }

    /// A session of one of the people, with a key of its own.
    pub(crate) async fn session(&self, user: i64) -> Result<Session, Box<dyn Error>> {
        let mut control = Connection::open(self.server.address).await?;
        let path = format!("/_ringback/v1/users/{user}/sessions");
        let made: Value = control.post_ok(&path, r#"{"for":"ringback"}"#).await?.parse()?;
        Ok(made["session"].as_str().ok_or("no session")?.parse()?)
    }

    /// The time of one key exchange and the first call under the key, with so many under way at once.
    pub(crate) async fn handshakes(&self, count: usize, at_once: usize) -> Result<Duration, Box<dyn Error>> {
        let begun = Instant::now();
        let mut under_way = JoinSet::new();
        for _ in 0..count {
            if under_way.len() >= at_once
                && let Some(done) = under_way.join_next().await
            {
                done??;
            }
            let connect = Client::builder().server(self.telegram.clone()).connect();
            under_way.spawn(async move { connect.await.map(drop) });
        }
        while let Some(done) = under_way.join_next().await {
            done??;
        }
        Ok(begun.elapsed() / u32::try_from(count.max(1))?)
    }
}

/// `GET`, on a connection of its own.
async fn get(server: &Server, path: &str) -> Result<Value, Box<dyn Error>> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(server.address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    Ok(body.parse()?)
}
