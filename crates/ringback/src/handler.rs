//! What can be a handler: async functions of the update and of what they need besides.

#[doc(hidden)]
pub mod check;

use std::any::{Any, TypeId, type_name};
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use crate::context::{Context, FromContext, Needs};
use crate::data::{Carried, Claim, Codec, DataError, Read, Reading};
use crate::error::BoxError;
use crate::incoming::Incoming;
use crate::query::{CallbackQuery, Game, IntoOutcome, Outcome, Press, Raw};

pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What a [`CallbackQuery`] can be read as: a type that a button [carries](Carried), [`Raw`] or [`Game`].
pub trait QueryData: Sized + Send + 'static {
    #[doc(hidden)]
    const TAKES: Takes;
    /// Whose data it is: routes of one owner share its claim.
    #[doc(hidden)]
    fn owner() -> (TypeId, &'static str) {
        (TypeId::of::<Self>(), type_name::<Self>())
    }
    #[doc(hidden)]
    fn read(press: &Reading<'_>) -> Read<Self>;
    #[doc(hidden)]
    fn needs(needs: &mut Needs) {
        let _ = needs;
    }
}

/// Which queries a route takes.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Everything,
    Games,
    Data(Claim),
}

impl<D: Carried> QueryData for D {
    const TAKES: Takes = Takes::Data(<D::Codec as Codec<D>>::CLAIM);

    fn owner() -> (TypeId, &'static str) {
        D::Codec::owner()
    }

    fn read(press: &Reading<'_>) -> Read<Self> {
        match press.data() {
            Some(data) => D::Codec::read(data, press),
            None => Read::Now(Ok(None)),
        }
    }

    fn needs(needs: &mut Needs) {
        D::Codec::needs(needs);
    }
}

impl QueryData for Raw {
    const TAKES: Takes = Takes::Everything;

    fn read(_press: &Reading<'_>) -> Read<Self> {
        Read::Now(Ok(Some(Raw)))
    }
}

impl QueryData for Game {
    const TAKES: Takes = Takes::Games;

    fn read(press: &Reading<'_>) -> Read<Self> {
        Read::Now(Ok(press.is_game().then_some(Game)))
    }
}

/// A handler of callback queries: `async fn(CallbackQuery<D>, …) -> Outcome`, with up to eight
/// [extractors](FromContext) behind the query.
#[diagnostic::on_unimplemented(
    message = "this is not a handler of callback queries",
    label = "expected `async fn(CallbackQuery<D>, …) -> Outcome`",
    note = "its first argument must be the `CallbackQuery<D>` of a `D` that derives `CallbackData`, the others \
            extractors (`State<T>`, `Bot`, `Sender`, …)",
    note = "it must return what became of the query: an `Outcome`, an `Answer`, or a `Result` of one of them; only \
            `query.answer().await`, `query.pass()` and `query.answer_later()` make one, so a path that ends without \
            them has forgotten the answer",
    note = "what it holds across an `.await` must be `Send` (no `Rc`, no guard of a `std::sync::Mutex`)",
    note = "`#[ringback::handler]` above the function shows which part of it is wrong"
)]
pub trait CallbackHandler<Args>: Send + Sync + 'static {
    #[doc(hidden)]
    type Data: QueryData;
    #[doc(hidden)]
    fn call(
        self: Arc<Self>,
        query: CallbackQuery<Self::Data>,
        context: Context,
    ) -> BoxFuture<Result<Outcome, BoxError>>;
    #[doc(hidden)]
    fn needs(needs: &mut Needs);
}

/// What a handler of other updates says: done, or the next handler's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "return it from the handler"]
pub enum Flow {
    /// The update has been handled.
    Done,
    /// The next handler's turn.
    Pass,
}

