//! The client's handle, and how a call travels.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ringback_tl::codec::{Call, Encode, Writer};
use ringback_tl::{EncodeError, Layer, ctors, functions, types};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

use crate::builder::{Builder, Settings};
use crate::cache::Cache;
use crate::engine::{Command, Push};
use crate::error::{Error, Migration, RpcError};
use crate::line::Line;
use crate::peer::{Known, Peer, PeerId};
use crate::session::{Session, SessionStore};

const INVOKE_WITH_LAYER: u32 = 0xda9b_0d0d;

/// How often one call sits out a `FLOOD_WAIT_x`.
const MAX_FLOOD_WAITS: u32 = 3;
/// How often one call is sent on to another data centre.
const MAX_MOVES: u32 = 3;

/// A connected client. Clones are the same client; the connection ends with the last of them.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) settings: Arc<Settings>,
    session: Mutex<Session>,
    store: Arc<dyn SessionStore>,
    /// Where calls go: the account's data centre.
    home: Mutex<Line>,
    /// One at a time moves the account, or connects elsewhere.
    pub(crate) moving: tokio::sync::Mutex<HashMap<i32, Line>>,
    known: Mutex<Known>,
    cache: Mutex<Cache>,
    config: Mutex<Option<types::Config>>,
    /// Where answers that carry updates go, so that the stream sees no gap.
    pushes: Mutex<Option<mpsc::Sender<Push>>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("session", &*self.locked_session())
            .finish_non_exhaustive()
    }
}

/// A call that is bytes already.
struct Ready<'a>(&'a [u8]);

