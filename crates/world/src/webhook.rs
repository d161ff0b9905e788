//! Sending updates to a bot's webhook: which, when, and what after a failure.

use crate::check::ensure;
use crate::{Lane, Time, UpdateId, UpdateQueue};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// How many updates a webhook is sent at once unless it asks for more or less.
pub const DEFAULT_MAX_CONNECTIONS: u32 = 40;

/// Where and how a bot wants its updates.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WebhookConfig {
    /// The address, as the bot gave it.
    pub url: String,
    /// Sent along as `X-Telegram-Bot-Api-Secret-Token`.
    pub secret_token: Option<String>,
    /// 1 to 100.
    pub max_connections: u32,
    /// The bot brought its own certificate.
    pub has_custom_certificate: bool,
    /// The address the bot wants to be reached at instead of looking the name up.
    pub ip_address: Option<String>,
}

/// A webhook and what is on its way to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Webhook {
    /// Where and how.
    pub config: WebhookConfig,
    /// The last failure: when, and what.
    pub last_error: Option<(Time, String)>,
    #[serde(with = "crate::pairs")]
    lanes: BTreeMap<Lane, LaneState>,
    ready: VecDeque<Lane>,
    in_flight: u32,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
struct LaneState {
    waiting: VecDeque<UpdateId>,
    first: First,
    failures: u32,
}

/// Where the first update of a lane is; the others wait for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
enum First {
    /// Ready to be sent.
    #[default]
    Ready,
    /// On its way: it holds a connection.
    Sent,
    /// Waiting for its retry.
    Resting,
}

impl Webhook {
    pub(crate) fn new(config: WebhookConfig) -> Webhook {
        Webhook {
            config,
            last_error: None,
            lanes: BTreeMap::new(),
            ready: VecDeque::new(),
            in_flight: 0,
        }
    }

    /// An update waits.
    pub(crate) fn push(&mut self, lane: Lane, update: UpdateId) {
        let state = self.lanes.entry(lane).or_default();
        state.waiting.push_back(update);
        if state.first == First::Ready && state.waiting.len() == 1 {
            self.ready.push_back(lane);
        }
    }

    /// The next update to send now, if a connection is free.
    pub(crate) fn next(&mut self) -> Option<(Lane, UpdateId)> {
        if self.in_flight >= self.config.max_connections {
            return None;
        }
        let lane = self.ready.pop_front()?;
        let state = self.lanes.get_mut(&lane)?;
        let update = *state.waiting.front()?;
        state.first = First::Sent;
        self.in_flight += 1;
        Some((lane, update))
    }

    /// This update is done with: taken, or not worth another try. The next of its lane may go.
    ///
    /// Nothing if it is not the one that was sent last: a result of a webhook that was replaced meanwhile.
    pub(crate) fn done(&mut self, lane: Lane, update: UpdateId) {
        let Some(state) = self.lanes.get_mut(&lane) else {
            return;
        };
        if state.first == First::Ready || state.waiting.front() != Some(&update) {
            return;
        }
        if state.first == First::Sent {
            self.in_flight = self.in_flight.saturating_sub(1);
        }
        self.advance(lane);
    }

    /// It was not taken: how long until the next try. At once, then 2 s, 4 s … up to `cap` (TBA `WebhookActor.cpp`).
    /// `None` if it is not on its way.
    pub(crate) fn failed(
        &mut self,
        lane: Lane,
        update: UpdateId,
        asked: Option<Duration>,
        cap: Duration,
    ) -> Option<Duration> {
        let state = self.lanes.get_mut(&lane)?;
        if state.first != First::Sent || state.waiting.front() != Some(&update) {
            return None;
        }
        self.in_flight = self.in_flight.saturating_sub(1);
        state.first = First::Resting;
        state.failures = state.failures.saturating_add(1);
        let own = match state.failures {
            1 => Duration::ZERO,
            n => Duration::from_secs(1 << (n - 1).min(10)).min(cap),
        };
        Some(asked.map_or(own, |asked| asked.min(Duration::from_secs(3600))))
    }

    /// The time of the retry has come.
    pub(crate) fn retry(&mut self, lane: Lane) {
        if let Some(state) = self.lanes.get_mut(&lane)
            && state.first == First::Resting
        {
            state.first = First::Ready;
            self.ready.push_back(lane);
        }
    }

    /// The first update of a lane is no more.
    fn advance(&mut self, lane: Lane) {
        if let Some(state) = self.lanes.get_mut(&lane) {
            state.waiting.pop_front();
            state.first = First::Ready;
            state.failures = 0;
            if state.waiting.is_empty() {
                self.lanes.remove(&lane);
            } else {
                self.ready.push_back(lane);
            }
        }
    }

