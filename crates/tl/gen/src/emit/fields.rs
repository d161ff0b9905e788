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
        let mut body = Body::default();
        body.fixed(format!("0x{id:08x}_u32.to_le_bytes()"), 4);
        for field in &form.fields {
            match &field.ty {
                None => self.write_flags(&mut body, ctor, form, &field.name.ours),
                Some(Ty::True) => {}
                Some(_) => self.write_field(&mut body, ctor, form, field),
            }
        }
        let body = body.finish();
        let _ = write!(
            out,
            "    #[inline]\n    fn write_{id:08x}(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {{\n{body}    }}\n",
        );
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

    fn write_flags(&self, body: &mut Body, ctor: &Ctor, form: &Form, flags: &str) {
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
            true => body.fixed("0_u32.to_le_bytes()".into(), 4),
            false => {
                body.before(&format!(
                    "        let {flags} = {};\n",
                    terms.join("\n            | ")
                ));
                body.fixed(format!("{flags}.to_le_bytes()"), 4);
            }
        }
    }

    fn write_field(&self, body: &mut Body, ctor: &Ctor, form: &Form, field: &Field) {
        let merged = self.merged(ctor, field);
        let name = &merged.name;
        let Some(wire) = &field.ty else { return };
        let size = match wire {
            Ty::Int => 4,
            Ty::Long | Ty::Double => 8,
            Ty::Int128 => 16,
            Ty::Int256 => 32,
            _ => 0,
        };
        if size > 0 && field.flag.is_none() && merged.held == Held::Always && !field.older {
            let bytes = if size > 8 {
                format!("self.{name}")
            } else {
                format!("self.{name}.to_le_bytes()")
            };
            return body.fixed(bytes, size);
        }
        let wire_rust = self.rust(wire);
        let place = format!("\"{}.{}\"", ctor.theirs, field.name.theirs);
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
                body.value(&format!("w.or_default(&{option})"))
            }
            (None, Held::Maybe) => body.value(&format!("w.required(&{option}, {place})")),
            (None, _) if field.older => body.value(&format!("{}.encode(w)", older(&format!("&self.{name}")))),
            (None, _) => body.value(&format!("self.{name}.encode(w)")),
            (Some(_), Held::Flag) => {
                body.value(&format!("if self.{name} {{ true.encode(w) }} else {{ Ok(()) }}"))
            }
            (Some((flags, bit)), _) if Self::under(form, flags, *bit).count() > 1 => {
                let test = format!("{flags} & (1 << {bit}) != 0");
                body.value(&format!(
                    "if {test} {{ w.required(&{option}, {place}) }} else {{ Ok(()) }}"
                ));
            }
            (Some(_), _) => body.value(&format!("w.opt(&{option})")),
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
                let mut value = format!("r.get::<{wire}>(){within}?");
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
}

/// The statements of a `write_…`. Neighbours of a fixed size are appended to the buffer in one go.
#[derive(Default)]
struct Body {
    text: String,
    /// Expressions that give byte arrays, and their sizes.
    pending: Vec<(String, usize)>,
    /// The value that was written last, whose result has not been looked at yet.
    last: Option<String>,
}

impl Body {
    /// A statement that writes nothing.
    fn before(&mut self, statement: &str) {
        self.settle();
        self.text += statement;
    }

    fn fixed(&mut self, bytes: String, size: usize) {
        self.settle();
        self.pending.push((bytes, size));
    }

    /// Writes a value; `expression` gives a `Result`.
    fn value(&mut self, expression: &str) {
        self.settle();
        self.flush();
        self.last = Some(expression.to_owned());
    }

    fn settle(&mut self) {
        if let Some(last) = self.last.take() {
            let last = if last.starts_with("if ") {
                format!("({last})")
            } else {
                last
            };
            let _ = writeln!(self.text, "        {last}?;");
        }
    }

    fn flush(&mut self) {
        match self.pending.as_slice() {
            [] => {}
            [(bytes, _)] => {
                let _ = writeln!(self.text, "        w.raw(&{bytes});");
            }
            all => {
                let whole: usize = all.iter().map(|(_, size)| size).sum();
                let _ = writeln!(self.text, "        let mut run = [0; {whole}];");
                let mut at = 0;
                for (bytes, size) in all {
                    let _ = writeln!(
                        self.text,
                        "        run[{at}..{}].copy_from_slice(&{bytes});",
                        at + size
                    );
                    at += size;
                }
                self.text += "        w.raw(&run);\n";
            }
        }
        self.pending.clear();
    }

    fn finish(mut self) -> String {
        self.flush();
        let last = self.last.take().unwrap_or_else(|| "Ok(())".into());
        let _ = writeln!(self.text, "        {last}");
        self.text
    }
}