impl Encode for Ready<'_> {
    fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
        w.raw(self.0);
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Client {
    /// Sets up a client.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(
        settings: Arc<Settings>,
        session: Session,
        store: Arc<dyn SessionStore>,
        home: Line,
    ) -> Self {
        let shared = Shared {
            settings,
            session: Mutex::new(session),
            store,
            home: Mutex::new(home),
            moving: tokio::sync::Mutex::default(),
            known: Mutex::default(),
            cache: Mutex::default(),
            config: Mutex::default(),
            pushes: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    fn locked_session(&self) -> MutexGuard<'_, Session> {
        lock(&self.shared.session)
    }

    pub(crate) fn known(&self) -> MutexGuard<'_, Known> {
        lock(&self.shared.known)
    }

    pub(crate) fn cache(&self) -> MutexGuard<'_, Cache> {
        lock(&self.shared.cache)
    }

    /// The session, for example to print its [text](Session::to_text) and to sign in with that later.
    #[must_use]
    pub fn session(&self) -> Session {
        self.locked_session().clone()
    }

    /// Notes who is signed in (0: nobody), and keeps that.
    pub(crate) fn signed_in(&self, user: i64) -> Result<(), Error> {
        let session = {
            let mut session = self.locked_session();
            session.user = user;
            session.clone()
        };
        self.cache().clear();
        Ok(self.shared.store.save(Some(&session))?)
    }

    /// What `help.getConfig` said at the first connection.
    #[must_use]
    pub fn config(&self) -> Option<types::Config> {
        lock(&self.shared.config).clone()
    }

    /// The first call of a session.
    pub(crate) async fn introduce(&self) -> Result<(), Error> {
        let config = self.introduce_on(&self.home()).await?;
        *lock(&self.shared.config) = Some(config);
        Ok(())
    }

    pub(crate) async fn introduce_on(&self, line: &Line) -> Result<types::Config, Error> {
        let call = encoded(&functions::help::GetConfig)?;
        let body = self.introduction(&call)?;
        let config = send(line, body, self.shared.settings.call_timeout).await?;
        Ok(ringback_tl::decode(&config)?)
    }

    /// A call to one data centre, as it is: no pause is sat out, nothing followed.
    pub(crate) async fn invoke_on<C: Call>(&self, line: &Line, call: &C) -> Result<C::Return, Error> {
        let body = layered(&encoded(call)?);
        let answer = send(line, body, self.shared.settings.call_timeout).await?;
        Ok(ringback_tl::decode(&answer)?)
    }

    pub(crate) fn home(&self) -> Line {
        lock(&self.shared.home).clone()
    }

    /// The account is now at home elsewhere.
    pub(crate) async fn moved(&self, line: Line, session: Session) -> Result<(), Error> {
        *lock(&self.shared.home) = line.clone();
        *self.locked_session() = session.clone();
        let pushes = lock(&self.shared.pushes).clone();
        if let Some(pushes) = pushes {
            // What happened between the two is in the difference.
            let _ = pushes.try_send(Push::Gap);
            let sent = line.send(Command::Subscribe(pushes)).await;
            sent.map_err(|_| Error::Closed)?;
        }
        Ok(self.shared.store.save(Some(&session))?)
    }

    /// `invokeWithLayer(initConnection(call))`. <https://core.telegram.org/api/invoking>
    fn introduction(&self, call: &[u8]) -> Result<Vec<u8>, Error> {
        let settings = &self.shared.settings;
        let call = functions::InvokeWithLayer {
            layer: Layer::NEWEST.number(),
            query: functions::InitConnection {
                api_id: settings.api_id,
                device_model: settings.device.clone(),
                system_version: std::env::consts::OS.to_owned(),
                app_version: env!("CARGO_PKG_VERSION").to_owned(),
                system_lang_code: settings.language.clone(),
                lang_pack: String::new(),
                lang_code: settings.language.clone(),
                proxy: None,
                params: None,
                query: Ready(call),
            },
        };
        encoded(&call)
    }

    /// Any call, within the call time-out.
    ///
    /// A `FLOOD_WAIT_x` up to the ceiling is sat out; the time-out counts each try alone.
    ///
    /// # Errors
    /// What the server says, or what befell the connection.
    pub async fn invoke<C: Call>(&self, call: &C) -> Result<C::Return, Error> {
        self.invoke_within(call, self.shared.settings.call_timeout).await
    }

    /// Any call, with a time-out of its own.
    ///
    /// When the time is over, or the future is dropped, the server is told that the answer need not come
    /// (`rpc_drop_answer`).
    ///
    /// # Errors
    /// As [`invoke`](Self::invoke).
    pub async fn invoke_within<C: Call>(&self, call: &C, limit: Duration) -> Result<C::Return, Error> {
        let call = encoded(call)?;
        let answer = self.attempt(&call, limit).await?;
        Ok(ringback_tl::decode(&answer)?)
    }

    /// As often as it takes, or is allowed.
    async fn attempt(&self, call: &[u8], limit: Duration) -> Result<Vec<u8>, Error> {
        let mut body = layered(call);
        let mut waits = 0;
        let mut introduced = false;
        let mut moves = 0;
        let mut elsewhere = None;
        loop {
            let line = elsewhere.clone().unwrap_or_else(|| self.home());
            match send(&line, body.clone(), limit).await {
                Err(Error::FloodWait(pause))
                    if pause <= self.shared.settings.flood_ceiling && waits < MAX_FLOOD_WAITS =>
                {
                    waits += 1;
                    tracing::info!(seconds = pause.as_secs(), "the server wants a pause");
                    sleep(pause).await;
                }
                Err(Error::Rpc(error)) if !introduced && wants_introduction(&error) => {
                    introduced = true;
                    body = self.introduction(call)?;
                }
                Err(Error::Migrate { dc, what }) if moves < MAX_MOVES => {
                    moves += 1;
                    match what {
                        Migration::Account => self.move_home(dc).await?,
                        Migration::Call => elsewhere = Some(self.line_to(dc).await?),
                    }
                }
                done => return done,
            }
        }
    }

    /// From now on updates go to this channel.
    pub(crate) async fn subscribe(&self, pushes: mpsc::Sender<Push>) -> Result<(), Error> {
        *lock(&self.shared.pushes) = Some(pushes.clone());
        let sent = self.home().send(Command::Subscribe(pushes)).await;
        sent.map_err(|_| Error::Closed)
    }

    /// Tells the stream of updates that what this client did itself was counted, so that it sees no gap there.
    pub(crate) fn hand_on_count(&self, chat: &Peer, affected: &types::messages::AffectedMessages) {
        let (messages, pts, pts_count) = (Vec::new(), affected.pts, affected.pts_count);
        // A deletion of nothing: counted like any other, and nobody is told.
        let update = match chat.id {
            PeerId::Channel(channel_id) => ctors::UpdateDeleteChannelMessages {
                channel_id,
                messages,
                pts,
                pts_count,
            }
            .into(),
            PeerId::User(_) | PeerId::Group(_) => ctors::UpdateDeleteMessages {
                messages,
                pts,
                pts_count,
            }
            .into(),
        };
        self.hand_on(&types::Updates::UpdateShort(ctors::UpdateShort {
            update,
            date: 0,
        }));
    }

    /// Gives the stream of updates what came as an answer.
    pub(crate) fn hand_on(&self, updates: &types::Updates) {
        let pushes = lock(&self.shared.pushes).clone();
        let bytes = ringback_tl::encode(updates, Layer::NEWEST);
        if let (Some(pushes), Ok(bytes)) = (pushes, bytes) {
            // If there is no room, the stream finds a gap and asks for the difference.
            let _ = pushes.try_send(Push::Updates(bytes));
        }
    }
}

/// Every call names the layer: a server that has forgotten the session still answers in the right one.
fn layered(call: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(call.len() + 8);
    body.extend(INVOKE_WITH_LAYER.to_le_bytes());
    body.extend(Layer::NEWEST.number().to_le_bytes());
    body.extend_from_slice(call);
    body
}

async fn send(line: &Line, body: Vec<u8>, limit: Duration) -> Result<Vec<u8>, Error> {
    let (reply, answer) = oneshot::channel();
    let travel = async {
        let sent = line.send(Command::Call(body, reply)).await;
        sent.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    };
    timeout(limit, travel).await.map_err(|_| Error::Timeout(limit))?
}

fn encoded(call: &impl Encode) -> Result<Vec<u8>, Error> {
    Ok(ringback_tl::encode(call, Layer::NEWEST)?)
}

fn wants_introduction(error: &RpcError) -> bool {
    matches!(
        error.message.as_str(),
        "CONNECTION_NOT_INITED" | "CONNECTION_LAYER_INVALID"
    )
}
