//! Structs: constructors, types of one constructor, and functions.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Emitter, is_unit, link};
use crate::model::{Ctor, Type, describe};
use crate::names;
use crate::parse::Ty;

impl Emitter<'_> {
    /// The struct, its forms and its `Encode`.
    pub(super) fn struct_of(&self, ctor: &Ctor, rust_name: &str, ty: Option<&Type>) -> String {
        let mut out = String::from("\n");
        let kind = if ctor.function { "method" } else { "constructor" };
        out += &self
            .docs
            .item(&ctor.name, &self.about(ctor), &link(kind, &ctor.theirs));
        let default = if ctor.defaults { ", Default" } else { "" };
        let _ = writeln!(out, "#[derive({}{default})]", ctor.plain.derives());
        let generics = if ctor.generic { "<X>" } else { "" };
        if ctor.fields.is_empty() {
            let _ = writeln!(out, "pub struct {rust_name};");
        } else {
            let _ = writeln!(out, "pub struct {rust_name}{generics} {{");
            for field in &ctor.fields {
                out += &self.docs.field(&ctor.name, &field.name, &field.doc);
                let _ = writeln!(out, "    pub {}: {},", field.name, self.held(field));
            }
            out += "}\n";
        }

        let open = |bound: &str| match ctor.generic {
            true => format!("impl<X: {bound}> "),
            false => "impl ".into(),
        };
        if ctor.generic {
            // Reading and writing bound `X` differently.
            let mut write = String::new();
            let mut read = String::new();
            for form in &ctor.forms {
                let text = self.form(ctor, form);
                let at = text
                    .find("    #[inline]\n    pub(crate) fn read_")
                    .unwrap_or(text.len());
                write += &text[..at];
                read += &text[at..];
            }
            let _ = write!(
                out,
                "\n{}{rust_name}<X> {{\n{write}}}\n\n{}{rust_name}<X> {{\n{read}}}\n",
                open("Encode"),
                open("Decode")
            );
        } else {
            let _ = writeln!(out, "\nimpl {rust_name} {{");
            for form in &ctor.forms {
                out += &self.form(ctor, form);
            }
            out += "}\n";
        }

        let _ = write!(
            out,
            "\n{}Encode for {rust_name}{generics} {{\n    #[inline]\n    fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {{\n",
            open("Encode")
        );
        if let Some(ty) = ty {
            out += &self.converted(ty);
        }
        match ctor.forms.as_slice() {
            [form] if self.always(form) => {
                let _ = writeln!(out, "        self.write_{:08x}(w)", form.id);
            }
            forms => {
                out += "        match w.layer() {\n";
                for form in forms {
                    let _ = writeln!(
                        out,
                        "            {} => self.write_{:08x}(w),",
                        Self::pattern(&form.layers),
                        form.id
                    );
                }
                let covered: usize = forms.iter().map(|f| f.layers.len()).sum();
                if covered < self.model.rules.layers.len() {
                    let _ = writeln!(out, "            _ => w.absent(\"{}\"),", ctor.theirs);
                }
                out += "        }\n";
            }
        }
        out += "    }\n}\n";
        out
    }

    /// One sentence: the TL name and its forms.
    fn about(&self, ctor: &Ctor) -> String {
        let mut text = format!("`{}`", ctor.theirs);
        let layers: BTreeSet<i32> = ctor.forms.iter().flat_map(|f| f.layers.iter().copied()).collect();
        if layers.len() < self.model.rules.layers.len() {
            text += &format!(", {}", describe(&layers, &self.model.rules));
        }
        text + "."
    }

    /// `Decode` and `Boxed` of a type that is one struct.
    pub(super) fn decode_only(&self, ty: &Type, ctor: &Ctor) -> String {
        let name = names::camel(names::split(&ty.name).1);
        self.decode_impls(&name, "", ctor, ty.min_size, ty.recursive, &ty.name)
    }

    fn decode_impls(
        &self,
        name: &str,
        generics: &str,
        ctor: &Ctor,
        min: usize,
        recursive: bool,
        tl: &str,
    ) -> String {
        let mut out = String::new();
        let bound = if ctor.generic { "<X: Decode>" } else { "" };
        let _ = write!(
            out,
            "\nimpl{bound} Boxed for {name}{generics} {{\n    #[inline]\n    fn decode_id(id: u32, r: &mut Reader<'_>) -> Result<Self, DecodeError> {{\n"
        );
        let mut arms = String::new();
        for form in &ctor.forms {
            let id = form.id;
            let _ = match recursive {
                true => writeln!(arms, "            0x{id:08x} => r.nested(Self::read_{id:08x}),"),
                false => writeln!(arms, "            0x{id:08x} => Self::read_{id:08x}(r),"),
            };
        }
        out += &self.dispatch(&arms, tl);
        let _ = write!(
            out,
            "    }}\n}}\n\nimpl{bound} Decode for {name}{generics} {{\n    const MIN_SIZE: usize = {min};\n\
             \x20   #[inline]\n    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {{\n        let id = r.u32()?;\n        Self::decode_id(id, r)\n    }}\n}}\n"
        );
        out
    }

    /// `match id { … }`.
    pub(super) fn dispatch(&self, arms: &str, tl: &str) -> String {
        let other = match self.model.rules.convert.get(tl) {
            Some(convert) => format!(
                "Older::up(<{} as Boxed>::decode_id(id, r)?)",
                self.converted_type(&convert.into)
            ),
            None if self.model.rules.partial.contains(tl) => {
                format!("Raw::decode_id(id, r).map(Self::Other).map_err(|e| e.within(\"{tl}\"))")
            }
            None => format!("Err(r.unexpected(id, \"{tl}\"))"),
        };
        format!("        match id {{\n{arms}            _ => {other},\n        }}\n")
    }

    pub(super) fn converted_type(&self, text: &str) -> String {
        crate::parse::ty(text)
            .map(|ty| self.rust(&ty))
            .unwrap_or_default()
    }

    /// Layers in which a type is written as another.
    pub(super) fn converted(&self, ty: &Type) -> String {
        let Some(convert) = self.model.rules.convert.get(&ty.name) else {
            return String::new();
        };
        let layers: Vec<i32> = self
            .model
            .rules
            .layers
            .iter()
            .copied()
            .filter(|l| convert.layers.contains(*l))
            .collect();
        format!(
            "        if matches!(w.layer(), {}) {{\n            return <{} as Older<Self>>::down(self, w.layer()).encode(w);\n        }}\n",
            Self::pattern(&layers),
            self.converted_type(&convert.into)
        )
    }

    /// A call: its struct, what it returns, how it is read.
    pub(super) fn function(&self, ctor: &Ctor) -> String {
        let name = names::camel(names::split(&ctor.name).1);
        let mut out = self.struct_of(ctor, &name, None);
        let (bound, generics, returns) = match ctor.generic {
            true => ("<X: Call>", "<X>", "X::Return".to_owned()),
            false => ("", "", self.rust(&ctor.result)),
        };
        let _ = write!(
            out,
            "\nimpl{bound} Call for {name}{generics} {{\n    type Return = {returns};\n    const NAME: &'static str = \"{}\";\n}}\n",
            ctor.theirs
        );
        out += &self.decode_impls(&name, generics, ctor, ctor.min_size, false, &ctor.theirs);
        out
    }

    /// `From` the constructor into its type.
    pub(super) fn ctor_impl_from(&self, ty: &Type, ctor: &Ctor) -> String {
        if is_unit(ctor) {
            return String::new();
        }
        let name = names::camel(names::split(&ctor.name).1);
        let variant = names::variant(&ty.name, &ctor.name);
        let value = if ctor.size > crate::model::BOX_OVER {
            "Box::new(v)"
        } else {
            "v"
        };
        let path = self.rust(&Ty::Named(crate::parse::Name {
            ours: ty.name.clone(),
            theirs: ty.name.clone(),
        }));
        format!(
            "\nimpl From<{name}> for {path} {{\n    fn from(v: {name}) -> Self {{\n        Self::{variant}({value})\n    }}\n}}\n"
        )
    }
}
