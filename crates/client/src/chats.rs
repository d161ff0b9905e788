//! Whom to talk to, what was said, and saying something.

use ringback_tl::{ctors, functions, types};

use crate::client::Client;
use crate::error::Error;
use crate::message::Message;
use crate::peer::{Peer, PeerId};
use crate::system::random_i64;

/// A chat in the list of chats.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dialog {
    /// With whom, or where.
    pub peer: Peer,
    /// The newest message, unless it is a service message.
    pub last: Option<Message>,
    /// How many messages are unread.
    pub unread: i32,
}

/// Where a page of dialogs begins; the default is the top.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialogStart {
    date: i32,
    id: i32,
    peer: Option<Peer>,
}

/// A page of dialogs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DialogPage {
    /// The dialogs, newest first.
    pub dialogs: Vec<Dialog>,
    /// Where the next page begins; `None` if there is none.
    pub next: Option<DialogStart>,
}

impl Client {
    /// Who has this user name, with or without `@`.
    ///
    /// # Errors
    /// [`Error::NobodyNamed`].
    pub async fn resolve(&self, username: &str) -> Result<Peer, Error> {
        let username = username.trim_start_matches('@').to_owned();
        let call = functions::contacts::ResolveUsername {
            username: username.clone(),
            referer: None,
        };
        let found = match self.invoke(&call).await {
            Err(Error::Rpc(error))
                if matches!(error.name(), "USERNAME_NOT_OCCUPIED" | "USERNAME_INVALID") =>
            {
                return Err(Error::NobodyNamed(username));
            }
            found => found?,
        };
        let mut known = self.known();
        known.learn(&found.users, &found.chats);
        Ok(known.get(PeerId::from(&found.peer)))
    }

    /// A page of the list of chats: up to `limit` (the server gives at most 100), from `start` on.
    ///
    /// # Errors
    /// What the server says.
    pub async fn dialogs(&self, start: &DialogStart, limit: i32) -> Result<DialogPage, Error> {
        let call = functions::messages::GetDialogs {
            exclude_pinned: start.peer.is_some(),
            folder_id: None,
            offset_date: start.date,
            offset_id: start.id,
            offset_peer: start.peer.as_ref().map_or(types::InputPeer::Empty, Peer::input),
            limit,
            hash: 0,
        };
        let (list, messages, chats, users, whole) = match self.invoke(&call).await? {
            types::messages::Dialogs::Dialogs(all) => (all.dialogs, all.messages, all.chats, all.users, true),
            types::messages::Dialogs::Slice(part) => {
                (part.dialogs, part.messages, part.chats, part.users, false)
            }
            types::messages::Dialogs::NotModified(_) => return Err(Error::Unexpected("not modified")),
        };
        let mut known = self.known();
        known.learn(&users, &chats);
        known.learn_pts(&list);
        let mut page = DialogPage {
            dialogs: Vec::with_capacity(list.len()),
            next: None,
        };
        let mut next = None;
        for dialog in &list {
            let types::Dialog::Dialog(dialog) = dialog else {
                continue;
            };
            let id = PeerId::from(&dialog.peer);
            let of_this = |message: &&types::Message| place(message) == Some((id, dialog.top_message));
            let top = messages.iter().find(of_this);
            let peer = known.get(id);
            if let Some(top) = top {
                next = Some(DialogStart {
                    date: date(top),
                    id: dialog.top_message,
                    peer: Some(peer.clone()),
                });
            }
            page.dialogs.push(Dialog {
                peer,
                last: top.and_then(|top| Message::of(top, &known)),
                unread: dialog.unread_count,
            });
        }
        // A page that leads nowhere further is the last, whatever the server counts.
        page.next = next.filter(|next| !whole && next != start && !page.dialogs.is_empty());
        Ok(page)
    }

    /// The newest messages of a chat, newest first: up to `limit` (the server gives at most 100).
    ///
    /// # Errors
    /// What the server says.
    pub async fn history(&self, peer: &Peer, limit: i32) -> Result<Vec<Message>, Error> {
        self.history_before(peer, 0, limit).await
    }

    /// The messages before the one with this number (0: from the newest on), newest first.
    ///
    /// # Errors
    /// What the server says.
    pub async fn history_before(&self, peer: &Peer, before: i32, limit: i32) -> Result<Vec<Message>, Error> {
        let call = functions::messages::GetHistory {
            peer: peer.input(),
            offset_id: before,
            offset_date: 0,
            add_offset: 0,
            limit,
            max_id: 0,
            min_id: 0,
            hash: 0,
        };
        let answer = self.invoke(&call).await?;
        self.read_messages(answer)
    }

    /// The messages of an answer, and whom it names.
    pub(crate) fn read_messages(&self, answer: types::messages::Messages) -> Result<Vec<Message>, Error> {
        let (messages, chats, users) = match answer {
            types::messages::Messages::Messages(all) => (all.messages, all.chats, all.users),
            types::messages::Messages::Slice(part) => (part.messages, part.chats, part.users),
            types::messages::Messages::ChannelMessages(part) => (part.messages, part.chats, part.users),
            types::messages::Messages::NotModified(_) => return Err(Error::Unexpected("not modified")),
        };
        let mut known = self.known();
        known.learn(&users, &chats);
        Ok(messages
            .iter()
            .filter_map(|message| Message::of(message, &known))
            .collect())
    }

    /// Sends a text. Brings the message's number in the chat.
    ///
    /// It is sent once: a repetition on a new connection has the same `random_id`.
    ///
    /// # Errors
    /// What the server says.
    pub async fn send_message(&self, peer: &Peer, text: &str) -> Result<i32, Error> {
        let random_id = random_i64();
        let call = functions::messages::SendMessage {
            peer: peer.input(),
            message: text.to_owned(),
            random_id,
            ..Default::default()
        };
        let updates = self.invoke(&call).await?;
        self.hand_on(&updates);
        number_of(&updates, random_id).ok_or(Error::Unexpected("a message without a number"))
    }
}

/// The number of a message that was sent under this random one.
pub(crate) fn number_of(updates: &types::Updates, random_id: i64) -> Option<i32> {
    let list = match updates {
        types::Updates::UpdateShortSentMessage(sent) => return Some(sent.id),
        types::Updates::Updates(updates) => &updates.updates,
        types::Updates::Combined(updates) => &updates.updates,
        _ => return None,
    };
    list.iter().find_map(|update| match update {
        types::Update::MessageID(id) if id.random_id == random_id => Some(id.id),
        _ => None,
    })
}

fn place(message: &types::Message) -> Option<(PeerId, i32)> {
    Some(match message {
        types::Message::Message(message) => (PeerId::from(&message.peer_id), message.id),
        types::Message::Service(message) => (PeerId::from(&message.peer_id), message.id),
        types::Message::Empty(message) => (PeerId::from(message.peer_id.as_ref()?), message.id),
    })
}

fn date(message: &types::Message) -> i32 {
    match message {
        types::Message::Message(message) => message.date,
        types::Message::Service(message) => message.date,
        types::Message::Empty(_) => 0,
    }
}

/// So that a peer can be made of what an update names.
impl From<PeerId> for types::Peer {
    fn from(id: PeerId) -> Self {
        match id {
            PeerId::User(user_id) => ctors::PeerUser { user_id }.into(),
            PeerId::Group(chat_id) => ctors::PeerChat { chat_id }.into(),
            PeerId::Channel(channel_id) => ctors::PeerChannel { channel_id }.into(),
        }
    }
}
