//! Enums: types of several constructors.

use std::fmt::Write as _;

use super::{Emitter, is_unit, link};
use crate::model::{BOX_OVER, Ctor, Type};
use crate::names;

impl Emitter<'_> {
    /// The enum, its `Encode`, `Decode`, `Boxed`, and `Default` if it has one.
    pub(super) fn sum(&self, ty: &Type) -> String {
        let name = names::camel(names::split(&ty.name).1);
        let ctors: Vec<&Ctor> = ty.ctors.iter().map(|i| &self.model.ctors[*i]).collect();
        let partial = self.model.rules.partial.contains(&ty.name);
        let theirs = ctors
            .first()
            .map_or_else(|| ty.name.clone(), |c| c.result.theirs());

        let mut out = String::from("\n");
        out += &self
            .docs
            .item(&ty.name, &format!("`{theirs}`."), &link("type", &theirs));
        let _ = writeln!(out, "#[derive({})]\npub enum {name} {{", ty.plain.derives());
        for ctor in &ctors {
            let variant = names::variant(&ty.name, &ctor.name);
            let _ = writeln!(out, "    /// `{}`.", ctor.theirs);
            if is_unit(ctor) {
                let _ = writeln!(out, "    {variant},");
            } else if ctor.size > BOX_OVER {
                let _ = writeln!(out, "    {variant}(Box<{}>),", self.ctor_path(ctor));
            } else {
                let _ = writeln!(out, "    {variant}({}),", self.ctor_path(ctor));
            }
        }
        if partial {
            out += "    /// A constructor that this crate carries but does not name.\n    Other(Raw),\n";
        }
        out += "}\n";
        if ty.defaults
            && let Some(ctor) = self.model.default_ctor(ty)
        {
            let variant = names::variant(&ty.name, &ctor.name);
            let value = match (is_unit(ctor), ctor.size > BOX_OVER) {
                (true, _) => String::new(),
                (false, true) => "(Box::default())".into(),
                (false, false) => format!("({}::default())", self.ctor_path(ctor)),
            };
            let _ = write!(
                out,
                "\nimpl Default for {name} {{\n    fn default() -> Self {{\n        Self::{variant}{value}\n    }}\n}}\n"
            );
        }
        out += &self.encode_sum(ty, &name, &ctors, partial);

        let mut arms = String::new();
        for ctor in &ctors {
            let variant = names::variant(&ty.name, &ctor.name);
            for form in &ctor.forms {
                let id = form.id;
                let read = format!("{}::read_{id:08x}", self.ctor_path(ctor));
                let id = self.accepted(ctor, id);
                // Depth counts where a value of the type may lie inside another.
                let read = match self.model.nests(ty, ctor) {
                    true => format!("r.nested({read})?"),
                    false => format!("{read}(r)?"),
                };
                let _ = match (is_unit(ctor), ctor.size > BOX_OVER) {
                    (true, _) => writeln!(arms, "            {id} => Ok(Self::{variant}),"),
                    (false, true) => {
                        writeln!(arms, "            {id} => Ok(Self::{variant}(Box::new({read}))),")
                    }
                    (false, false) => {
                        writeln!(arms, "            {id} => Ok(Self::{variant}({read})),")
                    }
                };
            }
        }
        // Small ones are worth it: a peer stands in most calls.
        let inline = if ctors.len() <= 9 { "    #[inline]\n" } else { "" };
        let _ = write!(
            out,
            "\nimpl Boxed for {name} {{\n{inline}    fn decode_id(id: u32, r: &mut Reader<'_>) -> Result<Self, DecodeError> {{\n{}    }}\n}}\n",
            self.dispatch(&arms, &ty.name)
        );
        let _ = write!(
            out,
            "\nimpl Decode for {name} {{\n    const MIN_SIZE: usize = {};\n    #[inline]\n    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {{\n        let id = r.u32()?;\n        Self::decode_id(id, r)\n    }}\n}}\n",
            ty.min_size
        );
        out
    }

    /// A form's own id, and those of other types that are read as it.
    fn accepted(&self, ctor: &Ctor, own: u32) -> String {
        let accept = &self.model.rules.accept;
        let others = accept.iter().filter(|(name, _)| *name == ctor.name);
        let mut pattern = format!("0x{own:08x}");
        for (_, id) in others {
            let _ = write!(pattern, " | 0x{id:08x}");
        }
        pattern
    }

    fn encode_sum(&self, ty: &Type, name: &str, ctors: &[&Ctor], partial: bool) -> String {
        let rules = &self.model.rules;
        let skip = rules.skip.contains(&ty.name);
        let fallback = rules
            .fallback
            .get(&ty.name)
            .and_then(|f| ctors.iter().find(|c| &c.name == f));
        let mut out = format!("\nimpl Encode for {name} {{\n");
        if skip {
            out += "    const SKIPPABLE: bool = true;\n";
        }
        if skip || fallback.is_some() {
            out += "    fn known_to(&self, layer: Layer) -> bool {\n        match self {\n";
            for ctor in ctors {
                let layers: Vec<i32> = ctor.forms.iter().flat_map(|f| f.layers.iter().copied()).collect();
                if layers.len() < rules.layers.len() {
                    let variant = names::variant(&ty.name, &ctor.name);
                    let pattern = if is_unit(ctor) { "" } else { "(_)" };
                    let _ = writeln!(
                        out,
                        "            Self::{variant}{pattern} => matches!(layer, {}),",
                        Self::pattern(&layers)
                    );
                }
            }
            if partial {
                out += "            Self::Other(_) => layer == Layer::NEWEST,\n";
            }
            out += "            #[allow(unreachable_patterns)]\n            _ => {\n                let _ = layer;\n                true\n            }\n        }\n    }\n";
        }
        out += "    fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {\n";
        out += &self.converted(ty);
        if let Some(fallback) = fallback {
            let id = fallback.forms.first().map_or(0, |f| f.id);
            let _ = write!(
                out,
                "        if !self.known_to(w.layer()) {{\n            w.u32(0x{id:08x});\n            return Ok(());\n        }}\n"
            );
        }
        out += "        match self {\n";
        for ctor in ctors {
            let variant = names::variant(&ty.name, &ctor.name);
            if !is_unit(ctor) {
                let _ = writeln!(out, "            Self::{variant}(v) => v.encode(w),");
                continue;
            }
            let _ = writeln!(out, "            Self::{variant} => {},", self.write_unit(ctor));
        }
        if partial {
            out += "            Self::Other(v) => v.encode(w),\n";
        }
        out += "        }\n    }\n}\n";
        out
    }

    fn write_unit(&self, ctor: &Ctor) -> String {
        match ctor.forms.as_slice() {
            [form] if self.always(form) => format!("w.unit(0x{:08x})", form.id),
            forms => {
                let mut arms = String::new();
                for form in forms {
                    let _ = write!(
                        arms,
                        "{} => w.unit(0x{:08x}), ",
                        Self::pattern(&form.layers),
                        form.id
                    );
                }
                let covered: usize = forms.iter().map(|f| f.layers.len()).sum();
                if covered < self.model.rules.layers.len() {
                    let _ = write!(arms, "_ => w.absent(\"{}\"), ", ctor.theirs);
                }
                format!("match w.layer() {{ {arms}}}")
            }
        }
    }
}
