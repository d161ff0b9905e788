//! What can be done about a message.

use super::Address;
use crate::{
    ChatId, CopyMessage, DeleteMessage, EditMessageCaption, EditMessageLiveLocation, EditMessageMedia,
    EditMessageReplyMarkup, EditMessageText, EphemeralMessageParameters, ForwardMessage, InaccessibleMessage,
    InlineKeyboardMarkup, InputMedia, MaybeInaccessibleMessage, Message, PinChatMessage, ReactionType,
    ReplyParameters, SetMessageReaction, StopMessageLiveLocation, StopPoll, UnpinChatMessage,
};

/// Which message, to a method that edits, pins or copies it.
struct Which<'a> {
    chat_id: i64,
    message_id: i64,
    business_connection_id: Option<&'a String>,
}

macro_rules! about_a_message {
    ($owner:ty, $which:expr) => {
        impl $owner {
            fn which(&self) -> Which<'_> {
                let which: fn(&$owner) -> Which<'_> = $which;
                which(self)
            }

            /// An [`EditMessageText`] of this message, if it is the bot's own. The keyboard goes too, unless the edit
            /// is given one.
            pub fn edit_text(&self, text: impl Into<String>) -> EditMessageText {
                let which = self.which();
                let mut edit = EditMessageText::of(which.chat_id, which.message_id).text(text);
                edit.business_connection_id = which.business_connection_id.cloned();
                edit
            }

            /// An [`EditMessageCaption`]; `None` takes the caption away.
            pub fn edit_caption(&self, caption: Option<String>) -> EditMessageCaption {
                let which = self.which();
                let mut edit = EditMessageCaption::of(which.chat_id, which.message_id);
                edit.caption = caption;
                edit.business_connection_id = which.business_connection_id.cloned();
                edit
            }

            /// An [`EditMessageMedia`]: another photo, video, document … in its place.
            pub fn edit_media(&self, media: impl Into<InputMedia>) -> EditMessageMedia {
                let which = self.which();
                let mut edit = EditMessageMedia::new(media)
                    .chat_id(which.chat_id)
                    .message_id(which.message_id);
                edit.business_connection_id = which.business_connection_id.cloned();
                edit
            }

            /// An [`EditMessageReplyMarkup`]; `None` takes the keyboard away.
            pub fn edit_reply_markup(&self, markup: Option<InlineKeyboardMarkup>) -> EditMessageReplyMarkup {
                let which = self.which();
                let mut edit = EditMessageReplyMarkup::of(which.chat_id, which.message_id);
                edit.reply_markup = markup.map(Box::new);
                edit.business_connection_id = which.business_connection_id.cloned();
                edit
            }

            /// An [`EditMessageLiveLocation`]: the location has moved.
            pub fn edit_live_location(&self, latitude: f64, longitude: f64) -> EditMessageLiveLocation {
                let which = self.which();
                let mut edit = EditMessageLiveLocation::new(latitude, longitude)
                    .chat_id(which.chat_id)
                    .message_id(which.message_id);
                edit.business_connection_id = which.business_connection_id.cloned();
                edit
            }

            /// A [`StopMessageLiveLocation`]: the location will not move any more.
            pub fn stop_live_location(&self) -> StopMessageLiveLocation {
                let which = self.which();
                let mut stop = StopMessageLiveLocation::of(which.chat_id, which.message_id);
                stop.business_connection_id = which.business_connection_id.cloned();
                stop
            }

            /// A [`StopPoll`] of the poll in this message, if it is the bot's own.
            pub fn stop_poll(&self) -> StopPoll {
                let which = self.which();
                let mut stop = StopPoll::new(which.chat_id, which.message_id);
                stop.business_connection_id = which.business_connection_id.cloned();
                stop
            }

            /// A [`DeleteMessage`] of this message.
            pub fn delete(&self) -> DeleteMessage {
                let which = self.which();
                DeleteMessage::new(which.chat_id, which.message_id)
            }

            /// A [`CopyMessage`] of this message to another chat: the same content, sent by the bot.
            pub fn copy_to(&self, chat_id: impl Into<ChatId>) -> CopyMessage {
                let which = self.which();
                CopyMessage::new(chat_id, which.chat_id, which.message_id)
            }

            /// A [`ForwardMessage`] of this message to another chat.
            pub fn forward(&self, chat_id: impl Into<ChatId>) -> ForwardMessage {
                let which = self.which();
                ForwardMessage::new(chat_id, which.chat_id, which.message_id)
            }

            /// A [`PinChatMessage`] of this message.
            pub fn pin(&self) -> PinChatMessage {
                let which = self.which();
                let mut pin = PinChatMessage::new(which.chat_id, which.message_id);
                pin.business_connection_id = which.business_connection_id.cloned();
                pin
            }

            /// An [`UnpinChatMessage`] of this message.
            pub fn unpin(&self) -> UnpinChatMessage {
                let which = self.which();
                let mut unpin = UnpinChatMessage::new(which.chat_id).message_id(which.message_id);
                unpin.business_connection_id = which.business_connection_id.cloned();
                unpin
            }

            /// A [`SetMessageReaction`] in place of the bot's former ones; none takes them away.
            pub fn react(&self, reaction: impl IntoIterator<Item: Into<ReactionType>>) -> SetMessageReaction {
                let which = self.which();
                SetMessageReaction::new(which.chat_id, which.message_id).reaction(reaction)
            }
        }
    };
}

