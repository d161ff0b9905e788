//! Formatting that comes as marks in the text.