/// What a handler of other updates may return: nothing, a [`Flow`], or a `Result` of one of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be returned from a handler of updates",
    label = "this must return `()`, `Flow` or a `Result` of one of them",
    note = "await calls, and end with nothing: `message.reply(\"…\").await?; Ok(())`"
)]
pub trait IntoFlow {
    /// The flow, or the handler's error.
    #[doc(hidden)]
    fn into_flow(self) -> Result<Flow, BoxError>;
}

impl IntoFlow for () {
    fn into_flow(self) -> Result<Flow, BoxError> {
        Ok(Flow::Done)
    }
}

impl IntoFlow for Flow {
    fn into_flow(self) -> Result<Flow, BoxError> {
        Ok(self)
    }
}

impl<F: IntoFlow, E: Into<BoxError>> IntoFlow for Result<F, E> {
    fn into_flow(self) -> Result<Flow, BoxError> {
        self.map_err(Into::into)?.into_flow()
    }
}

/// A handler of updates that are not callback queries: `async fn(Incoming<T>, …)`, with up to eight
/// [extractors](FromContext) behind the first argument.
#[diagnostic::on_unimplemented(
    message = "this is not a handler of `{T}` updates",
    label = "expected `async fn(Incoming<{T}>, …)`",
    note = "its first argument must be the `Incoming<T>`, the others extractors (`State<T>`, `Bot`, `Sender`, `Args`, \
            …); it returns `()`, `Flow`, or a `Result` of one of them",
    note = "what it holds across an `.await` must be `Send` (no `Rc`, no guard of a `std::sync::Mutex`)",
    note = "`#[ringback::handler]` above the function shows which part of it is wrong"
)]
pub trait UpdateHandler<T, Args>: Send + Sync + 'static {
    #[doc(hidden)]
    fn call(self: Arc<Self>, update: Incoming<T>, context: Context) -> BoxFuture<Result<Flow, BoxError>>;
    #[doc(hidden)]
    fn needs(needs: &mut Needs);
}

