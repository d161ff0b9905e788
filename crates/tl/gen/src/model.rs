//! All forms of a constructor seen as one: what its Rust type holds, and how each layer writes it.

use std::collections::{BTreeMap, BTreeSet};

use crate::names;
use crate::parse::{Combinator, Error, Field, Layers, Ty, fail};
use crate::rules::Rules;

/// One wire form of a constructor or function.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) id: u32,
    /// The supported layers that have it.
    pub(crate) layers: Vec<i32>,
    pub(crate) fields: Vec<Field>,
}

/// How a field is held in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// `bool`, a flag bit.
    Flag,
    /// The type itself.
    Always,
    /// `Option` of the type.
    Maybe,
}

/// A field of the Rust struct: the union over all forms.
#[derive(Clone, Debug)]
pub(crate) struct Merged {
    pub(crate) name: String,
    pub(crate) ty: Ty,
    pub(crate) held: Held,
    /// Held in a `Box`, because the type holds itself.
    pub(crate) boxed: bool,
    /// One line: its TL type, and its layers if not all.
    pub(crate) doc: String,
}

/// A constructor or a function.
#[derive(Clone, Debug)]
pub(crate) struct Ctor {
    /// Its name in our schema.
    pub(crate) name: String,
    /// Its name in Telegram's.
    pub(crate) theirs: String,
    /// The schema file it stands in.
    pub(crate) subject: String,
    pub(crate) forms: Vec<Form>,
    pub(crate) fields: Vec<Merged>,
    pub(crate) result: Ty,
    pub(crate) function: bool,
    /// Carries another call (`!X`).
    pub(crate) generic: bool,
    pub(crate) min_size: usize,
    pub(crate) size: usize,
    pub(crate) defaults: bool,
    /// What its derives may claim.
    pub(crate) plain: Plain,
}

/// How plain a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Plain {
    /// Holds a `double`: no `Eq`.
    Float,
    /// Owns memory, or is large: `Eq` and `Hash`, no `Copy`.
    Owned,
    /// Numbers and flags.
    Copy,
}

impl Plain {
    /// The derives, apart from `Default`.
    pub(crate) fn derives(self) -> &'static str {
        match self {
            Plain::Float => "Clone, Debug, PartialEq",
            Plain::Owned => "Clone, Debug, PartialEq, Eq, Hash",
            Plain::Copy => "Clone, Copy, Debug, PartialEq, Eq, Hash",
        }
    }
}

/// A TL type.
#[derive(Clone, Debug)]
pub(crate) struct Type {
    pub(crate) name: String,
    pub(crate) subject: String,
    /// Indices into [`Model::ctors`].
    pub(crate) ctors: Vec<usize>,
    /// Holds itself, directly or not: decoding it counts depth.
    pub(crate) recursive: bool,
    pub(crate) min_size: usize,
    pub(crate) size: usize,
    pub(crate) defaults: bool,
    /// What its derives may claim.
    pub(crate) plain: Plain,
}

/// A schema, ready to be written as Rust.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) rules: Rules,
    pub(crate) ctors: Vec<Ctor>,
    pub(crate) types: BTreeMap<String, Type>,
}

impl Model {
    /// Joins the forms, checks that every name resolves in every layer, and finds what holds itself.
    pub(crate) fn build(rules: Rules, lines: Vec<(String, Combinator)>) -> Result<Model, Error> {
        let mut model = Model {
            rules,
            ctors: Vec::new(),
            types: BTreeMap::new(),
        };
        let mut seen: BTreeMap<(bool, String), usize> = BTreeMap::new();
        for (subject, line) in lines {
            model.add(&mut seen, subject, line)?;
        }
        for ctor in &mut model.ctors {
            merge(ctor, &model.rules)?;
        }
        for (index, ctor) in model.ctors.iter().enumerate().filter(|(_, c)| !c.function) {
            let Ty::Named(name) = &ctor.result else {
                return fail(format!("{}: no type", ctor.name));
            };
            let ty = model.types.entry(name.ours.clone()).or_insert_with(|| Type {
                name: name.ours.clone(),
                subject: ctor.subject.clone(),
                ctors: Vec::new(),
                recursive: false,
                min_size: 4,
                size: 0,
                defaults: false,
                plain: Plain::Copy,
            });
            ty.ctors.push(index);
        }
        model.check_ids()?;
        model.check_closed()?;
        model.find_cycles();
        model.measure();
        Ok(model)
    }

