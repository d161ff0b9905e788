//! Messages are sent.

use super::Call;
use crate::model::shared::die;
use crate::{
    ButtonAction, ChatKind, Contact, Content, Conversation, Error, FileId, FormattedText, Forward,
    InlineButton, InlineKeyboard, InlineMessageId, MailChange, Mailbox, Message, MessageId, MessageKey, Peer,
    Reply, ReplyMarkup, Sender, Seq, Service, Update, UserId, World, detect, journal,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The longest text, in characters.
const MAX_TEXT: usize = 4096;
/// The longest caption, in characters.
const MAX_CAPTION: usize = 1024;
/// The longest vCard, in bytes (Bot API, `sendContact`).
const MAX_VCARD: usize = 2048;

/// Someone sends a message.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Send {
    /// Who.
    pub from: UserId,
    /// Where.
    pub peer: Peer,
    /// What. A file must have been [added](super::AddFile) before.
    pub content: Content,
    /// With which keyboard.
    pub markup: Option<ReplyMarkup>,
    /// In reply to what.
    pub reply_to: Option<ReplyTo>,
    /// Without a sound.
    pub silent: bool,
    /// Not to be forwarded or saved.
    pub protected: bool,
}

impl Send {
    /// A plain text.
    pub fn text(from: UserId, peer: Peer, text: impl Into<String>) -> Send {
        let content = Content::Text(FormattedText::plain(text));
        Send {
            from,
            peer,
            content,
            markup: None,
            reply_to: None,
            silent: false,
            protected: false,
        }
    }
}

/// What a message replies to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReplyTo {
    /// As the sender numbers it.
    pub message: MessageId,
    /// In another chat than the one sent to.
    pub peer: Option<Peer>,
    /// If it is gone, send the message without.
    pub optional: bool,
    /// The part quoted.
    pub quote: Option<FormattedText>,
}

impl Call for Send {
    type Output = Arc<Message>;

    fn apply(self, world: &mut World) -> Result<Arc<Message>, Error> {
        let conversation = world.writable(self.from, self.peer)?;
        let content = world.accept(self.from, self.content)?;
        let content = world.roll(self.from, self.peer, content);
        if let Content::Game { bot, short_name, .. } = &content {
            world.ensure_game(*bot, short_name);
        }
        let markup = accept_markup(self.markup)?;
        let reply_to = match self.reply_to {
            Some(reply) => world.find_reply(self.from, self.peer, reply)?,
            None => None,
        };
        let mut draft = Draft::new(self.from, conversation, content);
        draft.sender = world.sender(self.from, conversation);
        draft.markup = world.complete_markup(&draft.content, markup);
        draft.reply_to = reply_to;
        draft.silent = self.silent;
        draft.protected = self.protected;
        Ok(world.deliver(draft))
    }
}

/// What the server says of a bot's doing that the bot itself is told, too (TBA `need_skip_update_message`).
fn is_told_to_its_doer(content: &Content) -> bool {
    matches!(
        content,
        Content::Service(Service::Renamed(_) | Service::Pinned(_) | Service::Left(_))
    )
}

/// Checks a caption's length, and finds in it what the server finds.
pub(crate) fn accept_caption(caption: FormattedText) -> Result<FormattedText, Error> {
    let caption = detect::trim(caption);
    if caption.text.chars().count() > MAX_CAPTION {
        return Err(Error::CaptionTooLong);
    }
    Ok(detect::complete(caption))
}

/// Drops from a keyboard what the server drops; refuses what it refuses.
pub(crate) fn accept_markup(markup: Option<ReplyMarkup>) -> Result<Option<ReplyMarkup>, Error> {
    Ok(match markup {
        Some(ReplyMarkup::Inline(keyboard)) => keyboard.accept()?.map(ReplyMarkup::Inline),
        other => other,
    })
}

/// A message about to be.
pub(crate) struct Draft {
    pub by: UserId,
    pub conversation: Conversation,
    pub sender: Sender,
    pub content: Content,
    pub markup: Option<ReplyMarkup>,
    pub reply_to: Option<Reply>,
    pub forward: Option<Forward>,
    pub via_bot: Option<UserId>,
    pub silent: bool,
    pub protected: bool,
}

impl Draft {
    pub(crate) fn new(by: UserId, conversation: Conversation, content: Content) -> Draft {
        Draft {
            by,
            conversation,
            sender: Sender::User(by),
            content,
            markup: None,
            reply_to: None,
            forward: None,
            via_bot: None,
            silent: false,
            protected: false,
        }
    }
}

