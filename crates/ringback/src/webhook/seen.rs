//! Updates that were sent before.
//!
//! A server that got no response sends the update again, while it is being handled or after. Then it is not handled
//! again: the response is the first one's, with its answer.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::oneshot;

use crate::hash::Ids;

/// How many handled updates are remembered.
const REMEMBERED: usize = 1024;

/// The updates that are being handled, and the latest that were.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    updates: HashMap<i64, Entry, Ids>,
    /// The handled ones, oldest first.
    over: VecDeque<i64>,
}

#[derive(Debug)]
enum Entry {
    /// Being handled. The requests that wait for the response: one, mostly.
    Running(Waiting),
    /// Handled, with this response, which so many requests were given that have not said that they lost it.
    Over(Bytes, usize),
}

#[derive(Debug, Default)]
struct Waiting {
    first: Option<oneshot::Sender<Bytes>>,
    more: Vec<oneshot::Sender<Bytes>>,
}

pub(super) enum Entered {
    /// To be handled.
    New(Claim, oneshot::Receiver<Bytes>),
    /// In hand; the response will be the same.
    Again(oneshot::Receiver<Bytes>),
    /// Handled; this is the response.
    Over(Bytes),
}

/// The obligation to give an update's response. Dropped, the response is empty.
#[derive(Debug)]
pub(super) struct Claim {
    seen: Arc<Seen>,
    id: i64,
    open: bool,
}

impl Seen {
    pub(super) fn enter(self: &Arc<Self>, id: i64) -> Entered {
        let (to, from) = oneshot::channel();
        let mut state = self.lock();
        match state.updates.get_mut(&id) {
            Some(Entry::Over(response, given)) => {
                *given += 1;
                Entered::Over(response.clone())
            }
            Some(Entry::Running(waiting)) => {
                waiting.more.push(to);
                Entered::Again(from)
            }
            None => {
                let waiting = Waiting {
                    first: Some(to),
                    more: Vec::new(),
                };
                state.updates.insert(id, Entry::Running(waiting));
                let claim = Claim {
                    seen: Arc::clone(self),
                    id,
                    open: true,
                };
                Entered::New(claim, from)
            }
        }
    }

    /// A request lost the response that it was given. If that was the last, nobody has the answer in it: it is taken
    /// back, and whoever sends the update again is given nothing.
    pub(super) fn take_back(&self, id: i64) -> Option<Bytes> {
        let mut state = self.lock();
        let Some(Entry::Over(response, given)) = state.updates.get_mut(&id) else {
            return None;
        };
        *given = given.saturating_sub(1);
        (*given == 0)
            .then(|| std::mem::take(response))
            .filter(|response| !response.is_empty())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim {
    /// Gives the response to whoever waits. False if nobody does any more: then it has gone nowhere, and the update
    /// is still in hand.
    pub(super) fn respond(&mut self, response: Bytes) -> bool {
        let mut state = self.seen.lock();
        let Some(Entry::Running(waiting)) = state.updates.get_mut(&self.id) else {
            return false;
        };
        let waiting = std::mem::take(waiting);
        let mut told = 0;
        for to in waiting.first.into_iter().chain(waiting.more) {
            told += usize::from(to.send(response.clone()).is_ok());
        }
        if told > 0 {
            state.close(self.id, response, told);
            self.open = false;
        }
        told > 0
    }
}

impl State {
    fn close(&mut self, id: i64, response: Bytes, given: usize) {
        self.updates.insert(id, Entry::Over(response, given));
        self.over.push_back(id);
        if self.over.len() > REMEMBERED
            && let Some(oldest) = self.over.pop_front()
        {
            self.updates.remove(&oldest);
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.open {
            // Whoever waits is let go by dropping their ends.
            self.seen.lock().close(self.id, Bytes::new(), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_update_is_handled_once_and_answered_alike() {
        let seen = Arc::new(Seen::default());
        let Entered::New(mut claim, first) = seen.enter(7) else {
            panic!()
        };
        let Entered::Again(second) = seen.enter(7) else {
            panic!()
        };
        assert!(claim.respond(Bytes::from_static(b"x")));
        assert_eq!(
            (first.await.unwrap(), second.await.unwrap()),
            (Bytes::from_static(b"x"), Bytes::from_static(b"x"))
        );
        assert!(matches!(seen.enter(7), Entered::Over(response) if response == "x"));
    }

    #[tokio::test]
    async fn a_response_that_nobody_waits_for_is_not_given() {
        let seen = Arc::new(Seen::default());
        let Entered::New(mut claim, hung_up) = seen.enter(7) else {
            panic!()
        };
        drop(hung_up);
        assert!(!claim.respond(Bytes::from_static(b"x")));
        // Sent again meanwhile: that one is let go when all is done.
        let Entered::Again(again) = seen.enter(7) else {
            panic!()
        };
        drop(claim);
        assert!(again.await.is_err());
        assert!(matches!(seen.enter(7), Entered::Over(response) if response.is_empty()));
    }

    #[test]
    fn an_answer_that_nobody_got_is_taken_back_once() {
        let seen = Arc::new(Seen::default());
        let Entered::New(mut claim, _first) = seen.enter(7) else {
            panic!()
        };
        assert!(claim.respond(Bytes::from_static(b"x")));
        // Sent again before it was known that the first response got lost.
        assert!(matches!(seen.enter(7), Entered::Over(response) if response == "x"));
        assert_eq!(seen.take_back(7), None);
        assert_eq!(seen.take_back(7).unwrap(), "x");
        assert!(matches!(seen.enter(7), Entered::Over(response) if response.is_empty()));
        assert_eq!(seen.take_back(7), None);
    }

    #[test]
    fn memory_is_bounded() {
        let seen = Arc::new(Seen::default());
        for id in 0..5000 {
            drop(seen.enter(id));
        }
        assert_eq!(seen.lock().updates.len(), REMEMBERED);
        assert!(matches!(seen.enter(4999), Entered::Over(_)));
        assert!(matches!(seen.enter(1), Entered::New(..)));
    }
}