    /// The constructor of a type that has only one.
    pub(crate) fn only(&self, ty: &Type) -> Option<&Ctor> {
        match ty.ctors.as_slice() {
            [one] if !self.rules.partial.contains(&ty.name) => Some(&self.ctors[*one]),
            _ => None,
        }
    }

    fn add(
        &mut self,
        seen: &mut BTreeMap<(bool, String), usize>,
        subject: String,
        line: Combinator,
    ) -> Result<(), Error> {
        let layers: Vec<i32> = self
            .rules
            .layers
            .iter()
            .copied()
            .filter(|l| line.layers.contains(*l))
            .collect();
        if layers.is_empty() {
            return fail(format!(
                "{}#{:08x} is in no supported layer",
                line.name.ours, line.id
            ));
        }
        let form = Form {
            id: line.id,
            layers,
            fields: line.fields,
        };
        let key = (line.function, line.name.ours.clone());
        let index = *seen.entry(key).or_insert_with(|| {
            self.ctors.push(Ctor {
                name: line.name.ours.clone(),
                theirs: line.name.theirs.clone(),
                subject,
                forms: Vec::new(),
                fields: Vec::new(),
                result: line.result.clone(),
                function: line.function,
                generic: form.fields.iter().any(|f| f.ty == Some(Ty::Generic)),
                min_size: 4,
                size: 0,
                defaults: false,
                plain: Plain::Copy,
            });
            self.ctors.len() - 1
        });
        let ctor = &mut self.ctors[index];
        for other in &ctor.forms {
            if other.layers.iter().any(|l| form.layers.contains(l)) {
                return fail(format!("{} has two forms in one layer", ctor.name));
            }
        }
        if !line.function && !ctor.result.same(&line.result) {
            return fail(format!("{} belongs to two types", ctor.name));
        }
        if ctor
            .forms
            .iter()
            .all(|other| other.layers.last() < form.layers.last())
        {
            ctor.result = line.result;
            ctor.theirs = line.name.theirs;
        }
        ctor.forms.push(form);
        ctor.forms.sort_by_key(|form| form.layers.last().copied());
        Ok(())
    }

    /// Ids are unique within the constructors of a type, and among functions.
    fn check_ids(&self) -> Result<(), Error> {
        let mut seen = BTreeMap::new();
        for ctor in &self.ctors {
            let space = if ctor.function {
                String::new()
            } else {
                ctor.result.theirs()
            };
            let space = if ctor.name == ctor.theirs {
                space
            } else {
                ctor.name.clone()
            };
            for form in &ctor.forms {
                if let Some(other) = seen.insert((space.clone(), form.id), &ctor.name) {
                    return fail(format!("{} and {other} share the id {:08x}", ctor.name, form.id));
                }
            }
        }
        Ok(())
    }

    /// Every type that a field names has, in each layer of that field, a constructor, or is declared raw.
    fn check_closed(&self) -> Result<(), Error> {
        for ctor in &self.ctors {
            for form in &ctor.forms {
                for field in &form.fields {
                    let Some(name) = field.ty.as_ref().and_then(Ty::named) else {
                        continue;
                    };
                    for layer in &form.layers {
                        if !self.resolves(&name.ours, *layer) {
                            return fail(format!(
                                "{}#{:08x}: {} has no constructor in layer {layer}; add one, or declare it `raw`",
                                ctor.name, form.id, name.ours
                            ));
                        }
                    }
                }
            }
            if let Some(name) = ctor.result.named() {
                for layer in ctor.forms.iter().flat_map(|f| &f.layers) {
                    if !self.resolves(&name.ours, *layer) {
                        return fail(format!("{}: {} is not in layer {layer}", ctor.name, name.ours));
                    }
                }
            }
        }
        Ok(())
    }

