//! Formatting that comes as marks in the text: `parse_mode`.
//!
//! What each mode allows, and what it says about a text that it does not, are those of the official server (TD
//! `MessageEntity.cpp`); byte offsets in complaints count in the text as it was sent.

mod html;
pub(super) mod link;
mod markdown;
mod markdown_v2;
mod order;
mod scan;

pub(super) use order::sort;

use ringback_world::{Entity, EntityKind, FormattedText};

use super::ApiError;

/// A text and its marks; `mode` is in lower case.
///
/// # Errors
/// There is no such mode, or the text's marks are wrong.
pub(crate) fn parse(text: &str, mode: &str) -> Result<FormattedText, ApiError> {
    let parsed = match mode {
        "html" => html::parse(text),
        "markdownv2" => markdown_v2::parse(text),
        "markdown" => markdown::parse(text),
        _ => return Err(ApiError::bad_request("unsupported parse_mode")),
    };
    let mut text =
        parsed.map_err(|what| ApiError::bad_request(format_args!("can't parse entities: {what}")))?;
    order::fix(&mut text.entities);
    Ok(text)
}

/// A text in the making.
#[derive(Default)]
struct Out {
    text: String,
    /// Its length in UTF-16 units.
    units: u32,
    entities: Vec<Entity>,
}

impl Out {
    fn push(&mut self, c: char) {
        self.text.push(c);
        self.units += if c > '\u{ffff}' { 2 } else { 1 };
    }

    /// Marks everything from `from` on, if there is anything.
    fn mark(&mut self, kind: EntityKind, from: u32) {
        if self.units > from {
            self.entities.push(Entity {
                offset: from,
                length: self.units - from,
                kind,
            });
        }
    }

    fn finish(mut self) -> FormattedText {
        sort(&mut self.entities);
        FormattedText {
            text: self.text,
            entities: self.entities,
        }
    }
}

#[cfg(test)]
mod tests;
