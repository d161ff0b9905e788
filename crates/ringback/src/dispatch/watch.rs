//! The watch over deadlines: what no handler answers in time, the dispatcher does.
//!
//! All presses have the same time, so they run out in the order in which they came: a queue and one timer watch over
//! any number of them, whatever their handlers do.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{Failure, Reason};
use crate::query::Press;

pub(super) struct Watch {
    limit: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    queue: VecDeque<(Instant, Weak<Press>)>,
    /// The queue is cleared of answered presses when it has grown to this length.
    clear_at: usize,
    running: bool,
}

impl Watch {
    pub(super) fn new(limit: Duration) -> Self {
        Watch {
            limit,
            state: Arc::default(),
        }
    }

    /// The presses whose answer was left to a task and has not come.
    pub(super) fn owed(&self) -> Vec<Arc<Press>> {
        let state = lock(&self.state);
        let presses = state.queue.iter().filter_map(|(_, press)| press.upgrade());
        presses.filter(|press| press.is_owed()).collect()
    }

    /// Answers the press when its time has passed and nobody else has.
    pub(super) fn over(&self, press: &Arc<Press>) {
        let mut state = lock(&self.state);
        // Most presses at the front were answered long ago.
        while state.queue.front().is_some_and(|(_, press)| !is_pending(press)) {
            state.queue.pop_front();
        }
        if state.queue.len() >= state.clear_at {
            state.queue.retain(|(_, press)| is_pending(press));
            state.clear_at = (state.queue.len() * 2).max(64);
        }
        state
            .queue
            .push_back((press.received + self.limit, Arc::downgrade(press)));
        if !state.running {
            state.running = true;
            tokio::spawn(watch(Arc::downgrade(&self.state), self.limit));
        }
    }
}

/// Runs while there is something to watch over.
async fn watch(state: Weak<Mutex<State>>, limit: Duration) {
    while let Some(state) = state.upgrade() {
        let next = next(&mut lock(&state), Instant::now());
        drop(state);
        match next {
            // A task for each: the server may be slow to take an answer.
            Next::Late(press) => drop(tokio::spawn(async move {
                press
                    .desk
                    .give_up(&press, Reason::Late, Some(Failure::Deadline(limit)), None)
                    .await;
            })),
            Next::At(at) => sleep_until(at).await,
            Next::Nothing => return,
        }
    }
}

enum Next {
    Late(Arc<Press>),
    At(Instant),
    Nothing,
}

fn next(state: &mut State, now: Instant) -> Next {
    while let Some((at, press)) = state.queue.front() {
        let at = *at;
        match press.upgrade().filter(|press| press.pending()) {
            Some(_) if at > now => return Next::At(at),
            Some(press) => {
                state.queue.pop_front();
                return Next::Late(press);
            }
            None => drop(state.queue.pop_front()),
        }
    }
    state.running = false;
    Next::Nothing
}

fn is_pending(press: &Weak<Press>) -> bool {
    press.upgrade().is_some_and(|press| press.pending())
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
