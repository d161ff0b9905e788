//! Methods: a struct of parameters that says its name, its result and its files.

use std::fmt::Write as _;

use super::{Context, Entry, Field, Kind, Schema, Type, names};

impl Context<'_> {
    pub(super) fn method(&self, entry: &Entry, returns: &Type, fields: &[Field]) -> String {
        let name = names::camel(&entry.name);
        let line = format!(
            "The parameters of `{}`; the result is {}.",
            entry.name,
            returns.describe()
        );
        let mut code = self.structure(entry, &name, &line, fields);
        if let Some(constructors) = self.targets(&name, fields) {
            code.push_str(&constructors);
        }
        let chat = chat(fields);
        let files = if self.with_files.contains(entry.name.as_str()) {
            format!(
                "\nfn files(&self) -> Vec<&Upload> {{\nlet mut files = Vec::new();\nlet out = &mut files;\n{}files\n}}\n",
                self.collect_files(fields)
            )
        } else {
            String::new()
        };
        let _ = write!(
            code,
            "\nimpl Method for {name} {{\n    const NAME: &'static str = \"{}\";\n    type Response = {};\n{chat}{files}}}\n",
            entry.name,
            self.rust(returns)
        );
        code
    }
}

impl Context<'_> {
    /// Methods that name their message in one of two ways get a constructor for each.
    fn targets(&self, name: &str, fields: &[Field]) -> Option<String> {
        let has = |name: &str| fields.iter().any(|field| field.name == name);
        let is_target = has("chat_id") && has("message_id") && has("inline_message_id");
        if !is_target || fields.iter().any(|field| field.required) {
            return None;
        }
        Some(format!(
            "\nimpl {name} {{
    /// For the message of this number in a chat.
    pub fn of(chat_id: impl Into<ChatId>, message_id: i64) -> Self {{
        Self::new().chat_id(chat_id).message_id(message_id)
    }}

    /// For a message that was sent through inline mode.
    pub fn of_inline(inline_message_id: impl Into<String>) -> Self {{
        Self::new().inline_message_id(inline_message_id)
    }}
}}\n"
        ))
    }
}

/// What a method says about the limits that it falls under.
fn chat(fields: &[Field]) -> String {
    let field = |name: &str| fields.iter().find(|field| field.name == name);
    let mut code = String::new();
    if let Some(field) = field("chat_id") {
        let chat = match (&field.ty, field.required) {
            (Type::Integer, true) => "Some(crate::ChatId::Id(self.chat_id))",
            (Type::Integer, false) => "self.chat_id.map(crate::ChatId::Id)",
            (_, true) => "Some(self.chat_id.clone())",
            (_, false) => "self.chat_id.clone()",
        };
        let _ = write!(code, "\nfn chat(&self) -> Option<crate::ChatId> {{\n{chat}\n}}\n");
    }
    if field("allow_paid_broadcast").is_some() {
        code.push_str(
            "\nfn is_paid_broadcast(&self) -> bool {\nself.allow_paid_broadcast == Some(true)\n}\n",
        );
    }
    code
}

/// The constant that names all methods.
pub(super) fn list(schema: &Schema) -> String {
    let mut code = String::from("/// The names of all methods.\npub const METHODS: &[&str] = &[\n");
    for entry in schema
        .entries()
        .filter(|entry| matches!(entry.kind, Kind::Method { .. }))
    {
        let _ = writeln!(code, "    \"{}\",", entry.name);
    }
    code.push_str("];\n");
    code
}
