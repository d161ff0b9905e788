//! [`Keyboard`]: inline keyboards with typed buttons.

mod error;

pub use error::{KeyboardError, Problem};

use ringback_botapi::{
    ButtonStyle, CallbackGame, CopyTextButton, DisabledButton, InlineKeyboardButton, InlineKeyboardMarkup,
    LoginUrl, SwitchInlineQueryChosenChat, WebAppInfo,
};

use crate::data::{self, DataError, ToData};

/// The most buttons in a row. Telegram drops those past it without a word.
pub const MAX_ROW: usize = 12;
/// The most buttons in a keyboard. Telegram drops those past it without a word.
pub const MAX_BUTTONS: usize = 300;
/// The most characters that a button copies.
pub const MAX_COPY: usize = 256;

/// An inline keyboard, written row by row. What Telegram would refuse, or drop without a word, is an error of
/// [`build`](Self::build), which says which button it is.
///
/// ```
/// use ringback::{Keyboard, api::ButtonStyle, data::Json};
///
/// let keyboard = Keyboard::new()
///     .callback("↑", &Json(true))
///     .callback("↓", &Json(false))
///     .row()
///     .callback("Delete", &Json("delete".to_owned())).style(ButtonStyle::Danger)
///     .row()
///     .url("What is this?", "https://example.org")
///     .copy("Copy the code", "7C-31")
///     .build()?;
/// assert_eq!(keyboard.inline_keyboard.len(), 3);
/// # Ok::<(), ringback::KeyboardError>(())
/// ```
///
/// Many buttons of one kind make a [`grid`](Self::grid), or wrap by themselves after
/// [`columns`](Self::columns). Long lists are leafed through with [`pages`](Self::pages).
#[derive(Debug)]
#[must_use = "call build()"]
pub struct Keyboard {
    rows: Vec<Vec<InlineKeyboardButton>>,
    /// After so many buttons a row ends by itself.
    columns: usize,
    /// The first button whose data could not be written: how many buttons stood before it.
    failed: Option<(usize, DataError)>,
}

impl Default for Keyboard {
    fn default() -> Self {
        Self::new()
    }
}

impl Keyboard {
    /// An empty keyboard.
    pub fn new() -> Self {
        Keyboard {
            rows: vec![Vec::new()],
            columns: usize::MAX,
            failed: None,
        }
    }

    /// A button whose press comes back as a callback query with this data: a [`CallbackData`](crate::CallbackData)
    /// value, or one that was [sealed](crate::data::Keys::seal) or [stored](crate::data::Stash::put).
    pub fn callback<D: ToData + ?Sized>(mut self, text: impl Into<String>, data: &D) -> Self {
        match data::to_data(data) {
            Ok(data) => self.button(InlineKeyboardButton::new(text).callback_data(data)),
            Err(error) => {
                let before = self.count();
                self.failed.get_or_insert((before, error));
                self.button(InlineKeyboardButton::new(text))
            }
        }
    }

    /// A button that opens a page.
    pub fn url(self, text: impl Into<String>, url: impl Into<String>) -> Self {
        self.button(InlineKeyboardButton::new(text).url(url))
    }

    /// A button that copies a text, of up to [`MAX_COPY`] characters, to the user's clipboard. The bot does not learn
    /// of it.
    pub fn copy(self, text: impl Into<String>, copied: impl Into<String>) -> Self {
        self.button(InlineKeyboardButton::new(text).copy_text(CopyTextButton::new(copied)))
    }

    /// A button that opens a Web App. In private chats only.
    pub fn web_app(self, text: impl Into<String>, url: impl Into<String>) -> Self {
        self.button(InlineKeyboardButton::new(text).web_app(WebAppInfo::new(url)))
    }

    /// A button that opens a page with the user logged in.
    pub fn login(self, text: impl Into<String>, login: LoginUrl) -> Self {
        self.button(InlineKeyboardButton::new(text).login_url(login))
    }