impl World {
    /// May `from` read in the chat with `peer`? If not, why not.
    pub(crate) fn readable(&self, from: UserId, peer: Peer) -> Result<Conversation, Error> {
        let conversation = Conversation::of(from, peer);
        let is_bot = self.bots.contains_key(&from);
        match peer {
            Peer::User(_) => {
                if !self.dialogs.contains(&(from, peer)) {
                    return Err(Error::PeerIdInvalid);
                }
            }
            Peer::Group(_) => {
                let chat = self.chat_of(conversation).ok_or(Error::PeerIdInvalid)?;
                if !chat.status(from).is_in() {
                    return Err(if is_bot {
                        Error::NotInGroup
                    } else {
                        Error::PeerIdInvalid
                    });
                }
            }
            Peer::Channel(_) => {
                let chat = self.chat_of(conversation).ok_or(Error::ChannelInvalid)?;
                if !chat.status(from).is_in() {
                    let supergroup = is_bot && chat.kind == ChatKind::Supergroup;
                    return Err(if supergroup {
                        Error::NotInSupergroup
                    } else {
                        Error::ChannelPrivate
                    });
                }
            }
        }
        Ok(conversation)
    }

    /// May `from` write to `peer`? If not, why not.
    pub(crate) fn writable(&self, from: UserId, peer: Peer) -> Result<Conversation, Error> {
        let sender = self.users.get(&from).ok_or(Error::UserNotFound)?;
        if let Peer::User(id) = peer {
            let other = self.users.get(&id).ok_or(Error::PeerIdInvalid)?;
            if sender.blocked.contains(&id) {
                return Err(Error::YouBlockedUser);
            }
            if sender.is_bot && other.is_bot {
                return Err(Error::BotToBot);
            }
            // A bot can only write to who has written to it first.
            if sender.is_bot && !self.dialogs.contains(&(from, peer)) {
                return Err(if self.share_a_chat(from, id) {
                    Error::CantInitiate
                } else {
                    Error::PeerIdInvalid
                });
            }
            if other.blocked.contains(&from) {
                return Err(Error::BotBlocked);
            }
            return Ok(Conversation::of(from, peer));
        }
        let conversation = self.readable(from, peer)?;
        match self.chat_of(conversation) {
            Some(chat) if chat.kind == ChatKind::Channel && !chat.status(from).is_admin() => {
                Err(Error::NeedAdmin)
            }
            Some(chat) if chat.status(from) == crate::Status::Restricted => Err(Error::WriteForbidden),
            _ => Ok(conversation),
        }
    }

    /// Whether the two know each other from a group or channel: only then a server tells that the other exists.
    fn share_a_chat(&self, one: UserId, other: UserId) -> bool {
        let is_in = |user, peer| {
            let chat = self.chat_of(Conversation::of(user, peer));
            chat.is_some_and(|chat| chat.status(user).is_in())
        };
        self.dialogs(one)
            .any(|peer| is_in(one, peer) && is_in(other, peer))
    }

    /// Checks lengths, trims, and finds the marks that the server finds by itself.
    pub(crate) fn accept(&self, from: UserId, content: Content) -> Result<Content, Error> {
        Ok(match content {
            Content::Text(text) => {
                let text = detect::trim(text);
                match text.text.chars().count() {
                    0 => return Err(Error::MessageEmpty),
                    len if len > MAX_TEXT => return Err(Error::MessageTooLong),
                    _ => Content::Text(detect::complete(text)),
                }
            }
            Content::Photo {
                file,
                caption,
                caption_above,
                spoiler,
            } => self.accept_file(file, caption, caption_above, spoiler)?,
            Content::Document { file, caption } => self.accept_file(file, caption, false, false)?,
            Content::Media {
                file,
                caption,
                caption_above,
                spoiler,
                ..
            } => self.accept_file(file, caption, caption_above, spoiler)?,
            Content::Game {
                bot,
                short_name,
                text,
            } => {
                if bot != from || short_name.is_empty() {
                    return Err(Error::GameNotFound);
                }
                Content::Game {
                    bot,
                    short_name,
                    text,
                }
            }
            Content::Service(service) => Content::Service(service),
            Content::Dice { emoji, value } => {
                let (emoji, _) = die(&emoji).ok_or(Error::EmoticonInvalid)?;
                Content::Dice {
                    emoji: emoji.to_owned(),
                    value,
                }
            }
            Content::Contact(contact) => {
                let nobody = contact.phone.trim().is_empty() || contact.first_name.trim().is_empty();
                if nobody || contact.vcard.len() > MAX_VCARD {
                    return Err(Error::ContactInvalid);
                }
                let user = self.user_by_phone(&contact.phone);
                Content::Contact(Contact { user, ..contact })
            }
            Content::Location(_) | Content::Venue(_) => content,
        })
    }

