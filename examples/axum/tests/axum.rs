//! What people see, in the chat and over HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::net::SocketAddr;

use ringback::testing::{Person, Telegram};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

struct Site {
    telegram: Telegram,
    ann: Person,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// The server, registered with a Telegram in which Ann is the desk.
async fn open() -> Site {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (bot, desk) = (telegram.bot().clone(), ann.id());
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(async move {
        let url = format!("http://{address}/telegram");
        let stop = async { drop(stopped.await) };
        axum_bot::serve(bot, listener, (&url, "s3cret"), desk, stop)
            .await
            .unwrap();
    });
    telegram.runs_elsewhere().await;
    Site {
        telegram,
        ann,
        address,
        stop,
        task,
    }
}

/// One request; the whole response.
async fn ask(address: SocketAddr, request: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).await.unwrap();
    response
}

async fn get(address: SocketAddr, path: &str) -> String {
    ask(
        address,
        &format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    )
    .await
}

async fn post(address: SocketAddr, secret: &str, update: &str) -> String {
    let length = update.len();
    let request = format!(
        "POST /telegram HTTP/1.1\r\nHost: a\r\nX-Telegram-Bot-Api-Secret-Token: {secret}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{update}"
    );
    ask(address, &request).await
}

#[tokio::test]
async fn people_take_numbers_and_are_called() {
    let site = open().await;
    let (ann, ben) = (&site.ann, site.telegram.person("Ben").await);
    ben.send("/start").await;
    assert_eq!(ben.last().await.text(), "Welcome!");
    let press = ben.press("Take a number").await;
    assert_eq!(
        press.text(),
        Some("Your number is 1. I'll write when it is your turn.")
    );
    assert!(press.is_alert());
    assert_eq!(ben.press("Take").await.text(), Some("You have number 1."));
    assert!(
        get(site.address, "/")
            .await
            .ends_with("Now: number 0. Waiting: 1.\n")
    );

    ben.send("/next").await;
    assert_eq!(ben.last().await.text(), "Only the desk calls people in.");
    ann.send("/next").await;
    assert_eq!(ann.last().await.text(), "Number 1 was called.");
    assert_eq!(ben.last().await.text(), "Number 1: it is your turn!");
    ann.send("/next").await;
    assert_eq!(ann.last().await.text(), "Nobody waits.");
    assert!(
        get(site.address, "/")
            .await
            .ends_with("Now: number 1. Waiting: 0.\n")
    );

    // An old button: the wait ends all the same.
    let press = ben.forge("give").await;
    assert!(press.is_answered() && press.text().is_none(), "{press:?}");
    assert_eq!(site.telegram.calls("answerCallbackQuery").await, 3);
}

#[tokio::test]
async fn the_answer_is_the_response() {
    let site = open().await;
    let press = r#"{"update_id":1,"callback_query":{"id":"77","from":{"id":7,"is_bot":false,"first_name":"Ben"},"chat_instance":"-1","data":"take"}}"#;
    let response = post(site.address, "s3cret", press).await;
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
    let body = response.split("\r\n\r\n").nth(1).unwrap();
    assert_eq!(
        body,
        r#"{"method":"answerCallbackQuery","callback_query_id":"77","text":"Your number is 1. I'll write when it is your turn.","show_alert":true}"#
    );
    // The same update once more is the same press.
    let again = post(site.address, "s3cret", press).await;
    assert_eq!(again.split("\r\n\r\n").nth(1), Some(body));
    // Who does not know the secret sends nothing.
    let response = post(site.address, "guessed", press).await;
    assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
    let response = post(site.address, "s3cret", "no update").await;
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
    assert!(get(site.address, "/telegram").await.starts_with("HTTP/1.1 405 "));
    assert!(get(site.address, "/").await.ends_with("Waiting: 1.\n"));
    // Telegram was not called for any of this.
    assert_eq!(site.telegram.calls("answerCallbackQuery").await, 0);
}

#[tokio::test]
async fn it_is_healthy_until_it_is_told_to_stop() {
    let site = open().await;
    assert!(get(site.address, "/health").await.ends_with("ok\n"));
    site.stop.send(()).unwrap();
    site.task.await.unwrap();
    assert!(TcpStream::connect(site.address).await.is_err());
    // What comes meanwhile waits for the next run.
    let info = site
        .telegram
        .bot()
        .send(ringback::api::GetWebhookInfo::new())
        .await
        .unwrap();
    assert_eq!(info.url, format!("http://{}/telegram", site.address));
}
