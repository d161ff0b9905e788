//! What handlers take besides the update: [`FromContext`] and the extractors.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use ringback_botapi::{Chat, Message, User};
use serde::Deserialize;

use crate::bot::Bot;
use crate::dispatch::{Desk, Failure, Report};
use crate::error::BoxError;
use crate::query::Press;
use crate::session::{SessionData, Slots};
use crate::update;

/// An update on its way through the routes, as filters and extractors see it. A cheap handle.
#[derive(Clone)]
pub struct Context(Arc<Inner>);

struct Inner {
    desk: Arc<Desk>,
    states: Arc<States>,
    subject: Subject,
    /// Made when the first session is asked for.
    sessions: OnceLock<Box<Slots>>,
}

pub(crate) enum Subject {
    Press(Arc<Press>),
    Other {
        kind: &'static str,
        json: Bytes,
        /// What the JSON reads as, in the type of its kind.
        content: Arc<dyn Any + Send + Sync>,
    },
}

impl Context {
    pub(crate) fn new(desk: Arc<Desk>, states: Arc<States>, subject: Subject) -> Self {
        Context(Arc::new(Inner {
            desk,
            states,
            subject,
            sessions: OnceLock::new(),
        }))
    }

    /// The sessions that the update has loaded.
    pub(crate) fn sessions(&self) -> &Slots {
        self.0.sessions.get_or_init(Box::default)
    }

    /// The same, if it has loaded any.
    pub(crate) fn loaded_sessions(&self) -> Option<&Slots> {
        self.0.sessions.get().map(|slots| &**slots)
    }

    /// Tells the bot's error handler about this update.
    pub(crate) async fn report(&self, failure: Failure) {
        let report = match &self.0.subject {
            Subject::Press(press) => Report::of(press, failure),
            Subject::Other { .. } => Report::new(None, failure),
        };
        self.0.desk.report(None, report).await;
    }

    /// The bot that the update came to.
    pub fn bot(&self) -> &Bot {
        &self.0.desk.bot
    }

    /// A value that was given to the router by [`Router::state`](crate::Router::state). Handlers better take a
    /// [`State`], which is checked when the router is built.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.0.states.get()
    }

    /// The update's kind, as `allowed_updates` names it.
    pub fn kind(&self) -> &'static str {
        match &self.0.subject {
            Subject::Press(_) => "callback_query",
            Subject::Other { kind, .. } => kind,
        }
    }

    /// The update's content, when it is a message of any kind (new, edited, a channel's …).
    pub fn message(&self) -> Option<&Message> {
        match &self.0.subject {
            Subject::Other { content, .. } => content.downcast_ref(),
            Subject::Press(_) => None,
        }
    }

    /// The text of a message (not a caption).
    pub fn text(&self) -> Option<&str> {
        self.message()?.text.as_deref()
    }

    /// The id of [`sender`](Self::sender), for less.
    pub fn sender_id(&self) -> Option<i64> {
        #[derive(Deserialize)]
        struct From {
            from: Option<Id>,
            user: Option<Id>,
        }
        #[derive(Deserialize)]
        struct Id {
            id: i64,
        }
        match &self.0.subject {
            Subject::Press(press) => Some(press.query.from.id),
            Subject::Other { content, json, .. } => match content.downcast_ref::<Message>() {
                Some(message) => message.from.as_ref().map(|from| from.id),
                None => {
                    let found = update::read::<From>(json).ok()?;
                    found.from.or(found.user).map(|user| user.id)
                }
            },
        }
    }

    /// The id of [`chat`](Self::chat), for less.
    pub fn chat_id(&self) -> Option<i64> {
        self.place().map(|(chat, _)| chat)
    }

    /// The id and the type of [`chat`](Self::chat), for less.
    pub(crate) fn place(&self) -> Option<(i64, String)> {
        #[derive(Deserialize)]
        struct In {
            chat: Option<Head>,
        }
        #[derive(Deserialize)]
        struct Head {
            id: i64,
            #[serde(rename = "type")]
            kind: String,
        }
        let json = match &self.0.subject {
            Subject::Press(press) => press.query.message.as_ref()?,
            Subject::Other { json, .. } => json,
        };
        let chat = update::read::<In>(json).ok()?.chat?;
        Some((chat.id, chat.kind))
    }

    /// Who did what the update is about, where it says so.
    pub fn sender(&self) -> Option<User> {
        #[derive(Deserialize)]
        struct From {
            from: Option<User>,
            user: Option<User>,
        }
        match &self.0.subject {
            Subject::Press(press) => Some(press.query.from.user().clone()),
            Subject::Other { json, .. } => update::read::<From>(json)
                .ok()
                .and_then(|found| found.from.or(found.user)),
        }
    }

    /// The chat that the update is about, where there is one. For a callback query, the chat of its message.
    pub fn chat(&self) -> Option<Chat> {
        #[derive(Deserialize)]
        struct In {
            chat: Option<Chat>,
        }
        match &self.0.subject {
            Subject::Press(press) => press.message().map(|message| message.chat().clone()),
            Subject::Other { json, .. } => update::read::<In>(json).ok()?.chat,
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}

/// The values that [`State`] hands out, one for each type.
#[derive(Clone, Default)]
pub(crate) struct States(HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

impl States {
    pub(crate) fn insert<T: Send + Sync + 'static>(&mut self, value: Arc<T>) {
        self.0.insert(TypeId::of::<T>(), value);
    }

    pub(crate) fn extend(&mut self, other: States) {
        self.0.extend(other.0);
    }

    pub(crate) fn has(&self, need: &Need) -> bool {
        self.0.contains_key(&need.id)
    }

    fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        Arc::clone(self.0.get(&TypeId::of::<T>())?).downcast().ok()
    }
}