    /// A message with a file is of the kind that the file is.
    fn accept_file(
        &self,
        file: FileId,
        caption: FormattedText,
        caption_above: bool,
        spoiler: bool,
    ) -> Result<Content, Error> {
        let file = self.file(file).ok_or(Error::FileIdInvalid)?;
        Ok(Content::of_file(
            file,
            accept_caption(caption)?,
            caption_above,
            spoiler,
        ))
    }

    /// Lets dice roll. What falls is a matter of the message's place in the chat, and of the seed.
    pub(crate) fn roll(&self, from: UserId, peer: Peer, content: Content) -> Content {
        let Content::Dice { emoji, .. } = content else {
            return content;
        };
        let sides = die(&emoji).map_or(1, |(_, sides)| sides);
        let last = self.last_number.get(&Mailbox::of(from, peer));
        let of = [
            self.chat_instance(Conversation::of(from, peer)).cast_unsigned(),
            last.map_or(0, |last| last.0.cast_unsigned().into()),
        ];
        let value = 1 + self.seed.number("dice", &of) % sides;
        Content::Dice {
            emoji,
            value: u8::try_from(value).unwrap_or(1),
        }
    }

    /// A game always has its button.
    pub(crate) fn complete_markup(
        &self,
        content: &Content,
        markup: Option<ReplyMarkup>,
    ) -> Option<ReplyMarkup> {
        match (content, &markup) {
            (Content::Game { bot, short_name, .. }, None) => {
                let title = self
                    .bots
                    .get(bot)
                    .and_then(|bot| bot.games.get(short_name))
                    .map_or(short_name, |game| &game.title);
                let play = InlineButton {
                    text: format!("Play {title}"),
                    style: None,
                    icon: None,
                    action: ButtonAction::Game,
                };
                Some(ReplyMarkup::Inline(InlineKeyboard {
                    rows: vec![vec![play]],
                    force_reply: false,
                }))
            }
            _ => markup,
        }
    }

    /// In a channel, posts come from the channel itself.
    pub(crate) fn sender(&self, from: UserId, conversation: Conversation) -> Sender {
        match self.chat_of(conversation) {
            Some(chat) if chat.kind == ChatKind::Channel => Sender::Chat { author: from },
            _ => Sender::User(from),
        }
    }

    pub(crate) fn find_reply(
        &self,
        from: UserId,
        peer: Peer,
        reply: ReplyTo,
    ) -> Result<Option<Reply>, Error> {
        // A chat elsewhere must be one that the sender sees; the one sent to may be about to begin.
        let there = reply.peer.unwrap_or(peer);
        let found = if reply.peer.is_none() || self.readable(from, there).is_ok() {
            self.message_at(from, there, reply.message)
        } else {
            None
        };
        let Some(message) = found else {
            return if reply.optional {
                Ok(None)
            } else {
                Err(Error::ReplyNotFound)
            };
        };
        let quote = match reply.quote.filter(|quote| !quote.text.is_empty()) {
            None => None,
            Some(quote) => {
                let words = message.content.words().map_or("", |words| words.text.as_str());
                let at = words.find(&quote.text).ok_or(Error::QuoteNotFound)?;
                let offset = words[..at].encode_utf16().count();
                Some((quote, u32::try_from(offset).unwrap_or(u32::MAX)))
            }
        };
        Ok(Some(Reply {
            to: message.key,
            quote,
        }))
    }

    /// Something the server itself says in a chat.
    pub(crate) fn post(
        &mut self,
        by: UserId,
        conversation: Conversation,
        sender: Sender,
        content: Content,
    ) -> Arc<Message> {
        self.deliver(Draft {
            sender,
            ..Draft::new(by, conversation, content)
        })
    }

