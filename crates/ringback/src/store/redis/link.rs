//! One connection, which many callers share: a command goes out while others wait for their replies.

use std::collections::VecDeque;
use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot};

use super::address::Address;
use super::resp::{self, Reply, command};
use crate::error::BoxError;
use crate::net::connect::{self, Stream};

/// How many commands may wait to be sent.
const WAITING: usize = 1024;
/// How many bytes of commands are sent at once.
const TOGETHER: usize = 64 << 10;

/// Where the reply to a command goes: `None` when it was not sent. Dropped when it was, and the reply is lost.
type Answer = oneshot::Sender<Option<Reply>>;
type Queue = mpsc::Receiver<(Vec<u8>, Answer)>;

/// A connection's near end. It is over when the connection is.
#[derive(Clone)]
pub(super) struct Link(mpsc::Sender<(Vec<u8>, Answer)>);

impl Link {
    /// Connects, signs in and chooses the database.
    pub(super) async fn open(to: &Address, trust: &Trust) -> Result<Self, BoxError> {
        let stream = trust.open(to).await?;
        let (commands, queue) = mpsc::channel(WAITING);
        tokio::spawn(run(stream, queue));
        let link = Link(commands);
        if let Some(password) = &to.password {
            let login: &[&[u8]] = match &to.user {
                Some(user) => &[b"AUTH", user.as_bytes(), password.as_bytes()],
                None => &[b"AUTH", password.as_bytes()],
            };
            link.agree(login).await?;
        }
        if to.database != 0 {
            link.agree(&[b"SELECT", to.database.to_string().as_bytes()])
                .await?;
        }
        Ok(link)
    }

    async fn agree(&self, parts: &[&[u8]]) -> Result<(), BoxError> {
        match self.send(command(parts)).await {
            Some(Some(Reply::Status(_))) => Ok(()),
            Some(Some(Reply::Error(why))) => Err(format!("Redis refuses: {why}").into()),
            _ => Err("the connection to Redis broke while it was opened".into()),
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.0.is_closed()
    }

    /// Sends a command. `None`: it was not sent, the connection is over. `Some(None)`: it may have been, and the reply
    /// is lost.
    pub(super) async fn send(&self, command: Vec<u8>) -> Option<Option<Reply>> {
        let (answer, reply) = oneshot::channel();
        self.0.send((command, answer)).await.ok()?;
        match reply.await {
            Ok(reply) => reply.map(Some),
            Err(_) => Some(None),
        }
    }
}

/// Whose certificates a server may show.
pub(super) struct Trust {
    #[cfg(feature = "tls")]
    pub(super) config: Option<std::sync::Arc<tokio_rustls::rustls::ClientConfig>>,
}

impl Trust {
    async fn open(&self, to: &Address) -> Result<Stream, BoxError> {
        #[cfg(feature = "tls")]
        if to.tls {
            let config = match &self.config {
                Some(config) => std::sync::Arc::clone(config),
                None => connect::tls::config()?,
            };
            return connect::open_tls(config, &to.host, to.port).await;
        }
        connect::open(&to.host, to.port).await
    }
}

/// Carries commands out and replies in until either end is gone.
async fn run(stream: Stream, mut queue: Queue) {
    let mut waiting = VecDeque::new();
    if let Err(error) = carry(stream, &mut queue, &mut waiting).await {
        tracing::debug!(%error, "the connection to Redis is over");
    }
    // Before those who wait hear of it: what they send again must go elsewhere.
    queue.close();
    while let Some((_, answer)) = queue.recv().await {
        let _ = answer.send(None);
    }
}

async fn carry(stream: Stream, queue: &mut Queue, waiting: &mut VecDeque<Answer>) -> Result<(), BoxError> {
    let (mut from, mut to) = tokio::io::split(stream);
    let mut input = Vec::with_capacity(4096);
    let (mut output, mut sent) = (Vec::new(), 0);
    loop {
        tokio::select! {
            next = queue.recv(), if output.is_empty() => {
                let Some((command, answer)) = next else { return Ok(()) };
                output.extend_from_slice(&command);
                waiting.push_back(answer);
                while output.len() < TOGETHER && let Ok((command, answer)) = queue.try_recv() {
                    output.extend_from_slice(&command);
                    waiting.push_back(answer);
                }
            }
            // Replies are read while commands are written: a server that can't send may not read.
            written = to.write(&output[sent..]), if !output.is_empty() => {
                sent += match written? {
                    0 => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                    some => some,
                };
                if sent == output.len() {
                    to.flush().await?;
                    output.clear();
                    sent = 0;
                }
            }
            read = from.read_buf(&mut input) => {
                if read? == 0 {
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
                }
                let mut done = 0;
                while let Some((reply, length)) = resp::reply(&input[done..])? {
                    done += length;
                    let answer = waiting.pop_front().ok_or("a reply that nobody asked for")?;
                    // The caller may have given up.
                    let _ = answer.send(Some(reply));
                }
                input.drain(..done);
            }
        }
    }
}
