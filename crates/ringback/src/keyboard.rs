//! [`Keyboard`]: inline keyboards with typed buttons.

use ringback_botapi::{InlineKeyboardButton, InlineKeyboardMarkup};

use crate::data::{self, CallbackData, DataError};

/// An inline keyboard, written row by row.
///
/// ```
/// use ringback::{Keyboard, data::Json};
///
/// let keyboard = Keyboard::new()
///     .callback("↑", &Json(true))
///     .callback("↓", &Json(false))
///     .row()
///     .url("What is this?", "https://example.org")
///     .build()?;
/// assert_eq!(keyboard.inline_keyboard.len(), 2);
/// # Ok::<(), ringback::data::DataError>(())
/// ```
#[derive(Debug)]
#[must_use = "call build()"]
pub struct Keyboard {
    rows: Vec<Vec<InlineKeyboardButton>>,
    error: Option<DataError>,
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
            error: None,
        }
    }

    /// A button whose press comes back as a callback query with this data.
    pub fn callback<D: CallbackData>(mut self, text: impl Into<String>, data: &D) -> Self {
        match data::to_data(data) {
            Ok(data) => self.button(InlineKeyboardButton::new(text).callback_data(data)),
            Err(error) => {
                self.error.get_or_insert(error);
                self
            }
        }
    }

    /// A button that opens a page.
    pub fn url(self, text: impl Into<String>, url: impl Into<String>) -> Self {
        self.button(InlineKeyboardButton::new(text).url(url))
    }

    /// Any other button.
    pub fn button(mut self, button: InlineKeyboardButton) -> Self {
        match self.rows.last_mut() {
            Some(row) => row.push(button),
            None => self.rows.push(vec![button]),
        }
        self
    }

    /// Ends the row: the next button begins a new one.
    pub fn row(mut self) -> Self {
        self.rows.push(Vec::new());
        self
    }

    /// The keyboard, for a method's `reply_markup`. Empty rows are left out.
    ///
    /// # Errors
    /// A button's data could not be written, or is not 1 to [`MAX_DATA`](data::MAX_DATA) bytes: the first such error.
    pub fn build(self) -> Result<InlineKeyboardMarkup, DataError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(InlineKeyboardMarkup::new(
                self.rows.into_iter().filter(|row| !row.is_empty()),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Json;

    #[test]
    fn data_is_measured_in_bytes() {
        let fits = Keyboard::new().callback("x", &Json("я".repeat(31))).build();
        assert!(fits.is_ok());
        let long = Keyboard::new()
            .callback("x", &Json("я".repeat(32)))
            .callback("y", &Json(1))
            .build();
        assert!(matches!(long, Err(DataError::Length(66))));
    }
}
