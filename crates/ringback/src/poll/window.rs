//! Which updates may be confirmed.
//!
//! `getUpdates` confirms by one number: everything below `offset` is forgotten by the server. So the offset may
//! only pass an update when that one, and every one before it, has been handled.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The updates that were received and are not confirmed yet, in the server's order.
#[derive(Debug, Default)]
pub(crate) struct Window {
    state: Mutex<State>,
    /// Told when an update has been handled.
    pub(crate) moved: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Ascending ids; `true` once handled. The first is never handled: it would have been taken off.
    entries: VecDeque<(i64, bool)>,
    unhandled: usize,
    /// The next update that the server should send; zero before the first.
    offset: i64,
}

/// Says, when dropped, that an update has been handled. Dropping is enough: a handler that panics or is given up
/// on is done with its update, too.
#[derive(Debug)]
pub(crate) struct Done {
    window: Arc<Window>,
    id: i64,
}

impl Window {
    /// Everything below has been handled: what to ask the server for next.
    pub(crate) fn offset(&self) -> i64 {
        self.lock().offset
    }

    /// How many updates are being handled or wait for it.
    pub(crate) fn unhandled(&self) -> usize {
        self.lock().unhandled
    }

    /// Takes up an update that came when `asked` was asked for; `None` if it is in hand, or was handled meanwhile.
    pub(crate) fn admit(self: &Arc<Self>, id: i64, asked: i64) -> Option<Done> {
        let mut state = self.lock();
        match state.entries.back() {
            Some((last, _)) if id <= *last => return None,
            Some(_) => {}
            None if (asked..state.offset).contains(&id) => return None,
            // Higher than the offset by a gap, or, below what was asked for, the first of a new numbering: ids
            // start anew from a random number after a quiet week.
            None => state.offset = id,
        }
        state.entries.push_back((id, false));
        state.unhandled += 1;
        Some(Done {
            window: Arc::clone(self),
            id,
        })
    }

    fn done(&self, id: i64) {
        let mut state = self.lock();
        if let Ok(at) = state.entries.binary_search_by_key(&id, |(id, _)| *id) {
            state.entries[at].1 = true;
            state.unhandled -= 1;
        }
        while let Some((id, true)) = state.entries.front().copied() {
            state.entries.pop_front();
            state.offset = id + 1;
        }
        drop(state);
        self.moved.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Done {
    fn drop(&mut self) {
        self.window.done(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_passes_only_what_is_handled_with_all_before_it() {
        let window = Arc::new(Window::default());
        let mut done: Vec<_> = (10..14).map(|id| window.admit(id, 0)).collect();
        assert_eq!((window.offset(), window.unhandled()), (10, 4));

        done[2].take(); // 12, but 10 and 11 are still in hand
        assert_eq!((window.offset(), window.unhandled()), (10, 3));
        done[0].take();
        assert_eq!(window.offset(), 11);
        done[1].take(); // 12 was waiting for it
        assert_eq!(window.offset(), 13);
        done[3].take();
        assert_eq!((window.offset(), window.unhandled()), (14, 0));
    }

    #[test]
    fn an_update_that_comes_again_is_taken_up_once() {
        let window = Arc::new(Window::default());
        let first = window.admit(10, 10);
        let second = window.admit(11, 10);
        assert!(first.is_some() && second.is_some());
        assert!(window.admit(10, 10).is_none());
        drop(second);
        // Handled, not confirmed: the server sends it again, and it is not handled again.
        assert!(window.admit(11, 10).is_none());
        drop(first);
        assert_eq!(window.offset(), 12);
        // A response to a question asked before all that.
        assert!(window.admit(10, 10).is_none());
    }

    #[test]
    fn ids_may_start_anew() {
        let window = Arc::new(Window::default());
        drop(window.admit(900, 0));
        let again = window.admit(7, 901);
        assert!(again.is_some());
        drop(again);
        assert_eq!(window.offset(), 8);
    }
}
