//! What one update has loaded.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::locks::Held;
use super::{Change, SessionData, SessionError, Sessions, scope};
use crate::context::Context;
use crate::dispatch::Failure;
use crate::error::BoxError;
use crate::store::When;

/// The sessions that an update has loaded so far: each once, whoever asks.
#[derive(Default)]
pub(crate) struct Slots(Mutex<Loaded>);

#[derive(Default)]
struct Loaded {
    slots: Vec<(Arc<dyn AnySlot>, Option<Held>)>,
    /// The update has been handled.
    over: bool,
}

/// One session, as an update has it.
pub(super) struct Slot<T> {
    key: String,
    sessions: Sessions,
    state: Mutex<State<T>>,
}

struct State<T> {
    /// What the store had when it was last asked, or told.
    kept: Option<Vec<u8>>,
    /// `None` while a handler has it.
    value: Option<(T, Change)>,
}

type Saving<'a> = Pin<Box<dyn Future<Output = Result<(), SessionError>> + Send + 'a>>;

trait AnySlot: Send + Sync {
    fn key(&self) -> &str;
    /// Saves the value, if it is here and has changed.
    fn save(&self) -> Saving<'_>;
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl Slots {
    /// The update's session, loaded from the store if it has not been.
    ///
    /// From here until the update has been handled it is this update's alone, as far as this process goes. An update
    /// that has one session already does not wait for a second: two that wait for each other would wait for ever. If
    /// that one is taken, it is had without, and a conflict is found when it is saved.
    pub(super) async fn load<T: SessionData>(context: &Context) -> Result<Arc<Slot<T>>, BoxError> {
        Self::load_as::<T>(scope::key::<T>(context)?, context).await
    }

    async fn load_as<T: SessionData>(key: String, context: &Context) -> Result<Arc<Slot<T>>, BoxError> {
        let slots = context.sessions();
        let first = {
            let loaded = slots.lock();
            let found = loaded.slots.iter().find(|(slot, _)| slot.key() == key);
            if let Some((slot, _)) = found {
                let slot = Arc::clone(slot).into_any().downcast();
                return slot.map_err(|_| format!("two types are kept as the session {}", T::NAME).into());
            }
            loaded.slots.iter().all(|(_, held)| held.is_none()) && !loaded.over
        };
        let sessions = context
            .state::<Sessions>()
            .ok_or("the router has no state of type Sessions")?;
        let held = match first {
            true => Some(sessions.locks.hold(&key).await),
            false => sessions.locks.try_hold(&key),
        };
        let slot = Slot {
            key,
            sessions: Sessions::clone(&sessions),
            state: Mutex::new(State {
                kept: None,
                value: None,
            }),
        };
        let value = match slot.fetch().await? {
            Ok(value) => (value, Change::None),
            Err(unreadable) => {
                context.report(Failure::Session(unreadable)).await;
                // Saved, so that it is said once.
                (T::default(), Change::Cleared)
            }
        };
        slot.lock().value = Some(value);
        let slot = Arc::new(slot);
        let mut loaded = slots.lock();
        if !loaded.over {
            loaded.slots.push((Arc::clone(&slot) as Arc<dyn AnySlot>, held));
        }
        Ok(slot)
    }

    /// Looks at the update's session, without taking it. An update that is nobody's is at no state.
    pub(super) async fn look<T: SessionData>(
        context: &Context,
        look: impl FnOnce(&T) -> bool,
    ) -> Result<bool, BoxError> {
        let Ok(key) = scope::key::<T>(context) else {
            return Ok(false);
        };
        let slot = Self::load_as::<T>(key, context).await?;
        let state = slot.lock();
        let (value, _) = state.value.as_ref().ok_or(SessionError::Taken(T::NAME))?;
        Ok(look(value))
    }

    /// Saves what a handler that has ended well has changed.
    pub(crate) async fn save(&self) -> Result<(), SessionError> {
        let slots: Vec<_> = {
            let loaded = self.lock();
            loaded.slots.iter().map(|(slot, _)| Arc::clone(slot)).collect()
        };
        for slot in slots {
            slot.save().await?;
        }
        Ok(())
    }

    /// The update has been handled: its sessions are the next one's.
    pub(crate) fn end(&self) {
        let mut loaded = self.lock();
        loaded.over = true;
        let slots = std::mem::take(&mut loaded.slots);
        drop(loaded);
        drop(slots);
    }

    fn lock(&self) -> MutexGuard<'_, Loaded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: SessionData> Slot<T> {
    pub(super) fn is_new(&self) -> bool {
        self.lock().kept.is_none()
    }

    /// The value, for one handler.
    pub(super) fn take(&self) -> Result<(T, Change), SessionError> {
        self.lock().value.take().ok_or(SessionError::Taken(T::NAME))
    }

    pub(super) fn give_back(&self, value: T, change: Change) {
        self.lock().value = Some((value, change));
    }

    /// What the store has. `Err` inside: it can't be read.
    async fn fetch(&self) -> Result<Result<T, SessionError>, SessionError> {
        let kept = self.sessions.store.get(&self.key).await;
        let kept = kept.map_err(|error| SessionError::Store(T::NAME, error))?;
        let value = match &kept {
            None => Ok(T::default()),
            Some(json) => serde_json::from_slice(json).map_err(|error| SessionError::Unreadable {
                name: T::NAME,
                at: error.column(),
            }),
        };
        self.lock().kept = kept;
        Ok(value)
    }

    /// The value as it is in the store now.
    pub(super) async fn reload(&self) -> Result<T, SessionError> {
        self.fetch().await?
    }

    /// Writes a value that has changed, if the store still has what it had.
    pub(super) async fn write(&self, value: &T, change: Change) -> Result<(), SessionError> {
        let next = match change {
            Change::None => return Ok(()),
            Change::Cleared => None,
            Change::Changed => {
                let json = serde_json::to_vec(value);
                Some(json.map_err(|error| SessionError::Unwritable(T::NAME, error.into()))?)
            }
        };
        let kept = self.lock().kept.clone();
        let store = &self.sessions.store;
        let written = match (&kept, &next) {
            (None, None) => Ok(true),
            (Some(kept), None) => store.remove(&self.key, Some(kept)).await,
            // A write renews the time for which it is kept.
            (Some(kept), Some(next)) if kept == next && T::KEEP.is_none() => Ok(true),
            (kept, Some(next)) => {
                let when = kept.as_deref().map_or(When::Absent, When::Is);
                store.set(&self.key, next, T::KEEP, when).await
            }
        };
        match written {
            Ok(true) => {
                self.lock().kept = next;
                Ok(())
            }
            Ok(false) => Err(SessionError::Conflict(T::NAME)),
            Err(error) => Err(SessionError::Store(T::NAME, error)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: SessionData> AnySlot for Slot<T> {
    fn key(&self) -> &str {
        &self.key
    }

    fn save(&self) -> Saving<'_> {
        Box::pin(async move {
            // What a task of the handler's has kept is for that task to save.
            let Ok((value, change)) = self.take() else {
                return Ok(());
            };
            let written = self.write(&value, change).await;
            let change = if written.is_ok() { Change::None } else { change };
            self.give_back(value, change);
            written
        })
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slots")
    }
}
