//! Reads `bot-api.txt`; its syntax is described at the top of that file.

use std::collections::BTreeMap;

use super::Error;

/// The whole API.
pub(crate) struct Schema {
    pub(crate) version: String,
    pub(crate) date: String,
    pub(crate) sections: Vec<Section>,
    /// Name to its place in `sections`.
    index: BTreeMap<String, (usize, usize)>,
}

/// The entries of one generated file.
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) entries: Vec<Entry>,
}

pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) since: Option<String>,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    Enum {
        values: Vec<String>,
    },
    Object {
        fields: Vec<Field>,
    },
    /// `named` is false for a choice, which the API has no name for.
    Union {
        by: Option<String>,
        members: Vec<Type>,
        named: bool,
    },
    Special,
    Method {
        returns: Type,
        fields: Vec<Field>,
    },
}

pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) ty: Type,
    pub(crate) since: Option<String>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Type {
    Integer,
    Float,
    String,
    Boolean,
    True,
    Array(Box<Type>),
    /// A string that is always the same.
    Constant(String),
    Named(String),
}

impl Schema {
    pub(crate) fn get(&self, name: &str) -> Option<&Entry> {
        let (section, entry) = self.index.get(name)?;
        self.sections.get(*section)?.entries.get(*entry)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.sections.iter().flat_map(|section| &section.entries)
    }

    pub(crate) fn fields(&self, name: &str) -> Option<&[Field]> {
        match &self.get(name)?.kind {
            Kind::Object { fields } | Kind::Method { fields, .. } => Some(fields),
            _ => None,
        }
    }

    pub(crate) fn is_object(&self, name: &str) -> bool {
        matches!(
            self.get(name),
            Some(Entry {
                kind: Kind::Object { .. },
                ..
            })
        )
    }
}

pub(crate) fn parse(text: &str) -> Result<Schema, Error> {
    let mut schema = Schema {
        version: String::new(),
        date: String::new(),
        sections: Vec::new(),
        index: BTreeMap::new(),
    };
    for (number, line) in text.lines().enumerate() {
        parse_line(&mut schema, line).map_err(|e| format!("line {}: {e}", number + 1))?;
    }
    for (s, section) in schema.sections.iter().enumerate() {
        for (e, entry) in section.entries.iter().enumerate() {
            if schema.index.insert(entry.name.clone(), (s, e)).is_some() {
                return Err(format!("{} is there twice", entry.name));
            }
        }
    }
    check_names(&schema)?;
    Ok(schema)
}

fn parse_line(schema: &mut Schema, line: &str) -> Result<(), Error> {
    if line.trim().is_empty() || line.starts_with('#') {
        return Ok(());
    }
    let mut words: Vec<&str> = line.split_whitespace().collect();
    let since = match words.last() {
        Some(last) if last.starts_with('@') => words.pop().map(|word| word[1..].to_owned()),
        _ => None,
    };
    if line.starts_with("  ") {
        return parse_part(schema, &words, since);
    }
    let (name, kind) = match words.as_slice() {
        ["api", version, date] => {
            schema.version = (*version).to_owned();
            schema.date = (*date).to_owned();
            return Ok(());
        }
        ["section", name] => {
            schema.sections.push(Section {
                name: (*name).to_owned(),
                entries: Vec::new(),
            });
            return Ok(());
        }
        ["enum", name, values @ ..] => (
            name,
            Kind::Enum {
                values: values.iter().map(|value| (*value).to_owned()).collect(),
            },
        ),
        ["object", name] => (name, Kind::Object { fields: Vec::new() }),
        [word @ ("union" | "choice"), name, by @ ..] => {
            let by = match by {
                [] => None,
                ["by", field] => Some((*field).to_owned()),
                _ => return Err("expected `by FIELD` after the name".to_owned()),
            };
            (
                name,
                Kind::Union {
                    by,
                    members: Vec::new(),
                    named: *word == "union",
                },
            )
        }
        ["special", name] => (name, Kind::Special),
        ["method", name, "->", returns] => (
            name,
            Kind::Method {
                returns: parse_type(returns)?,
                fields: Vec::new(),
            },
        ),
        _ => return Err(format!("not an entry: {line}")),
    };
    let section = schema
        .sections
        .last_mut()
        .ok_or("an entry before the first section")?;
    section.entries.push(Entry {
        name: (*name).to_owned(),
        since,
        kind,
    });
    Ok(())
}

