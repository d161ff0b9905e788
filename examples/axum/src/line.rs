//! People who wait for their turn, in memory.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// A line of people with numbers.
#[derive(Debug, Default)]
pub(crate) struct Line(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The last number that was given out.
    last: u32,
    /// The number whose turn it is.
    called: u32,
    /// Who waits: numbers and users.
    waiting: VecDeque<(u32, i64)>,
}

impl Line {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The user's number, and whether it is a new one. Who waits already keeps theirs.
    pub(crate) fn join(&self, user: i64) -> (u32, bool) {
        let mut line = self.lock();
        if let Some((number, _)) = line.waiting.iter().find(|(_, id)| *id == user) {
            return (*number, false);
        }
        line.last += 1;
        let number = line.last;
        line.waiting.push_back((number, user));
        (number, true)
    }

    /// Whose turn is next: the number and the user.
    pub(crate) fn call(&self) -> Option<(u32, i64)> {
        let mut line = self.lock();
        let next = line.waiting.pop_front()?;
        line.called = next.0;
        Some(next)
    }

    /// The number whose turn it is, and how many wait.
    pub(crate) fn now(&self) -> (u32, usize) {
        let line = self.lock();
        (line.called, line.waiting.len())
    }
}