macro_rules! handlers {
    ($($extractor:ident)*) => {
        impl<F, Fut, D, $($extractor,)*> CallbackHandler<(D, $($extractor,)*)> for F
        where
            F: Fn(CallbackQuery<D>, $($extractor,)*) -> Fut + Send + Sync + 'static,
            Fut: Future<Output: IntoOutcome> + Send + 'static,
            D: QueryData,
            $($extractor: FromContext + 'static,)*
        {
            type Data = D;

            #[allow(unused_variables, non_snake_case)]
            fn call(
                self: Arc<Self>,
                query: CallbackQuery<D>,
                context: Context,
            ) -> BoxFuture<Result<Outcome, BoxError>> {
                Box::pin(async move {
                    $(let $extractor = $extractor::from_context(&context).await?;)*
                    let ended = self(query, $($extractor,)*).await.into_outcome();
                    // Most have none; those that have pay for the box.
                    match context.loaded_sessions() {
                        None => ended,
                        Some(_) => Box::pin(save(ended, context)).await,
                    }
                })
            }

            fn needs(needs: &mut Needs) {
                D::needs(needs);
                $($extractor::needs(needs);)*
            }
        }

        impl<F, Fut, T, $($extractor,)*> UpdateHandler<T, (T, $($extractor,)*)> for F
        where
            F: Fn(Incoming<T>, $($extractor,)*) -> Fut + Send + Sync + 'static,
            Fut: Future<Output: IntoFlow> + Send + 'static,
            T: Send + Sync + 'static,
            $($extractor: FromContext + 'static,)*
        {
            #[allow(unused_variables, non_snake_case)]
            fn call(self: Arc<Self>, update: Incoming<T>, context: Context) -> BoxFuture<Result<Flow, BoxError>> {
                Box::pin(async move {
                    $(let $extractor = $extractor::from_context(&context).await?;)*
                    let ended = self(update, $($extractor,)*).await.into_flow();
                    // Most have none; those that have pay for the box.
                    match context.loaded_sessions() {
                        None => ended,
                        Some(_) => Box::pin(save(ended, context)).await,
                    }
                })
            }

            #[allow(unused_variables)]
            fn needs(needs: &mut Needs) {
                $($extractor::needs(needs);)*
            }
        }
    };
}

handlers!();
handlers!(A);
handlers!(A B);
handlers!(A B C);
handlers!(A B C E);
handlers!(A B C E G);
handlers!(A B C E G H);
handlers!(A B C E G H I);
handlers!(A B C E G H I J);

/// Saves the sessions of a handler that has ended well.
async fn save<T>(ended: Result<T, BoxError>, context: Context) -> Result<T, BoxError> {
    if let (Ok(_), Some(sessions)) = (&ended, context.loaded_sessions()) {
        sessions.save().await?;
    }
    ended
}

/// What a callback route says to a press that is offered to it.
pub(crate) enum Offer {
    NotMine,
    Malformed(DataError),
    Taken(BoxFuture<Result<Outcome, BoxError>>),
    /// It asks a store first; what comes of it is never `Asking`.
    Asking(BoxFuture<Result<Offer, BoxError>>),
}

/// A callback handler whose types are forgotten. The caller offers a press to one at a time.
pub(crate) trait AnyCallback: Send + Sync {
    fn offer(&self, press: &Arc<Press>, context: &Context) -> Offer;
}

/// An update handler whose types are forgotten.
pub(crate) trait AnyUpdate: Send + Sync {
    /// `None` if the content is not of the handler's type.
    fn call(
        &self,
        content: &Arc<dyn Any + Send + Sync>,
        context: &Context,
    ) -> Option<BoxFuture<Result<Flow, BoxError>>>;
}

pub(crate) struct Erased<H, Args>(Arc<H>, PhantomData<fn() -> Args>);

impl<H, Args> Erased<H, Args> {
    pub(crate) fn new(handler: H) -> Self {
        Erased(Arc::new(handler), PhantomData)
    }
}

impl<H: CallbackHandler<Args>, Args: 'static> AnyCallback for Erased<H, Args> {
    fn offer(&self, press: &Arc<Press>, context: &Context) -> Offer {
        match H::Data::read(&Reading::new(press, context)) {
            Read::Now(read) => take::<H, Args>(&self.0, press, context, read),
            Read::Soon(reading) => {
                let (handler, press, context) = (Arc::clone(&self.0), Arc::clone(press), context.clone());
                Offer::Asking(Box::pin(async move {
                    let read = reading.await;
                    Ok(take::<H, Args>(&handler, &press, &context, read))
                }))
            }
        }
    }
}

fn take<H: CallbackHandler<Args>, Args: 'static>(
    handler: &Arc<H>,
    press: &Arc<Press>,
    context: &Context,
    read: Result<Option<H::Data>, DataError>,
) -> Offer {
    match read {
        Ok(Some(data)) => {
            let query = CallbackQuery::new(Arc::clone(press), data);
            Offer::Taken(Arc::clone(handler).call(query, context.clone()))
        }
        Ok(None) => Offer::NotMine,
        Err(error) => Offer::Malformed(error),
    }
}

pub(crate) struct ErasedUpdate<H, T, Args>(Arc<H>, PhantomData<fn() -> (T, Args)>);

impl<H, T, Args> ErasedUpdate<H, T, Args> {
    pub(crate) fn new(handler: H) -> Self {
        ErasedUpdate(Arc::new(handler), PhantomData)
    }
}

impl<H, T, Args> AnyUpdate for ErasedUpdate<H, T, Args>
where
    H: UpdateHandler<T, Args>,
    T: Send + Sync + 'static,
    Args: 'static,
{
    fn call(
        &self,
        content: &Arc<dyn Any + Send + Sync>,
        context: &Context,
    ) -> Option<BoxFuture<Result<Flow, BoxError>>> {
        let content = Arc::clone(content).downcast::<T>().ok()?;
        let update = Incoming::new(content, context.bot().clone());
        Some(Arc::clone(&self.0).call(update, context.clone()))
    }
}
