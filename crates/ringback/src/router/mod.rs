//! [`Router`]: which handler an update goes to.

mod build;

pub use build::BuildError;
pub(crate) use build::Routes;

use std::any::{Any, TypeId};
use std::sync::Arc;

use bytes::Bytes;
use ringback_botapi::Message;
use serde::de::DeserializeOwned;

use crate::context::{Context, Needs, States};
use crate::dispatch::{ErrorHandler, Report};
use crate::handler::{
    AnyCallback, AnyUpdate, CallbackHandler, Erased, ErasedUpdate, QueryData, Takes, UpdateHandler,
};
use crate::incoming::{Kind, kinds};
use crate::middleware::{AnyMiddleware, Middleware};
use crate::session::{At, AtState, SessionData};
use crate::update;

type Filter = Arc<dyn Fn(&Context) -> bool + Send + Sync>;

/// The handlers of a bot, in the order in which they are asked.
///
/// An update goes to the first handler that it suits; that one handles it or passes it to the next. Callback queries
/// whose type claims a [prefix](crate::data::Claim::Prefix) find their handler by it, without asking the others.
///
/// ```
/// use ringback::{CallbackQuery, Error, Incoming, Outcome, Router};
///
/// async fn start(message: Incoming) -> Result<(), Error> {
///     message.answer("Hello!").await?;
///     Ok(())
/// }
///
/// async fn any_press(query: CallbackQuery) -> Outcome {
///     query.answer().text("This button does nothing yet.").await
/// }
///
/// let router = Router::new().command("start", start).callback(any_press);
/// assert_eq!(router.allowed_updates(), ["callback_query", "message"]);
/// ```
#[derive(Default)]
#[must_use = "a router does nothing until it is run"]
pub struct Router {
    callbacks: Vec<CallbackRoute>,
    updates: Vec<UpdateRoute>,
    states: States,
    needs: Needs,
}

struct CallbackRoute {
    takes: Takes,
    data: (TypeId, &'static str),
    handler: Arc<dyn AnyCallback>,
    filters: Vec<Filter>,
    at: Vec<Arc<dyn AtState>>,
    around: Vec<Arc<dyn AnyMiddleware>>,
    on_error: Option<ErrorHandler>,
}

type Parse = fn(&Bytes) -> Result<Arc<dyn Any + Send + Sync>, serde_json::Error>;

struct UpdateRoute {
    kind: &'static str,
    parse: Parse,
    /// Without the slash.
    command: Option<String>,
    handler: Arc<dyn AnyUpdate>,
    filters: Vec<Filter>,
    at: Vec<Arc<dyn AtState>>,
    around: Vec<Arc<dyn AnyMiddleware>>,
    on_error: Option<ErrorHandler>,
}

impl Router {
    /// No handlers yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A handler of callback queries whose data reads as the `D` of its [`CallbackQuery<D>`](crate::CallbackQuery).
    pub fn callback<H, Args>(mut self, handler: H) -> Self
    where
        H: CallbackHandler<Args>,
        Args: 'static,
    {
        H::needs(&mut self.needs);
        self.callbacks.push(CallbackRoute {
            takes: H::Data::TAKES,
            data: H::Data::owner(),
            handler: Arc::new(Erased::<H, Args>::new(handler)),
            filters: Vec::new(),
            at: Vec::new(),
            around: Vec::new(),
            on_error: None,
        });
        self
    }

    /// A handler of new messages.
    pub fn message<H, Args>(self, handler: H) -> Self
    where
        H: UpdateHandler<Message, Args>,
        Args: 'static,
    {
        self.on(kinds::MESSAGE, handler)
    }

