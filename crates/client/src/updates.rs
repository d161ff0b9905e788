//! What happens, as it happens. <https://core.telegram.org/api/updates>

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::Stream;
use ringback_tl::{ctors, functions, types};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::channels::{self, Caught, Channels, Turn};
use crate::client::Client;
use crate::engine::Push;
use crate::error::Error;
use crate::message::Message;
use crate::peer::Known;

/// How long what is missing may take to come by itself, as in an answer that is under way.
/// <https://core.telegram.org/api/updates#recovering-gaps>
const PATIENCE: Duration = Duration::from_millis(500);
/// No more updates than this wait for that.
const MAX_EARLY: usize = 256;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Update {
    /// A message has come, or was sent from another session.
    NewMessage(Box<Message>),
    /// A message was edited.
    EditedMessage(Box<Message>),
    /// Anything else, as TL.
    Other(Box<types::Update>),
    /// So much happened that the server does not tell it: look at histories again.
    Missed,
}

/// Updates of the account, in order, each once.
///
/// Nothing is read ahead: packets wait in a bounded queue, and when that was full, or the connection broke, or the
/// numbers have a gap, the difference is asked for: of the account, and of each channel by itself. A channel is
/// counted from the first update of it on, or from [`dialogs`](Client::dialogs) that showed it before.
#[derive(Debug)]
pub struct Updates {
    client: Client,
    pushes: mpsc::Receiver<Push>,
    ready: VecDeque<Update>,
    state: types::updates::State,
    /// The difference is to be asked for.
    behind: bool,
    channels: Channels,
    /// What came too early: what is missing before it may be under way on another path, as in an answer.
    early: Vec<types::Update>,
    /// Until when that is waited for.
    patience: Option<Instant>,
}

impl Client {
    /// Updates from now on. There is one stream: the newest call's.
    ///
    /// # Errors
    /// What `updates.getState` says.
    pub async fn updates(&self) -> Result<Updates, Error> {
        let (sender, pushes) = mpsc::channel(self.shared.settings.updates_kept);
        self.subscribe(sender).await?;
        let state = self.invoke(&functions::updates::GetState).await?;
        Ok(Updates {
            client: self.clone(),
            pushes,
            ready: VecDeque::new(),
            state,
            behind: false,
            channels: Channels::default(),
            early: Vec::new(),
            patience: None,
        })
    }
}

impl Updates {
    /// The next update. May be dropped before its end: nothing is lost.
    ///
    /// # Errors
    /// When the difference cannot be had (it is asked for again by the next call), or [`Error::Closed`].
    pub async fn next(&mut self) -> Result<Update, Error> {
        loop {
            if let Some(update) = self.ready.pop_front() {
                return Ok(update);
            }
            if self.behind {
                self.catch_up().await?;
                continue;
            }
            if let Some(channel) = self.channels.next_behind() {
                self.catch_up_channel(channel).await?;
                continue;
            }
            let push = match self.patience {
                None => self.pushes.recv().await,
                Some(until) => match timeout_at(until, self.pushes.recv()).await {
                    Ok(push) => push,
                    Err(_) => {
                        self.lose_patience();
                        continue;
                    }
                },
            };
            match push {
                None => return Err(Error::Closed),
                Some(Push::Gap) => self.behind = true,
                Some(Push::Updates(bytes)) => match ringback_tl::decode(&bytes) {
                    Ok(updates) => self.take(updates),
                    Err(error) => {
                        tracing::debug!(%error, "updates cannot be read");
                        self.behind = true;
                    }
                },
            }
        }
    }

    /// The same as a [`Stream`]; it ends when the client is closed.
    pub fn into_stream(self) -> impl Stream<Item = Result<Update, Error>> {
        futures_util::stream::unfold(self, async |mut updates| match updates.next().await {
            Err(Error::Closed | Error::KeyUnknown) => None,
            next => Some((next, updates)),
        })
    }

