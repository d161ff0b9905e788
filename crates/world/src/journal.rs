//! The journal: everything that happens, in one order, each with its cause.

use crate::{
    Answer, ChatId, Conversation, Error, InlineMessageId, InlineQueryId, Mailbox, Message, MessageId,
    MessageKey, Outcome, Payload, PressId, Seq, Status, Time, UpdateId, UpdateKind, UserId,
};
use std::sync::Arc;
use std::time::Duration;

/// One thing that happened.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Its place in the order.
    pub seq: Seq,
    /// When.
    pub time: Time,
    /// Who did it.
    pub actor: Actor,
    /// The entry that it follows from.
    pub cause: Option<Seq>,
    /// What.
    pub kind: Kind,
}

/// Who did something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Actor {
    /// A person.
    User(UserId),
    /// A bot.
    Bot(UserId),
    /// The local Telegram itself: time, and whoever runs it.
    Server,
}

/// What happened.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Kind {
    UserCreated(UserId),
    BotCreated(UserId),
    ChatCreated(ChatId),
    MemberChanged {
        conversation: Conversation,
        user: UserId,
        status: Status,
    },
    MessageSent(Arc<Message>),
    MessageEdited(Arc<Message>),
    /// The numbers it had where it no longer is.
    MessageDeleted {
        conversation: Conversation,
        key: MessageKey,
        ids: Vec<(Mailbox, MessageId)>,
    },
    Press {
        press: PressId,
        from: UserId,
        bot: Option<UserId>,
        conversation: Option<Conversation>,
        message: Option<MessageId>,
        inline_id: Option<InlineMessageId>,
        payload: Option<Payload>,
        /// The label of the button.
        button: Option<String>,
        forged: bool,
    },
    UpdateQueued {
        bot: UserId,
        update: UpdateId,
        kind: UpdateKind,
        press: Option<PressId>,
    },
    UpdateDelivered {
        bot: UserId,
        update: UpdateId,
        kind: UpdateKind,
        press: Option<PressId>,
        via: Via,
    },
    UpdateExpired {
        bot: UserId,
        update: UpdateId,
        kind: UpdateKind,
        press: Option<PressId>,
    },
    /// One API call arriving. The text is the edge's: the world only passes it on.
    Call {
        bot: UserId,
        method: String,
        params: String,
        press: Option<PressId>,
    },
    /// What the caller was told, as the edge wrote it.
    Response {
        ok: bool,
        error_code: Option<i32>,
        body: String,
        elapsed: Duration,
    },
    Answered {
        press: PressId,
        answer: Answer,
    },
    PressFinished {
        press: PressId,
        outcome: Outcome,
        elapsed: Duration,
    },
    ChatAction {
        conversation: Conversation,
        from: UserId,
        action: String,
    },
    InlineQuery {
        query: InlineQueryId,
        from: UserId,
        bot: UserId,
        text: String,
    },
    InlineAnswered {
        query: InlineQueryId,
        bot: UserId,
        results: usize,
    },
    WebhookFailed {
        bot: UserId,
        update: UpdateId,
        error: String,
        retry_in: Duration,
    },
    Warning(String),
    ClockAdvanced(Duration),
    Fault {
        method: String,
        error: Option<Error>,
        delay: Duration,
    },
    Restarted,
}

/// How an update reached its bot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Via {
    Polling,
    Webhook,
    Mtproto,
}