    /// A handler of new messages that are this command: `"start"` takes `/start`, `/start abc` (see
    /// [`Args`](crate::Args)) and `/start@this_bot`, in any letter case, and not `/start@another_bot`. A command that is
    /// not one word is an error when the router is checked.
    pub fn command<H, Args>(self, command: &str, handler: H) -> Self
    where
        H: UpdateHandler<Message, Args>,
        Args: 'static,
    {
        let mut router = self.on(kinds::MESSAGE, handler);
        if let Some(route) = router.updates.last_mut() {
            route.command = Some(command.trim_start_matches('/').to_owned());
        }
        router
    }

    /// A handler of `/start` with a payload that starts like this: what Telegram's apps send for the link
    /// `t.me/your_bot?start=payload`. The handler takes the payload as [`Args`](crate::Args). Add it before the
    /// handler of a plain `/start`.
    ///
    /// ```
    /// use ringback::{Args, Incoming, Router};
    ///
    /// async fn invited(message: Incoming, payload: Args) {
    ///     let by: Option<i64> = payload.strip_prefix("by").and_then(|id| id.parse().ok());
    /// }
    ///
    /// async fn start(message: Incoming) {}
    ///
    /// let router = Router::new().deep_link("by", invited).command("start", start);
    /// ```
    pub fn deep_link<H, Args>(self, prefix: &str, handler: H) -> Self
    where
        H: UpdateHandler<Message, Args>,
        Args: 'static,
    {
        let prefix = prefix.to_owned();
        let mut router = self.command("start", handler);
        if let Some(route) = router.updates.last_mut() {
            route.filters.push(Arc::new(move |context: &Context| {
                let payload = context.text().and_then(|text| text.split_whitespace().nth(1));
                payload.is_some_and(|payload| payload.starts_with(&prefix))
            }));
        }
        router
    }

    /// A handler of any other kind of update; see [`kinds`].
    pub fn on<T, H, Args>(mut self, kind: Kind<T>, handler: H) -> Self
    where
        T: DeserializeOwned + Send + Sync + 'static,
        H: UpdateHandler<T, Args>,
        Args: 'static,
    {
        H::needs(&mut self.needs);
        self.updates.push(UpdateRoute {
            kind: kind.name(),
            parse: |json| Ok(Arc::new(update::read::<T>(json)?)),
            command: None,
            handler: Arc::new(ErasedUpdate::<H, T, Args>::new(handler)),
            filters: Vec::new(),
            at: Vec::new(),
            around: Vec::new(),
            on_error: None,
        });
        self
    }

    /// The handlers of another router, after those of this one. Their states come with them.
    pub fn merge(mut self, other: Router) -> Self {
        self.callbacks.extend(other.callbacks);
        self.updates.extend(other.updates);
        self.states.extend(other.states);
        self.needs.extend(other.needs);
        self
    }

    /// The handlers of another router, for those updates that the filter lets through.
    ///
    /// ```
    /// use ringback::{CallbackQuery, Context, Outcome, Router};
    ///
    /// async fn admin(query: CallbackQuery) -> Outcome {
    ///     query.answer().text("At your service.").await
    /// }
    ///
    /// let is_admin = |update: &Context| update.sender().is_some_and(|user| user.id == 8951984);
    /// let router = Router::new().nest(is_admin, Router::new().callback(admin));
    /// ```
    pub fn nest(self, filter: impl Fn(&Context) -> bool + Send + Sync + 'static, mut inner: Router) -> Self {
        let filter: Filter = Arc::new(filter);
        // In front: the outer filter is asked first.
        inner
            .callbacks
            .iter_mut()
            .for_each(|route| route.filters.insert(0, Arc::clone(&filter)));
        inner
            .updates
            .iter_mut()
            .for_each(|route| route.filters.insert(0, Arc::clone(&filter)));
        self.merge(inner)
    }

