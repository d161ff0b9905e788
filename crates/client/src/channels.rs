//! Channels and supergroups count what happens in them by themselves; this is where each stands, and catching up.
//!
//! <https://core.telegram.org/api/updates#recovering-gaps>

use std::collections::{BTreeSet, HashMap};

use ringback_tl::{ctors, functions, types};

use crate::client::Client;
use crate::error::Error;
use crate::peer::PeerId;

/// How many changes of a channel are asked for at once.
const LIMIT: i32 = 100;
/// No more channels than this are counted; then it begins anew.
const MAX_KNOWN: usize = 1 << 14;

/// How far each channel is known.
#[derive(Debug, Default)]
pub(crate) struct Channels {
    pts: HashMap<i64, i32>,
    behind: BTreeSet<i64>,
}

/// Where an update stands among those that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It is the next one.
    Next,
    /// It was there before.
    Known,
    /// Something is missing before it.
    Early,
}

impl Turn {
    /// By its number and how many it counts for; if it is the next, that is noted in `known`.
    pub(crate) fn of(known: &mut i32, pts: i32, count: i32) -> Self {
        if i64::from(pts) - i64::from(count) > i64::from(*known) {
            return Self::Early;
        }
        // Updates that count nothing carry the number of what they belong to.
        let new = count == 0 || pts > *known;
        *known = (*known).max(pts);
        if new { Self::Next } else { Self::Known }
    }
}

/// What a channel's difference brought.
pub(crate) enum Caught {
    /// These, in order.
    Up {
        messages: Vec<types::Message>,
        others: Vec<types::Update>,
    },
    /// More than the server tells.
    TooMuch,
    /// The channel cannot be read any more.
    Gone,
}

impl Channels {
    /// Whether an update is the channel's next.
    pub(crate) fn turn(&mut self, channel: i64, pts: i32, count: i32) -> Turn {
        if self.behind.contains(&channel) {
            // The difference will have it.
            return Turn::Known;
        }
        match self.pts.get_mut(&channel) {
            Some(known) => Turn::of(known, pts, count),
            // The first that is heard of it.
            None => {
                self.start(channel, pts);
                Turn::Next
            }
        }
    }

    /// What is missing will not come by itself: the difference is to be asked for.
    pub(crate) fn fall_behind(&mut self, channel: i64) {
        self.behind.insert(channel);
    }

    /// Notes where a channel stands, if that is not known better.
    pub(crate) fn start(&mut self, channel: i64, pts: i32) {
        if self.pts.len() >= MAX_KNOWN {
            self.pts.clear();
            self.behind.clear();
        }
        self.pts.entry(channel).or_insert(pts);
    }

    /// The server says that something happened in the channel. Whether there is a number to begin from.
    pub(crate) fn too_long(&mut self, channel: i64, pts: Option<i32>) -> bool {
        match (self.pts.get(&channel), pts) {
            (Some(known), Some(pts)) if *known >= pts => {}
            (Some(_), _) => {
                self.behind.insert(channel);
            }
            (None, Some(pts)) => {
                self.start(channel, pts);
                return false;
            }
            (None, None) => return false,
        }
        true
    }

    /// A channel whose difference is to be asked for.
    pub(crate) fn next_behind(&self) -> Option<i64> {
        self.behind.first().copied()
    }

    fn forget(&mut self, channel: i64) {
        self.pts.remove(&channel);
        self.behind.remove(&channel);
    }

