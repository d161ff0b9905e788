//! What is wrong with a parameter, in the official server's words where they are known.

use std::fmt;

/// A parameter that is missing or cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub(crate) enum DecodeError {
    /// A required parameter is not there, or empty.
    Missing {
        /// Which.
        name: String,
    },
    /// A parameter is not what it should be.
    Wrong {
        /// Which.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// A parameter should be JSON and is not.
    NotJson {
        /// Which.
        name: String,
        /// Where it stops being JSON.
        what: String,
    },
    /// A parameter is not UTF-8.
    NotUtf8 {
        /// Which.
        name: String,
    },
}

impl DecodeError {
    /// The description of the 400 that this is answered with.
    pub(crate) fn description(&self) -> String {
        let text = match self {
            DecodeError::Missing { name } => return missing(name),
            DecodeError::NotUtf8 { .. } => "strings must be encoded in UTF-8".to_owned(),
            DecodeError::Wrong { name, .. } if is_user_id(name) => format!("invalid {name} specified"),
            DecodeError::NotJson { name, .. } if JSON_OBJECTS.contains(&name.as_str()) => {
                format!("can't parse {} JSON object", name.replace('_', " "))
            }
            DecodeError::NotJson { name, what } => format!("can't parse field \"{name}\" as JSON: {what}"),
            DecodeError::Wrong { name, what } => format!("can't parse field \"{name}\": {what}"),
        };
        format!("Bad Request: {text}")
    }

    /// The same error, in the parameter of this name.
    pub(super) fn at(self, name: &str) -> DecodeError {
        match self {
            DecodeError::Wrong { name: own, what } if own.is_empty() => DecodeError::Wrong {
                name: name.to_owned(),
                what,
            },
            other => other,
        }
    }

    /// The same error, in the JSON that the parameter of this name holds.
    pub(super) fn inside(self, name: &str) -> DecodeError {
        let name = name.to_owned();
        match self {
            DecodeError::Missing { name: inner } => DecodeError::Wrong {
                name,
                what: format!("can't find field \"{inner}\""),
            },
            DecodeError::Wrong { name: inner, what } if !inner.is_empty() => DecodeError::Wrong {
                name,
                what: format!("field \"{inner}\": {what}"),
            },
            DecodeError::Wrong { what, .. } => DecodeError::Wrong { name, what },
            DecodeError::NotJson { what, .. } => DecodeError::NotJson { name, what },
            DecodeError::NotUtf8 { .. } => DecodeError::NotUtf8 { name },
        }
    }
}

/// Objects of which the official server says only that they are no JSON, by their names with blanks.
const JSON_OBJECTS: &[&str] = &[
    "reply_parameters",
    "link_preview_options",
    "menu_button",
    "permissions",
    "media",
];

fn is_user_id(name: &str) -> bool {
    name == "user_id" || name.ends_with("_user_id")
}

/// Parameters that name or bring the file that is to be sent.
fn is_file(name: &str) -> bool {
    matches!(
        name,
        "animation" | "audio" | "document" | "photo" | "sticker" | "video" | "video_note" | "voice"
    )
}

/// What the official server says when a parameter is not there.
fn missing(name: &str) -> String {
    let text = match name {
        "chat_id" => "chat_id is empty",
        "text" => "message text is empty",
        name if is_user_id(name) => return format!("Bad Request: invalid {name} specified"),
        "message_id" => "message identifier is not specified",
        "message_ids" => "message identifiers are not specified",
        "video_note" => "there is no video note in the request",
        name if is_file(name) => return format!("Bad Request: there is no {name} in the request"),
        "file_id" => "file_id not specified",
        "action" => "wrong parameter action in request",
        "callback_query_id" | "inline_query_id" => {
            return ringback_world::Error::QueryIdInvalid.bot_api().description;
        }
        _ => return format!("Bad Request: parameter \"{name}\" is required"),
    };
    format!("Bad Request: {text}")
}

/// Ids that must be above zero: a text that is no number is no id.
pub(super) fn checked_id(name: &str, number: i64) -> Result<i64, DecodeError> {
    match name {
        "message_id" if number <= 0 => Err(DecodeError::Missing {
            name: name.to_owned(),
        }),
        name if is_user_id(name) && number <= 0 => Err(DecodeError::Wrong {
            name: name.to_owned(),
            what: "a positive number expected".to_owned(),
        }),
        _ => Ok(number),
    }
}

/// Texts that must not be empty where they are required.
pub(super) fn is_required_text(name: &str) -> bool {
    is_file(name)
        || matches!(
            name,
            "text" | "callback_query_id" | "inline_query_id" | "file_id" | "action"
        )
}

/// Lists that count as absent if they cannot be read.
pub(super) fn is_optional_list(name: &str) -> bool {
    name == "entities" || name.ends_with("_entities") || name == "allowed_updates"
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.description())
    }
}

impl std::error::Error for DecodeError {}

impl serde::de::Error for DecodeError {
    fn custom<T: fmt::Display>(what: T) -> DecodeError {
        DecodeError::Wrong {
            name: String::new(),
            what: what.to_string(),
        }
    }

    fn missing_field(name: &'static str) -> DecodeError {
        DecodeError::Missing {
            name: name.to_owned(),
        }
    }
}
