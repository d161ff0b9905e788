#![doc = include_str!("guide.md")]

mod dialogue;
mod locks;
mod scope;
mod sessions;
mod slot;

pub use dialogue::Dialogue;
pub(crate) use dialogue::{At, AtState};
pub use scope::Scope;
pub use sessions::Sessions;
pub(crate) use slot::Slots;

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::slot::Slot;
use crate::context::{Context, FromContext, Needs};
use crate::error::BoxError;

/// A type that is kept between updates: the `T` of a [`Session<T>`](Session), the `S` of a [`Dialogue<S>`](Dialogue).
///
/// What is not there yet, or was cleared, is the `Default`. It is kept as JSON, so a field that is added later needs
/// `#[serde(default)]` to read what was kept before.
///
/// ```
/// use std::time::Duration;
/// use ringback::session::{Scope, SessionData};
///
/// #[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
/// struct Basket {
///     goods: Vec<u32>,
/// }
///
/// impl SessionData for Basket {
///     const NAME: &str = "basket";
///     const SCOPE: Scope = Scope::User;
///     const KEEP: Option<Duration> = Some(Duration::from_secs(30 * 24 * 3600));
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be kept in a session",
    label = "not kept between updates",
    note = "derive `Default`, `serde::Serialize` and `serde::Deserialize` for it, and say what it is called: \
            `impl SessionData for {Self} {{ const NAME: &str = \"…\"; }}`"
)]
pub trait SessionData: Serialize + DeserializeOwned + Default + Send + Sync + 'static {
    /// What it is called in the store: 1 to 64 letters, digits, `-` and `_`. It says whose sessions these are, so it
    /// stays the same when the type is renamed. Two types of one router can't share it.
    const NAME: &'static str;

    /// Who shares a session.
    const SCOPE: Scope = Scope::UserInChat;

    /// How long a session is kept after it was last changed; `None` is for ever.
    const KEEP: Option<Duration> = None;
}

/// What is remembered of the user, or the chat, between updates: a `T`, changed in place.
///
/// See [the guide](self) for when it is saved and who else may change it.
pub struct Session<T: SessionData> {
    slot: Arc<Slot<T>>,
    /// Here from the beginning to the end; `Drop` puts it back.
    value: T,
    change: Change,
}

/// What happened to a value since it was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    None,
    Changed,
    Cleared,
}

/// Why a session can't be had, or can't be saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The update does not say whose session it is: it has no sender, or no chat.
    #[error("the session {0} is of a {1}, and the update has none")]
    NoOwner(&'static str, &'static str),
    /// The handler, or a task that a handler left behind, has it already.
    #[error("the session {0} is taken already: a handler takes it once")]
    Taken(&'static str),
    /// What was kept does not read as its type any more. The session is begun anew.
    #[error("what was kept of the session {name} can't be read (at byte {at}); it is begun anew")]
    Unreadable {
        /// Which session.
        name: &'static str,
        /// Where reading ended. What stands there is not said: it may be a secret.
        at: usize,
    },
    /// It can't be written as JSON.
    #[error("the session {0} can't be written: {1}")]
    Unwritable(&'static str, BoxError),
    /// Another process has changed it since it was loaded; this change is not saved.
    #[error("the session {0} was changed by another process meanwhile; this change is not saved")]
    Conflict(&'static str),
    /// The store failed.
    #[error("the store of the session {0} failed: {1}")]
    Store(&'static str, BoxError),
}

impl<T: SessionData> Session<T> {
    /// Whether nothing was kept: this is the default.
    pub fn is_new(&self) -> bool {
        self.slot.is_new()
    }

    /// Forgets it: the value is the default again, and nothing is kept.
    pub fn clear(&mut self) {
        self.value = T::default();
        self.change = Change::Cleared;
    }

    /// Saves what has changed now, and not only when the handler ends: before something that takes long, or in a task
    /// that outlives the handler, for which nobody saves.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn save(&mut self) -> Result<(), SessionError> {
        self.slot.write(&self.value, self.change).await?;
        self.change = Change::None;
        Ok(())
    }

    /// Changes it and saves the change at once, whoever else changes it: when another process was faster, the change
    /// is made again on what is there then. For counters and votes that several processes share.
    ///
    /// ```
    /// # use ringback::session::{Scope, Session, SessionData};
    /// # use ringback::{BoxError, CallbackQuery, Outcome};
    /// # #[derive(Default, serde::Serialize, serde::Deserialize)]
    /// # struct Votes { yes: u32 }
    /// # impl SessionData for Votes { const NAME: &str = "votes"; const SCOPE: Scope = Scope::Chat; }
    /// async fn yes(query: CallbackQuery, mut votes: Session<Votes>) -> Result<Outcome, BoxError> {
    ///     votes.update(|votes| votes.yes += 1).await?;
    ///     Ok(query.answer().text(format!("{} say yes", votes.yes)).await)
    /// }
    /// ```
    ///
    /// # Errors
    /// See [`SessionError`]. It is a [`Conflict`](SessionError::Conflict) only when the handler had changed the
    /// session before, without saving: that can't be made again. After an error the value may have been changed, and
    /// nothing is saved.
    pub async fn update(&mut self, mut change: impl FnMut(&mut T) + Send) -> Result<(), SessionError> {
        loop {
            let unsaved = self.change != Change::None;
            change(&mut self.value);
            self.change = Change::Changed;
            match self.save().await {
                Err(SessionError::Conflict(_)) if !unsaved => {
                    self.value = self.slot.reload().await?;
                    self.change = Change::None;
                }
                done => return done,
            }
        }
    }
}

impl<T: SessionData> Deref for Session<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: SessionData> DerefMut for Session<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.change = Change::Changed;
        &mut self.value
    }
}

impl<T: SessionData> Drop for Session<T> {
    fn drop(&mut self) {
        self.slot.give_back(std::mem::take(&mut self.value), self.change);
    }
}

impl<T: SessionData> fmt::Debug for Session<T> {
    /// Without its content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Session").field(&T::NAME).finish()
    }
}

impl<T: SessionData> FromContext for Session<T> {
    async fn from_context(context: &Context) -> Result<Self, BoxError> {
        let slot = Slots::load::<T>(context).await?;
        let (value, change) = slot.take()?;
        Ok(Session { slot, value, change })
    }

    fn needs(needs: &mut Needs) {
        needs.session::<T>();
    }
}
