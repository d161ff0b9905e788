//! Looking at the world without changing it.

use crate::*;
use std::sync::Arc;

impl World {
    /// The world's time: that of the latest event.
    pub fn now(&self) -> Time {
        self.now
    }

    /// What is set.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What ids are made from.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// The number of the journal's next entry.
    pub fn next_seq(&self) -> Seq {
        self.next_seq
    }

    /// A user or bot.
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(&id)
    }

    /// Every user and bot, by id.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// A bot.
    pub fn bot(&self, id: UserId) -> Option<&Bot> {
        self.bots.get(&id)
    }

    /// Every bot, by id.
    pub fn bots(&self) -> impl Iterator<Item = &Bot> {
        self.bots.values()
    }

    /// The bot that a token belongs to.
    pub fn bot_by_token(&self, token: &str) -> Option<UserId> {
        self.tokens.get(token).copied()
    }

    /// Whose a username is, with or without `@`, in any letter case.
    pub fn resolve(&self, username: &str) -> Option<Peer> {
        let name = username.strip_prefix('@').unwrap_or(username);
        self.usernames.get(&name.to_ascii_lowercase()).copied()
    }

    /// Whose a phone number is; anything but its digits is passed over.
    pub fn user_by_phone(&self, phone: &str) -> Option<UserId> {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        self.phones.get(&digits).copied()
    }

    /// A group, supergroup or channel.
    pub fn chat(&self, id: ChatId) -> Option<&Chat> {
        self.chats.get(&id)
    }

    /// Every group, supergroup and channel.
    pub fn chats(&self) -> impl Iterator<Item = &Chat> {
        self.chats.values()
    }

    /// The chat of a conversation that is not private.
    pub fn chat_of(&self, conversation: Conversation) -> Option<&Chat> {
        match conversation {
            Conversation::Private(..) => None,
            Conversation::Group(id) => self.chat(ChatId::Group(id)),
            Conversation::Channel(id) => self.chat(ChatId::Channel(id)),
        }
    }

    /// A message by its one identity.
    pub fn message(&self, key: MessageKey) -> Option<&Arc<Message>> {
        self.messages.get(&key)
    }

    /// The message that `viewer` knows by this number in the chat with `peer`.
    pub fn message_at(&self, viewer: UserId, peer: Peer, id: MessageId) -> Option<&Arc<Message>> {
        let key = self.numbers.get(&(Mailbox::of(viewer, peer), id))?;
        self.message(*key)
            .filter(|message| message.conversation == Conversation::of(viewer, peer))
    }

    /// The message that has this number in a mailbox.
    pub fn message_in(&self, mailbox: Mailbox, id: MessageId) -> Option<&Arc<Message>> {
        self.numbers
            .get(&(mailbox, id))
            .and_then(|key| self.message(*key))
    }

    /// The keyboard that came with a message, as far as `viewer` is shown it: a selective one is only for who is
    /// mentioned in the message or replied to.
    pub fn markup_for<'a>(&self, viewer: UserId, message: &'a Message) -> Option<&'a ReplyMarkup> {
        let markup = message.markup.as_ref()?;
        let selective = match markup {
            ReplyMarkup::Inline(_) => false,
            ReplyMarkup::Keyboard(keyboard) => keyboard.selective,
            ReplyMarkup::Remove { selective } | ReplyMarkup::ForceReply { selective, .. } => *selective,
        };
        let private = matches!(message.conversation, Conversation::Private(..));
        (!selective || private || self.is_meant(viewer, message)).then_some(markup)
    }

    /// Whether a message replies to someone or mentions them.
    fn is_meant(&self, user: UserId, message: &Message) -> bool {
        let replied = message.reply_to.as_ref().and_then(|reply| self.message(reply.to));
        let name = self.user(user).and_then(|user| user.username.as_deref());
        let words = message.content.words();
        replied.is_some_and(|to| to.author() == Some(user))
            || words.is_some_and(|words| {
                words.entities.iter().any(|entity| match &entity.kind {
                    EntityKind::TextMention(id) => *id == user,
                    EntityKind::Mention => {
                        let marked = words.marked(entity);
                        name.is_some_and(|name| marked.trim_start_matches('@').eq_ignore_ascii_case(name))
                    }
                    _ => false,
                })
            })
    }

    /// The message of an inline message's name.
    pub fn inline_message(&self, id: InlineMessageId) -> Option<&Arc<Message>> {
        self.inline_messages.get(&id).and_then(|key| self.message(*key))
    }

    /// What `viewer` sees in the chat with `peer`, newest first.
    pub fn history(&self, viewer: UserId, peer: Peer) -> impl Iterator<Item = &Arc<Message>> {
        let keys = self
            .threads
            .get(&Conversation::of(viewer, peer))
            .map_or(&[][..], Vec::as_slice);
        keys.iter()
            .rev()
            .filter_map(|key| self.message(*key))
            .filter(move |message| message.id_for(viewer).is_some())
    }

    /// The chats that a user has, in no particular order.
    pub fn dialogs(&self, user: UserId) -> impl Iterator<Item = Peer> {
        let first = (user, Peer::User(UserId(i64::MIN)));
        self.dialogs
            .range(first..)
            .take_while(move |(owner, _)| *owner == user)
            .map(|(_, peer)| *peer)
    }

    /// May `who` read in the chat with `peer`?
    ///
    /// # Errors
    /// Why not, as Telegram says it.
    pub fn may_read(&self, who: UserId, peer: Peer) -> Result<Conversation, Error> {
        self.readable(who, peer)
    }

    /// May `who` look at what is written in `peer`? People may look at public channels and supergroups without being in
    /// them, unless they were put out.
    ///
    /// # Errors
    /// Why not, as Telegram says it.
    pub fn may_look(&self, who: UserId, peer: Peer) -> Result<Conversation, Error> {
        self.readable(who, peer).or_else(|error| {
            let conversation = Conversation::of(who, peer);
            let chat = self.chat_of(conversation);
            let is_public = chat.is_some_and(|chat| {
                chat.kind != ChatKind::Group && chat.username.is_some() && chat.status(who) != Status::Kicked
            });
            if is_public && !self.bots.contains_key(&who) {
                Ok(conversation)
            } else {
                Err(error)
            }
        })
    }

    /// May `who` write to `peer`?
    ///
    /// # Errors
    /// Why not, as Telegram says it.
    pub fn may_write(&self, who: UserId, peer: Peer) -> Result<Conversation, Error> {
        self.writable(who, peer)
    }

    /// What someone is in a conversation; `None` if they were never there.
    pub fn member(&self, conversation: Conversation, user: UserId) -> Option<Member> {
        match conversation {
            Conversation::Private(a, b) => (user == a || user == b).then_some(Member {
                status: Status::Member,
                since: Time(0),
                until: None,
            }),
            _ => self.chat_of(conversation)?.members.get(&user).copied(),
        }
    }

    /// A file's description.
    pub fn file(&self, id: FileId) -> Option<&File> {
        self.files.get(&id)
    }

    /// Every file, by id.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values()
    }

    /// A press, while it is kept.
    pub fn press(&self, id: PressId) -> Option<&Press> {
        self.presses.get(&id)
    }

    /// A callback query, while it is kept.
    pub fn callback_query(&self, id: QueryId) -> Option<&CallbackQuery> {
        self.queries.get(&id)
    }

    /// An inline query, while it is kept.
    pub fn inline_query(&self, id: InlineQueryId) -> Option<&InlineQuery> {
        self.inline_queries.get(&id)
    }

    /// The high scores of the game in a message, best first.
    pub fn high_scores(&self, key: MessageKey) -> Vec<(UserId, i64)> {
        let mut scores: Vec<_> = self
            .scores
            .get(&key)
            .into_iter()
            .flatten()
            .map(|(user, score)| (*user, *score))
            .collect();
        scores.sort_by_key(|(user, score)| (-score, *user));
        scores
    }

    /// The faults that are set.
    pub fn faults(&self) -> &[FaultRule] {
        &self.faults
    }

    /// Whether an update still says what it said: the message of a press may be gone meanwhile, or the bot put out
    /// of the chat.
    pub fn is_accessible(&self, bot: UserId, message: &Message) -> bool {
        let peer = message.conversation.peer(bot);
        self.readable(bot, peer).is_ok()
            && self
                .messages
                .get(&message.key)
                .is_some_and(|now| now.id_for(bot).is_some())
    }

    /// Names the chat of a conversation, opaquely and for good.
    pub fn chat_instance(&self, conversation: Conversation) -> i64 {
        let of = match conversation {
            Conversation::Private(a, b) => [0, a.0.cast_unsigned(), b.0.cast_unsigned()],
            Conversation::Group(id) => [1, id.0.cast_unsigned(), 0],
            Conversation::Channel(id) => [2, id.0.cast_unsigned(), 0],
        };
        self.seed.id("chat instance", &of)
    }
}
