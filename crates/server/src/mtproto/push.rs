//! What happens in the world, told to the sessions of whoever it concerns.

use super::Mtproto;
use super::encode::{self, Cast};
use super::session::Session;
use ringback_tl::{ctors, types};
use ringback_world::{
    Aside, ChatId, MailChange, MailEntry, Mailbox, Payload, Update, UpdateId, UserId, World,
};
use std::sync::Arc;

/// One session: its key and its number.
pub(crate) type SessionName = (i64, i64);

/// Something that sessions may have to be told.
#[derive(Debug)]
pub(crate) enum News {
    Mail { mailbox: Mailbox, entry: MailEntry },
    Bot { bot: UserId, update: UpdateId },
    Aside { user: UserId, aside: Aside },
}

impl Mtproto {
    /// Tells everybody but `origin`, which learns it from its answer. Gives the bots' updates that were pushed.
    pub(crate) fn tell(
        &self,
        world: &World,
        news: &[News],
        origin: Option<SessionName>,
    ) -> Vec<(UserId, UpdateId)> {
        let mut pushed = Vec::new();
        if news.is_empty() || self.is_idle() {
            return pushed;
        }
        for one in news {
            match one {
                News::Mail {
                    mailbox: Mailbox::User(user),
                    entry,
                } => self.tell_mail(world, *user, Mailbox::User(*user), entry, origin),
                News::Mail {
                    mailbox: Mailbox::Channel(id),
                    entry,
                } => {
                    let members = world.chat(ChatId::Channel(*id)).into_iter();
                    for user in members.flat_map(|chat| chat.present()) {
                        self.tell_mail(world, user, Mailbox::Channel(*id), entry, origin);
                    }
                }
                News::Aside { user, aside } => self.tell_aside(world, *user, aside, origin),
                News::Bot { bot, update } => {
                    if self.tell_bot(world, *bot, *update) {
                        pushed.push((*bot, *update));
                    }
                }
            }
        }
        pushed
    }

    fn listeners(&self, user: UserId) -> Vec<Arc<Session>> {
        let mut sessions = self.sessions_of(user);
        sessions.retain(|session| session.listens());
        sessions
    }

    fn tell_mail(
        &self,
        world: &World,
        user: UserId,
        mailbox: Mailbox,
        entry: &MailEntry,
        origin: Option<SessionName>,
    ) {
        let mut sessions = self.listeners(user);
        sessions.retain(|session| origin != Some((session.key_id, session.id)));
        if sessions.is_empty() {
            return;
        }
        let mut cast = Cast::new(world, user);
        if let Some(update) = mail(world, user, mailbox, entry, &mut cast) {
            let updates = updates(world, vec![update], &cast);
            for session in sessions {
                session.push(&updates);
            }
        }
    }

    fn tell_aside(&self, world: &World, user: UserId, aside: &Aside, origin: Option<SessionName>) {
        let mut sessions = self.listeners(user);
        sessions.retain(|session| origin != Some((session.key_id, session.id)));
        if sessions.is_empty() {
            return;
        }
        let mut cast = Cast::new(world, user);
        if let Some(update) = super::asides::aside(world, user, aside, &mut cast) {
            let updates = updates(world, vec![update], &cast);
            for session in sessions {
                session.push(&updates);
            }
        }
    }

    /// Tells a bot of its update; whether it could be told.
    fn tell_bot(&self, world: &World, bot: UserId, id: UpdateId) -> bool {
        let sessions = self.listeners(bot);
        let waiting = world.bot(bot).and_then(|own| own.queue.get(id));
        let Some(waiting) = waiting.filter(|_| !sessions.is_empty()) else {
            return false;
        };
        let mut cast = Cast::new(world, bot);
        if let Some(update) = bot_update(world, bot, &waiting.update, &mut cast) {
            let updates = updates(world, vec![update], &cast);
            for session in sessions {
                session.push(&updates);
            }
        }
        // Messages came as mail.
        true
    }
}

/// Updates and everybody who occurs in them.
pub(super) fn updates(world: &World, updates: Vec<types::Update>, cast: &Cast<'_>) -> types::Updates {
    ctors::Updates {
        updates,
        users: cast.users(),
        chats: cast.chats(),
        date: encode::date(world.now()),
        seq: 0,
    }
    .into()
}

