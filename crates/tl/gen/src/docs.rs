//! `schema/docs.txt`: what deserves more than its TL line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Texts by item, and by item and field.
///
/// The file: `# name` starts an item, `## field` one of its fields; what follows is the text.
#[derive(Debug, Default)]
pub(crate) struct Docs {
    items: BTreeMap<String, String>,
    fields: BTreeMap<(String, String), String>,
}

impl Docs {
    pub(crate) fn parse(text: &str) -> Docs {
        let mut docs = Docs::default();
        let (mut item, mut field) = (String::new(), None::<String>);
        for line in text.lines().filter(|l| !l.starts_with("//")) {
            if let Some(name) = line.strip_prefix("## ") {
                field = Some(crate::names::field(name.trim()));
            } else if let Some(name) = line.strip_prefix("# ") {
                (item, field) = (name.trim().to_owned(), None);
            } else if !item.is_empty() {
                let text = match &field {
                    Some(field) => docs.fields.entry((item.clone(), field.clone())).or_default(),
                    None => docs.items.entry(item.clone()).or_default(),
                };
                text.push_str(line);
                text.push('\n');
            }
        }
        docs
    }

    /// Names that have a text, to check that each is still in the schema.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.items.keys().chain(self.fields.keys().map(|(item, _)| item))
    }

    /// Doc comment of a struct or enum.
    pub(crate) fn item(&self, name: &str, about: &str, link: &str) -> String {
        let mut out = String::new();
        if let Some(text) = self.items.get(name) {
            for line in text.trim().lines() {
                let _ = writeln!(out, "{}", format!("/// {line}").trim_end());
            }
            out += "///\n";
        }
        let _ = writeln!(out, "/// {about} {link}");
        out
    }

    /// Doc comment of a field.
    pub(crate) fn field(&self, item: &str, field: &str, about: &str) -> String {
        let mut out = String::new();
        if let Some(text) = self.fields.get(&(item.to_owned(), field.to_owned())) {
            for line in text.trim().lines() {
                let _ = writeln!(out, "{}", format!("    /// {line}").trim_end());
            }
            out += "    ///\n";
        }
        let _ = writeln!(out, "    /// {about}");
        out
    }
}
