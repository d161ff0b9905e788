//! The shape of every constructor of the newest layer: enough to step over a value.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::HEAD;
use crate::parse::{Combinator, Error, Ty, fail};

/// The table, sorted by id. `src/raw.rs` says how to read a shape.
pub(crate) fn shapes(lines: &[&Combinator], newest: i32) -> Result<String, Error> {
    let here: Vec<&&Combinator> = lines
        .iter()
        .filter(|c| !c.function && c.layers.contains(newest))
        .collect();
    let types: BTreeSet<String> = here.iter().map(|c| c.result.theirs()).collect();
    let mut table = BTreeMap::new();
    for line in here {
        for field in &line.fields {
            if let Some(name) = field.ty.as_ref().and_then(Ty::named)
                && !types.contains(&name.theirs)
            {
                return fail(format!(
                    "{}: {} is neither in the schema nor in raw.tl",
                    line.name.theirs, name.theirs
                ));
            }
        }
        if table
            .insert(line.id, shape(line)?)
            .is_some_and(|other| other != shape(line).unwrap_or_default())
        {
            return fail(format!("two shapes for {:08x}", line.id));
        }
    }
    let mut out = format!(
        "{HEAD}\n/// The id and the shape of every constructor of the newest layer, by id.\npub(crate) static SHAPES: &[(u32, &str)] = &[\n"
    );
    for (id, shape) in table {
        let _ = writeln!(out, "    (0x{id:08x}, \"{shape}\"),");
    }
    Ok(out + "];\n")
}

fn shape(line: &Combinator) -> Result<String, Error> {
    let mut out = String::new();
    let mut flags = Vec::new();
    for field in &line.fields {
        let Some(ty) = &field.ty else {
            flags.push(field.name.ours.clone());
            out.push('#');
            continue;
        };
        if *ty == Ty::True {
            continue;
        }
        if let Some((name, bit)) = &field.flag {
            let Some(slot) = flags.iter().position(|f| f == name) else {
                return fail(format!(
                    "{}: no {name} before {}",
                    line.name.ours, field.name.ours
                ));
            };
            let _ = write!(out, "?{slot}{}", char::from(b'A' + *bit as u8));
        }
        value(ty, &mut out)?;
    }
    // `\` is a letter of the alphabet that starts at `A`.
    Ok(out.replace('\\', "\\\\"))
}

fn value(ty: &Ty, out: &mut String) -> Result<(), Error> {
    out.push(match ty {
        Ty::Int => 'i',
        Ty::Long | Ty::Double => 'l',
        Ty::Int128 => 'x',
        Ty::Int256 => 'y',
        Ty::Str | Ty::Bytes => 's',
        Ty::Bool | Ty::Named(_) => 'o',
        Ty::Vector { of, bare: false } => {
            out.push('v');
            return value(of, out);
        }
        Ty::Vector { bare: true, .. } | Ty::True | Ty::Generic => return fail("a shape cannot hold that"),
    });
    Ok(())
}
