//! Text and what is marked in it.

use crate::UserId;
use serde::{Deserialize, Serialize};

/// Text with its marks.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FormattedText {
    /// The characters, without any markup.
    pub text: String,
    /// Marks, in order of their start; outer before inner.
    pub entities: Vec<Entity>,
}

impl FormattedText {
    /// Text without marks.
    pub fn plain(text: impl Into<String>) -> FormattedText {
        FormattedText {
            text: text.into(),
            entities: Vec::new(),
        }
    }

    /// The length in UTF-16 code units, as all of Telegram's limits and offsets count.
    pub fn utf16_len(&self) -> usize {
        self.text.encode_utf16().count()
    }

    /// The part of the text an entity marks; empty if it points outside.
    pub fn marked(&self, entity: &Entity) -> String {
        let units = self
            .text
            .encode_utf16()
            .skip(entity.offset as usize)
            .take(entity.length as usize);
        char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    }
}

/// One mark: `length` UTF-16 units from `offset`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entity {
    /// Where it starts, in UTF-16 code units.
    pub offset: u32,
    /// How long it is, in UTF-16 code units.
    pub length: u32,
    /// What it is.
    pub kind: EntityKind,
}

/// What a mark means.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum EntityKind {
    Mention,
    Hashtag,
    Cashtag,
    BotCommand,
    Url,
    Email,
    PhoneNumber,
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
    Blockquote,
    ExpandableBlockquote,
    Code,
    /// A block of code, and its language where one is named.
    Pre(Option<String>),
    /// Text that is a link to this address.
    TextLink(String),
    /// A mention of someone who may have no username.
    TextMention(UserId),
    CustomEmoji(i64),
}
