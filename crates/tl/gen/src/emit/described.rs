//! The names of what calls carry, in every layer: enough to tell people what a call said.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::HEAD;
use crate::parse::{Combinator, Error, Ty, fail};

/// The table, sorted by id: every function, and the constructors that can occur in a call, but for types in `raw`.
/// `src/describe.rs` says how to read a line of it.
pub(crate) fn described(lines: &[Combinator], raw: &BTreeSet<String>) -> Result<String, Error> {
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut table = BTreeMap::new();
    let mut todo: Vec<&Combinator> = lines.iter().filter(|c| c.function).collect();
    while let Some(line) = todo.pop() {
        table.insert(line.id, text(line)?);
        for name in line
            .fields
            .iter()
            .filter_map(|f| f.ty.as_ref().and_then(Ty::named))
        {
            if raw.contains(&name.ours) || !reached.insert(&name.theirs) {
                continue;
            }
            let of = |c: &&Combinator| !c.function && c.result.theirs() == name.theirs;
            todo.extend(lines.iter().filter(of));
        }
    }
    let mut out = format!(
        "{HEAD}\n/// The name and the fields of what a call can hold, by id.\npub(crate) static FIELDS: &[(u32, &str)] = &[\n"
    );
    for (id, text) in table {
        let _ = writeln!(out, "    (0x{id:08x}, \"{text}\"),");
    }
    Ok(out + "];\n")
}

fn text(line: &Combinator) -> Result<String, Error> {
    let mut out = line.name.theirs.clone();
    let mut flags = Vec::new();
    for field in &line.fields {
        let Some(ty) = &field.ty else {
            flags.push(field.name.ours.clone());
            out += " #";
            continue;
        };
        let _ = write!(out, " {}:", field.name.theirs);
        if let Some((name, bit)) = &field.flag {
            let Some(slot) = flags.iter().position(|f| f == name) else {
                return fail(format!(
                    "{}: no {name} before {}",
                    line.name.ours, field.name.ours
                ));
            };
            let _ = write!(out, "{slot}.{bit}?");
        }
        letter(ty, &mut out)?;
    }
    Ok(out)
}

fn letter(ty: &Ty, out: &mut String) -> Result<(), Error> {
    out.push(match ty {
        Ty::Int => 'i',
        Ty::Long => 'l',
        Ty::Double => 'd',
        Ty::Int128 => 'x',
        Ty::Int256 => 'y',
        Ty::Str => 's',
        Ty::Bytes => 'b',
        Ty::True => 't',
        Ty::Bool | Ty::Named(_) => 'o',
        // What follows is the rest of the call: only its end is not known.
        Ty::Generic => 'r',
        Ty::Vector { of, bare: false } => {
            out.push('v');
            return letter(of, out);
        }
        Ty::Vector { bare: true, .. } => return fail("a call's field cannot be a bare vector"),
    });
    Ok(())
}
