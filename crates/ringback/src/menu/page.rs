//! [`Page`]: a text and its buttons.

use ringback_botapi::{EditMessageText, Message, ParseMode, SendMessage};

use crate::bot::Call;
use crate::data::ToData;
use crate::error::{ApiErrorKind, Error};
use crate::incoming::Incoming;
use crate::keyboard::{Keyboard, KeyboardError};
use crate::query::{CallbackQuery, Editor};

/// A text and its buttons, to be sent, or shown in place of another page.
#[derive(Debug)]
#[must_use = "send it, or show it"]
pub struct Page {
    text: String,
    parse_mode: Option<ParseMode>,
    notice: Option<String>,
    keyboard: Keyboard,
}

impl Page {
    /// A page without buttons.
    pub fn new(text: impl Into<String>) -> Self {
        Page {
            text: text.into(),
            parse_mode: None,
            notice: None,
            keyboard: Keyboard::new(),
        }
    }

    /// How the text's markup is read: [`ParseMode::HTML`] for `<b>bold</b>`. Default: the text has none.
    pub fn parse_mode(mut self, mode: ParseMode) -> Self {
        self.parse_mode = Some(mode);
        self
    }

    /// A question with two answers side by side, each its text and what it leads to.
    pub fn confirm<Y, N>(question: impl Into<String>, yes: (&str, &Y), no: (&str, &N)) -> Self
    where
        Y: ToData + ?Sized,
        N: ToData + ?Sized,
    {
        Page::new(question)
            .row()
            .with(|keyboard| keyboard.callback(yes.0, yes.1).callback(no.0, no.1))
    }

    /// A button in a row of its own that leads to another page.
    pub fn button<D: ToData + ?Sized>(self, text: impl Into<String>, to: &D) -> Self {
        self.with(|keyboard| keyboard.row().callback(text, to))
    }

    /// A button in a row of its own that says whether something is on: `✓ Bells`, and `Bells` while it is off.
    pub fn toggle<D: ToData + ?Sized>(self, text: &str, on: bool, to: &D) -> Self {
        let text = if on {
            format!("✓ {text}")
        } else {
            text.to_owned()
        };
        self.button(text, to)
    }

    /// Ends the row of buttons.
    pub fn row(self) -> Self {
        self.with(Keyboard::row)
    }

    /// Other buttons.
    pub fn with(mut self, change: impl FnOnce(Keyboard) -> Keyboard) -> Self {
        self.keyboard = change(self.keyboard);
        self
    }

    /// What the user is told, in a notification that passes, when a press [opens](super::open) this page.
    pub fn notice(mut self, text: impl Into<String>) -> Self {
        self.notice = Some(text.into());
        self
    }

    pub(super) fn take_notice(&mut self) -> Option<String> {
        self.notice.take()
    }

    /// The page as a new message, to the chat of this one; `.await` sends it.
    ///
    /// # Errors
    /// A button would not be taken.
    pub fn send(self, to: &Incoming<Message>) -> Result<Call<SendMessage>, KeyboardError> {
        let keyboard = self.keyboard.build()?;
        Ok(to.answer(self.text).with(|mut message| {
            message.parse_mode = self.parse_mode;
            message.reply_markup(keyboard)
        }))
    }

    /// The page in place of the one that the press came from. That it looks the same already is no error.
    ///
    /// # Errors
    /// A button would not be taken, or the message can't be edited.
    pub async fn show<D>(self, query: &CallbackQuery<D>) -> Result<(), crate::BoxError> {
        self.show_in(&query.editor()).await
    }

    /// The page in place of a message, also when the press has been answered. That it looks the same already is no
    /// error.
    ///
    /// # Errors
    /// A button would not be taken, or the message can't be edited.
    pub async fn show_in(self, message: &Editor) -> Result<(), crate::BoxError> {
        shown(self.edit(message)?.await)?;
        Ok(())
    }

    pub(super) fn edit(self, message: &Editor) -> Result<Call<EditMessageText>, KeyboardError> {
        let keyboard = self.keyboard.build()?;
        Ok(message.edit_text(self.text).with(|mut edit| {
            edit.parse_mode = self.parse_mode;
            edit.reply_markup(keyboard)
        }))
    }
}

/// A page that looks as before is shown.
pub(super) fn shown<T>(edited: Result<T, Error>) -> Result<(), Error> {
    match edited {
        Err(error) if !error.is(ApiErrorKind::MessageNotModified) => Err(error),
        _ => Ok(()),
    }
}
