//! Unions: an enum, told apart by a field's value where there is such a field, by the fields that are there otherwise.

use std::fmt::Write as _;

use super::{Context, Entry, Error, Field, Kind, Type, doc, names};

/// A member that is an object.
struct Member<'a> {
    variant: String,
    object: &'a str,
    /// The value of the telling field.
    tag: Option<&'a str>,
    /// The names of its required fields.
    required: Vec<&'a str>,
}

impl Context<'_> {
    pub(super) fn union(
        &self,
        entry: &Entry,
        by: Option<&str>,
        members: &[Type],
        named: bool,
    ) -> Result<String, Error> {
        let union = &entry.name;
        let members_of = self.members(union, by, members)?;
        // Besides objects, a union can have text and lists of itself as members.
        let plain = members.contains(&Type::String);
        let list = members.iter().any(|ty| matches!(ty, Type::Array(_)));

        let line = format!("One of the {} kinds of `{union}`.", members_of.len());
        let mut code = if named {
            self.entry_doc(entry, &line)
        } else {
            doc(self.docs.entry(union).unwrap_or(&line))
        };
        code.push_str("#[derive(Debug, Clone, PartialEq)]\n#[non_exhaustive]\n");
        let _ = writeln!(code, "pub enum {union} {{");
        if plain {
            code.push_str("/// Plain text.\nPlain(String),\n");
        }
        if list {
            let _ = writeln!(code, "/// One after the other.\nArray(Vec<{union}>),");
        }
        for member in &members_of {
            let told = match (by, member.tag) {
                (Some(by), Some(tag)) => format!("`{by}` is `{tag}`."),
                _ => format!("It has {}.", quoted(&member.required)),
            };
            let _ = writeln!(code, "/// {told}\n{}(Box<{}>),", member.variant, member.object);
        }
        code.push_str("/// A member that this version does not know, kept as it came.\nUnknown(serde_json::Value),\n}\n\n");

        code.push_str(&self.accessors(union, by, &members_of, plain || list));
        code.push_str(&from_value(union, by, &members_of, plain, list));
        code.push_str(&serde_impls(union, &members_of, plain, list));
        for member in &members_of {
            let _ = write!(
                code,
                "\nimpl From<{0}> for {union} {{\n    fn from(member: {0}) -> Self {{\n        Self::{1}(Box::new(member))\n    }}\n}}\n",
                member.object, member.variant
            );
        }
        if plain {
            let _ = write!(
                code,
                "\nimpl From<String> for {union} {{\n    fn from(text: String) -> Self {{\n        Self::Plain(text)\n    }}\n}}\n\
                 \nimpl From<&str> for {union} {{\n    fn from(text: &str) -> Self {{\n        Self::Plain(text.to_owned())\n    }}\n}}\n"
            );
        }
        if list {
            let _ = write!(
                code,
                "\nimpl From<Vec<{union}>> for {union} {{\n    fn from(parts: Vec<{union}>) -> Self {{\n        Self::Array(parts)\n    }}\n}}\n"
            );
        }
        if self.with_files.contains(union.as_str()) {
            code.push_str(&self.collect(union, &members_of));
        }
        Ok(code)
    }

    fn members<'a>(
        &'a self,
        union: &str,
        by: Option<&str>,
        members: &'a [Type],
    ) -> Result<Vec<Member<'a>>, Error> {
        let objects: Vec<&str> = members
            .iter()
            .filter_map(|ty| match ty {
                Type::Named(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let variants = names::variants(union, &objects);
        let mut found = Vec::new();
        for (object, variant) in objects.into_iter().zip(variants) {
            let fields = self
                .schema
                .fields(object)
                .filter(|_| self.schema.is_object(object))
                .ok_or_else(|| format!("{object} in {union} is not an object"))?;
            let tag = fields.iter().find_map(|field| match &field.ty {
                Type::Constant(value) if Some(field.name.as_str()) == by => Some(value.as_str()),
                _ => None,
            });
            if by.is_some() && tag.is_none() {
                return Err(format!(
                    "{object} does not have the field that tells the members of {union} apart"
                ));
            }
            let required = fields
                .iter()
                .filter(|field| field.required && !matches!(field.ty, Type::Constant(_)))
                .map(|field| field.name.as_str())
                .collect();
            found.push(Member {
                variant,
                object,
                tag,
                required,
            });
        }
        Ok(found)
    }

    /// The telling field's value, and a reference to every field that all members have and require.
    fn accessors(&self, union: &str, by: Option<&str>, members: &[Member<'_>], mixed: bool) -> String {
        let mut code = String::new();
        if let Some(by) = by {
            let name = names::field(by);
            let _ = write!(
                code,
                "    /// The value of `{by}`; empty when there is none.\n    pub fn {name}(&self) -> &str {{\n        match self {{\n"
            );
            if mixed {
                code.push_str("            Self::Plain(_) | Self::Array(_) => \"\",\n");
            }
            for member in members {
                let _ = writeln!(
                    code,
                    "            Self::{}(_) => \"{}\",",
                    member.variant,
                    member.tag.unwrap_or_default()
                );
            }
            let _ = writeln!(
                code,
                "            Self::Unknown(value) => crate::union::tag(value, \"{by}\").unwrap_or_default(),\n        }}\n    }}"
            );
        }
        for field in self.shared_fields(members).into_iter().filter(|_| !mixed) {
            let name = names::field(&field.name);
            let _ = write!(
                code,
                "\n    /// `{0}`, which every known member has.\n    pub fn {name}(&self) -> Option<&{1}> {{\n        match self {{\n",
                field.name,
                if field.ty == Type::String {
                    "str".to_owned()
                } else {
                    self.rust(&field.ty)
                }
            );
            for member in members {
                let _ = writeln!(
                    code,
                    "            Self::{}(member) => Some(&member.{name}),",
                    member.variant
                );
            }
            code.push_str("            Self::Unknown(_) => None,\n        }\n    }\n");
        }
        if code.is_empty() {
            code
        } else {
            format!("impl {union} {{\n{code}}}\n\n")
        }
    }

    fn shared_fields(&self, members: &[Member<'_>]) -> Vec<&Field> {
        let Some((first, rest)) = members.split_first() else {
            return Vec::new();
        };
        let Some(Kind::Object { fields }) = self.schema.get(first.object).map(|entry| &entry.kind) else {
            return Vec::new();
        };
        let shared = |field: &&Field| {
            field.required
                && !matches!(field.ty, Type::Constant(_))
                && rest.iter().all(|member| {
                    self.schema
                        .fields(member.object)
                        .unwrap_or_default()
                        .iter()
                        .any(|other| other.required && other.name == field.name && other.ty == field.ty)
                })
        };
        fields.iter().filter(shared).collect()
    }

    fn collect(&self, union: &str, members: &[Member<'_>]) -> String {
        let mut arms = String::new();
        for member in members
            .iter()
            .filter(|member| self.with_files.contains(member.object))
        {
            let _ = writeln!(arms, "Self::{}(member) => member.collect(out),", member.variant);
        }
        for member in members
            .iter()
            .filter(|member| !self.with_files.contains(member.object))
        {
            let _ = write!(arms, "Self::{}(_) | ", member.variant);
        }
        format!(
            "\nimpl CollectFiles for {union} {{\n    fn collect<'a>(&'a self, out: &mut Vec<&'a Upload>) {{\n        match self {{\n{arms}Self::Unknown(_) => {{}}\n        }}\n    }}\n}}\n"
        )
    }
}

/// `a` and `b`, as prose.
fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// The decision which member a JSON value is. It is not generic, so that it is compiled once.
fn from_value(union: &str, by: Option<&str>, members: &[Member<'_>], plain: bool, list: bool) -> String {
    let mut body = String::new();
    if plain {
        body.push_str("        if let serde_json::Value::String(text) = value {\n            return Ok(Self::Plain(text));\n        }\n");
    }
    if list {
        let _ = writeln!(
            body,
            "        if let serde_json::Value::Array(parts) = value {{\n            return parts.into_iter().map(Self::from_value).collect::<Result<_, _>>().map(Self::Array);\n        }}"
        );
    }
    let build = |member: &Member<'_>| {
        format!(
            "crate::union::member(\"{union}\", value).map(Self::{})",
            member.variant
        )
    };
    let test = |member: &Member<'_>| {
        let fields: Vec<String> = member
            .required
            .iter()
            .map(|field| format!("\"{field}\""))
            .collect();
        format!("crate::union::has(&value, &[{}])", fields.join(", "))
    };
    match by {
        Some(by) => {
            let _ = writeln!(body, "        match crate::union::tag(&value, \"{by}\") {{");
            let mut done: Vec<&str> = Vec::new();
            for member in members {
                let tag = member.tag.unwrap_or_default();
                if done.contains(&tag) {
                    continue;
                }
                done.push(tag);
                // Members with the same tag: the one with the fewest required fields is asked first, and the one
                // with the most is what an incomplete object is held to.
                let mut same: Vec<&Member<'_>> =
                    members.iter().filter(|other| other.tag == member.tag).collect();
                same.sort_by_key(|other| other.required.len());
                let last = same.pop().unwrap_or(member);
                for other in same {
                    let _ = writeln!(body, "Some(\"{tag}\") if {} => {},", test(other), build(other));
                }
                let _ = writeln!(body, "Some(\"{tag}\") => {},", build(last));
            }
            body.push_str("_ => Ok(Self::Unknown(value)),\n}\n");
        }
        None => {
            // The member that requires most goes first: a venue has all that a location has.
            let mut sorted: Vec<&Member<'_>> = members.iter().collect();
            sorted.sort_by_key(|member| std::cmp::Reverse(member.required.len()));
            for member in sorted {
                let _ = write!(body, "if {} {{\n{}\n}} else ", test(member), build(member));
            }
            body.push_str("{\nOk(Self::Unknown(value))\n}\n");
        }
    }
    format!(
        "impl {union} {{\n    fn from_value(value: serde_json::Value) -> Result<Self, crate::union::Error> {{\n{body}    }}\n}}\n\n"
    )
}

fn serde_impls(union: &str, members: &[Member<'_>], plain: bool, list: bool) -> String {
    let mut arms = String::new();
    if plain {
        arms.push_str("Self::Plain(text) => text.serialize(serializer),\n");
    }
    if list {
        arms.push_str("Self::Array(parts) => parts.serialize(serializer),\n");
    }
    for member in members {
        let _ = writeln!(
            arms,
            "Self::{}(member) => member.serialize(serializer),",
            member.variant
        );
    }
    arms.push_str("Self::Unknown(value) => value.serialize(serializer),\n");
    // A plain object is asked for as a map, so that a deserializer over text parameters knows to read JSON there.
    let read = if plain || list { "any" } else { "object" };
    format!(
        "impl serde::Serialize for {union} {{
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{
                match self {{\n{arms}\n}}
            }}
        }}

        crate::object::simple_parts! {{ {union} = Self::Unknown(serde_json::Value::Null), }}

        impl<'de> serde::Deserialize<'de> for {union} {{
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {{
                let value = crate::union::{read}(deserializer, \"{union}\")?;
                Self::from_value(value).map_err(serde::de::Error::custom)
            }}
        }}
        "
    )
}
