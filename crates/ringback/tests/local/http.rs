//! The ready server, byte for byte.

use std::time::Duration;

use ringback::{Bot, CallbackQuery, Outcome, Router, Webhook};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn echo(query: CallbackQuery) -> Outcome {
    let data = query.data().unwrap_or_default().to_owned();
    if data == "slow" {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    query.answer().text(data).await
}

struct Site {
    address: std::net::SocketAddr,
    stop: tokio::sync::oneshot::Sender<()>,
    task: tokio::task::JoinHandle<Result<(), ringback::Error>>,
}

async fn site() -> Site {
    let bot = Bot::builder("42:secret")
        .server("http://127.0.0.1:1")
        .build()
        .unwrap();
    let webhook = Webhook::new(bot, Router::new().callback(echo))
        .unwrap()
        .secret("s")
        .body_limit(1000);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let task = tokio::spawn(webhook.run_on(listener, async {
        let _ = stopped.await;
    }));
    Site { address, stop, task }
}

fn press(update: i64, data: &str) -> String {
    format!(
        r#"{{"update_id":{update},"callback_query":{{"id":"{update}","from":{{"id":7,"is_bot":false,"first_name":"A"}},"chat_instance":"-1","data":"{data}"}}}}"#
    )
}

fn post(body: &str, header: &str) -> String {
    let length = body.len();
    format!(
        "POST /x HTTP/1.1\r\nHost: a\r\nX-Telegram-Bot-Api-Secret-Token: s\r\n{header}Content-Length: {length}\r\n\r\n{body}"
    )
}

/// Reads until the text has come this often, or the connection ends.
async fn until(socket: &mut TcpStream, text: &str, times: usize) -> String {
    let mut read = Vec::new();
    let reading = async {
        loop {
            let so_far = String::from_utf8(read.clone()).unwrap();
            if so_far.matches(text).count() >= times || socket.read_buf(&mut read).await.unwrap() == 0 {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(5), reading)
        .await
        .expect("a response");
    String::from_utf8(read).unwrap()
}

#[tokio::test]
async fn a_connection_carries_one_request_after_the_other() {
    let site = site().await;
    let mut socket = TcpStream::connect(site.address).await.unwrap();
    // Two in one write, the second cut in the middle.
    let both = post(&press(1, "one"), "") + &post(&press(2, "two"), "");
    let (start, end) = both.split_at(both.len() - 20);
    socket.write_all(start.as_bytes()).await.unwrap();
    let first = until(&mut socket, "}", 1).await;
    assert!(
        first.starts_with("HTTP/1.1 200 OK\r\ncontent-length: "),
        "{first}"
    );
    assert!(
        first.contains("\r\ncontent-type: application/json\r\n"),
        "{first}"
    );
    assert!(
        first.ends_with(r#"{"method":"answerCallbackQuery","callback_query_id":"1","text":"one"}"#),
        "{first}"
    );
    socket.write_all(end.as_bytes()).await.unwrap();
    assert!(until(&mut socket, "}", 1).await.contains(r#""text":"two""#));
}

#[tokio::test]
async fn bodies_come_in_chunks_and_after_a_word() {
    let site = site().await;
    let mut socket = TcpStream::connect(site.address).await.unwrap();
    let body = press(1, "one");
    let (a, b) = body.split_at(10);
    let head = "POST / HTTP/1.1\r\nHost: a\r\nX-Telegram-Bot-Api-Secret-Token: s\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunks = format!("{head}{:x}\r\n{a}\r\n{:x}\r\n{b}\r\n0\r\n\r\n", a.len(), b.len());
    socket.write_all(chunks.as_bytes()).await.unwrap();
    assert!(until(&mut socket, "}", 1).await.contains(r#""text":"one""#));
    let request = post(&press(2, "two"), "Expect: 100-continue\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let response = until(&mut socket, "}", 1).await;
    assert!(
        response.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"),
        "{response}"
    );
}

#[tokio::test]
async fn what_is_refused_ends_the_connection() {
    let site = site().await;
    let long = post(&press(1, &"x".repeat(1000)), "");
    let wrong = post(&press(1, "x"), "").replace("Token: s", "Token: t");
    let chunked =
        "POST / HTTP/1.1\r\nX-Telegram-Bot-Api-Secret-Token: s\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n";
    for (request, status) in [
        (long.as_str(), "413 Payload Too Large"),
        (&wrong, "401 Unauthorized"),
        (chunked, "413 Payload Too Large"),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "405 Method Not Allowed"),
        ("nonsense\r\n\r\n", "400 Bad Request"),
    ] {
        let mut socket = TcpStream::connect(site.address).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        let response = until(&mut socket, "nothing like this", 1).await;
        assert!(
            response.starts_with(&format!("HTTP/1.1 {status}\r\n")),
            "{response}"
        );
        assert!(response.contains("connection: close\r\n"), "{response}");
    }
}

#[tokio::test]
async fn a_stop_ends_idle_connections_and_waits_for_the_others() {
    let site = site().await;
    let mut idle = TcpStream::connect(site.address).await.unwrap();
    idle.write_all(post(&press(1, "one"), "").as_bytes())
        .await
        .unwrap();
    until(&mut idle, "}", 1).await;
    let mut busy = TcpStream::connect(site.address).await.unwrap();
    busy.write_all(post(&press(2, "slow"), "").as_bytes())
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    site.stop.send(()).unwrap();
    let (nothing, answer) = tokio::join!(until(&mut idle, "x", 1), until(&mut busy, "nothing like this", 1));
    assert_eq!(nothing, "");
    assert!(
        answer.contains(r#""text":"slow""#) && answer.contains("connection: close"),
        "{answer}"
    );
    site.task.await.unwrap().unwrap();
    assert!(TcpStream::connect(site.address).await.is_err());
}
