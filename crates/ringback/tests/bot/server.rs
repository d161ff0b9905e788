//! A scripted Bot API server on a loopback socket: it hands out the updates that a test puts in, keeps Telegram's
//! rules about confirming them, and writes down every call.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ringback::{Bot, Polling, Router};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

#[derive(Clone, Default)]
pub(crate) struct Server(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    address: String,
    updates: VecDeque<(i64, Value)>,
    next_id: i64,
    calls: Vec<(String, Value)>,
    /// The responses to the next calls of a method, instead of success.
    refusals: Vec<(String, Value)>,
    /// The method whose calls are written down and get no response yet.
    held: Option<String>,
    connections: usize,
    /// All updates that ever were, and whether they are sent once more.
    all: Vec<Value>,
    again: bool,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let server = Server::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        {
            let mut state = server.0.state.lock().unwrap();
            state.address = format!("http://{}", listener.local_addr().unwrap());
            state.next_id = 1000;
        }
        let accepting = server.clone();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                accepting.0.state.lock().unwrap().connections += 1;
                tokio::spawn(accepting.clone().serve(socket));
            }
        });
        server
    }

    pub(crate) fn address(&self) -> String {
        self.0.state.lock().unwrap().address.clone()
    }

    pub(crate) fn bot(&self) -> Bot {
        Bot::builder("42:secret").server(self.address()).build().unwrap()
    }

    /// A bot that runs until the returned stopper is used.
    pub(crate) fn run(&self, router: Router, set: impl FnOnce(Polling) -> Polling) -> Running {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let polling = set(Polling::new(self.bot(), router).unwrap());
        let task = tokio::spawn(polling.run_until(async {
            let _ = stopped.await;
        }));
        Running { stop, task }
    }

    /// Puts an update into the queue; its number.
    pub(crate) fn update(&self, kind: &str, content: Value) -> i64 {
        let mut state = self.0.state.lock().unwrap();
        let id = state.next_id;
        state.next_id += 1;
        state
            .updates
            .push_back((id, json!({"update_id": id, kind: content.clone()})));
        state.all.push(json!({"update_id": id, kind: content}));
        drop(state);
        self.0.changed.notify_waiters();
        id
    }

    pub(crate) fn press(&self, id: &str, user: i64, data: &str) -> i64 {
        self.update(
            "callback_query",
            json!({
                "id": id, "from": person(user), "chat_instance": "-7", "data": data,
                "message": {"message_id": 3, "date": 1, "chat": {"id": user, "type": "private", "first_name": "A"},
                            "text": "Press"},
            }),
        )
    }

    pub(crate) fn says(&self, user: i64, text: &str) -> i64 {
        let chat = json!({"id": user, "type": "private", "first_name": "A"});
        self.update(
            "message",
            json!({"message_id": 3, "date": 1, "chat": chat, "from": person(user), "text": text}),
        )
    }

    /// The next call of the method is refused with this code and text.
    pub(crate) fn refuse(&self, method: &str, code: u16, description: &str, parameters: Value) {
        let refusal =
            json!({"ok": false, "error_code": code, "description": description, "parameters": parameters});
        self.0
            .state
            .lock()
            .unwrap()
            .refusals
            .push((method.to_owned(), refusal));
    }

    /// From now on calls of the method wait for their responses, until [`release`](Self::release).
    pub(crate) fn hold(&self, method: &str) {
        self.0.state.lock().unwrap().held = Some(method.to_owned());
    }

    pub(crate) fn release(&self) {
        self.0.state.lock().unwrap().held = None;
        self.0.changed.notify_waiters();
    }

    /// Methods and texts of all calls but `getMe` and `getUpdates`, in the order in which they came.
    pub(crate) fn log(&self) -> Vec<String> {
        let state = self.0.state.lock().unwrap();
        let calls = state
            .calls
            .iter()
            .filter(|(method, _)| !method.starts_with("get"));
        calls
            .map(|(method, body)| format!("{method} {}", body["text"].as_str().unwrap_or_default()))
            .collect()
    }

    /// Forgets nothing that is confirmed: the next poll gets all updates again, whatever it asks for.
    pub(crate) fn send_again(&self) {
        self.0.state.lock().unwrap().again = true;
        self.0.changed.notify_waiters();
    }

    /// The parameters of all calls of a method so far.
    pub(crate) fn calls(&self, method: &str) -> Vec<Value> {
        let state = self.0.state.lock().unwrap();
        state
            .calls
            .iter()
            .filter(|(name, _)| name == method)
            .map(|(_, body)| body.clone())
            .collect()
    }

    pub(crate) fn answers(&self) -> Vec<Value> {
        self.calls("answerCallbackQuery")
    }

    /// Waits until a method has been called this often.
    pub(crate) async fn until_calls(&self, method: &str, count: usize) -> Vec<Value> {
        let waiting = async {
            while self.calls(method).len() < count {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let limit = tokio::time::timeout(Duration::from_secs(5), waiting).await;
        assert!(
            limit.is_ok(),
            "{count} calls of {method} did not come: {:?}",
            self.calls(method)
        );
        self.calls(method)
    }

    /// The updates that are not confirmed.
    pub(crate) fn unconfirmed(&self) -> Vec<i64> {
        self.0
            .state
            .lock()
            .unwrap()
            .updates
            .iter()
            .map(|(id, _)| *id)
            .collect()
    }

    pub(crate) fn connections(&self) -> usize {
        self.0.state.lock().unwrap().connections
    }

    async fn serve(self, socket: TcpStream) {
        let mut socket = BufReader::new(socket);
        loop {
            let mut line = String::new();
            if socket.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            let method = line
                .split(' ')
                .nth(1)
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned();
            let mut length = 0;
            loop {
                let mut header = String::new();
                socket.read_line(&mut header).await.unwrap();
                if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if header.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            socket.read_exact(&mut body).await.unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            let response = self.respond(&method, body).await.to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                response.len()
            );
            if socket.write_all((head + &response).as_bytes()).await.is_err() {
                return;
            }
        }
    }

    async fn respond(&self, method: &str, body: Value) -> Value {
        {
            let mut state = self.0.state.lock().unwrap();
            state.calls.push((method.to_owned(), body.clone()));
            if let Some(at) = state.refusals.iter().position(|(of, _)| of == method) {
                return state.refusals.remove(at).1;
            }
        }
        loop {
            let changed = self.0.changed.notified();
            if self.0.state.lock().unwrap().held.as_deref() != Some(method) {
                break;
            }
            let _ = tokio::time::timeout(Duration::from_millis(20), changed).await;
        }
        let result = match method {
            "getMe" => json!({"id": 42, "is_bot": true, "first_name": "Knob", "username": "knob_bot"}),
            "getUpdates" => self.get_updates(&body).await,
            "sendMessage" | "editMessageText" => {
                json!({"message_id": 9, "date": 1, "chat": {"id": 1, "type": "private", "first_name": "A"}})
            }
            _ => json!(true),
        };
        json!({"ok": true, "result": result})
    }

    async fn get_updates(&self, body: &Value) -> Value {
        let offset = body["offset"].as_i64().unwrap_or(0);
        let limit = body["limit"].as_u64().unwrap_or(100) as usize;
        let until = tokio::time::Instant::now() + Duration::from_secs(body["timeout"].as_u64().unwrap_or(0));
        loop {
            let changed = self.0.changed.notified();
            {
                let mut state = self.0.state.lock().unwrap();
                if std::mem::take(&mut state.again) {
                    return state.all.clone().into();
                }
                while state.updates.front().is_some_and(|(id, _)| *id < offset) {
                    state.updates.pop_front();
                }
                if !state.updates.is_empty() || tokio::time::Instant::now() >= until {
                    return state
                        .updates
                        .iter()
                        .take(limit)
                        .map(|(_, update)| update.clone())
                        .collect();
                }
            }
            let _ = tokio::time::timeout_at(until, changed).await;
        }
    }
}

pub(crate) struct Running {
    stop: tokio::sync::oneshot::Sender<()>,
    task: tokio::task::JoinHandle<Result<(), ringback::Error>>,
}

impl Running {
    /// Drains, as at SIGTERM.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        self.task.await.unwrap().unwrap();
    }

    /// Ends at once, as at SIGKILL.
    pub(crate) async fn kill(self) {
        self.task.abort();
        let _ = self.task.await;
    }

    pub(crate) async fn result(self) -> Result<(), ringback::Error> {
        self.task.await.unwrap()
    }
}

fn person(id: i64) -> Value {
    json!({"id": id, "is_bot": false, "first_name": format!("U{id}")})
}
