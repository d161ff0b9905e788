//! Starting and stopping the whole.

use crate::app::App;
use crate::bot_api::webhook;
use crate::hub::{Hub, HubConfig};
use crate::replay::Replay;
use crate::{StoreError, http, mtproto};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ringback_mtproto::transport::{Detected, Detector};
use ringback_world::{SecondAnswer, Settings};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;

/// How long a client may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// How many connections may wait to be taken.
const BACKLOG: u32 = 4096;

/// How a server is to be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The address to listen on. Loopback unless told otherwise: there are no locks on these doors.
    pub host: IpAddr,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// Where the world is kept; `None`: in memory, and gone at the end.
    pub db: Option<PathBuf>,
    /// What all ids follow from.
    pub seed: u64,
    /// Only bots that were made are bots; otherwise any well-formed token is one from its first use on.
    pub strict: bool,
    /// How long a presser waits for a bot.
    pub answer_timeout: Duration,
    /// Whether a second answer to a callback query is an error.
    pub reject_second_answer: bool,
    /// The clock moves only when it is turned by the control API.
    pub standing_clock: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: DEFAULT_PORT,
            db: None,
            seed: 0,
            strict: false,
            answer_timeout: Settings::default().answer_timeout,
            reject_second_answer: false,
            standing_clock: false,
        }
    }
}

/// The port of Telegram's own Bot API server.
pub const DEFAULT_PORT: u16 = 8081;

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is taken, or is not ours.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// Which.
        addr: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The world's file cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A local Telegram that runs until it is dropped.
#[derive(Debug)]
pub struct Server {
    app: Arc<App>,
    tasks: JoinSet<()>,
}

impl Server {
    /// Starts one. When this returns, it answers.
    ///
    /// # Errors
    /// If the address or the file cannot be had.
    pub async fn start(config: Config) -> Result<Server, StartError> {
        let addr = SocketAddr::new(config.host, config.port);
        let listen = |source| StartError::Listen { addr, source };
        let listener = bind(addr).map_err(listen)?;
        let addr = listener.local_addr().map_err(listen)?;
        let second_answer = if config.reject_second_answer {
            SecondAnswer::Reject
        } else {
            SecondAnswer::Accept
        };
        let settings = Settings {
            answer_timeout: config.answer_timeout,
            second_answer,
            ..Settings::default()
        };
        let hub_config = HubConfig {
            seed: config.seed,
            settings,
            standing_clock: config.standing_clock,
            strict: config.strict,
        };
        let (hub, jobs) = Hub::open(hub_config, config.db.as_deref())?;
        let app = Arc::new(App { hub, addr });
        let mut tasks = JoinSet::new();
        let keeper = Arc::clone(&app);
        tasks.spawn(async move { keeper.hub.keep_time().await });
        tasks.spawn(webhook::run(Arc::clone(&app), jobs));
        tasks.spawn(accept(Arc::clone(&app), listener));
        Ok(Server { app, tasks })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.app.addr
    }

    /// Where programs reach it, as in `http://127.0.0.1:8081`.
    pub fn url(&self) -> String {
        self.app.url()
    }

    /// Stops: connections are cut, and what was acknowledged is on disk.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
        // What could not be written was not acknowledged either.
        let _ = self.app.hub.settled().await;
    }
}

/// Like [`TcpListener::bind`], with room for a crowd at the door: where it is full, a client tries again only after a
/// second.
fn bind(addr: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if addr.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}

async fn accept(app: Arc<App>, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(converse(Arc::clone(&app), stream));
                // Forget those that have ended.
                while connections.try_join_next().is_some() {}
            }
            Err(error) => {
                // Out of file descriptors, most likely: those who are in are served, the others wait.
                tracing::warn!(%error, "cannot take a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn converse(app: Arc<App>, mut stream: TcpStream) {
    // Without it small answers would wait; a socket that refuses works all the same.
    let _ = stream.set_nodelay(true);
    let start = match mtproto::detect(&mut stream, Detector::new().proxy_secret(mtproto::PROXY_SECRET)).await
    {
        None => return,
        Some((Detected::Mtproto(transport), _)) => return mtproto::serve(&app, stream, *transport).await,
        Some((Detected::Http, start)) => start,
    };
    let service = service_fn(move |request| http::serve(Arc::clone(&app), request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(http::MAX_HEAD)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(Replay::new(start, stream)), service)
        .with_upgrades();
    if let Err(error) = connection.await {
        // A client's affair: it hung up, or spoke no HTTP.
        tracing::debug!(%error, "connection ended");
    }
}