    /// The lanes that wait for a retry.
    pub(crate) fn resting(&self) -> impl Iterator<Item = Lane> {
        let resting = |(lane, state): (&Lane, &LaneState)| (state.first == First::Resting).then_some(*lane);
        self.lanes.iter().filter_map(resting)
    }

    /// What must hold between two events.
    pub(crate) fn check(&self, queue: &UpdateQueue) -> Result<(), String> {
        let lanes = |first| self.lanes.values().filter(move |state| state.first == first);
        let sent = u32::try_from(lanes(First::Sent).count()).unwrap_or(u32::MAX);
        ensure!(
            sent == self.in_flight,
            "{sent} updates are on their way, not {}",
            self.in_flight
        );
        ensure!(sent <= self.config.max_connections, "too many connections");
        ensure!(
            self.ready.is_empty() || sent == self.config.max_connections,
            "an update waits and a connection is free"
        );
        ensure!(
            self.ready.len() == lanes(First::Ready).count(),
            "lanes that are ready, and are not"
        );
        for lane in &self.ready {
            ensure!(
                self.lanes
                    .get(lane)
                    .is_some_and(|state| state.first == First::Ready),
                "{lane:?} is not ready"
            );
        }
        for (lane, state) in &self.lanes {
            ensure!(!state.waiting.is_empty(), "{lane:?} has nothing to do");
            ensure!(state.waiting.iter().is_sorted(), "{lane:?} has lost its order");
        }
        for (id, waiting) in queue.iter() {
            let state = self.lanes.get(&waiting.update.lane());
            ensure!(
                state.is_some_and(|state| state.waiting.binary_search(&id).is_ok()),
                "update {id} would never be sent"
            );
        }
        Ok(())
    }

    /// An update is gone from the queue: if it has not left yet, it never will.
    pub(crate) fn forget(&mut self, lane: Lane, update: UpdateId) {
        let Some(state) = self.lanes.get_mut(&lane) else {
            return;
        };
        match (state.waiting.front() == Some(&update), state.first) {
            // Its result is still to come.
            (true, First::Sent) => {}
            (true, First::Resting) => self.advance(lane),
            _ => {
                state.waiting.retain(|waiting| *waiting != update);
                if state.waiting.is_empty() {
                    self.lanes.remove(&lane);
                    self.ready.retain(|ready| *ready != lane);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UserId;

    fn webhook(max_connections: u32) -> Webhook {
        Webhook::new(WebhookConfig {
            url: "http://127.0.0.1/".into(),
            secret_token: None,
            max_connections,
            has_custom_certificate: false,
            ip_address: None,
        })
    }

    #[test]
    fn one_user_in_order_others_beside() {
        let mut hook = webhook(40);
        let (ann, ben) = (Lane::Presser(UserId(1)), Lane::Presser(UserId(2)));
        for (lane, id) in [(ann, 1), (ann, 2), (ben, 3)] {
            hook.push(lane, UpdateId(id));
        }
        assert_eq!(hook.next(), Some((ann, UpdateId(1))));
        assert_eq!(hook.next(), Some((ben, UpdateId(3))));
        assert_eq!(
            hook.next(),
            None,
            "the second of the same user waits for the first"
        );
        hook.done(ann, UpdateId(1));
        assert_eq!(hook.next(), Some((ann, UpdateId(2))));
    }

    #[test]
    fn connections_are_limited() {
        let mut hook = webhook(1);
        hook.push(Lane::Presser(UserId(1)), UpdateId(1));
        hook.push(Lane::Presser(UserId(2)), UpdateId(2));
        assert!(hook.next().is_some());
        assert_eq!(hook.next(), None);
    }

    #[test]
    fn retries_back_off() {
        let mut hook = webhook(40);
        let lane = Lane::Presser(UserId(1));
        hook.push(lane, UpdateId(1));
        let cap = Duration::from_secs(60);
        let mut waits = Vec::new();
        for _ in 0..8 {
            assert_eq!(
                hook.next(),
                Some((lane, UpdateId(1))),
                "the same update again, ahead of all later ones"
            );
            waits.push(hook.failed(lane, UpdateId(1), None, cap).unwrap().as_secs());
            assert_eq!(hook.next(), None, "nothing before the retry's time");
            hook.retry(lane);
        }
        assert_eq!(waits, [0, 2, 4, 8, 16, 32, 60, 60]);
    }
}