about_a_message!(Message, |message| Which {
    chat_id: message.chat.id,
    message_id: message.message_id,
    business_connection_id: message.business_connection_id.as_ref(),
});

about_a_message!(InaccessibleMessage, |message| Which {
    chat_id: message.chat.id,
    message_id: message.message_id,
    business_connection_id: None,
});

about_a_message!(MaybeInaccessibleMessage, |message| match message {
    MaybeInaccessibleMessage::Accessible(message) => message.which(),
    MaybeInaccessibleMessage::Inaccessible(message) => message.which(),
});

impl Message {
    /// What makes a message a reply to this one. The chat is left out: it is the same, and for a business account it
    /// may not be named. An ephemeral message goes by its own number.
    pub fn as_reply_parameters(&self) -> ReplyParameters {
        match self.ephemeral_message_id {
            Some(id) => ReplyParameters::new().ephemeral_message_id(id),
            None => ReplyParameters::new().message_id(self.message_id),
        }
    }

    /// The topic is passed on only where the message says that it is in one: a thread of replies has a number too.
    pub(crate) fn address(&self) -> Address {
        Address {
            business_connection_id: self.business_connection_id.clone(),
            message_thread_id: self.message_thread_id.filter(|_| self.is_topic_message),
            direct_messages_topic_id: self.direct_messages_topic.as_ref().map(|topic| topic.topic_id),
            ..Address::chat(self.chat.id)
        }
    }

    /// A reply to an ephemeral message must be ephemeral too, for whoever sent that one.
    pub(crate) fn reply_address(&self) -> Address {
        let to = self.from.as_ref().filter(|_| self.ephemeral_message_id.is_some());
        Address {
            ephemeral_message_parameters: to.map(|user| Box::new(EphemeralMessageParameters::new(user.id))),
            reply_parameters: Some(Box::new(self.as_reply_parameters())),
            ..self.address()
        }
    }
}

impl InaccessibleMessage {
    pub(crate) fn address(&self) -> Address {
        Address::chat(self.chat.id)
    }

    pub(crate) fn reply_address(&self) -> Address {
        Address {
            reply_parameters: Some(Box::new(ReplyParameters::new().message_id(self.message_id))),
            ..self.address()
        }
    }
}

impl MaybeInaccessibleMessage {
    pub(crate) fn address(&self) -> Address {
        match self {
            Self::Accessible(message) => message.address(),
            Self::Inaccessible(message) => message.address(),
        }
    }

    pub(crate) fn reply_address(&self) -> Address {
        match self {
            Self::Accessible(message) => message.reply_address(),
            Self::Inaccessible(message) => message.reply_address(),
        }
    }
}
