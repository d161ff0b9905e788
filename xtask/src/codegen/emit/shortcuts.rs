//! Shortcuts: what has a place (a message, a chat, a person) makes each method that sends something there.
//!
//! The list follows from the schema: every `send…` that needs a `chat_id` and results in messages. A new one gets its
//! shortcuts by itself.

use std::fmt::Write as _;

use super::{Context, Entry, Field, HEADER, Kind, Type, names};

/// Who has shortcuts: the type, what the names start and end with, what gives the place, and whose place it is.
const OWNERS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "Message",
        "answer",
        "",
        "address",
        "this message's chat (and topic)",
    ),
    (
        "Message",
        "reply",
        "",
        "reply_address",
        "this message's chat, as a reply to it",
    ),
    (
        "MaybeInaccessibleMessage",
        "answer",
        "",
        "address",
        "this message's chat (and topic)",
    ),
    (
        "MaybeInaccessibleMessage",
        "reply",
        "",
        "reply_address",
        "this message's chat, as a reply to it",
    ),
    (
        "InaccessibleMessage",
        "answer",
        "",
        "address",
        "this message's chat",
    ),
    (
        "InaccessibleMessage",
        "reply",
        "",
        "reply_address",
        "this message's chat, as a reply to it",
    ),
    ("Chat", "send", "", "address", "this chat"),
    ("User", "send", "", "address", "the private chat with this user"),
    ("ChatMemberUpdated", "answer", "", "address", "the chat"),
    (
        "ChatJoinRequest",
        "answer",
        "",
        "address",
        "the chat that the user asks to join",
    ),
    (
        "ChatJoinRequest",
        "answer",
        "_pm",
        "pm_address",
        "the user, in private, while the request is open",
    ),
];

/// Whose shortcuts an `Incoming` has too.
const INCOMING: &[&str] = &["Message", "ChatMemberUpdated", "ChatJoinRequest"];

/// What of a place a method can take.
const PLACE: &[&str] = &[
    "business_connection_id",
    "message_thread_id",
    "direct_messages_topic_id",
    "ephemeral_message_parameters",
    "reply_parameters",
];

impl Context<'_> {
    fn sends(&self) -> impl Iterator<Item = (&Entry, &[Field])> {
        self.schema.entries().filter_map(|entry| {
            let Kind::Method { returns, fields } = &entry.kind else {
                return None;
            };
            let message = Type::Named("Message".to_owned());
            let required = |name: &str| fields.iter().any(|field| field.name == name && field.required);
            let sends = entry.name.starts_with("send")
                && *returns.innermost() == message
                && required("chat_id")
                && !required("business_connection_id");
            sends.then_some((entry, fields.as_slice()))
        })
    }

    /// `crates/botapi`: methods as values.
    pub(super) fn shortcuts(&self) -> String {
        let mut code = format!(
            "{HEADER}//! Methods that send something to a place, made by what has one.\n\n\
             use crate::shortcuts::{{Address, Place}};\nuse crate::*;\n\n"
        );
        for (entry, fields) in self.sends() {
            code.push_str(&place(&names::camel(&entry.name), fields));
        }
        for owner in OWNERS {
            let _ = writeln!(code, "impl {} {{", owner.0);
            for (entry, fields) in self.sends() {
                let method = names::camel(&entry.name);
                let (parameters, arguments) = self.parameters(fields);
                let _ = write!(
                    code,
                    "/// A [`{method}`] to {}.\npub fn {}(&self, {parameters}) -> {method} {{\n\
                     let to = self.{}();\n{method}::new(to.chat_id, {arguments}).at(to)\n}}\n\n",
                    owner.4,
                    name(entry, owner.1, owner.2),
                    owner.3,
                );
            }
            code.push_str("}\n\n");
        }
        code
    }

    /// `crates/ringback`: the same of what came in, with its bot.
    pub(super) fn calls(&self) -> String {
        let mut code = format!(
            "{HEADER}//! The shortcuts of what an update brought: each is a call that sends itself when it is awaited.\n\n\
             use ringback_botapi::*;\n\nuse crate::bot::Call;\nuse crate::incoming::Incoming;\n\n"
        );
        for owner in OWNERS.iter().filter(|owner| INCOMING.contains(&owner.0)) {
            let _ = writeln!(code, "impl Incoming<{}> {{", owner.0);
            for (entry, fields) in self.sends() {
                let method = names::camel(&entry.name);
                let (parameters, arguments) = self.parameters(fields);
                let name = name(entry, owner.1, owner.2);
                let _ = write!(
                    code,
                    "/// A [`{method}`] to {}.\npub fn {name}(&self, {parameters}) -> Call<{method}> {{\n\
                     self.bot().call((**self).{name}({arguments}))\n}}\n\n",
                    owner.4,
                );
            }
            code.push_str("}\n\n");
        }
        code
    }

    /// What the method needs besides its chat: as parameters of a function, and as arguments that are passed on.
    fn parameters(&self, fields: &[Field]) -> (String, String) {
        let needed = fields
            .iter()
            .filter(|field| field.required && field.name != "chat_id");
        let (mut parameters, mut arguments) = (Vec::new(), Vec::new());
        for field in needed {
            let name = names::field(&field.name);
            parameters.push(format!("{name}: {}", self.parameter(&field.ty, false, &name).0));
            arguments.push(name);
        }
        (parameters.join(", "), arguments.join(", "))
    }
}

/// `sendVideoNote` as `answer_video_note`, and `sendMessage` as `answer` (but `send_message`: `send` says too little).
fn name(entry: &Entry, start: &str, end: &str) -> String {
    let mut name = String::from(start);
    let kind = entry.name.strip_prefix("send").unwrap_or(&entry.name);
    let kind = if kind == "Message" && start != "send" {
        ""
    } else {
        kind
    };
    let kind = match kind.strip_suffix("Message") {
        Some(rest) if !rest.is_empty() => rest,
        _ => kind,
    };
    for letter in kind.chars() {
        if letter.is_uppercase() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name + end
}

/// How the method takes a place.
fn place(method: &str, fields: &[Field]) -> String {
    let mut code = format!("impl Place for {method} {{\nfn at(mut self, to: Address) -> Self {{\n");
    for part in PLACE
        .iter()
        .filter(|part| fields.iter().any(|field| field.name == **part))
    {
        let _ = writeln!(code, "self.{part} = to.{part};");
    }
    code.push_str("self\n}\n}\n\n");
    code
}
