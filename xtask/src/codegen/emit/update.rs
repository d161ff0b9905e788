//! `Update`: an id and at most one of many fields, which is an enum in Rust.

use std::fmt::Write as _;

use super::{Context, Entry, Error, Field, Type, doc, names};

impl Context<'_> {
    pub(super) fn update(&self, entry: &Entry, fields: &[Field]) -> Result<String, Error> {
        let kinds: Vec<(&Field, String, &str)> = fields
            .iter()
            .filter(|field| field.name != "update_id")
            .map(|field| match &field.ty {
                Type::Named(object) => Ok((field, names::camel(&field.name), object.as_str())),
                _ => Err(format!("the update {} is not an object", field.name)),
            })
            .collect::<Result<_, _>>()?;

        let mut code = self.entry_doc(entry, "Something that happened.");
        code.push_str("#[derive(Debug, Clone, PartialEq)]\n#[non_exhaustive]\npub struct Update {\n");
        for field in fields.iter().filter(|field| field.name == "update_id") {
            code.push_str(&self.field_doc(entry, field));
        }
        code.push_str("    pub update_id: i64,\n    /// What happened.\n    pub kind: UpdateKind,\n}\n\n");
        code.push_str(
            "impl Update {\n    /// An update of this kind.\n    pub fn new(update_id: i64, kind: impl Into<UpdateKind>) -> Self {\n        Self { update_id, kind: kind.into() }\n    }\n}\n\n",
        );

        code.push_str(&doc(
            "What happened: the one field that an update has beside its id.\n\nA kind that this version does not know is kept in [`UpdateKind::Unknown`] under its name.",
        ));
        code.push_str("#[derive(Debug, Clone, PartialEq)]\n#[non_exhaustive]\npub enum UpdateKind {\n");
        for (field, variant, object) in &kinds {
            code.push_str(&self.field_doc(entry, field));
            let _ = writeln!(code, "    {variant}(Box<{object}>),");
        }
        code.push_str(
            "    /// A kind that this version does not know.\n    Unknown {\n        /// The field's name.\n        name: String,\n        /// Its value, as it came.\n        value: serde_json::Value,\n    },\n    /// The update had nothing but its id.\n    Empty,\n}\n\n",
        );

        code.push_str("/// The names of all update kinds, as `allowed_updates` takes them.\npub const UPDATE_KINDS: &[&str] = &[\n");
        for (field, ..) in &kinds {
            let _ = writeln!(code, "    \"{}\",", field.name);
        }
        code.push_str("];\n\n");

        code.push_str("impl UpdateKind {\n    /// The kind's name, as `allowed_updates` takes it; empty for [`UpdateKind::Empty`].\n    pub fn name(&self) -> &str {\n        match self {\n");
        for (field, variant, _) in &kinds {
            let _ = writeln!(code, "Self::{variant}(_) => \"{}\",", field.name);
        }
        code.push_str("Self::Unknown { name, .. } => name,\nSelf::Empty => \"\",\n}\n}\n\n");
        code.push_str("    /// Reads the value of a known kind, `None` when it is null.\n    pub(crate) fn read<'de, A: serde::de::MapAccess<'de>>(kind: usize, map: &mut A) -> Result<Option<Self>, A::Error> {\n        Ok(match kind {\n");
        for (at, (_, variant, _)) in kinds.iter().enumerate() {
            let _ = writeln!(code, "{at} => crate::object::next(map)?.map(Self::{variant}),");
        }
        code.push_str("_ => None,\n})\n}\n\n");
        code.push_str("    /// Writes the kind's field.\n    pub(crate) fn write<S: serde::ser::SerializeMap>(&self, map: &mut S) -> Result<(), S::Error> {\n        match self {\n");
        for (field, variant, _) in &kinds {
            let _ = writeln!(
                code,
                "Self::{variant}(value) => map.serialize_entry(\"{}\", value),",
                field.name
            );
        }
        code.push_str("Self::Unknown { name, value } => map.serialize_entry(name, value),\nSelf::Empty => Ok(()),\n}\n}\n}\n");

        // Several kinds hold the same object; only an object with one kind converts by itself.
        for (_, variant, object) in &kinds {
            if kinds.iter().filter(|(.., other)| other == object).count() == 1 {
                let _ = write!(
                    code,
                    "\nimpl From<{object}> for UpdateKind {{\n    fn from(value: {object}) -> Self {{\n        Self::{variant}(Box::new(value))\n    }}\n}}\n"
                );
            }
        }
        Ok(code)
    }
}
