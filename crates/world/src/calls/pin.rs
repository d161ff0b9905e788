//! Messages are pinned.

use super::Call;
use super::send::Draft;
use crate::{
    ChatKind, Content, Conversation, Error, MailChange, Mailbox, Message, MessageId, MessageKey, Peer, Reply,
    Service, UserId, World,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Someone pins a message, or takes the pin out, for everybody.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Pin {
    /// Who.
    pub by: UserId,
    /// Where.
    pub peer: Peer,
    /// As the caller numbers it; none: all, which can only be unpinned.
    pub message: Option<MessageId>,
    /// Pin, or unpin.
    pub pinned: bool,
    /// What is said of it in the chat comes without a sound.
    pub silent: bool,
}

impl Call for Pin {
    /// The service message that says so, if there is one.
    type Output = Option<Arc<Message>>;

    fn apply(self, world: &mut World) -> Result<Option<Arc<Message>>, Error> {
        let conversation = world.may_pin(self.by, self.peer)?;
        let Some(id) = self.message else {
            let all = world.pinned.remove(&conversation).unwrap_or_default();
            world.mail_pins(&all, false);
            return Ok(None);
        };
        let missing = if self.pinned {
            Error::PinNotFound
        } else {
            Error::UnpinNotFound
        };
        let message = world.message_at(self.by, self.peer, id).ok_or(missing)?;
        if matches!(message.content, Content::Service(_)) {
            return Err(Error::ServiceCantBePinned);
        }
        let key = message.key;
        let mut pins = world.pinned.get(&conversation).cloned().unwrap_or_default();
        match (pins.binary_search(&key), self.pinned) {
            (Err(place), true) => pins.insert(place, key),
            (Ok(place), false) => drop(pins.remove(place)),
            _ => return Err(Error::ChatNotModified),
        }
        if pins.is_empty() {
            world.pinned.remove(&conversation);
        } else {
            world.pinned.insert(conversation, pins);
        }
        world.mail_pins(&[key], self.pinned);
        if !self.pinned {
            return Ok(None);
        }
        let content = Content::Service(Service::Pinned(key));
        let mut draft = Draft::new(self.by, conversation, content);
        draft.sender = world.sender(self.by, conversation);
        draft.reply_to = Some(Reply { to: key, quote: None });
        draft.silent = self.silent;
        Ok(Some(world.deliver(draft)))
    }
}

impl World {
    /// In private chats and basic groups everybody may pin, elsewhere administrators; bots must be one in basic groups
    /// too.
    fn may_pin(&self, by: UserId, peer: Peer) -> Result<Conversation, Error> {
        let conversation = self.readable(by, peer)?;
        let Some(chat) = self.chat_of(conversation) else {
            return Ok(conversation);
        };
        let everybody = chat.kind == ChatKind::Group && !self.bots.contains_key(&by);
        if everybody || chat.status(by).is_admin() {
            Ok(conversation)
        } else {
            Err(Error::CantPin)
        }
    }

    fn mail_pins(&mut self, keys: &[MessageKey], pinned: bool) {
        let mut ids: BTreeMap<Mailbox, Vec<MessageId>> = BTreeMap::new();
        for message in keys.iter().filter_map(|key| self.message(*key)) {
            for (mailbox, id) in &message.ids {
                ids.entry(*mailbox).or_default().push(*id);
            }
        }
        for (mailbox, (peer, ids)) in self.with_peers(keys, ids) {
            let count = i32::try_from(ids.len()).unwrap_or(i32::MAX);
            self.count_mail(mailbox, count, MailChange::Pinned { peer, ids, pinned });
        }
    }

    /// All the messages lie in one conversation: what each mailbox's owner calls it.
    fn with_peers(
        &self,
        keys: &[MessageKey],
        ids: BTreeMap<Mailbox, Vec<MessageId>>,
    ) -> BTreeMap<Mailbox, (Peer, Vec<MessageId>)> {
        let conversation = keys
            .iter()
            .find_map(|key| self.message(*key))
            .map(|message| message.conversation);
        let peer = |mailbox: Mailbox| match (mailbox, conversation?) {
            (Mailbox::User(user), conversation) => Some(conversation.peer(user)),
            (Mailbox::Channel(id), _) => Some(Peer::Channel(id)),
        };
        ids.into_iter()
            .filter_map(|(mailbox, ids)| Some((mailbox, (peer(mailbox)?, ids))))
            .collect()
    }

    /// Whether a message is pinned.
    pub fn is_pinned(&self, message: &Message) -> bool {
        self.pinned
            .get(&message.conversation)
            .is_some_and(|pins| pins.binary_search(&message.key).is_ok())
    }

    /// It is gone, and with it its pin.
    pub(crate) fn forget_pin(&mut self, message: &Message) {
        if let Some(pins) = self.pinned.get_mut(&message.conversation) {
            pins.retain(|key| *key != message.key);
            if pins.is_empty() {
                self.pinned.remove(&message.conversation);
            }
        }
    }
}
