//! [`KeyboardError`]: which button Telegram would not take, and why.

use super::{MAX_BUTTONS, MAX_COPY, MAX_ROW};
use crate::data::DataError;

/// A button that Telegram would not take.
#[derive(Debug, thiserror::Error)]
#[error("the button {text:?} (row {row}, place {column}): {problem}")]
#[non_exhaustive]
pub struct KeyboardError {
    /// Its row, from 1.
    pub row: usize,
    /// Its place in the row, from 1.
    pub column: usize,
    /// What it says.
    pub text: String,
    /// What is wrong with it.
    #[source]
    pub problem: Problem,
}

/// What is wrong with a button.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Its data can't be written, or is too long.
    #[error(transparent)]
    Data(#[from] DataError),
    /// It says nothing.
    #[error("it has no text")]
    NoText,
    /// Its row has more than [`MAX_ROW`] buttons.
    #[error("a row has at most {MAX_ROW} buttons")]
    LongRow,
    /// The keyboard has more than [`MAX_BUTTONS`] buttons.
    #[error("a keyboard has at most {MAX_BUTTONS} buttons")]
    TooMany,
    /// A button that pays, or starts a game, is not the first.
    #[error("it must be the first button of the first row")]
    NotFirst,
    /// The text to be copied is empty, or longer than [`MAX_COPY`] characters.
    #[error("it copies {0} characters, 1 to {MAX_COPY} can be")]
    Copy(usize),
}
