//! A bot that answers at once: one long poll, and a few connections that answer what it brings.

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;

use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::http::Connection;

#[derive(Deserialize)]
struct Updates<'a> {
    #[serde(borrow)]
    result: Vec<Update<'a>>,
}

#[derive(Deserialize)]
struct Update<'a> {
    update_id: i64,
    #[serde(borrow)]
    callback_query: Option<Query<'a>>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Query<'a> {
    id: &'a str,
}

#[derive(Deserialize)]
struct Message {
    chat: Chat,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
}

pub(crate) struct Bot {
    /// How many keyboards it has sent.
    pub(crate) greeted: Rc<Cell<usize>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Bot {
    /// `/start` (any message) is answered with a keyboard of one button, a press with an empty answer.
    pub(crate) async fn start(address: SocketAddr, token: &str, connections: usize) -> io::Result<Self> {
        let greeted = Rc::new(Cell::new(0));
        let mut tasks = Vec::new();
        let mut queues = Vec::new();
        for _ in 0..connections {
            let (queue, todo) = mpsc::unbounded_channel();
            queues.push(queue);
            let connection = Connection::open(address).await?;
            tasks.push(spawn(
                "answer",
                work(connection, token.to_owned(), todo, Rc::clone(&greeted)),
            ));
        }
        tasks.push(spawn(
            "poll",
            poll(Connection::open(address).await?, token.to_owned(), queues),
        ));
        Ok(Self { greeted, tasks })
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

fn spawn(what: &'static str, work: impl Future<Output = io::Result<()>> + 'static) -> JoinHandle<()> {
    tokio::task::spawn_local(async move {
        if let Err(error) = work.await {
            eprintln!("the bot failed to {what}: {error}");
        }
    })
}

enum Work {
    Answer(String),
    Greet(i64),
}

async fn poll(
    mut connection: Connection,
    token: String,
    queues: Vec<mpsc::UnboundedSender<Work>>,
) -> io::Result<()> {
    let path = format!("/bot{token}/getUpdates");
    let mut offset = 0;
    let mut turn = 0;
    loop {
        let body = format!(r#"{{"offset":{offset},"timeout":50}}"#);
        let response = connection.post(&path, &body).await?;
        let updates: Updates<'_> = serde_json::from_slice(response.body).map_err(|error| {
            io::Error::other(format!("{error} in {}", String::from_utf8_lossy(response.body)))
        })?;
        for update in updates.result {
            offset = update.update_id + 1;
            let work = match (update.callback_query, update.message) {
                (Some(query), _) => Work::Answer(query.id.to_owned()),
                (None, Some(message)) => Work::Greet(message.chat.id),
                (None, None) => continue,
            };
            turn = (turn + 1) % queues.len();
            if queues[turn].send(work).is_err() {
                return Ok(());
            }
        }
    }
}

async fn work(
    mut connection: Connection,
    token: String,
    mut todo: mpsc::UnboundedReceiver<Work>,
    greeted: Rc<Cell<usize>>,
) -> io::Result<()> {
    let (answer, send) = (
        format!("/bot{token}/answerCallbackQuery"),
        format!("/bot{token}/sendMessage"),
    );
    while let Some(work) = todo.recv().await {
        match work {
            Work::Answer(id) => {
                let body = format!(r#"{{"callback_query_id":"{id}"}}"#);
                let response = connection.post(&answer, &body).await?;
                if response.status != 200 {
                    eprintln!(
                        "an answer was refused: {}",
                        String::from_utf8_lossy(response.body)
                    );
                }
            }
            Work::Greet(chat) => {
                let body = format!(
                    r#"{{"chat_id":{chat},"text":"Press","reply_markup":{{"inline_keyboard":[[{{"text":"+","callback_data":"+"}}]]}}}}"#
                );
                connection.post_ok(&send, &body).await?;
                greeted.set(greeted.get() + 1);
            }
        }
    }
    Ok(())
}