    /// The handlers of another router, for those updates that come while a [`Dialogue<S>`](crate::Dialogue) is at a
    /// state that the function lets through. An update's state is loaded when the first of its routes asks for it,
    /// after its filters; a router without such routes never does.
    ///
    /// ```
    /// use ringback::session::SessionData;
    /// use ringback::{Dialogue, Incoming, Router, Sessions, filter};
    ///
    /// #[derive(Default, serde::Serialize, serde::Deserialize)]
    /// enum SignUp {
    ///     #[default]
    ///     Nothing,
    ///     Name,
    ///     Age { name: String },
    /// }
    ///
    /// impl SessionData for SignUp {
    ///     const NAME: &str = "sign-up";
    /// }
    ///
    /// async fn begin(message: Incoming, mut dialogue: Dialogue<SignUp>) {
    ///     dialogue.go(SignUp::Name);
    /// }
    ///
    /// async fn name(message: Incoming, mut dialogue: Dialogue<SignUp>) {
    ///     let name = message.text.clone().unwrap_or_default();
    ///     dialogue.go(SignUp::Age { name });
    /// }
    ///
    /// let router = Router::new()
    ///     .command("signup", begin)
    ///     .at(|state: &SignUp| matches!(state, SignUp::Name), Router::new().message(name))
    ///     .state(Sessions::memory(10_000));
    /// ```
    pub fn at<S: SessionData>(
        mut self,
        state: impl Fn(&S) -> bool + Send + Sync + 'static,
        mut inner: Router,
    ) -> Self {
        self.needs.session::<S>();
        let at: Arc<dyn AtState> = Arc::new(At::new(state));
        inner
            .callbacks
            .iter_mut()
            .for_each(|route| route.at.insert(0, Arc::clone(&at)));
        inner
            .updates
            .iter_mut()
            .for_each(|route| route.at.insert(0, Arc::clone(&at)));
        self.merge(inner)
    }

    /// Puts a middleware around each of the handlers added so far. One that is added later goes around it.
    pub fn wrap(mut self, middleware: impl Middleware) -> Self {
        let middleware: Arc<dyn AnyMiddleware> = Arc::new(middleware);
        for route in &mut self.callbacks {
            route.around.push(Arc::clone(&middleware));
        }
        for route in &mut self.updates {
            route.around.push(Arc::clone(&middleware));
        }
        self
    }

    /// What is told when one of the handlers added so far fails, instead of the
    /// [bot's error handler](crate::Polling::on_error). The innermost router's counts.
    pub fn on_error<Fut>(mut self, handler: impl Fn(Report) -> Fut + Send + Sync + 'static) -> Self
    where
        Fut: Future<Output = ()> + Send + 'static,
    {
        let handler: ErrorHandler = Arc::new(move |report| Box::pin(handler(report)));
        for route in &mut self.callbacks {
            route.on_error.get_or_insert_with(|| Arc::clone(&handler));
        }
        for route in &mut self.updates {
            route.on_error.get_or_insert_with(|| Arc::clone(&handler));
        }
        self
    }

    /// A value that handlers take as [`State<T>`](crate::State). A second one of the same type replaces the first.
    pub fn state<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.states.insert(Arc::new(value));
        self
    }

    /// The same, for a value that is shared already.
    pub fn shared_state<T: Send + Sync + 'static>(mut self, value: Arc<T>) -> Self {
        self.states.insert(value);
        self
    }

    /// The kinds of update that the handlers take: what the server is asked to send, no more.
    pub fn allowed_updates(&self) -> Vec<&'static str> {
        let mut kinds: Vec<_> = self.updates.iter().map(|route| route.kind).collect();
        if !self.callbacks.is_empty() {
            kinds.push("callback_query");
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

impl std::fmt::Debug for Router {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let callbacks: Vec<_> = self.callbacks.iter().map(|route| route.data.1).collect();
        let updates: Vec<_> = self
            .updates
            .iter()
            .map(|route| route.command.as_deref().unwrap_or(route.kind))
            .collect();
        f.debug_struct("Router")
            .field("callbacks", &callbacks)
            .field("updates", &updates)
            .finish()
    }
}
