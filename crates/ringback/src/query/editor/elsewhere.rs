//! Messages that the usual methods do not reach, and the methods that do.

use ringback_botapi::{
    DeleteBusinessMessages, DeleteEphemeralMessage, DeleteMessage, EditEphemeralMessageCaption,
    EditEphemeralMessageMedia, EditEphemeralMessageReplyMarkup, EditEphemeralMessageText, EditMessageCaption,
    EditMessageMedia, EditMessageReplyMarkup, EditMessageText, MessageOrTrue, Method,
};

use crate::bot::{Bot, Sending, Substitute};

/// A message that one member of a group sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ephemeral {
    pub(super) chat: i64,
    pub(super) receiver: i64,
    pub(super) message: i64,
}

/// A message of a business account, to be deleted by this connection. (Edits have a parameter for it.)
#[derive(Debug)]
pub(super) struct Business(pub(super) String);

impl Substitute<EditMessageText> for Ephemeral {
    fn send(&self, bot: Bot, method: EditMessageText) -> Sending<MessageOrTrue> {
        let mut edit = EditEphemeralMessageText::new(self.chat, self.receiver, self.message);
        edit.text = method.text;
        edit.parse_mode = method.parse_mode;
        edit.entities = method.entities;
        edit.link_preview_options = method.link_preview_options;
        edit.rich_message = method.rich_message;
        edit.reply_markup = method.reply_markup;
        edited(bot, edit)
    }
}

impl Substitute<EditMessageCaption> for Ephemeral {
    fn send(&self, bot: Bot, method: EditMessageCaption) -> Sending<MessageOrTrue> {
        let mut edit = EditEphemeralMessageCaption::new(self.chat, self.receiver, self.message);
        edit.caption = method.caption;
        edit.parse_mode = method.parse_mode;
        edit.caption_entities = method.caption_entities;
        edit.show_caption_above_media = method.show_caption_above_media;
        edit.reply_markup = method.reply_markup;
        edited(bot, edit)
    }
}

impl Substitute<EditMessageMedia> for Ephemeral {
    fn send(&self, bot: Bot, method: EditMessageMedia) -> Sending<MessageOrTrue> {
        let mut edit = EditEphemeralMessageMedia::new(self.chat, self.receiver, self.message, method.media);
        edit.reply_markup = method.reply_markup;
        edited(bot, edit)
    }
}

impl Substitute<EditMessageReplyMarkup> for Ephemeral {
    fn send(&self, bot: Bot, method: EditMessageReplyMarkup) -> Sending<MessageOrTrue> {
        let mut edit = EditEphemeralMessageReplyMarkup::new(self.chat, self.receiver, self.message);
        edit.reply_markup = method.reply_markup;
        edited(bot, edit)
    }
}

impl Substitute<DeleteMessage> for Ephemeral {
    fn send(&self, bot: Bot, _: DeleteMessage) -> Sending<bool> {
        let delete = DeleteEphemeralMessage::new(self.chat, self.receiver, self.message);
        Box::pin(async move { bot.send(delete).await })
    }
}

impl Substitute<DeleteMessage> for Business {
    fn send(&self, bot: Bot, method: DeleteMessage) -> Sending<bool> {
        let delete = DeleteBusinessMessages::new(self.0.as_str(), [method.message_id]);
        Box::pin(async move { bot.send(delete).await })
    }
}

/// The bot can't see such a message: its result says no more than that the edit was made.
fn edited(bot: Bot, edit: impl Method<Response = bool> + Send + Sync + 'static) -> Sending<MessageOrTrue> {
    Box::pin(async move { bot.send(edit).await.map(|_| MessageOrTrue::True) })
}