/// A field or a member of the entry above.
fn parse_part(schema: &mut Schema, words: &[&str], since: Option<String>) -> Result<(), Error> {
    let entry = schema
        .sections
        .last_mut()
        .and_then(|section| section.entries.last_mut())
        .ok_or("a field with no entry above it")?;
    match (&mut entry.kind, words) {
        (Kind::Object { fields } | Kind::Method { fields, .. }, [name, ty]) => {
            let (name, required) = match name.strip_suffix('?') {
                Some(name) => (name, false),
                None => (*name, true),
            };
            fields.push(Field {
                name: name.to_owned(),
                required,
                ty: parse_type(ty)?,
                since,
            });
            Ok(())
        }
        (Kind::Union { members, .. }, [member]) => {
            members.push(parse_type(member)?);
            Ok(())
        }
        _ => Err(format!("{} can't have this below it", entry.name)),
    }
}

fn parse_type(word: &str) -> Result<Type, Error> {
    if let Some(inner) = word.strip_prefix('[') {
        let inner = inner
            .strip_suffix(']')
            .ok_or_else(|| format!("`]` is missing: {word}"))?;
        return Ok(Type::Array(Box::new(parse_type(inner)?)));
    }
    if let Some(value) = word.strip_prefix('"') {
        let value = value
            .strip_suffix('"')
            .ok_or_else(|| format!("`\"` is missing: {word}"))?;
        return Ok(Type::Constant(value.to_owned()));
    }
    Ok(match word {
        "Integer" => Type::Integer,
        "Float" => Type::Float,
        "String" => Type::String,
        "Boolean" => Type::Boolean,
        "True" => Type::True,
        name => Type::Named(name.to_owned()),
    })
}

/// Names that no entry defines: the crate writes these by hand.
const BY_HAND: [&str; 2] = ["ChatId", "MessageOrTrue"];

fn check_names(schema: &Schema) -> Result<(), Error> {
    let check = |owner: &str, ty: &Type| {
        let mut ty = ty;
        while let Type::Array(inner) = ty {
            ty = inner;
        }
        match ty {
            Type::Named(name) if schema.get(name).is_none() && !BY_HAND.contains(&name.as_str()) => {
                Err(format!("{owner} names {name}, which nothing defines"))
            }
            _ => Ok(()),
        }
    };
    for entry in schema.entries() {
        match &entry.kind {
            Kind::Object { fields } => fields
                .iter()
                .try_for_each(|field| check(&entry.name, &field.ty))?,
            Kind::Union { members, .. } => members.iter().try_for_each(|ty| check(&entry.name, ty))?,
            Kind::Method { returns, fields } => {
                check(&entry.name, returns)?;
                fields
                    .iter()
                    .try_for_each(|field| check(&entry.name, &field.ty))?;
            }
            Kind::Enum { .. } | Kind::Special => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_fields_members_and_versions() {
        let schema = parse(
            "api 1.0 2000-01-01\nsection a\nobject Foo @1.0\n  id Integer\n  tag? [String] @0.9\nunion Bar by t\n  Foo\n",
        )
        .unwrap();
        let fields = schema.fields("Foo").unwrap();
        assert!(fields[0].required && !fields[1].required);
        assert_eq!(fields[1].since.as_deref(), Some("0.9"));
        assert_eq!(schema.get("Foo").unwrap().since.as_deref(), Some("1.0"));
    }

    #[test]
    fn a_name_that_nothing_defines_is_an_error() {
        let error = parse("section a\nobject Foo\n  bar Bar\n").err().unwrap();
        assert_eq!(error, "Foo names Bar, which nothing defines");
    }
}
