//! Updates.

use ringback_botapi as api;
use ringback_botapi::{InlineQueryChatType, UpdateKind};
use ringback_world::{
    ChatKind, Conversation, InlineMessageId, MemberChange, Message, Payload, QueryId, Update, UpdateId,
    UserId, World,
};

use super::people::{chat, chat_member, date, user};
use super::{chat_invite_link, inline_message_id, maybe_inaccessible, message};

/// An update for a bot.
pub(crate) fn update(world: &World, bot: UserId, id: UpdateId, update: &Update) -> api::Update {
    api::Update::new(id.0.into(), kind(world, bot, update))
}

fn kind(world: &World, bot: UserId, update: &Update) -> UpdateKind {
    use ringback_world::UpdateKind as Own;
    match update {
        Update::Message(own) | Update::EditedMessage(own) => {
            let message = Box::new(message(world, bot, own));
            match update.kind() {
                Own::ChannelPost => UpdateKind::ChannelPost(message),
                Own::EditedChannelPost => UpdateKind::EditedChannelPost(message),
                Own::EditedMessage => UpdateKind::EditedMessage(message),
                _ => UpdateKind::Message(message),
            }
        }
        Update::CallbackQuery {
            query,
            from,
            message,
            inline_id,
            payload,
            chat_instance,
            ..
        } => {
            let query = callback_query(
                world,
                bot,
                *query,
                *from,
                message,
                *inline_id,
                payload,
                *chat_instance,
            );
            UpdateKind::CallbackQuery(Box::new(query))
        }
        Update::InlineQuery {
            query,
            from,
            text,
            offset,
            chat,
        } => {
            let who = user(world, *from);
            let mut own = api::InlineQuery::new(query.to_string(), who, text.as_str(), offset.as_str());
            own.chat_type = chat.map(|place| inline_chat_type(world, bot, place));
            UpdateKind::InlineQuery(Box::new(own))
        }
        Update::ChosenInlineResult {
            result,
            from,
            text,
            inline_id,
        } => {
            let who = user(world, *from);
            let mut own = api::ChosenInlineResult::new(result.as_str(), who, text.as_str());
            own.inline_message_id = inline_id.map(inline_message_id);
            UpdateKind::ChosenInlineResult(Box::new(own))
        }
        Update::MyChatMember(change) => UpdateKind::MyChatMember(Box::new(member_change(world, bot, change))),
        Update::ChatMember(change) => UpdateKind::ChatMember(Box::new(member_change(world, bot, change))),
    }
}

/// A press: with the message, or only its name if it was sent through inline mode.
///
/// Data that is no UTF-8 (only a forged press can carry that) has replacement characters here, where the official
/// server writes invalid JSON.
#[allow(clippy::too_many_arguments, reason = "the fields of one update")]
pub(crate) fn callback_query(
    world: &World,
    bot: UserId,
    query: QueryId,
    from: UserId,
    message: &Message,
    inline_id: Option<InlineMessageId>,
    payload: &Payload,
    chat_instance: i64,
) -> api::CallbackQuery {
    let mut own = api::CallbackQuery::new(query.to_string(), user(world, from), chat_instance.to_string());
    match inline_id {
        Some(id) => own.inline_message_id = Some(inline_message_id(id)),
        None => own.message = Some(maybe_inaccessible(world, bot, message)),
    }
    match payload {
        Payload::Data(data) => own.data = Some(String::from_utf8_lossy(data).into_owned()),
        Payload::Game(short_name) => own.game_short_name = Some(short_name.clone()),
    }
    own
}

fn inline_chat_type(world: &World, bot: UserId, place: Conversation) -> InlineQueryChatType {
    match place {
        Conversation::Private(a, b) if a == bot || b == bot => InlineQueryChatType::Sender,
        Conversation::Private(..) => InlineQueryChatType::Private,
        _ => match world.chat_of(place).map(|chat| chat.kind) {
            None | Some(ChatKind::Group) => InlineQueryChatType::Group,
            Some(ChatKind::Supergroup) => InlineQueryChatType::Supergroup,
            Some(ChatKind::Channel) => InlineQueryChatType::Channel,
        },
    }
}

fn member_change(world: &World, bot: UserId, change: &MemberChange) -> api::ChatMemberUpdated {
    let member = |member| chat_member(world, change.conversation, change.user, member);
    // A private chat is the bot's with whoever blocked or unblocked it.
    let place = chat(world, bot, change.conversation);
    let mut own = api::ChatMemberUpdated::new(
        place,
        user(world, change.by),
        date(change.at),
        member(change.old),
        member(change.new),
    );
    let joined = change.by == change.user && !change.old.status.is_in() && change.new.status.is_in();
    if let Some(chat) = world.chat_of(change.conversation).filter(|_| joined) {
        let hash = world.came_by(chat.id, change.user);
        own.invite_link = hash.map(|hash| Box::new(chat_invite_link(world, chat.id, hash, false)));
    }
    own
}
