//! [`Dialogue`]: a conversation in several steps.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;

use super::{Session, SessionData, SessionError, Slots};
use crate::context::{Context, FromContext, Needs};
use crate::error::BoxError;

/// Where a conversation stands: a state `S`, mostly an enum, that [`Router::at`](crate::Router::at) chooses handlers
/// by, and that a handler moves on.
///
/// It is a [`Session`] with the words of a dialogue: saved when its handler ends well, kept for as long as
/// [`SessionData::KEEP`] says, and begun anew, with a report, when what was kept does not read as an `S` any more.
/// See [the guide](super).
pub struct Dialogue<S: SessionData>(Session<S>);

impl<S: SessionData> Dialogue<S> {
    /// Moves on to a state.
    pub fn go(&mut self, next: S) {
        *self.0 = next;
    }

    /// Ends it: the state is the default again, and nothing is kept.
    pub fn end(&mut self) {
        self.0.clear();
    }

    /// Takes the state out, to build the next one of its parts; the dialogue [ends](Self::end) unless it
    /// [goes](Self::go) on.
    pub fn take(&mut self) -> S {
        let state = std::mem::take(&mut *self.0);
        self.0.clear();
        state
    }

    /// Whether nothing was kept: no dialogue has begun.
    pub fn is_new(&self) -> bool {
        self.0.is_new()
    }

    /// Saves the state now; see [`Session::save`].
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn save(&mut self) -> Result<(), SessionError> {
        self.0.save().await
    }
}

impl<S: SessionData> Deref for Dialogue<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.0
    }
}

impl<S: SessionData> DerefMut for Dialogue<S> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.0
    }
}

impl<S: SessionData> fmt::Debug for Dialogue<S> {
    /// Without its state.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Dialogue").field(&S::NAME).finish()
    }
}

impl<S: SessionData> FromContext for Dialogue<S> {
    async fn from_context(context: &Context) -> Result<Self, BoxError> {
        Ok(Dialogue(Session::from_context(context).await?))
    }

    fn needs(needs: &mut Needs) {
        Session::<S>::needs(needs);
    }
}

/// What a route asks of a kept state before its handler is called.
pub(crate) trait AtState: Send + Sync {
    fn lets<'a>(&'a self, context: &'a Context) -> Asked<'a>;
}

pub(crate) type Asked<'a> = Pin<Box<dyn Future<Output = Result<bool, BoxError>> + Send + 'a>>;

pub(crate) struct At<S, F>(F, PhantomData<fn(&S)>);

impl<S, F> At<S, F> {
    pub(crate) fn new(at: F) -> Self {
        At(at, PhantomData)
    }
}

impl<S: SessionData, F: Fn(&S) -> bool + Send + Sync> AtState for At<S, F> {
    fn lets<'a>(&'a self, context: &'a Context) -> Asked<'a> {
        Box::pin(Slots::look::<S>(context, &self.0))
    }
}