    fn resolves(&self, name: &str, layer: i32) -> bool {
        if self.rules.raw.contains(name)
            || self
                .rules
                .convert
                .get(name)
                .is_some_and(|c| c.layers.contains(layer))
        {
            return true;
        }
        let in_layer = |ctor: &Ctor| ctor.forms.iter().any(|f| f.layers.contains(&layer));
        match self.types.get(name) {
            Some(ty) => ty.ctors.iter().any(|i| in_layer(&self.ctors[*i])),
            None => false,
        }
    }

    /// Types that one type holds: all, or (`by_value`) only those that lie inside it in memory.
    fn holds(&self, ty: &Type, by_value: bool) -> BTreeSet<String> {
        let mut out = BTreeSet::new();
        for field in ty.ctors.iter().flat_map(|i| &self.ctors[*i].fields) {
            let name = match &field.ty {
                Ty::Named(name) => Some(name),
                ty if !by_value => ty.named(),
                _ => None,
            };
            out.extend(
                name.filter(|n| self.types.contains_key(&n.ours))
                    .map(|n| n.ours.clone()),
            );
        }
        out
    }

    fn reaches(&self, from: &str, to: &str, by_value: bool) -> bool {
        let mut seen = BTreeSet::new();
        let mut queue = vec![from.to_owned()];
        while let Some(name) = queue.pop() {
            let Some(ty) = self.types.get(&name) else { continue };
            for next in self.holds(ty, by_value) {
                if next == to {
                    return true;
                }
                if seen.insert(next.clone()) {
                    queue.push(next);
                }
            }
        }
        false
    }

    /// Whether a value of `ty` may lie inside this constructor of it.
    pub(crate) fn nests(&self, ty: &Type, ctor: &Ctor) -> bool {
        ctor.fields
            .iter()
            .filter_map(|f| f.ty.named())
            .any(|name| name.ours == ty.name || self.reaches(&name.ours, &ty.name, false))
    }

    fn find_cycles(&mut self) {
        let names: Vec<String> = self.types.keys().cloned().collect();
        let recursive: BTreeSet<String> = names
            .iter()
            .filter(|n| self.reaches(n, n, false))
            .cloned()
            .collect();
        let mut boxed = Vec::new();
        for (index, ctor) in self.ctors.iter().enumerate().filter(|(_, c)| !c.function) {
            let Some(owner) = ctor.result.named() else {
                continue;
            };
            for (at, field) in ctor.fields.iter().enumerate() {
                if let Ty::Named(name) = &field.ty
                    && (name.ours == owner.ours || self.reaches(&name.ours, &owner.ours, true))
                {
                    boxed.push((index, at));
                }
            }
        }
        for (index, at) in boxed {
            self.ctors[index].fields[at].boxed = true;
        }
        for name in recursive {
            if let Some(ty) = self.types.get_mut(&name) {
                ty.recursive = true;
            }
        }
    }

    /// Fewest bytes on the wire, size in memory, and what has a default: each to a fixed point.
    fn measure(&mut self) {
        // As deep as types nest.
        for _ in 0..24 {
            for index in 0..self.ctors.len() {
                let ctor = &self.ctors[index];
                let size = ctor.fields.iter().map(|f| self.size_held(f)).sum();
                let min_size = ctor.forms.iter().map(|f| self.min_of_form(f)).min().unwrap_or(4);
                let defaults = ctor.fields.iter().all(|f| self.field_defaults(f));
                let fields = ctor
                    .fields
                    .iter()
                    .map(|f| self.field_plain(f))
                    .min()
                    .unwrap_or(Plain::Copy);
                let plain = if size > COPY_UP_TO {
                    fields.min(Plain::Owned)
                } else {
                    fields
                };
                let ctor = &mut self.ctors[index];
                (ctor.size, ctor.min_size, ctor.defaults, ctor.plain) = (size, min_size, defaults, plain);
            }
            let names: Vec<String> = self.types.keys().cloned().collect();
            for name in names {
                let Some(ty) = self.types.get(&name) else { continue };
                let of = |i: &usize| &self.ctors[*i];
                let partial = self.rules.partial.contains(&name);
                let min_size = ty
                    .ctors
                    .iter()
                    .map(|i| of(i).min_size)
                    .min()
                    .filter(|_| !partial)
                    .unwrap_or(4);
                let size = match self.only(ty) {
                    Some(ctor) => ctor.size,
                    None => {
                        8 + ty
                            .ctors
                            .iter()
                            .map(|i| if of(i).size > BOX_OVER { 8 } else { of(i).size })
                            .max()
                            .unwrap_or(0)
                    }
                };
                let converted = self.rules.convert.contains_key(&name);
                let defaults = match self.only(ty) {
                    Some(ctor) => ctor.defaults,
                    None => self.default_ctor(ty).is_some_and(|c| c.defaults),
                };
                let least = ty.ctors.iter().map(|i| of(i).plain).min().unwrap_or(Plain::Copy);
                let plain = if partial { least.min(Plain::Owned) } else { least };
                if let Some(ty) = self.types.get_mut(&name) {
                    ty.plain = plain;
                    ty.min_size = if converted { 4 } else { min_size };
                    (ty.size, ty.defaults) = (size, defaults);
                }
            }
        }
    }