/// What an extractor asks of the router, checked when the router is built.
#[derive(Debug, Default)]
pub struct Needs {
    pub(crate) states: Vec<Need>,
    /// What sessions are called, and the types that are kept under these names.
    pub(crate) sessions: Vec<(&'static str, Need)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Need {
    pub(crate) id: TypeId,
    pub(crate) name: &'static str,
}

impl Need {
    fn of<T: 'static>() -> Self {
        Need {
            id: TypeId::of::<T>(),
            name: type_name::<T>(),
        }
    }
}

impl Needs {
    /// A value of this type, given by [`Router::state`](crate::Router::state).
    pub fn state<T: Send + Sync + 'static>(&mut self) {
        self.states.push(Need::of::<T>());
    }

    /// Sessions of this type, and the [`Sessions`](crate::Sessions) that they are kept in.
    pub fn session<T: SessionData>(&mut self) {
        self.state::<crate::Sessions>();
        self.sessions.push((T::NAME, Need::of::<T>()));
    }

    pub(crate) fn extend(&mut self, other: Needs) {
        self.states.extend(other.states);
        self.sessions.extend(other.sessions);
    }
}

/// What a handler can take after its first argument: [`Bot`], [`State<T>`](State), [`Session<T>`](crate::Session),
/// [`Dialogue<S>`](crate::Dialogue), [`Sender`], [`Args`], [`Context`], and types of your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be taken from an update",
    label = "not an extractor",
    note = "after its first argument, a handler takes `Bot`, `State<T>`, `Session<T>`, `Dialogue<S>`, `Sender`, \
            `Args`, `Context`, or any type that implements `FromContext`"
)]
pub trait FromContext: Sized + Send {
    /// Takes it from the update.
    ///
    /// # Errors
    /// It is not there. The handler is not called; the error handler is told, and a query is answered.
    fn from_context(context: &Context) -> impl Future<Output = Result<Self, BoxError>> + Send;

    /// Says what [`from_context`](Self::from_context) will need of the router.
    fn needs(needs: &mut Needs) {
        let _ = needs;
    }
}

impl FromContext for Bot {
    async fn from_context(context: &Context) -> Result<Self, BoxError> {
        Ok(context.bot().clone())
    }
}

impl FromContext for Context {
    async fn from_context(context: &Context) -> Result<Self, BoxError> {
        Ok(context.clone())
    }
}

/// A value that all handlers share, given to the router by [`Router::state`](crate::Router::state). A router whose
/// handlers need a state that it was not given can't be built.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use ringback::{CallbackQuery, Outcome, Router, State};
///
/// async fn count(query: CallbackQuery, presses: State<AtomicU32>) -> Outcome {
///     let n = presses.fetch_add(1, Ordering::Relaxed) + 1;
///     query.answer().text(format!("Press {n}")).await
/// }
///
/// let router = Router::new().callback(count).state(AtomicU32::new(0));
/// ```
#[derive(Debug)]
pub struct State<T>(Arc<T>);

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        State(Arc::clone(&self.0))
    }
}

impl<T: Send + Sync + 'static> FromContext for State<T> {
    async fn from_context(context: &Context) -> Result<Self, BoxError> {
        let missing = || format!("the router has no state of type {}", type_name::<T>());
        Ok(State(context.state::<T>().ok_or_else(missing)?))
    }

    fn needs(needs: &mut Needs) {
        needs.state::<T>();
    }
}

/// Who pressed, wrote or joined. An update without a sender (a channel's post) is an error.
#[derive(Debug, Clone)]
pub struct Sender(pub User);

impl Deref for Sender {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0
    }
}

impl FromContext for Sender {
    async fn from_context(context: &Context) -> Result<Self, BoxError> {
        Ok(Sender(context.sender().ok_or("the update has no sender")?))
    }
}

/// What stands behind a command: `"abc"` in `/start abc`, such as a deep link's payload. Empty if there is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Args(pub String);

impl Deref for Args {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Args {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromContext for Args {
    async fn from_context(context: &Context) -> Result<Self, BoxError> {
        let text = context
            .message()
            .and_then(|message| message.text.as_deref())
            .unwrap_or_default();
        let args = text
            .split_once(char::is_whitespace)
            .map_or("", |(_, args)| args.trim());
        Ok(Args(args.to_owned()))
    }
}
