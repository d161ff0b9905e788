//! Users, chats and peers.

use super::members::{admin_rights, forbidden};
use super::{count, date};
use ringback_tl::{ctors, types};
use ringback_world::{
    Chat, ChatId, ChatKind, Conversation, ForwardFrom, Message, Peer, Sender, Service, Status, UserId, World,
};
use std::collections::BTreeSet;

/// What a peer's number is worth nothing without: another for each user, so that one account's cannot be used by another.
pub(in crate::mtproto) fn access_hash(world: &World, viewer: UserId, peer: Peer) -> i64 {
    let (kind, id) = match peer {
        Peer::User(id) => (0, id.0),
        Peer::Group(id) => (1, id.0),
        Peer::Channel(id) => (2, id.0),
    };
    world.seed().id(
        "access hash",
        &[viewer.0.cast_unsigned(), kind, id.cast_unsigned()],
    )
}

/// A peer by its number.
pub(in crate::mtproto) fn peer(peer: Peer) -> types::Peer {
    match peer {
        Peer::User(id) => ctors::PeerUser { user_id: id.0 }.into(),
        Peer::Group(id) => ctors::PeerChat { chat_id: id.0 }.into(),
        Peer::Channel(id) => ctors::PeerChannel { channel_id: id.0 }.into(),
    }
}

/// A user as `viewer` sees them.
pub(in crate::mtproto) fn user(world: &World, viewer: UserId, id: UserId) -> types::User {
    let Some(user) = world.user(id) else {
        return ctors::UserEmpty { id: id.0 }.into();
    };
    let own = ctors::User {
        is_self: id == viewer,
        bot: user.is_bot,
        bot_chat_history: world.bot(id).is_some_and(|bot| bot.reads_all_messages),
        id: id.0,
        access_hash: Some(access_hash(world, viewer, Peer::User(id))),
        first_name: Some(user.first_name.clone()),
        last_name: user.last_name.clone(),
        username: user.username.clone(),
        // A number is its owner's own affair.
        phone: user.phone.clone().filter(|_| id == viewer),
        bot_info_version: user.is_bot.then_some(1),
        bot_inline_placeholder: user.is_bot.then(String::new),
        lang_code: user
            .language_code
            .clone()
            .filter(|_| id == viewer || !user.is_bot),
        status: (!user.is_bot).then_some(types::UserStatus::Empty),
        ..Default::default()
    };
    types::User::User(Box::new(own))
}

/// A group, supergroup or channel as `viewer` sees it.
fn chat(world: &World, viewer: UserId, chat: &Chat) -> types::Chat {
    let status = chat.status(viewer);
    if status == Status::Kicked {
        return forbidden(world, viewer, chat);
    }
    let left = !status.is_in();
    let members = count(chat.present().count());
    let creator = status == Status::Creator;
    match chat.id {
        ChatId::Group(id) => {
            let own = ctors::Chat {
                creator,
                left,
                id: id.0,
                title: chat.title.clone(),
                participants_count: members,
                date: date(chat.created),
                version: 1,
                admin_rights: status.is_admin().then(admin_rights),
                default_banned_rights: Some(nothing_banned()),
                ..Default::default()
            };
            types::Chat::Chat(Box::new(own))
        }
        ChatId::Channel(id) => {
            let own = ctors::Channel {
                creator,
                left,
                broadcast: chat.kind == ChatKind::Channel,
                megagroup: chat.kind == ChatKind::Supergroup,
                id: id.0,
                access_hash: Some(access_hash(world, viewer, Peer::Channel(id))),
                title: chat.title.clone(),
                username: chat.username.clone(),
                date: date(chat.created),
                admin_rights: status.is_admin().then(admin_rights),
                default_banned_rights: Some(nothing_banned()),
                participants_count: Some(members),
                ..Default::default()
            };
            types::Chat::Channel(Box::new(own))
        }
    }
}

/// What a chat forbids everybody: nothing, and that for ever, which TDLib wants said.
fn nothing_banned() -> types::ChatBannedRights {
    types::ChatBannedRights {
        until_date: i32::MAX,
        ..Default::default()
    }
}

/// Nothing is ever muted here.
pub(in crate::mtproto) fn notify_settings() -> types::PeerNotifySettings {
    types::PeerNotifySettings::default()
}

/// Everybody who occurs in an answer: a client must be told of all of them.
pub(in crate::mtproto) struct Cast<'a> {
    world: &'a World,
    viewer: UserId,
    users: BTreeSet<UserId>,
    chats: BTreeSet<ChatId>,
}

impl<'a> Cast<'a> {
    pub(in crate::mtproto) fn new(world: &'a World, viewer: UserId) -> Cast<'a> {
        Cast {
            world,
            viewer,
            users: BTreeSet::new(),
            chats: BTreeSet::new(),
        }
    }

    pub(in crate::mtproto) fn user(&mut self, id: UserId) {
        self.users.insert(id);
    }

    pub(in crate::mtproto) fn chat(&mut self, id: ChatId) {
        self.chats.insert(id);
    }

    pub(in crate::mtproto) fn peer(&mut self, peer: Peer) {
        match peer {
            Peer::User(id) => drop(self.users.insert(id)),
            Peer::Group(id) => drop(self.chats.insert(ChatId::Group(id))),
            Peer::Channel(id) => drop(self.chats.insert(ChatId::Channel(id))),
        }
    }

    pub(in crate::mtproto) fn conversation(&mut self, conversation: Conversation) {
        self.peer(conversation.peer(self.viewer));
        if matches!(conversation, Conversation::Private(..)) {
            self.users.insert(self.viewer);
        }
    }

    pub(in crate::mtproto) fn message(&mut self, message: &Message) {
        self.conversation(message.conversation);
        if let Sender::User(id) = message.sender {
            self.users.insert(id);
        }
        self.users.extend(message.via_bot);
        match message.forward.as_ref().map(|forward| forward.from) {
            Some(ForwardFrom::User(id)) => drop(self.users.insert(id)),
            Some(ForwardFrom::Channel(id, _)) => drop(self.chats.insert(ChatId::Channel(id))),
            None => {}
        }
        if let ringback_world::Content::Service(service) = &message.content {
            match service {
                Service::Created(_)
                | Service::Renamed(_)
                | Service::Pinned(_)
                | Service::GameScore { .. } => {}
                Service::Joined(users) => self.users.extend(users),
                Service::Left(user) => drop(self.users.insert(*user)),
            }
        }
    }

    pub(in crate::mtproto) fn users(&self) -> Vec<types::User> {
        let users = self.users.iter();
        users.map(|id| user(self.world, self.viewer, *id)).collect()
    }

    pub(in crate::mtproto) fn chats(&self) -> Vec<types::Chat> {
        let chats = self.chats.iter().filter_map(|id| self.world.chat(*id));
        chats.map(|own| chat(self.world, self.viewer, own)).collect()
    }
}
