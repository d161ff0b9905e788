//! Requests and their answers: one file for each call, in the folder of its namespace.

mod account;
mod auth;
mod bots;
mod channels;
mod constant;
mod contacts;
mod happened;
mod journal;
mod messages;
mod news;
mod table;
mod updates;
mod upload;
mod users;

pub(crate) use auth::code::login_code;

use super::Mtproto;
use super::session::{Refusal, Session};
use crate::app::App;
use crate::hub::Locked;
use journal::{arrive, leave, remark};
use ringback_tl::{DecodeError, Encode, EncodeError, Layer, Request};
use ringback_world::{Error, Seq, UserId};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The one call that a temporary key is good for before it is bound.
const BIND: &str = "auth.bindTempAuthKey";

/// What a call gives.
type Answer = Result<Vec<u8>, Refusal>;

/// What a call gives, at once or later.
enum Reply {
    Now(Answer),
    Later(Pin<Box<dyn Future<Output = Answer> + Send>>),
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Reply {
        Reply::Now(answer)
    }
}

impl Refusal {
    fn new(code: i32, text: impl Into<String>) -> Refusal {
        Refusal {
            code,
            text: text.into(),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        match &error {
            // Faults are set in the Bot API's terms.
            Error::Fault {
                retry_after: Some(seconds),
                ..
            } => Refusal::new(420, format!("FLOOD_WAIT_{seconds}")),
            Error::Fault { code: 503, .. } => Refusal::new(-503, "Timeout"),
            _ => {
                let (code, text) = error.rpc();
                Refusal::new(code, text)
            }
        }
    }
}

/// Clients ask again for ever after a 500, so an answer that a layer has no form for is a 400.
impl From<EncodeError> for Refusal {
    fn from(error: EncodeError) -> Refusal {
        Refusal::new(400, format!("LAYER_INVALID: {error}"))
    }
}

/// Who asks, and how to answer.
struct Context<'a> {
    app: &'a Arc<App>,
    session: &'a Arc<Session>,
    request: i64,
    user: Option<UserId>,
    layer: Layer,
    /// The call's journal entry, if it is journaled.
    cause: Option<Seq>,
}

impl Context<'_> {
    /// Who is signed in.
    fn me(&self) -> Result<UserId, Error> {
        self.user.ok_or(Error::NotSignedIn)
    }

    /// The bot that is signed in.
    fn bot(&self) -> Result<UserId, Error> {
        let me = self.me()?;
        let is_bot = self.app.hub.lock().world().bot(me).is_some();
        is_bot.then_some(me).ok_or(Error::UserBotRequired)
    }

    /// The world; what happens in it now is not pushed to this session, which learns it from its answer.
    fn lock(&self) -> Locked<'_> {
        self.app.hub.lock_as((self.session.key_id, self.session.id))
    }

    fn mtproto(&self) -> &Mtproto {
        &self.app.hub.mtproto
    }

    /// An answer in the client's layer.
    fn give(&self, value: &impl Encode) -> Answer {
        Ok(ringback_tl::encode(value, self.layer)?)
    }
}

/// Answers one request, sooner or later.
pub(super) fn answer(app: &Arc<App>, session: &Arc<Session>, request: i64, body: &[u8]) {
    let peeled = match Request::peel(body) {
        Ok(peeled) => peeled,
        Err(error) => return session.reply(request, Err(unreadable(app, None, &error))),
    };
    let user = app.hub.mtproto.user_of(session.key_id);
    if let Some(announced) = peeled.layer {
        if let Some(nearest) = session.announce(announced) {
            let text = format!(
                "a client speaks layer {announced}, which this server does not have; it is served by {}, the nearest",
                nearest.number()
            );
            remark(app, user, text);
        }
        app.hub.mtproto.note_layer(session.key_id, announced);
    }
    let function = match peeled.function() {
        Ok(function) => function,
        Err(error) => return session.reply(request, Err(unreadable(app, user, &error))),
    };
    let arrived = Instant::now();
    let name = function.name();
    // Requests for files go over connections of their own, which nobody wants updates on; nor does a request without them
    // take back what another has asked for (<https://core.telegram.org/method/invokeWithoutUpdates>).
    if !peeled.without_updates && !name.starts_with("upload.") {
        session.listen();
    }
    // Who makes and binds such a key hears this until it is bound, and binds it.
    if !name.starts_with("help.") && name != BIND && app.hub.mtproto.is_unbound(session.key_id) {
        return session.reply(request, Err(Refusal::new(401, "AUTH_KEY_PERM_EMPTY")));
    }
    let (cause, fault) = arrive(app, user, name, &function, &peeled.call);
    if let Some(refusal) = fault.as_ref().and_then(|fault| fault.error.clone()) {
        let delay = fault.map_or(Duration::ZERO, |fault| fault.delay);
        let refusal = Refusal::from(refusal);
        let (app, session) = (Arc::clone(app), Arc::clone(session));
        tokio::spawn(async move {
            wait(delay).await;
            leave(&app, user, cause, arrived, Some(&refusal));
            session.reply(request, Err(refusal));
        });
        return;
    }
    let context = Context {
        app,
        session,
        request,
        user,
        layer: session.layer(),
        cause,
    };
    let reply = table::dispatch(&context, function);
    let delay = fault.map_or(Duration::ZERO, |fault| fault.delay);
    match reply {
        Reply::Now(answer) if delay.is_zero() => {
            leave(app, user, cause, arrived, answer.as_ref().err());
            session.reply(request, answer);
        }
        reply => {
            let (app, session) = (Arc::clone(app), Arc::clone(session));
            tokio::spawn(async move {
                wait(delay).await;
                let answer = match reply {
                    Reply::Now(answer) => answer,
                    Reply::Later(answer) => answer.await,
                };
                leave(&app, user, cause, arrived, answer.as_ref().err());
                session.reply(request, answer);
            });
        }
    }
}

/// A delay of nothing is none: a timer would round it up to a millisecond.
async fn wait(delay: Duration) {
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
}

/// A call that this server does not have, or that is broken. It says so in the journal too: the client's own log may
/// say only a code.
fn unreadable(app: &App, user: Option<UserId>, error: &DecodeError) -> Refusal {
    remark(app, user, format!("an MTProto call was refused: {error}"));
    match error {
        DecodeError::UnknownFunction { name: Some(name), .. } => not_here(name),
        DecodeError::UnknownFunction { id, name: None } => {
            Refusal::new(400, format!("METHOD_NOT_SUPPORTED: {id:#010x}"))
        }
        error => Refusal::new(400, format!("INPUT_FETCH_ERROR: {error}")),
    }
}

fn not_here(name: &str) -> Refusal {
    Refusal::new(400, format!("METHOD_NOT_SUPPORTED: {name}"))
}
