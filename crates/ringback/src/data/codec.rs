//! [`Codec`]: the one trait behind all forms of data, and what a codec sees of a press.

use std::any::{TypeId, type_name};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{CallbackData, Claim, DataError};
use crate::context::{Context, Needs};
use crate::query::Press;

/// A form of data: how a press is read as a `D`.
///
/// Ringback has [`Plain`] for the readable form and all that is written without secrets, [`Packed`](super::Packed), [`Sealed`](super::Sealed) and
/// [`Stored`](super::Stored). A type names its own in [`Carried`]; the derive does it by `codec = "…"`.
pub trait Codec<D>: 'static {
    /// What data is a `D`'s.
    const CLAIM: Claim;

    /// Reads a button's data. The data may be anything.
    fn read(data: &str, press: &Reading<'_>) -> Read<D>;

    /// Whose data it is. A `Result<D, DataError>` reads a `D`'s.
    #[doc(hidden)]
    fn owner() -> (TypeId, &'static str)
    where
        D: 'static,
    {
        (TypeId::of::<D>(), type_name::<D>())
    }

    /// Says which states [`read`](Self::read) will ask the router for, so that one that is missing is missed when
    /// the router is built.
    fn needs(needs: &mut Needs) {
        let _ = needs;
    }
}

/// A type that a button carries, in whatever form: the `D` of a [`CallbackQuery<D>`](crate::CallbackQuery).
///
/// Every [`CallbackData`] type is one. A `Result<D, DataError>` is one, too: its handler also gets the presses that
/// can't be read, and answers them itself. It may stand beside handlers of `D`, and pass on what can be read.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use ringback::data::DataError;
/// use ringback::{CallbackData, CallbackQuery, Outcome};
///
/// #[derive(CallbackData)]
/// #[callback_data(prefix = "page", version = 2)]
/// struct Page {
///     number: u32,
///     filter: Option<u8>,
/// }
///
/// async fn page(query: CallbackQuery<Result<Page, DataError>>) -> Outcome {
///     let text = match query.data() {
///         Ok(page) => format!("Page {}", page.number),
///         Err(DataError::Outdated(_)) => "This list is old. Send /list for a new one.".to_owned(),
///         Err(_) => "What is this?".to_owned(),
///     };
///     query.answer().text(text).await
/// }
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "no button carries a `{Self}`",
    note = "derive `ringback::CallbackData` for it; `CallbackQuery` without a type takes any data"
)]
pub trait Carried: Sized + Send + 'static {
    /// Its form.
    type Codec: Codec<Self>;
}

/// What reading gives: at once, or after a store was asked. `Ok(None)` is another type's data.
pub enum Read<D> {
    /// It is read.
    Now(Result<Option<D>, DataError>),
    /// It will be.
    Soon(Pin<Box<dyn Future<Output = Result<Option<D>, DataError>> + Send>>),
}

impl<D> std::fmt::Debug for Read<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Read::Now(_) => "Now",
            Read::Soon(_) => "Soon",
        })
    }
}

/// A press, as a codec sees it.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    press: &'a Press,
    context: &'a Context,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(press: &'a Press, context: &'a Context) -> Self {
        Reading { press, context }
    }

    /// Who pressed.
    pub fn user(&self) -> i64 {
        self.press.query.from.id
    }

    /// The chat of the button's message; `None` for a message sent in inline mode.
    pub fn chat(&self) -> Option<i64> {
        self.press.place().map(|(chat, _)| chat)
    }

    /// The query's identifier: the same when a press is delivered again.
    pub fn query_id(&self) -> &'a str {
        &self.press.query.id
    }

    /// A state of the router.
    ///
    /// # Errors
    /// It has none of this type.
    pub fn state<T: Send + Sync + 'static>(&self) -> Result<Arc<T>, DataError> {
        self.context
            .state()
            .ok_or_else(|| DataError::Unavailable(format!("no State<{}>", std::any::type_name::<T>()).into()))
    }

    pub(crate) fn data(&self) -> Option<&'a str> {
        self.press.query.data.as_deref()
    }

    pub(crate) fn is_game(&self) -> bool {
        self.press.query.game_short_name.is_some()
    }
}

impl std::fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading")
            .field("query", &self.query_id())
            .finish_non_exhaustive()
    }
}

/// The codec of types that read and write their data by themselves: the derived readable and packed ones, JSON,
/// and [`CallbackData`] by hand.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Plain;

impl<D: CallbackData> Codec<D> for Plain {
    const CLAIM: Claim = D::CLAIM;

    fn read(data: &str, _press: &Reading<'_>) -> Read<D> {
        Read::Now(D::decode(data))
    }
}

impl<D: CallbackData> Carried for D {
    type Codec = Plain;
}

/// The codec of `Result<D, DataError>`: what can't be read is a value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Attempt;

impl<D: Carried> Codec<Result<D, DataError>> for Attempt {
    const CLAIM: Claim = <D::Codec as Codec<D>>::CLAIM;

    fn owner() -> (TypeId, &'static str) {
        D::Codec::owner()
    }

    fn read(data: &str, press: &Reading<'_>) -> Read<Result<D, DataError>> {
        fn attempt<D>(read: Result<Option<D>, DataError>) -> Result<Option<Result<D, DataError>>, DataError> {
            match read {
                Ok(Some(data)) => Ok(Some(Ok(data))),
                Ok(None) => Ok(None),
                Err(error) => Ok(Some(Err(error))),
            }
        }
        match D::Codec::read(data, press) {
            Read::Now(read) => Read::Now(attempt(read)),
            Read::Soon(reading) => Read::Soon(Box::pin(async move { attempt(reading.await) })),
        }
    }

    fn needs(needs: &mut Needs) {
        D::Codec::needs(needs);
    }
}

impl<D: Carried> Carried for Result<D, DataError> {
    type Codec = Attempt;
}

/// What can be put on a button: [`CallbackData`], a value that was [sealed](super::Keys::seal), or one that was
/// [stored](super::Stash::put).
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be put on a button as it is",
    note = "for a type with `codec = \"sealed\"` put `&keys.seal(&value)`, for one with `codec = \"stored\"` put \
            `&stash.put(&value).await?`"
)]
pub trait ToData {
    /// Writes the button's data.
    ///
    /// # Errors
    /// The value can't be written. That it fits [`MAX_DATA`](super::MAX_DATA) is checked where the button is made.
    fn write(&self) -> Result<String, DataError>;
}

impl<D: CallbackData> ToData for D {
    fn write(&self) -> Result<String, DataError> {
        self.encode()
    }
}
