//! The body of one wire form: how its fields are written and read.

use std::fmt::Write as _;

use super::Emitter;
use crate::model::{Ctor, Form, Held, Merged, limit};
use crate::parse::{Field, Ty};

impl Emitter<'_> {
    /// `write_<id>` and `read_<id>`.
    pub(super) fn form(&self, ctor: &Ctor, form: &Form) -> String {
        let mut out = String::new();
        let id = form.id;
        let mut body = String::new();
        for field in &form.fields {
            match &field.ty {
                None => body += &self.write_flags(ctor, form, &field.name.ours),
                Some(Ty::True) => {}
                Some(_) => body += &self.write_field(ctor, form, field),
            }
        }
        if self.used_bare(&ctor.name) {
            let _ = write!(
                out,
                "    #[inline]\n    fn write_{id:08x}(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {{\n\
                 \x20       w.id(0x{id:08x});\n        self.bare_{id:08x}(w)\n    }}\n\
                 \x20   pub(crate) fn bare_{id:08x}(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {{\n{body}        Ok(())\n    }}\n",
            );
        } else {
            let _ = write!(
                out,
                "    #[inline]\n    fn write_{id:08x}(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {{\n\
                 \x20       w.id(0x{id:08x});\n{body}        Ok(())\n    }}\n",
            );
        }
        out += &self.read_form(ctor, form);
        out
    }

    fn merged<'a>(&self, ctor: &'a Ctor, field: &Field) -> &'a Merged {
        let name = crate::names::field(&field.name.ours);
        // Every field of a form is in the merged list: that is where it came from.
        ctor.fields
            .iter()
            .find(|m| m.name == name)
            .unwrap_or(&ctor.fields[0])
    }

    /// Fields of a form under one flag bit.
    fn under<'a>(form: &'a Form, flags: &'a str, bit: u32) -> impl Iterator<Item = &'a Field> {
        form.fields
            .iter()
            .filter(move |f| f.flag.as_ref().is_some_and(|(n, b)| n == flags && *b == bit))
    }

    fn write_flags(&self, ctor: &Ctor, form: &Form, flags: &str) -> String {
        let mut terms = Vec::new();
        for bit in 0..32 {
            let mut tests = Vec::new();
            for field in Self::under(form, flags, bit) {
                let merged = self.merged(ctor, field);
                let mut test = match merged.held {
                    Held::Maybe => format!("self.{}.is_some()", merged.name),
                    _ => format!("self.{}", merged.name),
                };
                if let Some(layers) = limit(field, &form.layers) {
                    let ends = [
                        layers.from.map(|l| format!("w.layer() >= Layer::L{l}")),
                        layers.to.map(|l| format!("w.layer() <= Layer::L{l}")),
                    ];
                    test = format!(
                        "{test} && {}",
                        ends.into_iter().flatten().collect::<Vec<_>>().join(" && ")
                    );
                }
                tests.push(test);
            }
            if !tests.is_empty() {
                terms.push(format!("bit({bit}, {})", tests.join(" || ")));
            }
        }
        match terms.is_empty() {
            true => "        w.u32(0);\n".into(),
            false => format!(
                "        let {flags} = {};\n        w.u32({flags});\n",
                terms.join("\n            | ")
            ),
        }
    }

    fn write_field(&self, ctor: &Ctor, form: &Form, field: &Field) -> String {
        let merged = self.merged(ctor, field);
        let name = &merged.name;
        let Some(wire) = &field.ty else {
            return String::new();
        };
        let wire_rust = self.rust(wire);
        let place = format!("\"{}.{}\"", ctor.theirs, field.name.theirs);
        if let Ty::Vector { of, bare: true } = wire {
            let id = self.bare_id(of);
            return format!("        w.bare_vec(&self.{name}, |v, w| v.bare_{id:08x}(w))?;\n");
        }
        let older = |value: &str| {
            format!(
                "<{wire_rust} as Older<{}>>::down({value}, w.layer())",
                self.rust(&merged.ty)
            )
        };
        let option = match field.older {
            true => format!("self.{name}.as_ref().map(|v| {})", older("v")),
            false => format!("self.{name}"),
        };
        match (&field.flag, merged.held) {
            (None, Held::Maybe) if self.model.naturally_empty(wire) => {
                format!("        w.or_default(&{option})?;\n")
            }
            (None, Held::Maybe) => format!("        w.required(&{option}, {place})?;\n"),
            (None, _) if field.older => format!("        {}.encode(w)?;\n", older(&format!("&self.{name}"))),
            (None, _) => format!("        self.{name}.encode(w)?;\n"),
            (Some(_), Held::Flag) => {
                format!("        if self.{name} {{\n            true.encode(w)?;\n        }}\n")
            }
            (Some((flags, bit)), _) if Self::under(form, flags, *bit).count() > 1 => {
                format!(
                    "        if {flags} & (1 << {bit}) != 0 {{\n            w.required(&{option}, {place})?;\n        }}\n"
                )
            }
            (Some(_), _) => format!("        w.opt(&{option})?;\n"),
        }
    }

    fn read_form(&self, ctor: &Ctor, form: &Form) -> String {
        let mut out = String::new();
        let generic = if ctor.generic { "X: Decode" } else { "" };
        let _ = generic;
        let reader = if form.fields.is_empty() { "_" } else { "r" };
        let _ = writeln!(
            out,
            "    #[inline]\n    pub(crate) fn read_{:08x}({reader}: &mut Reader<'_>) -> Result<Self, DecodeError> {{",
            form.id
        );
        for field in &form.fields {
            out += &match &field.ty {
                None => {
                    let flags = &field.name.ours;
                    let used = form
                        .fields
                        .iter()
                        .any(|f| f.flag.as_ref().is_some_and(|(n, _)| n == flags));
                    format!("        let {}{flags} = r.u32()?;\n", if used { "" } else { "_" })
                }
                Some(ty) => self.read_field(ctor, field, ty),
            };
        }
        let mut values = Vec::new();
        for merged in &ctor.fields {
            let here = form
                .fields
                .iter()
                .any(|f| f.ty.is_some() && crate::names::field(&f.name.ours) == merged.name);
            values.push(match (here, merged.held) {
                (true, _) => merged.name.clone(),
                (false, Held::Flag) => format!("{}: false", merged.name),
                (false, Held::Maybe) => format!("{}: None", merged.name),
                (false, Held::Always) => format!("{}: Default::default()", merged.name),
            });
        }
        let literal = if values.is_empty() {
            "Self".into()
        } else {
            format!("Self {{ {} }}", values.join(", "))
        };
        let _ = write!(out, "        Ok({literal})\n    }}\n");
        out
    }

    fn read_field(&self, ctor: &Ctor, field: &Field, ty: &Ty) -> String {
        let merged = self.merged(ctor, field);
        let name = &merged.name;
        let mut wire = self.rust(ty);
        if merged.boxed {
            wire = format!("Box<{wire}>");
        }
        // A raw value that cannot be carried is reported by its type's name.
        let within = match ty.named().filter(|n| self.model.rules.raw.contains(&n.ours)) {
            Some(raw) => format!(".map_err(|e| e.within(\"{}\"))", raw.theirs),
            None => String::new(),
        };
        let value = match &field.flag {
            Some((flags, bit)) if *ty == Ty::True => format!("{flags} & (1 << {bit}) != 0"),
            Some((flags, bit)) => {
                let mut value = format!("r.opt::<{wire}>({flags} & (1 << {bit})){within}?");
                if field.older {
                    value += ".map(Older::up).transpose()?";
                }
                if merged.held == Held::Flag {
                    value += ".unwrap_or(false)";
                }
                value
            }
            None => {
                let mut value = match ty {
                    Ty::Vector { of, bare: true } => {
                        format!("r.bare_vec({}::read_{:08x})?", self.rust(of), self.bare_id(of))
                    }
                    _ => format!("r.get::<{wire}>(){within}?"),
                };
                if field.older {
                    value = format!("Older::up({value})?");
                }
                if merged.held == Held::Maybe {
                    format!("Some({value})")
                } else {
                    value
                }
            }
        };
        format!("        let {name} = {value};\n")
    }

    /// Whether some field holds this constructor without its id.
    fn used_bare(&self, ctor: &str) -> bool {
        self.model.ctors.iter().flat_map(|c| &c.forms).flat_map(|f| &f.fields).any(|f| {
            matches!(&f.ty, Some(Ty::Vector { of, bare: true }) if of.named().is_some_and(|n| n.ours == ctor))
        })
    }

    fn bare_id(&self, ty: &Ty) -> u32 {
        let ctor = ty
            .named()
            .and_then(|n| self.model.ctors.iter().find(|c| c.name == n.ours));
        ctor.and_then(|c| c.forms.first()).map_or(0, |f| f.id)
    }
}
