//! What several methods read, or do, the same way.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::{ChatId as Named, MessageId as Sent};
use ringback_world::calls::{Call, Send};
use ringback_world::{ChatId, Content, Error, Message, MessageId, Peer, UserId};
use std::sync::Arc;

impl Context<'_> {
    /// The chat in `chat_id`.
    pub(super) fn chat(&self) -> Result<Peer, ApiError> {
        match self.params.checked("chat_id")?.map(str::trim) {
            None | Some("") => Err(ApiError::bad_request("chat_id is empty")),
            Some(name) => self.peer(&Named::from(name)),
        }
    }

    /// The group or channel in `chat_id`, which the bot is in; `private` is what is wrong with a private chat.
    pub(super) fn place(&self, private: Error) -> Result<ChatId, ApiError> {
        let peer = self.chat()?;
        self.world().may_read(self.bot, peer)?;
        match peer {
            Peer::User(_) => Err(private.into()),
            Peer::Group(id) => Ok(ChatId::Group(id)),
            Peer::Channel(id) => Ok(ChatId::Channel(id)),
        }
    }

    /// The number in `message_id`; 0, which no message has, if there is none.
    pub(super) fn message_id(&self) -> MessageId {
        MessageId(i32::try_from(self.params.integer("message_id")).unwrap_or(0))
    }

    /// The user in a parameter.
    pub(super) fn user_in(&self, parameter: &str) -> Result<UserId, ApiError> {
        match self.params.integer(parameter) {
            id @ 1.. => Ok(UserId(id)),
            _ => Err(ApiError::bad_request(format_args!(
                "invalid {parameter} specified"
            ))),
        }
    }

    /// The words in a parameter; none is the same as none in it.
    pub(super) fn words(&self, parameter: &str) -> Result<&str, ApiError> {
        Ok(self.params.checked(parameter)?.unwrap_or_default())
    }

    /// Words that must be there.
    pub(super) fn required(&self, parameter: &str) -> Result<String, ApiError> {
        match self.words(parameter)? {
            "" => Err(ApiError::bad_request(format_args!(
                "parameter \"{parameter}\" is required"
            ))),
            words => Ok(words.to_owned()),
        }
    }

    /// The language in `language_code`; empty: none.
    pub(super) fn language(&self) -> Result<String, ApiError> {
        decode::language(self.params)
    }

    /// Lets something happen because of this call, and says why not in the world's own terms.
    pub(super) fn try_call<C: Call>(&mut self, call: C) -> Result<C::Output, Error> {
        self.locked.call(Some(self.cause), call)
    }

    /// Sends a message to `chat_id`, with what comes with any message.
    pub(super) fn send(&mut self, content: Content) -> Result<Reply, ApiError> {
        let send = Send {
            from: self.bot,
            peer: self.chat()?,
            content,
            markup: self.params.reply_markup()?,
            reply_to: self.reply_to()?,
            silent: self.params.flag("disable_notification"),
            protected: self.params.flag("protect_content"),
        };
        let message = self.call(send)?;
        self.message(&message)
    }

    /// The numbers of what was sent.
    pub(super) fn numbers(&self, messages: &[Arc<Message>]) -> Result<Reply, ApiError> {
        let number = |message: &Arc<Message>| message.id_for(self.bot).map_or(0, |id| i64::from(id.0));
        let sent: Vec<Sent> = messages
            .iter()
            .map(|message| Sent::new(number(message)))
            .collect();
        Reply::json(&sent)
    }
}