    /// A button that is shown and does nothing (Bot API 10.3).
    pub fn disabled(self, text: impl Into<String>) -> Self {
        self.button(InlineKeyboardButton::new(text).disabled(DisabledButton::new()))
    }

    /// A button that asks the user for a chat, and starts inline mode there with this query, which may be empty.
    pub fn switch_inline(self, text: impl Into<String>, query: impl Into<String>) -> Self {
        self.button(InlineKeyboardButton::new(text).switch_inline_query(query))
    }

    /// A button that starts inline mode in the same chat with this query, which may be empty.
    pub fn switch_inline_here(self, text: impl Into<String>, query: impl Into<String>) -> Self {
        self.button(InlineKeyboardButton::new(text).switch_inline_query_current_chat(query))
    }

    /// A button that asks the user for a chat of certain kinds, and starts inline mode there.
    pub fn switch_inline_chosen(self, text: impl Into<String>, chosen: SwitchInlineQueryChosenChat) -> Self {
        self.button(InlineKeyboardButton::new(text).switch_inline_query_chosen_chat(chosen))
    }

    /// The button that starts the message's game. It is the first of the first row.
    pub fn game(self, text: impl Into<String>) -> Self {
        self.button(InlineKeyboardButton::new(text).callback_game(CallbackGame::new()))
    }

    /// The button that pays the message's invoice. It is the first of the first row.
    pub fn pay(self, text: impl Into<String>) -> Self {
        self.button(InlineKeyboardButton::new(text).pay(true))
    }

    /// Any other button.
    pub fn button(mut self, button: InlineKeyboardButton) -> Self {
        if self.rows.last().is_none_or(|row| row.len() >= self.columns) {
            self.rows.push(Vec::new());
        }
        if let Some(row) = self.rows.last_mut() {
            row.push(button);
        }
        self
    }

    /// The colour of the last button (Bot API 9.4).
    pub fn style(mut self, style: ButtonStyle) -> Self {
        if let Some(button) = self.last() {
            button.style = Some(style);
        }
        self
    }

    /// A custom emoji before the text of the last button, for bots that may use them (Bot API 9.4).
    pub fn icon(mut self, custom_emoji_id: impl Into<String>) -> Self {
        if let Some(button) = self.last() {
            button.icon_custom_emoji_id = Some(custom_emoji_id.into());
        }
        self
    }

    /// Ends the row: the next button begins a new one.
    pub fn row(mut self) -> Self {
        self.rows.push(Vec::new());
        self
    }

    /// From here on, rows end by themselves after this many buttons. At least one.
    pub fn columns(mut self, columns: usize) -> Self {
        self.columns = columns.max(1);
        self
    }

    /// Rows of their own with a button for each of these, this many side by side.
    ///
    /// ```
    /// use ringback::{Keyboard, data::Json};
    ///
    /// let sizes = ["S", "M", "L", "XL", "XXL"].map(|size| (size, Json(size.to_owned())));
    /// let keyboard = Keyboard::new().grid(3, sizes).build()?;
    /// assert_eq!(keyboard.inline_keyboard.iter().map(Vec::len).collect::<Vec<_>>(), [3, 2]);
    /// # Ok::<(), ringback::KeyboardError>(())
    /// ```
    pub fn grid<T: Into<String>, D: ToData>(
        self,
        columns: usize,
        buttons: impl IntoIterator<Item = (T, D)>,
    ) -> Self {
        let before = self.columns;
        let begun = self.row().columns(columns);
        let mut filled = buttons
            .into_iter()
            .fold(begun, |keyboard, (text, data)| keyboard.callback(text, &data));
        filled.columns = before;
        filled.row()
    }

