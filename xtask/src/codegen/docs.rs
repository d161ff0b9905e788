//! Reads `docs.txt`; its syntax is described at the top of that file.

use std::collections::BTreeMap;

use super::Error;
use super::schema::Schema;

/// The entry that stands for all methods.
const SHARED: &str = "*";

/// Prose by entry, and by entry and field.
pub(crate) struct Docs {
    entries: BTreeMap<String, String>,
    fields: BTreeMap<(String, String), String>,
}

impl Docs {
    pub(crate) fn entry(&self, name: &str) -> Option<&str> {
        self.entries.get(name).map(String::as_str)
    }

    /// Methods, whose names start with a small letter, share the prose of parameters that mean the same in all.
    pub(crate) fn field(&self, entry: &str, field: &str) -> Option<&str> {
        let own = self.fields.get(&(entry.to_owned(), field.to_owned()));
        let shared = || {
            let is_method = entry.starts_with(char::is_lowercase);
            self.fields
                .get(&(SHARED.to_owned(), field.to_owned()))
                .filter(|_| is_method)
        };
        own.or_else(shared).map(String::as_str)
    }

    /// Prose about something that is not in the schema is a mistake, and so is an entry told only in part.
    pub(crate) fn check(&self, schema: &Schema) -> Result<(), Error> {
        for name in self.entries.keys().filter(|name| name.as_str() != SHARED) {
            let entry = schema
                .get(name)
                .ok_or_else(|| format!("{name} is not in the schema"))?;
            for field in schema.fields(&entry.name).unwrap_or_default() {
                if self.field(name, &field.name).is_none() {
                    return Err(format!("{name} is described, but not its field {}", field.name));
                }
            }
        }
        for (entry, field) in self.fields.keys() {
            let known = if entry == SHARED {
                schema
                    .entries()
                    .any(|entry| has_field(schema, &entry.name, field))
            } else {
                has_field(schema, entry, field)
            };
            if !known {
                return Err(format!("{entry}.{field} is not in the schema"));
            }
        }
        Ok(())
    }
}

fn has_field(schema: &Schema, entry: &str, field: &str) -> bool {
    schema
        .fields(entry)
        .unwrap_or_default()
        .iter()
        .any(|known| known.name == field)
}

pub(crate) fn parse(text: &str) -> Result<Docs, Error> {
    let mut docs = Docs {
        entries: BTreeMap::new(),
        fields: BTreeMap::new(),
    };
    let mut entry = String::new();
    let mut field: Option<String> = None;
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("== ") {
            entry = name.trim().to_owned();
            field = None;
            if docs.entries.insert(entry.clone(), String::new()).is_some() {
                return Err(format!("line {}: {entry} is described twice", number + 1));
            }
            continue;
        }
        if let Some((name, prose)) = line.strip_prefix('.').and_then(|rest| rest.split_once(": ")) {
            let key = (entry.clone(), name.to_owned());
            if docs.fields.insert(key, prose.trim().to_owned()).is_some() {
                return Err(format!("line {}: {entry}.{name} is described twice", number + 1));
            }
            field = Some(name.to_owned());
            continue;
        }
        let target = match &field {
            Some(name) => docs.fields.get_mut(&(entry.clone(), name.clone())),
            None => docs.entries.get_mut(&entry),
        };
        match target {
            Some(prose) => {
                if !prose.is_empty() {
                    prose.push('\n');
                }
                prose.push_str(line.trim_end());
            }
            None if line.trim().is_empty() => {}
            None => return Err(format!("line {}: text before the first `== NAME`", number + 1)),
        }
    }
    for prose in docs.entries.values_mut().chain(docs.fields.values_mut()) {
        *prose = prose.trim().to_owned();
    }
    Ok(docs)
}
