//! What `#[handler]` has the compiler check, a part of a handler at a time.

use std::future::Future;

use super::{CallbackQuery, FromContext, Incoming, IntoFlow, IntoOutcome, QueryData};

/// What a handler's first argument can be.
#[diagnostic::on_unimplemented(
    message = "a handler's first argument can't be `{Self}`",
    label = "expected a `CallbackQuery<D>` or an `Incoming<T>`",
    note = "what has come is the first argument; extractors (`State<T>`, `Bot`, `Sender`, …) stand behind it"
)]
pub trait First {}

impl<D: QueryData> First for CallbackQuery<D> {}
impl<T: Send + Sync + 'static> First for Incoming<T> {}

pub fn first<F: First>() {}

pub fn extractor<E: FromContext + 'static>() {}

pub fn outcome<R: IntoOutcome>() {}

pub fn flow<R: IntoFlow>() {}

pub fn send(handler: impl Future + Send + 'static) {
    drop(handler);
}
