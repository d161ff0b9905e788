//! What spans a whole schema: the enum of its functions, the list of its types, its layers.

use std::fmt::Write as _;

use super::{Emitter, HEAD};
use crate::model::{BOX_OVER, Ctor};
use crate::names;
use crate::parse::{Name, Ty};

impl Emitter<'_> {
    fn function_path(ctor: &Ctor) -> String {
        let (space, rest) = names::split(&ctor.name);
        let space = if space.is_empty() {
            String::new()
        } else {
            format!("{space}::")
        };
        format!("{space}{}", names::camel(rest))
    }

    /// `enum Function`, for whoever serves calls.
    pub(super) fn all_functions(&self) -> String {
        let plain: Vec<&Ctor> = self
            .model
            .ctors
            .iter()
            .filter(|c| c.function && !c.generic)
            .collect();
        let mut out = String::from(
            "\nuse crate::codec::{DecodeError, Reader};\n\n\
             /// Any call of this schema, except those that wrap another.\n\
             #[derive(Clone, Debug, PartialEq)]\n#[non_exhaustive]\npub enum Function {\n",
        );
        for ctor in &plain {
            let path = Self::function_path(ctor);
            let path = if ctor.size > BOX_OVER {
                format!("Box<{path}>")
            } else {
                path
            };
            let _ = writeln!(
                out,
                "    /// `{}`.\n    {}({path}),",
                ctor.theirs,
                names::function(&ctor.name)
            );
        }
        out += "}\n\nimpl Function {\n    /// The call's name in TL.\n    #[must_use]\n    pub fn name(&self) -> &'static str {\n        match self {\n";
        for ctor in &plain {
            let _ = writeln!(
                out,
                "            Self::{}(_) => \"{}\",",
                names::function(&ctor.name),
                ctor.theirs
            );
        }
        out += "        }\n    }\n\n    /// Reads what follows the id; `None` if no call here has that id.\n    pub(crate) fn read(id: u32, r: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {\n        Ok(Some(match id {\n";
        for ctor in &plain {
            for form in &ctor.forms {
                let (path, variant, id) = (Self::function_path(ctor), names::function(&ctor.name), form.id);
                let _ = match ctor.size > BOX_OVER {
                    true => writeln!(
                        out,
                        "            0x{id:08x} => Self::{variant}(Box::new({path}::read_{id:08x}(r)?)),"
                    ),
                    false => writeln!(
                        out,
                        "            0x{id:08x} => Self::{variant}({path}::read_{id:08x}(r)?),"
                    ),
                };
            }
        }
        out += "            _ => return Ok(None),\n        }))\n    }\n}\n";
        for ctor in &plain {
            let value = if ctor.size > BOX_OVER { "Box::new(v)" } else { "v" };
            let _ = write!(
                out,
                "\nimpl From<{path}> for Function {{\n    fn from(v: {path}) -> Self {{\n        Self::{}({value})\n    }}\n}}\n",
                names::function(&ctor.name),
                path = Self::function_path(ctor)
            );
        }
        out
    }

    /// Every boxed type and every function, for tests and fuzzing that go over all of them.
    pub(crate) fn catalogue(&self) -> String {
        let mut out = format!(
            "{HEAD}//! Every type and every call of this schema, to go over in tests.\n\nuse crate::any::{{Any, any}};\nuse crate::{{functions, types}};\n\n"
        );
        out += "/// All types that have an id on the wire, by their names in TL.\npub static TYPES: &[Any] = &[\n";
        for ty in self.model.types.values() {
            let path = self.rust(&Ty::Named(Name {
                ours: ty.name.clone(),
                theirs: ty.name.clone(),
            }));
            let _ = writeln!(out, "    any::<{path}>(\"{}\"),", ty.name);
        }
        out += "];\n\n/// All calls, by their names in TL.\npub static FUNCTIONS: &[Any] = &[\n";
        for ctor in self.model.ctors.iter().filter(|c| c.function && !c.generic) {
            let _ = writeln!(
                out,
                "    any::<functions::{}>(\"{}\"),",
                Self::function_path(ctor),
                ctor.theirs
            );
        }
        out + "];\n"
    }

    /// `enum Layer`.
    pub(crate) fn layers(&self) -> String {
        let layers = &self.model.rules.layers;
        let mut out = format!(
            "{HEAD}\n/// A layer: a version of Telegram's schema that this crate has.\n\
             #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\n#[repr(u8)]\n#[non_exhaustive]\npub enum Layer {{\n"
        );
        for layer in layers {
            let _ = writeln!(out, "    /// Layer {layer}.\n    L{layer},");
        }
        let list = layers
            .iter()
            .map(|l| format!("Self::L{l}"))
            .collect::<Vec<_>>()
            .join(", ");
        let newest = layers.last().copied().unwrap_or_default();
        let _ = write!(
            out,
            "}}\n\nimpl Layer {{\n    /// All of them, oldest first.\n    pub const ALL: &'static [Layer] = &[{list}];\n    /// The newest: the one whose shape the Rust types have.\n    pub const NEWEST: Layer = Layer::L{newest};\n\n    /// The number that a client announces.\n    #[must_use]\n    pub const fn number(self) -> i32 {{\n        match self {{\n"
        );
        for layer in layers {
            let _ = writeln!(out, "            Self::L{layer} => {layer},");
        }
        out + "        }\n    }\n}\n"
    }
}

/// The table of all calls' names, sorted by id.
pub(crate) fn methods(text: &str) -> Result<String, crate::Error> {
    let mut all = Vec::new();
    for (index, line) in text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.is_empty() && !l.starts_with("//"))
    {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        for id in words {
            let Ok(id) = u32::from_str_radix(id, 16) else {
                return Err(crate::Error {
                    at: format!("methods.txt:{}", index + 1),
                    what: format!("`{id}` is not an id"),
                });
            };
            all.push((id, name));
        }
    }
    all.sort_unstable();
    let mut out = format!(
        "{HEAD}\n/// The id and the name of every call in any supported layer, by id.\n#[rustfmt::skip]\npub(crate) static METHODS: &[(u32, &str)] = &[\n"
    );
    for (id, name) in all {
        let _ = writeln!(out, "    (0x{id:08x}, \"{name}\"),");
    }
    Ok(out + "];\n")
}
