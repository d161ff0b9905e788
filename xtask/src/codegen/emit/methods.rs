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
            "\nimpl Method for {name} {{\n    const NAME: &'static str = \"{}\";\n    type Response = {};\n{files}}}\n",
            entry.name,
            self.rust(returns)
        );
        code
    }
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