/// A change of a mailbox as its owner, or a member of the channel, is told of it.
pub(super) fn mail(
    world: &World,
    viewer: UserId,
    mailbox: Mailbox,
    entry: &MailEntry,
    cast: &mut Cast<'_>,
) -> Option<types::Update> {
    let (pts, pts_count) = (entry.pts, entry.count);
    let channel = match mailbox {
        Mailbox::User(_) => None,
        Mailbox::Channel(id) => Some(id.0),
    };
    Some(match &entry.change {
        MailChange::New(key) | MailChange::Edited(key) => {
            let message = world.message(*key)?;
            if channel.is_some() && !world.may_hear(viewer, message) {
                return None;
            }
            let message = encode::message(world, viewer, message, cast)?;
            let new = matches!(entry.change, MailChange::New(_));
            match (new, channel) {
                (true, None) => ctors::UpdateNewMessage {
                    message,
                    pts,
                    pts_count,
                }
                .into(),
                (true, Some(_)) => ctors::UpdateNewChannelMessage {
                    message,
                    pts,
                    pts_count,
                }
                .into(),
                (false, None) => ctors::UpdateEditMessage {
                    message,
                    pts,
                    pts_count,
                }
                .into(),
                (false, Some(_)) => ctors::UpdateEditChannelMessage {
                    message,
                    pts,
                    pts_count,
                }
                .into(),
            }
        }
        MailChange::Deleted(ids) => {
            let messages = ids.iter().map(|id| id.0).collect();
            match channel {
                None => ctors::UpdateDeleteMessages {
                    messages,
                    pts,
                    pts_count,
                }
                .into(),
                Some(channel_id) => ctors::UpdateDeleteChannelMessages {
                    channel_id,
                    messages,
                    pts,
                    pts_count,
                }
                .into(),
            }
        }
        MailChange::Pinned { peer, ids, pinned } => {
            cast.peer(*peer);
            let messages = ids.iter().map(|id| id.0).collect();
            match channel {
                None => ctors::UpdatePinnedMessages {
                    pinned: *pinned,
                    peer: encode::peer(*peer),
                    messages,
                    pts,
                    pts_count,
                }
                .into(),
                Some(channel_id) => ctors::UpdatePinnedChannelMessages {
                    pinned: *pinned,
                    channel_id,
                    messages,
                    pts,
                    pts_count,
                }
                .into(),
            }
        }
        MailChange::ReadInbox(peer, id) => {
            cast.peer(*peer);
            ctors::UpdateReadHistoryInbox {
                peer: encode::peer(*peer),
                max_id: id.0,
                still_unread_count: encode::count(world.unread(viewer, *peer)),
                pts,
                pts_count,
                ..Default::default()
            }
            .into()
        }
        MailChange::ReadOutbox(peer, id) => {
            cast.peer(*peer);
            ctors::UpdateReadHistoryOutbox {
                peer: encode::peer(*peer),
                max_id: id.0,
                pts,
                pts_count,
            }
            .into()
        }
    })
}

/// What only bots are told; `None` for messages, which everybody is told of as [`mail`].
pub(super) fn bot_update(
    world: &World,
    bot: UserId,
    update: &Update,
    cast: &mut Cast<'_>,
) -> Option<types::Update> {
    match update {
        Update::CallbackQuery {
            query,
            from,
            message,
            inline_id,
            payload,
            chat_instance,
            ..
        } => {
            cast.user(*from);
            let (data, game_short_name) = match payload {
                Payload::Data(data) => (Some(data.clone()), None),
                Payload::Game(name) => (None, Some(name.clone())),
            };
            if let Some(id) = inline_id {
                let update = ctors::UpdateInlineBotCallbackQuery {
                    query_id: query.0,
                    user_id: from.0,
                    msg_id: encode::inline_message_id(*id),
                    chat_instance: *chat_instance,
                    data,
                    game_short_name,
                };
                return Some(update.into());
            }
            let peer = message.conversation.peer(bot);
            cast.peer(peer);
            let update = ctors::UpdateBotCallbackQuery {
                query_id: query.0,
                user_id: from.0,
                peer: encode::peer(peer),
                msg_id: message.id_for(bot).map_or(0, |id| id.0),
                chat_instance: *chat_instance,
                data,
                game_short_name,
            };
            Some(update.into())
        }
        Update::InlineQuery {
            query,
            from,
            text,
            offset,
            chat,
        } => {
            cast.user(*from);
            let update = ctors::UpdateBotInlineQuery {
                query_id: query.0,
                user_id: from.0,
                query: text.clone(),
                offset: offset.clone(),
                peer_type: chat.and_then(|chat| encode::peer_type(world, bot, chat)),
                geo: None,
            };
            Some(update.into())
        }
        Update::ChosenInlineResult {
            result,
            from,
            text,
            inline_id,
        } => {
            cast.user(*from);
            let update = ctors::UpdateBotInlineSend {
                user_id: from.0,
                query: text.clone(),
                geo: None,
                id: result.clone(),
                msg_id: inline_id.map(encode::inline_message_id),
            };
            Some(update.into())
        }
        Update::Message(_) | Update::EditedMessage(_) | Update::MyChatMember(_) | Update::ChatMember(_) => {
            None
        }
    }
}
