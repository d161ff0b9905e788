//! [`CallbackQuery`]: a press of a button, which is answered exactly once.

mod answer;
mod editor;
mod later;
mod outcome;
mod press;

pub use answer::Answer;
pub use editor::Editor;
pub use later::Later;
pub(crate) use outcome::OutcomeKind;
pub use outcome::{IntoOutcome, Outcome};
pub(crate) use press::{By, Flight, Press};

use std::fmt;
use std::sync::Arc;

use ringback_botapi::{
    DeleteMessage, EditMessageCaption, EditMessageMedia, EditMessageReplyMarkup, EditMessageText,
    EphemeralMessageParameters, InlineKeyboardMarkup, InputMedia, MaybeInaccessibleMessage, SendMessage,
    User,
};

use crate::bot::{Bot, Call};
use crate::data::Carried;

/// A press of an inline button, with its data read as a `D`.
///
/// From the press until an answer, the user's app shows that it waits. So every query must be answered, even when
/// there is nothing to say, and a handler can't forget it: it must return an [`Outcome`], and only what consumes the
/// query makes one.
///
/// | | |
/// |---|---|
/// | [`answer()`](Self::answer) | answers; `.await` sends it |
/// | [`pass()`](Self::pass) | the next handler's turn |
/// | [`answer_later()`](Self::answer_later) | a task will answer |
///
/// `D` is what the button carries: a [`CallbackData`](crate::CallbackData) type, [`Raw`] for any data or none, [`Game`] for a game's
/// button. A handler is called only for queries whose data reads as its `D`.
///
/// ```
/// use ringback::{CallbackQuery, Outcome, Raw};
///
/// async fn ping(query: CallbackQuery<Raw>) -> Outcome {
///     match query.data() {
///         Some("ping") => query.answer().text("pong").await,
///         _ => query.pass(),
///     }
/// }
/// ```
#[must_use = "a callback query must be answered, or passed on"]
pub struct CallbackQuery<D = Raw> {
    press: Arc<Press>,
    data: D,
}

impl<D> CallbackQuery<D> {
    pub(crate) fn new(press: Arc<Press>, data: D) -> Self {
        CallbackQuery { press, data }
    }

    pub(crate) fn press(&self) -> &Press {
        &self.press
    }

    /// The query's identifier, unique among all queries. [`answer()`](Self::answer) fills it in by itself.
    pub fn id(&self) -> &str {
        &self.press.query.id
    }

    /// Who pressed.
    pub fn from(&self) -> &User {
        self.press.query.from.user()
    }

    /// The message that the button hangs on: in full, or only its chat and number when it is too old or gone
    /// ([`Inaccessible`](MaybeInaccessibleMessage::Inaccessible)). `None` for a message sent in inline mode, which
    /// has an [`inline_message_id`](Self::inline_message_id) instead.
    ///
    /// It is read when this is first called: a handler that does not look at it does not pay for it.
    pub fn message(&self) -> Option<&MaybeInaccessibleMessage> {
        self.press.message()
    }

    /// The chat of the message, without reading the rest of it. `None` for a message sent in inline mode.
    pub fn chat_id(&self) -> Option<i64> {
        self.press.place().map(|(chat, _)| chat)
    }

    /// The identifier of the message, when it was sent in inline mode.
    pub fn inline_message_id(&self) -> Option<&str> {
        self.press.query.inline_message_id.as_deref()
    }

    /// Stands for the chat of the message: the same for all its queries, and no chat's id. For the score tables of
    /// games.
    pub fn chat_instance(&self) -> &str {
        &self.press.query.chat_instance
    }

    /// The button's data as it came. `None` for a game's button.
    ///
    /// It comes from the user's app and may be anything.
    pub fn raw_data(&self) -> Option<&str> {
        self.press.query.data.as_deref()
    }

    /// The game's short name, when the button is a game's.
    pub fn game_short_name(&self) -> Option<&str> {
        self.press.query.game_short_name.as_deref()
    }

    /// The bot that was pressed.
    pub fn bot(&self) -> &Bot {
        &self.press.desk.bot
    }

    /// The answer, still to be filled and sent: `.await` sends it.
    pub fn answer(self) -> Answer {
        Answer::new(self.press)
    }

    /// Leaves the query to the next handler whose data it reads as. If there is none, the dispatcher answers.
    pub fn pass(self) -> Outcome {
        Outcome::passed(self.press)
    }

    /// Leaves the answer to another task. The [`Later`] is the obligation, the [`Outcome`] is what the handler
    /// returns.
    ///
    /// The time for the answer goes on: after the [deadline](crate::Polling::answer_within) the dispatcher answers,
    /// as it does when the `Later` is dropped.
    ///
    /// **Crash.** The update is handled, and confirmed, when the handler has ended *and* the answer, the task's or the
    /// dispatcher's, has been taken by the server. A press whose answer was still owed when the program was killed comes
    /// again, and its handler runs again in the next run.
    ///
    /// **Stop.** After the signal to stop, the task may still answer within the time for
    /// [draining](crate::Polling::drain). Whatever is owed at its end gets the
    /// [fallback answer](crate::Polling::fallback) with [`Reason::Late`](crate::Reason::Late), and is confirmed; the
    /// error handler is told ([`Failure::Stopped`](crate::Failure::Stopped)). The bot waits for answers, not for tasks:
    /// what a task does after its answer may be cut short. What must not be, the program has to wait for itself.
    pub fn answer_later(self) -> (Later, Outcome) {
        (Later::new(Arc::clone(&self.press)), Outcome::later(self.press))
    }