    /// The constructor a type's `Default` gives: named by a rule, or the one called `…Empty`.
    pub(crate) fn default_ctor(&self, ty: &Type) -> Option<&Ctor> {
        let mut ctors = ty.ctors.iter().map(|i| &self.ctors[*i]);
        match self.rules.default.get(&ty.name) {
            Some(name) => ctors.find(|c| &c.name == name),
            None => ctors.find(|c| names::variant(&ty.name, &c.name) == "Empty"),
        }
    }

    /// Whether leaving the field out has a meaning: zero, empty, an `…Empty` constructor.
    pub(crate) fn naturally_empty(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Named(name) => self.types.get(&name.ours).is_some_and(|ty| {
                ty.defaults && self.only(ty).is_none() && !self.rules.default.contains_key(&ty.name)
            }),
            Ty::Generic | Ty::True => false,
            _ => true,
        }
    }

    fn field_plain(&self, field: &Merged) -> Plain {
        match &field.ty {
            Ty::Double => Plain::Float,
            Ty::Named(name) => match self.types.get(&name.ours) {
                Some(ty) if field.boxed => ty.plain.min(Plain::Owned),
                Some(ty) => ty.plain,
                None => Plain::Owned,
            },
            ty @ Ty::Vector { .. } => match ty.named().and_then(|n| self.types.get(&n.ours)) {
                Some(ty) => ty.plain.min(Plain::Owned),
                None => Plain::Owned,
            },
            Ty::Str | Ty::Bytes | Ty::Generic => Plain::Owned,
            _ => Plain::Copy,
        }
    }

    fn field_defaults(&self, field: &Merged) -> bool {
        if field.held != Held::Always {
            return true;
        }
        match &field.ty {
            Ty::Named(name) => self.types.get(&name.ours).is_some_and(|ty| ty.defaults),
            Ty::Generic => false,
            _ => true,
        }
    }

    fn size_held(&self, field: &Merged) -> usize {
        let size = match &field.ty {
            Ty::Bool | Ty::True => 1,
            Ty::Int => 4,
            Ty::Long | Ty::Double => 8,
            Ty::Int128 => 16,
            Ty::Int256 => 32,
            Ty::Str | Ty::Bytes | Ty::Vector { .. } | Ty::Generic => 24,
            Ty::Named(_) if field.boxed => 8,
            Ty::Named(name) => self.types.get(&name.ours).map_or(24, |ty| ty.size),
        };
        match (field.held, &field.ty) {
            (Held::Flag, _) => 1,
            (Held::Maybe, Ty::Int | Ty::Long | Ty::Double) => size * 2,
            _ => size,
        }
    }

    fn min_of_form(&self, form: &Form) -> usize {
        4 + form
            .fields
            .iter()
            .map(|field| match &field.ty {
                None => 4,
                Some(_) if field.flag.is_some() => 0,
                Some(ty) => self.min_of(ty),
            })
            .sum::<usize>()
    }

    fn min_of(&self, ty: &Ty) -> usize {
        match ty {
            Ty::True => 0,
            Ty::Int | Ty::Bool | Ty::Str | Ty::Bytes | Ty::Generic => 4,
            Ty::Long | Ty::Double | Ty::Vector { bare: false, .. } => 8,
            Ty::Int128 => 16,
            Ty::Int256 => 32,
            Ty::Vector { bare: true, .. } => 4,
            Ty::Named(name) => self
                .types
                .get(&name.ours)
                .map_or(4, |ty| if ty.recursive { 4 } else { ty.min_size }),
        }
    }
}

