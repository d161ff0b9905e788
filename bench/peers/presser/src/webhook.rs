//! Handing presses out by calling the bot's webhook, over as many connections as Telegram would use.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use memchr::memmem;
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::desk::Desk;

/// A bot that turns so many requests down is not asked again.
const PATIENCE: usize = 50;

/// Waits until somebody listens there.
pub(crate) async fn ready(port: u16) {
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        sleep(Duration::from_millis(5)).await;
    }
}

/// Hands out every press and ends; `connections` at once.
pub(crate) fn start(desk: &Rc<Desk>, port: u16, connections: usize, wait_for_answers: bool) {
    let next = Rc::new(Cell::new(0));
    for _ in 0..connections {
        let caller = Caller {
            desk: Rc::clone(desk),
            next: Rc::clone(&next),
            port,
            wait_for_answers,
        };
        tokio::task::spawn_local(caller.run());
    }
}

struct Caller {
    desk: Rc<Desk>,
    /// The next press that nobody has taken.
    next: Rc<Cell<usize>>,
    port: u16,
    wait_for_answers: bool,
}

impl Caller {
    /// What is not delivered in the end shows in the report as missing.
    async fn run(self) {
        let mut connection = None;
        let mut failures = 0;
        while let Some(press) = self.take() {
            self.desk.hand_out(press);
            while failures < PATIENCE {
                match self.deliver(&mut connection, press).await {
                    Ok(()) => break,
                    Err(_) => {
                        failures += 1;
                        connection = None;
                        sleep(Duration::from_millis(20)).await;
                    }
                }
            }
            if self.wait_for_answers {
                self.answered(press).await;
            }
        }
    }

    async fn answered(&self, press: usize) {
        while !self.desk.with_ledger(|ledger| ledger.is_answered(press)) {
            self.desk.answered.notified().await;
        }
    }

    fn take(&self) -> Option<usize> {
        let press = self.next.get();
        (press < self.desk.presses()).then(|| {
            self.next.set(press + 1);
            press
        })
    }

    async fn deliver(
        &self,
        connection: &mut Option<SendRequest<Full<Bytes>>>,
        press: usize,
    ) -> io::Result<()> {
        let sender = match connection {
            Some(sender) if !sender.is_closed() => sender,
            _ => connection.insert(self.connect().await?),
        };
        sender.ready().await.map_err(io::Error::other)?;
        let webhook = self.desk.webhook();
        let mut request = Request::post(webhook.path.as_deref().unwrap_or("/webhook"))
            .header("host", format!("127.0.0.1:{}", self.port))
            .header("content-type", "application/json");
        if let Some(secret) = &webhook.secret {
            request = request.header("x-telegram-bot-api-secret-token", secret);
        }
        let request = request
            .body(Full::new(self.desk.update(press)))
            .map_err(io::Error::other)?;
        let response = sender.send_request(request).await.map_err(io::Error::other)?;
        let status = response.status();
        let body = response
            .into_body()
            .collect()
            .await
            .map_err(io::Error::other)?
            .to_bytes();
        if !status.is_success() {
            return Err(io::Error::other(status.to_string()));
        }
        if memmem::find(&body, b"callback_query_id").is_some() {
            self.desk.answer(&body);
        }
        Ok(())
    }

    async fn connect(&self) -> io::Result<SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        tokio::task::spawn_local(async move {
            // Its end shows at the sender.
            let _ = connection.await;
        });
        Ok(sender)
    }
}