    /// Asks for what is missing of a channel; one page of it.
    pub(crate) async fn catch_up(&mut self, client: &Client, channel: i64) -> Result<Caught, Error> {
        let peer = client.known().get(PeerId::Channel(channel));
        let pts = self.pts.get(&channel).copied().filter(|_| peer.access_hash != 0);
        let Some(pts) = pts else {
            self.forget(channel);
            return Ok(Caught::TooMuch);
        };
        let call = functions::updates::GetChannelDifference {
            force: false,
            channel: peer.input_channel().unwrap_or_default(),
            filter: types::ChannelMessagesFilter::Empty,
            pts,
            limit: LIMIT,
        };
        let difference = match client.invoke(&call).await {
            Err(Error::Rpc(error)) if (400..500).contains(&error.code) => {
                tracing::debug!(
                    channel,
                    error = error.name(),
                    "the channel cannot be read any more"
                );
                self.forget(channel);
                return Ok(Caught::Gone);
            }
            difference => difference?,
        };
        let (now, last, caught) = match difference {
            types::updates::ChannelDifference::Empty(same) => (same.pts, true, Caught::up(vec![], vec![])),
            types::updates::ChannelDifference::ChannelDifference(part) => {
                client.known().learn(&part.users, &part.chats);
                // A server that gives pages without end and progress is not asked for ever.
                let last = part.r#final || part.pts <= pts;
                (part.pts, last, Caught::up(part.new_messages, part.other_updates))
            }
            types::updates::ChannelDifference::TooLong(long) => {
                client.known().learn(&long.users, &long.chats);
                let now = match &long.dialog {
                    types::Dialog::Dialog(dialog) => dialog.pts.unwrap_or(pts),
                    _ => pts,
                };
                (now, true, Caught::TooMuch)
            }
        };
        self.pts.insert(channel, now);
        if last {
            self.behind.remove(&channel);
        }
        Ok(caught)
    }
}

impl Caught {
    fn up(messages: Vec<types::Message>, others: Vec<types::Update>) -> Self {
        Self::Up { messages, others }
    }
}

/// The channel of an update, the number that it brings it to, and how many it counts for.
pub(crate) fn counted(update: &types::Update) -> Option<(i64, i32, i32)> {
    let of_message = |message: &types::Message| {
        let peer = match message {
            types::Message::Message(message) => &message.peer_id,
            types::Message::Service(message) => &message.peer_id,
            types::Message::Empty(message) => message.peer_id.as_ref()?,
        };
        match PeerId::from(peer) {
            PeerId::Channel(id) => Some(id),
            PeerId::User(_) | PeerId::Group(_) => None,
        }
    };
    Some(match update {
        types::Update::NewChannelMessage(ctors::UpdateNewChannelMessage {
            message,
            pts,
            pts_count,
        }) => (of_message(message)?, *pts, *pts_count),
        types::Update::EditChannelMessage(ctors::UpdateEditChannelMessage {
            message,
            pts,
            pts_count,
        }) => (of_message(message)?, *pts, *pts_count),
        types::Update::DeleteChannelMessages(update) => (update.channel_id, update.pts, update.pts_count),
        types::Update::PinnedChannelMessages(update) => (update.channel_id, update.pts, update.pts_count),
        types::Update::ChannelWebPage(update) => (update.channel_id, update.pts, update.pts_count),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_seen_and_repetitions_dropped() {
        let mut channels = Channels::default();
        assert_eq!(channels.turn(1, 10, 1), Turn::Next, "the first is taken as it is");
        assert_eq!(channels.turn(1, 11, 1), Turn::Next);
        assert_eq!(channels.turn(1, 11, 1), Turn::Known, "again");
        assert_eq!(channels.turn(1, 11, 0), Turn::Next, "counts nothing");
        assert_eq!(channels.turn(1, 14, 1), Turn::Early, "12 and 13 are missing");
        assert_eq!(channels.next_behind(), None);
        channels.fall_behind(1);
        assert_eq!(channels.next_behind(), Some(1));
        assert_eq!(
            channels.turn(1, 12, 1),
            Turn::Known,
            "the difference will have it"
        );
        assert_eq!(channels.turn(2, 5, 1), Turn::Next, "another channel");
        assert!(channels.too_long(2, Some(5)) && channels.too_long(2, Some(9)));
        assert!(!channels.too_long(3, Some(9)), "there is nothing to begin from");
        assert_eq!(channels.turn(3, i32::MAX, i32::MIN), Turn::Early);
    }
}
