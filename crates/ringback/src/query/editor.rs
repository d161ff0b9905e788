//! [`Editor`]: the message that a button hangs on, to be changed also after the answer.

use std::fmt;

use ringback_botapi::{DeleteMessage, EditMessageReplyMarkup, EditMessageText, InlineKeyboardMarkup};

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
#[derive(Clone)]
pub struct Editor {
    bot: Bot,
    place: Place,
}

/// Where the message is.
#[derive(Clone, PartialEq, Eq)]
enum Place {
    Chat { chat: i64, message: i64 },
    Inline(String),
}

impl Editor {
    /// Of a message in a chat, by the chat's id and the message's number there.
    pub fn new(bot: &Bot, chat_id: i64, message_id: i64) -> Self {
        Editor {
            bot: bot.clone(),
            place: Place::Chat {
                chat: chat_id,
                message: message_id,
            },
        }
    }

    /// Of a message that was sent in inline mode, by its `inline_message_id`.
    pub fn inline(bot: &Bot, inline_message_id: impl Into<String>) -> Self {
        Editor {
            bot: bot.clone(),
            place: Place::Inline(inline_message_id.into()),
        }
    }

    /// The bot that edits.
    pub fn bot(&self) -> &Bot {
        &self.bot
    }

    /// Replaces the message's text. The keyboard goes too, unless the call is given one:
    /// `.with(|edit| edit.reply_markup(keyboard))`.
    pub fn edit_text(&self, text: impl Into<String>) -> Call<EditMessageText> {
        let edit = EditMessageText::new().text(text);
        self.bot.call(match &self.place {
            Place::Chat { chat, message } => edit.chat_id(*chat).message_id(*message),
            Place::Inline(id) => edit.inline_message_id(id),
        })
    }

    /// Replaces the message's keyboard; `None` removes it.
    pub fn edit_reply_markup(&self, markup: Option<InlineKeyboardMarkup>) -> Call<EditMessageReplyMarkup> {
        let mut edit = EditMessageReplyMarkup::new();
        if let Some(markup) = markup {
            edit = edit.reply_markup(markup);
        }
        self.bot.call(match &self.place {
            Place::Chat { chat, message } => edit.chat_id(*chat).message_id(*message),
            Place::Inline(id) => edit.inline_message_id(id),
        })
    }

    /// Deletes the message. One sent in inline mode can't be deleted by the bot: the server refuses.
    pub fn delete(&self) -> Call<DeleteMessage> {
        self.bot.call(match &self.place {
            Place::Chat { chat, message } => DeleteMessage::new(*chat, *message),
            Place::Inline(_) => DeleteMessage::new(0, 0),
        })
    }
}

impl fmt::Debug for Editor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Editor");
        match &self.place {
            Place::Chat { chat, message } => shown.field("chat", chat).field("message", message),
            Place::Inline(id) => shown.field("inline", id),
        };
        shown.finish_non_exhaustive()
    }
}
