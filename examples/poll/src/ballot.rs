//! Votes, in memory: they are gone when the program ends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A question, its answers, and who chose what.
#[derive(Debug)]
pub(crate) struct Ballot {
    pub(crate) question: String,
    pub(crate) answers: Vec<String>,
    /// The only one who may close it.
    pub(crate) author: i64,
    votes: Mutex<Votes>,
    /// What the message says. Whoever edits it holds this: one edit at a time, and none that changes nothing.
    pub(crate) shown: tokio::sync::Mutex<String>,
}

#[derive(Debug, Default)]
struct Votes {
    of: HashMap<i64, u8>,
    closed: bool,
}

/// What a press has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vote {
    Given,
    Changed,
    Retracted,
    /// It was closed before.
    TooLate,
}

impl Ballot {
    fn votes(&self) -> std::sync::MutexGuard<'_, Votes> {
        self.votes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A user's press of an answer. The same answer again takes it back.
    pub(crate) fn press(&self, user: i64, answer: u8) -> Vote {
        let mut votes = self.votes();
        if votes.closed {
            return Vote::TooLate;
        }
        match votes.of.insert(user, answer) {
            None => Vote::Given,
            Some(before) if before != answer => Vote::Changed,
            Some(_) => {
                votes.of.remove(&user);
                Vote::Retracted
            }
        }
    }

    /// Nobody votes any more.
    pub(crate) fn close(&self) {
        self.votes().closed = true;
    }

    /// How many votes each answer has, and whether that is final.
    pub(crate) fn count(&self) -> (Vec<usize>, bool) {
        let votes = self.votes();
        let count = |answer: usize| {
            let for_it = votes.of.values().filter(|vote| usize::from(**vote) == answer);
            for_it.count()
        };
        ((0..self.answers.len()).map(count).collect(), votes.closed)
    }
}

/// All ballots, by the numbers that their buttons carry.
#[derive(Debug, Default)]
pub struct Ballots(Mutex<Vec<Arc<Ballot>>>);

impl Ballots {
    /// A new one, and its number.
    pub(crate) fn open(&self, author: i64, question: &str, answers: Vec<String>) -> (u32, Arc<Ballot>) {
        let ballot = Arc::new(Ballot {
            question: question.to_owned(),
            answers,
            author,
            votes: Mutex::default(),
            shown: tokio::sync::Mutex::default(),
        });
        let mut ballots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ballots.push(Arc::clone(&ballot));
        (ballots.len() as u32, ballot)
    }

    /// The one of this number, if there is one.
    pub(crate) fn get(&self, number: u32) -> Option<Arc<Ballot>> {
        let ballots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ballots.get(number.checked_sub(1)? as usize).cloned()
    }
}