    fn take(&mut self, updates: types::Updates) {
        let (list, users, chats, seqs) = match updates {
            types::Updates::Updates(all) => (all.updates, all.users, all.chats, (all.seq, all.seq)),
            types::Updates::Combined(all) => (all.updates, all.users, all.chats, (all.seq_start, all.seq)),
            types::Updates::UpdateShort(short) => (vec![short.update], Vec::new(), Vec::new(), (0, 0)),
            // These say too little by themselves; the difference has the whole message.
            types::Updates::UpdateShortMessage(short) => return self.short(short.pts, short.pts_count),
            types::Updates::UpdateShortChatMessage(short) => return self.short(short.pts, short.pts_count),
            types::Updates::UpdateShortSentMessage(short) => return self.short(short.pts, short.pts_count),
            types::Updates::TooLong => return self.behind = true,
        };
        self.client.known().learn(&users, &chats);
        if !self.in_sequence(seqs) {
            return;
        }
        for update in list {
            self.one(update);
        }
        self.retry();
    }

    /// What came too early may be next by now.
    fn retry(&mut self) {
        loop {
            let early = std::mem::take(&mut self.early);
            let before = early.len();
            for update in early {
                self.one(update);
            }
            if self.early.is_empty() {
                self.patience = None;
            }
            if self.early.is_empty() || self.early.len() == before {
                return;
            }
        }
    }

    fn hold(&mut self, update: types::Update) {
        self.early.push(update);
        self.patience.get_or_insert_with(|| Instant::now() + PATIENCE);
        if self.early.len() > MAX_EARLY {
            self.lose_patience();
        }
    }

    /// What is missing has not come: the difference will have it, and all that came too early.
    fn lose_patience(&mut self) {
        for update in std::mem::take(&mut self.early) {
            match channels::counted(&update) {
                Some((channel, ..)) => self.channels.fall_behind(channel),
                None => self.behind = true,
            }
        }
        self.patience = None;
    }

    /// Whole packets are counted too; 0 is one without order. What was seen before is dropped, and where something is
    /// missing the difference will have it.
    fn in_sequence(&mut self, (first, last): (i32, i32)) -> bool {
        if first == 0 || self.state.seq == 0 {
            self.state.seq = self.state.seq.max(last);
            return true;
        }
        let (first, known) = (i64::from(first), i64::from(self.state.seq));
        if first > known + 1 {
            self.behind = true;
            return false;
        }
        self.state.seq = self.state.seq.max(last);
        i64::from(last) > known
    }

    fn one(&mut self, update: types::Update) {
        if let Some((pts, count)) = counted(&update) {
            // Once behind, the difference brings everything that is counted.
            let turn = if self.behind {
                Turn::Known
            } else {
                Turn::of(&mut self.state.pts, pts, count)
            };
            match turn {
                Turn::Next => {}
                Turn::Known => return,
                Turn::Early => return self.hold(update),
            }
        } else if let Some((channel, pts, count)) = channels::counted(&update) {
            self.start_channel(channel);
            match self.channels.turn(channel, pts, count) {
                Turn::Next => {}
                Turn::Known => return,
                Turn::Early => return self.hold(update),
            }
        } else if let types::Update::ChannelTooLong(long) = &update {
            self.start_channel(long.channel_id);
            if !self.channels.too_long(long.channel_id, long.pts) {
                self.ready.push_back(Update::Missed);
            }
            return;
        }
        self.deliver(update);
    }

    /// Where the list of chats has shown a channel to stand.
    fn start_channel(&mut self, channel: i64) {
        if let Some(pts) = self.client.known().channel_pts(channel) {
            self.channels.start(channel, pts);
        }
    }

    fn short(&mut self, pts: i32, _count: i32) {
        self.behind |= pts > self.state.pts;
    }

    fn deliver(&mut self, update: types::Update) {
        let update = Update::of(update, &self.client.known());
        self.ready.extend(update);
    }

