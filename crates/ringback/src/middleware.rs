//! [`Middleware`]: what goes around handlers.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::context::Context;
use crate::error::BoxError;
use crate::handler::{BoxFuture, Flow};
use crate::query::{Answer, Outcome, Press};
use crate::time::timeout_at;

/// What goes around handlers: it looks at the update, decides whether they are asked, and sees them end.
///
/// It is no `tower` layer, on purpose. A `Service` may drop its request and return what it likes; here that would be
/// a forgotten answer. A [`Next`] is used up by going on, passing or answering, and only these make the [`Handled`]
/// that a middleware must return: what holds for handlers holds for it.
///
/// ```
/// use std::time::Instant;
/// use ringback::{CallbackQuery, Context, Handled, Middleware, Next, Outcome, Router};
///
/// struct Quiet;
///
/// impl Middleware for Quiet {
///     async fn handle(&self, context: &Context, next: Next<'_>) -> Handled {
///         if context.sender_id() == Some(666) {
///             return next.answer(|answer| answer.text("No."));
///         }
///         let start = Instant::now();
///         let handled = next.run().await;
///         println!("{}: {:?}", context.kind(), start.elapsed());
///         handled
///     }
/// }
///
/// async fn press(query: CallbackQuery) -> Outcome {
///     query.answer().await
/// }
///
/// let router = Router::new().callback(press).wrap(Quiet);
/// ```
pub trait Middleware: Send + Sync + 'static {
    /// Goes around one handler of one update. Extractors are part of the handler.
    fn handle(&self, context: &Context, next: Next<'_>) -> impl Future<Output = Handled> + Send;
}

/// The same with the type forgotten.
pub(crate) trait AnyMiddleware: Send + Sync {
    fn handle<'a>(&'a self, context: &'a Context, next: Next<'a>) -> BoxFutureOf<'a>;
}

pub(crate) type BoxFutureOf<'a> = std::pin::Pin<Box<dyn Future<Output = Handled> + Send + 'a>>;

impl<M: Middleware> AnyMiddleware for M {
    fn handle<'a>(&'a self, context: &'a Context, next: Next<'a>) -> BoxFutureOf<'a> {
        Box::pin(Middleware::handle(self, context, next))
    }
}

/// The handler that a middleware goes around, with the middleware in between.
#[must_use = "the update is still to be handled"]
pub struct Next<'a> {
    around: &'a [Arc<dyn AnyMiddleware>],
    context: &'a Context,
    inner: Inner,
}

enum Inner {
    Press(Arc<Press>, BoxFuture<Result<Outcome, BoxError>>),
    Other(BoxFuture<Result<Flow, BoxError>>),
}

/// What became of an update, for a middleware to return.
#[must_use = "return it from the middleware"]
pub struct Handled(Result<Done, BoxError>);

enum Done {
    Press(Outcome),
    Other(Flow),
}

impl<'a> Next<'a> {
    /// Goes on to the handler.
    pub async fn run(self) -> Handled {
        // The last one added is the outermost.
        if let Some((outer, around)) = self.around.split_last() {
            return outer.handle(self.context, Next { around, ..self }).await;
        }
        Handled(match self.inner {
            Inner::Press(_, handler) => handler.await.map(Done::Press),
            Inner::Other(handler) => handler.await.map(Done::Other),
        })
    }

    /// The same for so long: then the handler is dropped where it stands, and has failed with a [`TookTooLong`].
    pub async fn run_within(self, limit: Duration) -> Handled {
        let run = pin!(self.run());
        match timeout_at(|| Instant::now() + limit, run).await {
            Ok(handled) => handled,
            Err(_) => Handled(Err(Box::new(TookTooLong { limit }))),
        }
    }

    /// Leaves the update to the next handler, as if this one were not there.
    pub fn pass(self) -> Handled {
        Handled(Ok(match self.inner {
            Inner::Press(press, _) => Done::Press(Outcome::passed(press)),
            Inner::Other(_) => Done::Other(Flow::Pass),
        }))
    }

    /// Answers instead of the handler. Any update but a query needs no answer and is done with this.
    pub fn answer(self, fill: impl FnOnce(Answer) -> Answer) -> Handled {
        Handled(Ok(match self.inner {
            Inner::Press(press, _) => Done::Press(fill(Answer::new(press)).into()),
            Inner::Other(_) => Done::Other(Flow::Done),
        }))
    }

    /// Fails instead of the handler: the fallback answers, and the error handler is told.
    pub fn fail(self, error: impl Into<BoxError>) -> Handled {
        Handled(Err(error.into()))
    }
}

/// A handler was not done within the time that a middleware gave it.
#[derive(Debug, thiserror::Error)]
#[error("the handler took longer than {limit:?}")]
pub struct TookTooLong {
    /// The time that it had.
    pub limit: Duration,
}

impl Handled {
    /// Whether the handler (or an extractor) failed.
    pub fn is_err(&self) -> bool {
        self.0.is_err()
    }

    /// Why it failed, if it did.
    pub fn error(&self) -> Option<&BoxError> {
        self.0.as_ref().err()
    }

    /// Says it in other words: the error handler is told of this error instead.
    pub fn map_err<E: Into<BoxError>>(self, say: impl FnOnce(BoxError) -> E) -> Self {
        Handled(self.0.map_err(|error| say(error).into()))
    }

    /// Whether the next handler is to be asked.
    pub fn is_passed(&self) -> bool {
        match &self.0 {
            Ok(Done::Press(outcome)) => outcome.is_passed(),
            Ok(Done::Other(flow)) => *flow == Flow::Pass,
            Err(_) => false,
        }
    }
}

/// Runs a press's handler with what is around it.
pub(crate) async fn press(
    around: &[Arc<dyn AnyMiddleware>],
    context: &Context,
    press: &Arc<Press>,
    handler: BoxFuture<Result<Outcome, BoxError>>,
) -> Result<Outcome, BoxError> {
    let inner = Inner::Press(Arc::clone(press), handler);
    match (Next {
        around,
        context,
        inner,
    })
    .run()
    .await
    .0?
    {
        Done::Press(outcome) => Ok(outcome),
        Done::Other(_) => Err(MIXED.into()),
    }
}

/// The same for any other update.
pub(crate) async fn other(
    around: &[Arc<dyn AnyMiddleware>],
    context: &Context,
    handler: BoxFuture<Result<Flow, BoxError>>,
) -> Result<Flow, BoxError> {
    let inner = Inner::Other(handler);
    match (Next {
        around,
        context,
        inner,
    })
    .run()
    .await
    .0?
    {
        Done::Other(flow) => Ok(flow),
        Done::Press(_) => Err(MIXED.into()),
    }
}

const MIXED: &str = "a middleware returned what became of another update";

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next")
            .field("context", self.context)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Handled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(Done::Press(outcome)) => outcome.fmt(f),
            Ok(Done::Other(flow)) => flow.fmt(f),
            Err(error) => f.debug_tuple("Failed").field(error).finish(),
        }
    }
}