/// A variant larger than this is boxed.
pub(crate) const BOX_OVER: usize = 160;

/// A struct larger than this is not `Copy`.
const COPY_UP_TO: usize = 40;

/// Fills [`Ctor::fields`] from its forms.
fn merge(ctor: &mut Ctor, rules: &Rules) -> Result<(), Error> {
    let mut order: Vec<String> = Vec::new();
    for form in ctor.forms.iter().rev() {
        for field in form.fields.iter().filter(|f| f.ty.is_some()) {
            if !order.contains(&field.name.ours) {
                order.push(field.name.ours.clone());
            }
        }
    }
    for name in order {
        let uses: Vec<(&Form, &Field)> = ctor
            .forms
            .iter()
            .rev()
            .filter_map(|form| {
                form.fields
                    .iter()
                    .find(|f| f.name.ours == name)
                    .map(|f| (form, f))
            })
            .collect();
        let mut ty = None;
        for (form, field) in uses.iter().filter(|(_, f)| !f.older) {
            match (&ty, &field.ty) {
                (None, _) => ty = field.ty.clone(),
                (Some(Ty::True), Some(Ty::Bool)) => {}
                (Some(have), Some(this)) if have.same(this) => {}
                _ => {
                    return fail(format!(
                        "{}#{:08x}.{name}: another type than in a newer form; mark it `~`",
                        ctor.name, form.id
                    ));
                }
            }
        }
        let Some(ty) = ty else {
            return fail(format!("{}.{name}: every form says `~`", ctor.name));
        };
        let absent = uses.len() < ctor.forms.len();
        let conditional = uses.iter().any(|(_, f)| f.flag.is_some());
        let held = match &ty {
            Ty::True => Held::Flag,
            Ty::Named(_) if absent => Held::Maybe,
            _ if conditional => Held::Maybe,
            _ => Held::Always,
        };
        let doc = doc(ctor, &uses, rules);
        ctor.fields.push(Merged {
            name: names::field(&name),
            ty,
            held,
            boxed: false,
            doc,
        });
    }
    Ok(())
}

/// ``/// `flags.3?true`, from layer 198.``
fn doc(ctor: &Ctor, uses: &[(&Form, &Field)], rules: &Rules) -> String {
    let (_, newest) = uses[0];
    let mut doc = String::from("`");
    if let Some((flags, bit)) = &newest.flag {
        doc += &format!("{flags}.{bit}?");
    }
    doc += &newest.ty.as_ref().map(Ty::theirs).unwrap_or_default();
    doc.push('`');
    let layers: BTreeSet<i32> = uses
        .iter()
        .flat_map(|(form, field)| form.layers.iter().copied().filter(|l| field.layers.contains(*l)))
        .collect();
    let all: BTreeSet<i32> = ctor.forms.iter().flat_map(|f| f.layers.iter().copied()).collect();
    if layers != all {
        doc += &format!(", {}", describe(&layers, rules));
    }
    doc + "."
}

/// A set of layers in words.
pub(crate) fn describe(layers: &BTreeSet<i32>, rules: &Rules) -> String {
    let (first, last) = (rules.layers.first(), rules.layers.last());
    match (layers.first(), layers.last()) {
        (Some(a), Some(b)) if Some(b) == last => format!("from layer {a}"),
        (Some(a), Some(b)) if Some(a) == first => format!("up to layer {b}"),
        (Some(a), Some(b)) if a == b => format!("in layer {a}"),
        (Some(a), Some(b)) => format!("in layers {a} to {b}"),
        _ => "in no layer".into(),
    }
}

/// The layers of `within` that a field is limited to, if it is limited at all.
pub(crate) fn limit(field: &Field, within: &[i32]) -> Option<Layers> {
    (!within.iter().all(|l| field.layers.contains(*l))).then_some(field.layers)
}

#[cfg(test)]
mod tests;
