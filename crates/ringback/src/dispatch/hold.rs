//! [`Hold`]: an update is in hand until the last of those who have to do with it has ended.

use std::sync::Arc;

use super::marks::Mark;
use super::{Busy, Origin};
use crate::poll::Done;
use crate::webhook::Ride;

/// Shared by an update's handlers and whoever still owes its answer. When the last of them drops it, the update has
/// been handled: that is written down, if it is to be, and then it is confirmed.
pub(crate) struct Hold {
    pub(super) mark: Option<Arc<Mark>>,
    end: Option<End>,
}

#[allow(dead_code, reason = "kept for what its parts do when they are dropped")]
enum End {
    Poll(Done),
    Hook(Option<Ride>, Busy),
}

impl Hold {
    pub(super) fn new(origin: Origin, mark: Option<Arc<Mark>>) -> Self {
        let end = match origin {
            Origin::Poll(done) => End::Poll(done),
            Origin::Hook(ride, busy) => End::Hook(Some(ride), busy),
        };
        Hold { mark, end: Some(end) }
    }

    /// The webhook's response, for whoever gives the answer.
    pub(super) fn take_ride(&mut self) -> Option<Ride> {
        match &mut self.end {
            Some(End::Hook(ride, _)) => ride.take(),
            _ => None,
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(mark) = self.mark.take().filter(|mark| !mark.is_written()) {
            mark.write_before(self.end.take());
        }
    }
}
