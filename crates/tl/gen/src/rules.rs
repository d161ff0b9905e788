//! `schema/rules.txt`: what the TL lines themselves cannot say.

use std::collections::{BTreeMap, BTreeSet};

use crate::parse::{Error, Layers, fail, range};

/// How a type is written in layers that do not have it.
#[derive(Clone, Debug)]
pub(crate) struct Convert {
    pub(crate) layers: Layers,
    /// The Rust type that stands for it there.
    pub(crate) into: String,
}

/// The rules of one schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// Supported layers, oldest first.
    pub(crate) layers: Vec<i32>,
    /// Types carried as bytes.
    pub(crate) raw: BTreeSet<String>,
    /// Types of which only some constructors are here; the others are carried as bytes.
    pub(crate) partial: BTreeSet<String>,
    /// Types whose values are left out of a vector when the layer does not know them.
    pub(crate) skip: BTreeSet<String>,
    /// The empty constructor written in place of one that the layer does not know.
    pub(crate) fallback: BTreeMap<String, String>,
    /// The constructor of a type's `Default`.
    pub(crate) default: BTreeMap<String, String>,
    pub(crate) convert: BTreeMap<String, Convert>,
    /// Ids of other types that are read as a constructor: (constructor, id).
    pub(crate) accept: BTreeSet<(String, u32)>,
}

impl Rules {
    pub(crate) fn parse(text: &str) -> Result<Rules, Error> {
        let mut rules = Rules::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.split("//").next().unwrap_or_default();
            let mut words = line.split_whitespace();
            let Some(verb) = words.next() else { continue };
            let words: Vec<&str> = words.collect();
            rules.rule(verb, &words).map_err(|e| Error {
                at: format!("rules.txt:{}", index + 1),
                ..e
            })?;
        }
        Ok(rules)
    }

    fn rule(&mut self, verb: &str, words: &[&str]) -> Result<(), Error> {
        let owned = || words.iter().map(|w| (*w).to_owned());
        match (verb, words) {
            ("layers", _) => {
                for word in words {
                    let Ok(layer) = word.parse() else {
                        return fail(format!("`{word}` is not a layer"));
                    };
                    self.layers.push(layer);
                }
                self.layers.sort_unstable();
            }
            ("raw", _) => self.raw.extend(owned()),
            ("partial", _) => self.partial.extend(owned()),
            ("skip", _) => self.skip.extend(owned()),
            ("fallback", [ty, ctor]) => {
                self.fallback.insert((*ty).into(), (*ctor).into());
            }
            ("default", [ty, ctor]) => {
                self.default.insert((*ty).into(), (*ctor).into());
            }
            ("convert", [ty, layers, into]) => {
                self.convert.insert(
                    (*ty).into(),
                    Convert {
                        layers: range(layers)?,
                        into: (*into).into(),
                    },
                );
            }
            ("accept", [ctor, id]) => {
                let Ok(id) = u32::from_str_radix(id.trim_start_matches('#'), 16) else {
                    return fail(format!("`{id}` is not a constructor's id"));
                };
                self.accept.insert(((*ctor).into(), id));
            }
            _ => return fail(format!("`{verb}` with {} words is not a rule", words.len())),
        }
        Ok(())
    }
}
