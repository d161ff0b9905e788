//! A webhook whose connection dies before the response.

use std::sync::Arc;
use std::time::Duration;

use crate::server::Server;
use ringback::{CallbackQuery, Outcome, Router, State, Webhook};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Tells when the handler has begun, and lets it go on.
#[derive(Default)]
struct Gate {
    begun: Notify,
    go_on: Notify,
}

async fn slow(query: CallbackQuery, gate: State<Gate>) -> Outcome {
    gate.begun.notify_one();
    gate.go_on.notified().await;
    query.answer().text("Done.").await
}

/// The system tells of a closed connection at once; the bot's task has its turn meanwhile.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(30)).await;
}

async fn post(to: std::net::SocketAddr, update: i64) -> TcpStream {
    let from = json!({"id": 7, "is_bot": false, "first_name": "Ann"});
    let press = json!({"id": update.to_string(), "from": from, "chat_instance": "1", "data": "x"});
    let body = json!({"update_id": update, "callback_query": press}).to_string();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut socket = TcpStream::connect(to).await.unwrap();
    socket.write_all((head + &body).as_bytes()).await.unwrap();
    socket
}

/// The body of the response.
async fn response(mut socket: TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
        assert!(socket.read_buf(&mut bytes).await.unwrap() > 0);
    }
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    let mut body = body.as_bytes().to_vec();
    while body.len() < length.parse().unwrap() {
        assert!(socket.read_buf(&mut body).await.unwrap() > 0);
    }
    String::from_utf8(body).unwrap()
}

struct Hook {
    server: Server,
    gate: Arc<Gate>,
    address: std::net::SocketAddr,
    stop: tokio::sync::oneshot::Sender<()>,
    task: tokio::task::JoinHandle<Result<(), ringback::Error>>,
}

async fn hook() -> Hook {
    let server = Server::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let gate = Arc::new(Gate::default());
    let router = Router::new().callback(slow).shared_state(Arc::clone(&gate));
    let webhook = Webhook::new(server.bot(), router).unwrap();
    let task = tokio::spawn(webhook.without_secret().run_on(listener, async {
        let _ = stopped.await;
    }));
    Hook {
        server,
        gate,
        address,
        stop,
        task,
    }
}

#[tokio::test]
async fn an_answer_whose_response_nobody_waits_for_goes_by_a_call_once() {
    let hook = hook().await;
    let socket = post(hook.address, 1).await;
    hook.gate.begun.notified().await;
    drop(socket);
    a_moment().await;
    hook.gate.go_on.notify_one();
    let answers = hook.server.until_calls("answerCallbackQuery", 1).await;
    assert_eq!(answers[0], json!({"callback_query_id": "1", "text": "Done."}));
    // The server sends the update again, as it had no response: there is nothing left to say.
    assert_eq!(response(post(hook.address, 1).await).await, "");
    hook.stop.send(()).unwrap();
    hook.task.await.unwrap().unwrap();
    assert_eq!(hook.server.answers().len(), 1);
}

#[tokio::test]
async fn an_update_that_is_sent_again_at_once_is_answered_in_its_second_response() {
    let hook = hook().await;
    let socket = post(hook.address, 1).await;
    hook.gate.begun.notified().await;
    drop(socket);
    a_moment().await;
    let again = post(hook.address, 1).await;
    a_moment().await;
    hook.gate.go_on.notify_one();
    let answer = response(again).await;
    assert!(answer.contains("Done."), "{answer}");
    hook.stop.send(()).unwrap();
    hook.task.await.unwrap().unwrap();
    assert!(hook.server.answers().is_empty());
}
