//! The Telegram Bot API's objects and methods as plain data.
//!
//! This crate says what goes over the wire and never sends it: no sockets, no files, no clock. Its code is generated
//! from `schema/bot-api.txt`, which holds the names and types of Bot API 10.3.
//!
//! ```
//! use ringback_botapi::{InlineKeyboardButton, InlineKeyboardMarkup, Method, SendMessage};
//!
//! let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::new("Louder").callback_data("vol:up")]]);
//! let method = SendMessage::new(42, "Volume: 5").reply_markup(keyboard);
//! assert_eq!(SendMessage::NAME, "sendMessage");
//! assert_eq!(
//!     serde_json::to_string(&method)?,
//!     r#"{"chat_id":42,"text":"Volume: 5","reply_markup":{"inline_keyboard":[[{"text":"Louder","callback_data":"vol:up"}]]}}"#
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Rules
//!
//! **Names** are those of the wire. A field whose name is a Rust keyword gets an underscore behind it (`type_`). A
//! method is a struct with the method's name in upper camel case ([`SendMessage`]).
//!
//! **Construction**: `new` takes the required fields in the Bot API's order and each optional field has a setter that
//! can be chained. Where more than three required fields are Boolean, these start as `false` and have setters too, and
//! are read as `false` where they are absent: such rows of rights grow, and an older server does not send the newest.
//! Fields are public; structs and enums are `#[non_exhaustive]`, so that a newer Bot API breaks nobody's build.
//!
//! **Absent fields**: an optional field is an `Option` and is left out when it is `None`. What the Bot API types as
//! `True` (there or not there) is a `bool`, left out when `false`. Integers are `i64`.
//!
//! **Boxes**: an optional object is boxed, a required one is not, a member of a union is. Setters box by themselves.
//!
//! **What this version does not know never fails a parse**:
//! * an unknown field is ignored;
//! * an unknown string where the Bot API has known ones ([`ChatType`], [`MessageEntityType`], …) is kept in the enum's
//!   `Unknown`;
//! * an object in a union whose telling field (`type`, `status`, `source`) is absent or has an unknown value, or whose
//!   shape is that of no member, is kept in the union's `Unknown` as a JSON value;
//! * an unknown kind of update is kept in [`UpdateKind::Unknown`].
//!
//! A *known* thing that is malformed does fail: a missing required field, a number where text belongs.
//! [`MaybeInaccessibleMessage`] has no `Unknown`: its members are told apart by a date that is zero.
//!
//! **Unions** with a telling field give its value (`member.status()`), and fields that all members share
//! (`member.user()`).
//!
//! **Shortcuts** are methods as values, filled with what an object knows: `message.reply_photo(file)`, `chat.ban(user)`,
//! `query.answer(results)`. What is sent to a message's place carries its topic and its business connection along. They
//! are sent as any method is.
//!
//! **Text positions** ([`MessageEntity`]) count UTF-16 code units, not bytes and not `char`s.
//!
//! **Formats other than JSON**: nothing here flattens or guesses in a struct, so that methods can be read from any
//! deserializer that knows what type is asked for, such as one over text parameters of a form. A union of objects asks
//! for a map; [`ChatId`] and the few unions that may be text ask for anything. An object is read from named fields, never
//! from a list of values.

mod chat_id;
mod flag;
mod generated;
mod input_file;
mod maybe_inaccessible;
mod message_or_true;
mod method;
mod names;
mod object;
mod open_enum;
mod response;
mod shortcuts;
mod tag;
mod union;
mod update;

pub use chat_id::ChatId;
pub use generated::{BOT_API_VERSION, methods, methods::*, types, types::*};
pub use input_file::{Content, InputFile, StreamHandle, Upload};
pub use maybe_inaccessible::MaybeInaccessibleMessage;
pub use message_or_true::MessageOrTrue;
pub use method::Method;
pub use response::Response;