    /// The message that the button hangs on, to be changed also when the query has been answered.
    pub fn editor(&self) -> Editor {
        match (self.press.place(), self.inline_message_id()) {
            (None, Some(id)) => Editor::inline(self.bot(), id),
            // A query says of one of the two where it comes from; of neither, the server refuses the edit.
            (place, _) => {
                let (chat, message) = place.unwrap_or_default();
                let via = self.press.via();
                if let Some(id) = via.ephemeral_message_id {
                    let receiver = via.receiver_user.map_or(self.press.query.from.id, |user| user.id);
                    return Editor::ephemeral(self.bot(), chat, receiver, id);
                }
                let editor = Editor::new(self.bot(), chat, message);
                match via.business_connection_id {
                    Some(connection) => editor.business(connection),
                    None => editor,
                }
            }
        }
    }

    /// A new message to the chat (and topic) of the message that the button hangs on; for one sent in inline mode, whose
    /// chat the bot does not know, to the private chat with who pressed. Photos and the like:
    /// `query.bot().send(message.answer_photo(…))`, with the [`message`](Self::message).
    ///
    /// Answer first: the user waits for the answer, and a new message may have to wait for [limits](crate::Limits).
    ///
    /// ```
    /// use ringback::{BoxError, CallbackQuery, Outcome};
    ///
    /// async fn remind(query: CallbackQuery) -> Result<Outcome, BoxError> {
    ///     let message = query.send_message("Here is your reminder.");
    ///     let outcome = query.answer().await;
    ///     message.await?;
    ///     Ok(outcome)
    /// }
    /// ```
    pub fn send_message(&self, text: impl Into<String>) -> Call<SendMessage> {
        let message = match self.message() {
            Some(message) => message.answer(text),
            None => SendMessage::new(self.press.query.from.id, text),
        };
        self.bot().call(message)
    }

    /// Makes a new message one that only who pressed can see, in a group (Bot API 10.3):
    /// `query.send_message("Your cards: …").with(|m| m.ephemeral_message_parameters(query.ephemeral()))`. All methods that
    /// send something take it.
    pub fn ephemeral(&self) -> EphemeralMessageParameters {
        EphemeralMessageParameters::new(self.press.query.from.id).callback_query_id(self.id())
    }

    /// Replaces the text of the message that the button hangs on, in a chat or in inline mode. The keyboard goes
    /// too, unless the call is given one: `.with(|edit| edit.reply_markup(keyboard))`.
    ///
    /// Of an [inaccessible](MaybeInaccessibleMessage::Inaccessible) message, too: the server decides.
    pub fn edit_text(&self, text: impl Into<String>) -> Call<EditMessageText> {
        self.editor().edit_text(text)
    }

    /// Replaces the caption of the message that the button hangs on, a photo's or the like; `None` removes it. The
    /// keyboard goes too, as with [`edit_text`](Self::edit_text).
    pub fn edit_caption(&self, caption: Option<String>) -> Call<EditMessageCaption> {
        self.editor().edit_caption(caption)
    }

    /// Puts another photo, video, document … in the place of that of the message that the button hangs on. The
    /// keyboard goes too, as with [`edit_text`](Self::edit_text).
    pub fn edit_media(&self, media: impl Into<InputMedia>) -> Call<EditMessageMedia> {
        self.editor().edit_media(media)
    }

    /// Replaces the keyboard of the message that the button hangs on; `None` removes it.
    pub fn edit_reply_markup(&self, markup: Option<InlineKeyboardMarkup>) -> Call<EditMessageReplyMarkup> {
        self.editor().edit_reply_markup(markup)
    }

    /// Deletes the message that the button hangs on, also an ephemeral one, and one of a business account. One sent in
    /// inline mode can't be deleted by the bot: the server refuses.
    pub fn delete_message(&self) -> Call<DeleteMessage> {
        self.editor().delete()
    }
}

impl<D: Carried> CallbackQuery<D> {
    /// What the button carries. It has the right form, and it may be an old button's or a forged one's: whether
    /// this user may do this is the handler's question.
    pub fn data(&self) -> &D {
        &self.data
    }
}

impl CallbackQuery<Raw> {
    /// The button's data as it came. `None` for a game's button. It comes from the user's app and may be anything.
    pub fn data(&self) -> Option<&str> {
        self.raw_data()
    }
}

impl<D> fmt::Debug for CallbackQuery<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = &self.press.query;
        f.debug_struct("CallbackQuery")
            .field("id", &query.id)
            .field("from", &query.from.id)
            // Not what it says: it may be a secret, and this is what ends up in logs.
            .field("data_len", &query.data.as_ref().map(String::len))
            .field("game_short_name", &query.game_short_name)
            .finish_non_exhaustive()
    }
}

/// Any data, or none: what a handler takes that reads the data itself, or does not care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Raw;

/// A game's button. It has no data; answer it with the game's [`url`](Answer::url).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Game;