    /// A row to leaf through `pages` pages with, now at page `current`; both count from 1. Nothing, if there is but one
    /// page.
    ///
    /// Up to five pages have a button each. Of more, there are those beside the current one, the first and the last.
    ///
    /// ```
    /// use ringback::{Keyboard, data::Json};
    ///
    /// let keyboard = Keyboard::new().pages(5, 9, |page| Json(page)).build()?;
    /// let texts: Vec<_> = keyboard.inline_keyboard[0].iter().map(|button| &*button.text).collect();
    /// assert_eq!(texts, ["« 1", "‹ 4", "· 5 ·", "6 ›", "9 »"]);
    /// # Ok::<(), ringback::KeyboardError>(())
    /// ```
    pub fn pages<D: ToData>(self, current: u32, pages: u32, data: impl Fn(u32) -> D) -> Self {
        if pages <= 1 {
            return self;
        }
        let current = current.clamp(1, pages);
        let numbers: Vec<u32> = if pages <= 5 {
            (1..=pages).collect()
        } else {
            let middle = current.clamp(3, pages - 2);
            let mut numbers = vec![1, middle - 1, middle, middle + 1, pages];
            if current <= 3 {
                numbers = vec![1, 2, 3, 4, pages];
            } else if current >= pages - 2 {
                numbers = vec![1, pages - 3, pages - 2, pages - 1, pages];
            }
            numbers
        };
        let text = |page: u32| match page {
            _ if page == current => format!("· {page} ·"),
            _ if pages <= 5 => page.to_string(),
            1 if current > 3 => "« 1".to_owned(),
            _ if page == pages && current + 2 < pages => format!("{page} »"),
            _ if page + 1 == current && current > 3 => format!("‹ {page}"),
            _ if page == current + 1 && current + 2 < pages => format!("{page} ›"),
            _ => page.to_string(),
        };
        let buttons: Vec<_> = numbers.into_iter().map(|page| (text(page), data(page))).collect();
        self.grid(5, buttons)
    }

    /// The keyboard, for a method's `reply_markup`. Empty rows are left out.
    ///
    /// # Errors
    /// The first button that Telegram would not take, and why.
    pub fn build(self) -> Result<InlineKeyboardMarkup, KeyboardError> {
        let Keyboard { mut rows, failed, .. } = self;
        rows.retain(|row| !row.is_empty());
        let (failed_at, mut failed) = failed.map_or((usize::MAX, None), |(at, error)| (at, Some(error)));
        let mut total = 0;
        for (row, buttons) in rows.iter().enumerate() {
            for (column, button) in buttons.iter().enumerate() {
                let problem = match failed.take_if(|_| total == failed_at) {
                    Some(error) => Some(Problem::Data(error)),
                    None => problem(button, column, total),
                };
                if let Some(problem) = problem {
                    return Err(KeyboardError {
                        row: row + 1,
                        column: column + 1,
                        text: button.text.clone(),
                        problem,
                    });
                }
                total += 1;
            }
        }
        Ok(InlineKeyboardMarkup::new(rows))
    }

    fn count(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }

    fn last(&mut self) -> Option<&mut InlineKeyboardButton> {
        self.rows.iter_mut().rev().find_map(|row| row.last_mut())
    }
}

/// What is wrong with a button that has this many before it in its row, and this many in all.
fn problem(button: &InlineKeyboardButton, in_row: usize, in_all: usize) -> Option<Problem> {
    let copied = button.copy_text.as_ref().map(|copy| copy.text.chars().count());
    let length = button.callback_data.as_ref().map(String::len);
    if button.text.is_empty() && button.icon_custom_emoji_id.is_none() {
        Some(Problem::NoText)
    } else if in_row >= MAX_ROW {
        Some(Problem::LongRow)
    } else if in_all >= MAX_BUTTONS {
        Some(Problem::TooMany)
    } else if in_all > 0 && (button.pay.is_some() || button.callback_game.is_some()) {
        Some(Problem::NotFirst)
    } else if let Some(copied) = copied.filter(|copied| !(1..=MAX_COPY).contains(copied)) {
        Some(Problem::Copy(copied))
    } else {
        let length = length.filter(|length| !(1..=data::MAX_DATA).contains(length))?;
        Some(Problem::Data(DataError::Length(length)))
    }
}

#[cfg(test)]
mod tests;