    /// Puts a message into every mailbox it belongs to and tells the bots there.
    pub(crate) fn deliver(&mut self, draft: Draft) -> Arc<Message> {
        self.counters.messages += 1;
        let key = MessageKey(self.counters.messages);
        let mailboxes: Vec<Mailbox> = match draft.conversation {
            Conversation::Private(a, b) if a == b => vec![Mailbox::User(a)],
            Conversation::Private(a, b) => vec![Mailbox::User(a), Mailbox::User(b)],
            Conversation::Group(_) => self
                .chat_of(draft.conversation)
                .into_iter()
                .flat_map(|chat| chat.present())
                .map(Mailbox::User)
                .collect(),
            Conversation::Channel(id) => vec![Mailbox::Channel(id)],
        };
        let ids: Vec<(Mailbox, MessageId)> = mailboxes
            .into_iter()
            .map(|mailbox| (mailbox, self.next_number(mailbox)))
            .collect();
        for (mailbox, id) in &ids {
            self.numbers.insert((*mailbox, *id), key);
        }
        if let Conversation::Private(a, b) = draft.conversation {
            self.dialogs.insert((a, Peer::User(b)));
            self.dialogs.insert((b, Peer::User(a)));
        }
        let has_buttons = matches!(draft.markup, Some(ReplyMarkup::Inline(_)));
        let inline_id = draft
            .via_bot
            .filter(|_| has_buttons)
            .and_then(|_| ids.first())
            .map(|(mailbox, id)| {
                let (kind, of) = match mailbox {
                    Mailbox::User(user) => (0, user.0),
                    Mailbox::Channel(channel) => (1, channel.0),
                };
                let of = [kind, of.cast_unsigned(), id.0.cast_unsigned().into()];
                InlineMessageId {
                    owner: draft.by.0,
                    id: id.0,
                    access_hash: self.seed.id("inline message", &of),
                }
            });
        if let Some(id) = inline_id {
            self.inline_messages.insert(id, key);
        }
        let message = Arc::new(Message {
            key,
            conversation: draft.conversation,
            sender: draft.sender,
            via_bot: draft.via_bot,
            inline_id,
            date: self.now,
            edited: None,
            content: draft.content,
            markup: draft.markup,
            reply_to: draft.reply_to,
            forward: draft.forward,
            silent: draft.silent,
            protected: draft.protected,
            ids,
        });
        self.messages.insert(key, Arc::clone(&message));
        self.threads.entry(draft.conversation).or_default().push(key);
        let actor = self.actor(draft.by);
        let seq = self.journal(actor, journal::Kind::MessageSent(Arc::clone(&message)));
        self.mail_message(&message, MailChange::New);
        self.tell_readers(draft.by, &message, seq, Update::Message);
        message
    }

    fn next_number(&mut self, mailbox: Mailbox) -> MessageId {
        let last = self.last_number.entry(mailbox).or_insert(MessageId(0));
        last.0 += 1;
        *last
    }

    /// Tells every bot that may read `message`, but for the one whose doing it is. Bots do not hear other bots, and of
    /// what they do themselves only what the server says of it.
    pub(crate) fn tell_readers(
        &mut self,
        by: UserId,
        message: &Arc<Message>,
        seq: Seq,
        update: fn(Arc<Message>) -> Update,
    ) {
        let score = matches!(message.content, Content::Service(Service::GameScore { .. }));
        if score || self.bots.contains_key(&by) {
            if is_told_to_its_doer(&message.content) && self.may_hear_own(by, message) {
                self.tell(by, update(Arc::clone(message)), seq);
            }
            return;
        }
        let readers: Vec<UserId> = match message.conversation {
            Conversation::Private(a, b) => [a, b]
                .into_iter()
                .filter(|id| self.bots.contains_key(id))
                .collect(),
            _ => {
                let Some(chat) = self.chat_of(message.conversation) else {
                    return;
                };
                let mut bots = self.bots_in(chat);
                bots.retain(|id| self.hears(*id, chat, message));
                bots
            }
        };
        for bot in readers {
            self.tell(bot, update(Arc::clone(message)), seq);
        }
    }

    /// Whether a bot is in the chat still in which it did something.
    fn may_hear_own(&self, by: UserId, message: &Message) -> bool {
        self.chat_of(message.conversation)
            .is_none_or(|chat| chat.status(by).is_in())
    }

    /// In groups a bot hears what is meant for it: commands, replies, mentions, what went through it, and what the
    /// server says; administrators, and bots without privacy mode, hear all.
    pub(crate) fn hears(&self, id: UserId, chat: &crate::Chat, message: &Message) -> bool {
        let Some(bot) = self.bots.get(&id) else {
            return false;
        };
        if bot.reads_all_messages
            || chat.status(id).is_admin()
            || matches!(message.content, Content::Service(_))
            || message.via_bot == Some(id)
        {
            return true;
        }
        let replied = message.reply_to.as_ref().and_then(|reply| self.message(reply.to));
        if replied.is_some_and(|to| to.author() == Some(id)) {
            return true;
        }
        let name = self
            .users
            .get(&id)
            .and_then(|user| user.username.as_deref())
            .unwrap_or_default();
        message
            .content
            .words()
            .is_some_and(|words| detect::is_for_bot(words, name))
    }
}
