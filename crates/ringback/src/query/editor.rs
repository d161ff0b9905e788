//! [`Editor`]: the message that a button hangs on, to be changed also after the answer.

mod elsewhere;

use std::fmt;
use std::sync::Arc;

use ringback_botapi::{
    DeleteMessage, EditMessageCaption, EditMessageMedia, EditMessageReplyMarkup, EditMessageText,
    InlineKeyboardMarkup, InputMedia, Message,
};

use self::elsewhere::{Business, Ephemeral};
use crate::bot::{Bot, Call};

/// Changes the message that a button hangs on. It outlives the query: an answer uses the query up, and what is to be
/// shown then is often known only later. A cheap handle.
///
/// ```
/// use ringback::{BoxError, CallbackQuery, Outcome};
///
/// async fn refresh(query: CallbackQuery) -> Result<Outcome, BoxError> {
///     let editor = query.editor();
///     let outcome = query.answer().await; // the button stops spinning here
///     let news = "…"; // takes a while
///     editor.edit_text(news).await?;
///     Ok(outcome)
/// }
/// ```
///
/// It knows what kind of message it is, and sends the method for that kind: an inline message goes by its own
/// identifier, one of a business account with its connection, and an ephemeral one (which one member of a group sees) by
/// `editEphemeralMessageText` and its like, whose result is [`MessageOrTrue::True`](crate::api::MessageOrTrue::True).
#[derive(Clone)]
pub struct Editor {
    bot: Bot,
    place: Place,
}

/// Where the message is.
#[derive(Clone, PartialEq, Eq)]
enum Place {
    Chat {
        chat: i64,
        message: i64,
        /// The connection by which the bot wrote it for somebody.
        business: Option<String>,
    },
    Inline(String),
    Ephemeral(Ephemeral),
}

/// An edit with its place filled in.
macro_rules! placed {
    ($editor:ident, $edit:expr) => {{
        let mut edit = $edit;
        match &$editor.place {
            Place::Chat {
                chat,
                message,
                business,
            } => {
                edit.chat_id = Some((*chat).into());
                edit.message_id = Some(*message);
                edit.business_connection_id = business.clone();
            }
            Place::Inline(id) => edit.inline_message_id = Some(id.clone()),
            Place::Ephemeral(place) => {
                edit.chat_id = Some(place.chat.into());
                return $editor.bot.call(edit).instead(Arc::new(*place));
            }
        }
        $editor.bot.call(edit)
    }};
}

impl Editor {
    /// Of a message in a chat, by the chat's id and the message's number there.
    pub fn new(bot: &Bot, chat_id: i64, message_id: i64) -> Self {
        let place = Place::Chat {
            chat: chat_id,
            message: message_id,
            business: None,
        };
        Editor::at(bot, place)
    }

    /// Of a message that the bot has sent: what a call has resulted in.
    ///
    /// ```
    /// # async fn example(bot: ringback::Bot, message: ringback::Incoming) -> Result<(), ringback::Error> {
    /// use ringback::Editor;
    ///
    /// let sent = message.answer("0 %").await?;
    /// let progress = Editor::of(&bot, &sent);
    /// progress.edit_text("50 %").await?;
    /// # Ok(()) }
    /// ```
    pub fn of(bot: &Bot, message: &Message) -> Self {
        match (message.ephemeral_message_id, &message.receiver_user) {
            (Some(id), Some(receiver)) => Editor::ephemeral(bot, message.chat.id, receiver.id, id),
            _ => {
                let editor = Editor::new(bot, message.chat.id, message.message_id);
                match &message.business_connection_id {
                    Some(connection) => editor.business(connection),
                    None => editor,
                }
            }
        }
    }

    /// The same message, which the bot has sent for a business account by this connection.
    pub fn business(mut self, connection_id: impl Into<String>) -> Self {
        if let Place::Chat { business, .. } = &mut self.place {
            *business = Some(connection_id.into());
        }
        self
    }

    /// Of a message that was sent in inline mode, by its `inline_message_id`.
    pub fn inline(bot: &Bot, inline_message_id: impl Into<String>) -> Self {
        Editor::at(bot, Place::Inline(inline_message_id.into()))
    }

    /// Of an ephemeral message (Bot API 10.2): the chat, who sees it, and its `ephemeral_message_id`.
    pub fn ephemeral(bot: &Bot, chat_id: i64, receiver_user_id: i64, ephemeral_message_id: i64) -> Self {
        let place = Ephemeral {
            chat: chat_id,
            receiver: receiver_user_id,
            message: ephemeral_message_id,
        };
        Editor::at(bot, Place::Ephemeral(place))
    }

    fn at(bot: &Bot, place: Place) -> Self {
        let bot = bot.clone();
        Editor { bot, place }
    }

    /// The bot that edits.
    pub fn bot(&self) -> &Bot {
        &self.bot
    }

    /// Replaces the message's text. The keyboard goes too, unless the call is given one:
    /// `.with(|edit| edit.reply_markup(keyboard))`.
    pub fn edit_text(&self, text: impl Into<String>) -> Call<EditMessageText> {
        placed!(self, EditMessageText::new().text(text))
    }

    /// Replaces the caption of a photo, a video or the like; `None` removes it. The keyboard goes too, as with
    /// [`edit_text`](Self::edit_text).
    pub fn edit_caption(&self, caption: Option<String>) -> Call<EditMessageCaption> {
        let mut edit = EditMessageCaption::new();
        edit.caption = caption;
        placed!(self, edit)
    }

    /// Puts another photo, video, document … in the place of the message's. The keyboard goes too, as with
    /// [`edit_text`](Self::edit_text).
    pub fn edit_media(&self, media: impl Into<InputMedia>) -> Call<EditMessageMedia> {
        placed!(self, EditMessageMedia::new(media))
    }

    /// Replaces the message's keyboard; `None` removes it.
    pub fn edit_reply_markup(&self, markup: Option<InlineKeyboardMarkup>) -> Call<EditMessageReplyMarkup> {
        let mut edit = EditMessageReplyMarkup::new();
        edit.reply_markup = markup.map(Box::new);
        placed!(self, edit)
    }

    /// Deletes the message. One sent in inline mode can't be deleted by the bot: the server refuses. For one of a
    /// business account `deleteBusinessMessages` is sent, which needs the right to delete there.
    pub fn delete(&self) -> Call<DeleteMessage> {
        match &self.place {
            Place::Chat {
                chat,
                message,
                business,
            } => {
                let delete = self.bot.call(DeleteMessage::new(*chat, *message));
                match business {
                    Some(connection) => delete.instead(Arc::new(Business(connection.clone()))),
                    None => delete,
                }
            }
            Place::Ephemeral(place) => {
                let delete = self.bot.call(DeleteMessage::new(place.chat, 0));
                delete.instead(Arc::new(*place))
            }
            Place::Inline(_) => self.bot.call(DeleteMessage::new(0, 0)),
        }
    }
}

impl fmt::Debug for Editor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Editor");
        match &self.place {
            Place::Chat { chat, message, .. } => shown.field("chat", chat).field("message", message),
            Place::Inline(id) => shown.field("inline", id),
            Place::Ephemeral(place) => shown.field("ephemeral", place),
        };
        shown.finish_non_exhaustive()
    }
}