    async fn catch_up(&mut self) -> Result<(), Error> {
        let call = functions::updates::GetDifference {
            pts: self.state.pts,
            pts_limit: None,
            pts_total_limit: None,
            date: self.state.date,
            qts: self.state.qts,
            qts_limit: None,
        };
        match self.client.invoke(&call).await? {
            types::updates::Difference::Empty(same) => {
                (self.state.date, self.state.seq) = (same.date, same.seq);
                self.behind = false;
            }
            types::updates::Difference::Difference(all) => {
                self.difference(all.new_messages, all.other_updates, &all.users, &all.chats);
                self.state = all.state;
                self.behind = false;
            }
            types::updates::Difference::Slice(part) => {
                let stuck = part.intermediate_state.pts <= self.state.pts && part.new_messages.is_empty();
                self.difference(part.new_messages, part.other_updates, &part.users, &part.chats);
                self.state = part.intermediate_state;
                // A server that gives slices without end and content is not asked for ever.
                self.behind = !stuck;
            }
            types::updates::Difference::TooLong(long) => {
                self.state.pts = long.pts;
                self.ready.push_back(Update::Missed);
            }
        }
        Ok(())
    }

    fn difference(
        &mut self,
        messages: Vec<types::Message>,
        others: Vec<types::Update>,
        users: &[types::User],
        chats: &[types::Chat],
    ) {
        self.client.known().learn(users, chats);
        for message in messages {
            self.deliver(types::Update::NewMessage(ctors::UpdateNewMessage {
                message,
                pts: 0,
                pts_count: 0,
            }));
        }
        for update in others {
            if counted(&update).is_some() {
                self.deliver(update);
            } else {
                self.one(update);
            }
        }
    }

    async fn catch_up_channel(&mut self, channel: i64) -> Result<(), Error> {
        match self.channels.catch_up(&self.client, channel).await? {
            Caught::Up { messages, others } => {
                for message in messages {
                    self.deliver(types::Update::NewChannelMessage(ctors::UpdateNewChannelMessage {
                        message,
                        pts: 0,
                        pts_count: 0,
                    }));
                }
                for update in others {
                    self.deliver(update);
                }
            }
            Caught::TooMuch => self.ready.push_back(Update::Missed),
            Caught::Gone => {}
        }
        Ok(())
    }
}

impl Update {
    fn of(update: types::Update, known: &Known) -> Option<Self> {
        let message = match &update {
            // Only counted: see `Client::hand_on_count`.
            types::Update::DeleteMessages(none) if none.messages.is_empty() => return None,
            types::Update::DeleteChannelMessages(none) if none.messages.is_empty() => return None,
            types::Update::NewMessage(new) => Message::of(&new.message, known),
            types::Update::NewChannelMessage(new) => Message::of(&new.message, known),
            types::Update::EditMessage(edit) => Message::of(&edit.message, known),
            types::Update::EditChannelMessage(edit) => Message::of(&edit.message, known),
            types::Update::MessageID(_) => return None,
            _ => None,
        };
        Some(match (message, &update) {
            (Some(message), types::Update::EditMessage(_) | types::Update::EditChannelMessage(_)) => {
                Self::EditedMessage(Box::new(message))
            }
            (Some(message), _) => Self::NewMessage(Box::new(message)),
            (None, _) => Self::Other(Box::new(update)),
        })
    }
}

/// The number that an update of the common box brings it to, and how many it counts for.
fn counted(update: &types::Update) -> Option<(i32, i32)> {
    Some(match update {
        types::Update::NewMessage(update) => (update.pts, update.pts_count),
        types::Update::EditMessage(update) => (update.pts, update.pts_count),
        types::Update::DeleteMessages(update) => (update.pts, update.pts_count),
        types::Update::ReadHistoryInbox(update) => (update.pts, update.pts_count),
        types::Update::ReadHistoryOutbox(update) => (update.pts, update.pts_count),
        types::Update::WebPage(update) => (update.pts, update.pts_count),
        types::Update::ReadMessagesContents(update) => (update.pts, update.pts_count),
        types::Update::PinnedMessages(update) => (update.pts, update.pts_count),
        types::Update::FolderPeers(update) => (update.pts, update.pts_count),
        _ => return None,
    })
}
