//! Objects: a struct, its constructor, its setters. Methods are objects too, with something on top.

use std::fmt::Write as _;

use super::{Context, Entry, Field, Type, names};

/// What rustfmt does not break, as it leaves macros alone: the longest line of fields.
const WIDTH: usize = 100;

impl Context<'_> {
    pub(super) fn object(&self, entry: &Entry, fields: &[Field]) -> String {
        let line = format!("The `{}` object.", entry.name);
        let mut code = self.structure(entry, &entry.name, &line, fields);
        if self.with_files.contains(entry.name.as_str()) {
            let body = self.collect_files(fields);
            let _ = write!(
                code,
                "\nimpl CollectFiles for {} {{\n    fn collect<'a>(&'a self, out: &mut Vec<&'a Upload>) {{\n{body}    }}\n}}\n",
                entry.name
            );
        }
        code
    }

    /// The statements that collect the files of these fields into `out`.
    pub(super) fn collect_files(&self, fields: &[Field]) -> String {
        let mut code = String::new();
        for field in fields {
            if matches!(field.ty.innermost(), Type::Named(name) if self.with_files.contains(name.as_str())) {
                let _ = writeln!(code, "self.{}.collect(out);", names::field(&field.name));
            }
        }
        code
    }

    pub(super) fn structure(&self, entry: &Entry, name: &str, line: &str, fields: &[Field]) -> String {
        let mut code = self.entry_doc(entry, line);
        let bare = fields
            .iter()
            .all(|field| !field.required || matches!(field.ty, Type::Constant(_)));
        let default = if bare { "Default, " } else { "" };
        let _ = writeln!(code, "#[derive(Debug, Clone, PartialEq, {default}Serialize)]");
        code.push_str("#[non_exhaustive]\n");
        let _ = writeln!(code, "pub struct {name} {{");
        let many_flags = fields
            .iter()
            .filter(|f| f.required && f.ty == Type::Boolean)
            .count()
            > 3;
        for field in fields {
            code.push_str(&self.field(entry, field));
        }
        code.push_str("}\n\n");
        code.push_str(&reading(name, fields, many_flags));

        let in_new = |field: &Field| {
            field.required
                && !matches!(field.ty, Type::True | Type::Constant(_))
                && !(many_flags && field.ty == Type::Boolean)
        };
        let _ = writeln!(code, "impl {name} {{");
        code.push_str(&self.constructor(name, fields, bare, &in_new));
        for field in fields {
            let settable = !field.required || (many_flags && field.ty == Type::Boolean);
            if settable && !matches!(field.ty, Type::Constant(_)) {
                code.push_str(&self.setter(field));
            }
        }
        code.push_str("}\n");
        if !bare && !fields.iter().any(in_new) {
            let _ = write!(
                code,
                "\nimpl Default for {name} {{\n    fn default() -> Self {{\n        Self::new()\n    }}\n}}\n"
            );
        }
        code
    }

    fn field(&self, entry: &Entry, field: &Field) -> String {
        let name = names::field(&field.name);
        let ty = self.field_type(field);
        let mut attributes = Vec::new();
        if name != field.name {
            attributes.push(format!("rename = \"{}\"", field.name));
        }
        match field.ty {
            Type::True if !field.required => {
                attributes.push("skip_serializing_if = \"crate::flag::is_false\"".to_owned());
            }
            _ if !field.required => attributes.push("skip_serializing_if = \"Option::is_none\"".to_owned()),
            _ => {}
        }
        let is_constant = matches!(field.ty, Type::Constant(_));
        let mut code = if is_constant {
            String::new()
        } else {
            self.field_doc(entry, field)
        };
        if !attributes.is_empty() {
            let _ = writeln!(code, "#[serde({})]", attributes.join(", "));
        }
        let public = if is_constant { "" } else { "pub " };
        let _ = writeln!(code, "    {public}{name}: {ty},");
        code
    }

    fn constructor(
        &self,
        name: &str,
        fields: &[Field],
        bare: bool,
        in_new: &dyn Fn(&Field) -> bool,
    ) -> String {
        if bare {
            return format!(
                "    /// An empty `{name}`.\n    pub fn new() -> Self {{\n        Self::default()\n    }}\n"
            );
        }
        let mut parameters = Vec::new();
        let mut values = String::new();
        for field in fields {
            let name = names::field(&field.name);
            if in_new(field) {
                let (ty, value) = self.parameter(&field.ty, false, &name);
                parameters.push(format!("{name}: {ty}"));
                if value == name {
                    let _ = writeln!(values, "{name},");
                } else {
                    let _ = writeln!(values, "{name}: {value},");
                }
                continue;
            }
            let value = match &field.ty {
                Type::Constant(_) => format!("{},", self.rust(&field.ty)),
                Type::True => format!("{},", field.required),
                Type::Boolean if field.required => "false,".to_owned(),
                _ => "None,".to_owned(),
            };
            let _ = writeln!(values, "{name}: {value}");
        }
        let article = if name.starts_with(['A', 'E', 'I', 'O']) {
            "An"
        } else {
            "A"
        };
        format!(
            "    /// {article} `{name}` with what is required; the rest has setters.\n    pub fn new({}) -> Self {{\n        Self {{\n{values}        }}\n    }}\n",
            parameters.join(", ")
        )
    }

    fn setter(&self, field: &Field) -> String {
        let name = names::field(&field.name);
        let (ty, value) = self.parameter(&field.ty, true, &name);
        let is_plain = field.ty == Type::True || field.required;
        let value = if is_plain { value } else { format!("Some({value})") };
        format!(
            "\n    /// Sets [`{name}`](Self#structfield.{name}).\n    #[must_use]\n    pub fn {name}(mut self, {name}: {ty}) -> Self {{\n        self.{name} = {value};\n        self\n    }}\n"
        )
    }
}

/// How the object is read: its fields, grouped by what it means when they are absent.
fn reading(name: &str, fields: &[Field], many_flags: bool) -> String {
    let need = |field: &Field| match field.ty {
        Type::True if !field.required => "flag",
        Type::Boolean if field.required && many_flags => "absent_is_false",
        _ if field.required => "required",
        _ => "optional",
    };
    let mut code = format!("object! {{\n    {name}\n");
    let mut place = 0;
    for group in ["required", "optional", "absent_is_false", "flag"] {
        let (mut lines, mut line) = (String::new(), String::new());
        for field in fields.iter().filter(|field| need(field) == group) {
            let rust = names::field(&field.name);
            let wire = if rust == field.name {
                String::new()
            } else {
                format!(" \"{}\"", field.name)
            };
            let item = format!(" {place} {rust}{wire},");
            place += 1;
            if line.len() + item.len() > WIDTH {
                let _ = writeln!(lines, "       {line}");
                line.clear();
            }
            line.push_str(&item);
        }
        if !line.is_empty() {
            let _ = writeln!(code, "    {group} {{\n{lines}       {line}\n    }}");
        }
    }
    code.push_str("}\n\n");
    code
}
