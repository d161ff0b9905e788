//! `parse_mode` Markdown, the older one: marks do not nest.

use ringback_world::{EntityKind, FormattedText};

use super::scan::Scan;
use super::{Out, link};

pub(super) fn parse(text: &str) -> Result<FormattedText, String> {
    let mut scan = Scan::new(text);
    let mut out = Out::default();
    while let Some(c) = scan.next() {
        match (c, scan.peek()) {
            ('\\', Some(escaped @ ('_' | '*' | '`' | '['))) => {
                scan.next();
                out.push(escaped);
            }
            ('_' | '*' | '`' | '[', _) => entity(c, &mut scan, &mut out)?,
            _ => out.push(c),
        }
    }
    Ok(out.finish())
}

/// Reads what begins with `c`, up to its end.
fn entity(c: char, scan: &mut Scan<'_>, out: &mut Out) -> Result<(), String> {
    let begin = scan.at - 1;
    let from = out.units;
    let (is_block, end) = match c {
        '`' if scan.skip("``") => (true, "```"),
        '`' => (false, "`"),
        '*' => (false, "*"),
        '_' => (false, "_"),
        _ => (false, "]"),
    };
    let language = if is_block { scan.language() } else { None };
    let inside = scan.at;
    while !scan.starts_with(end) {
        match scan.next() {
            Some(c) => out.push(c),
            None => {
                return Err(format!(
                    "Can't find end of the entity starting at byte offset {begin}"
                ));
            }
        }
    }
    let text = &scan.text[inside..scan.at];
    scan.skip(end);
    let kind = match c {
        '_' => EntityKind::Italic,
        '*' => EntityKind::Bold,
        '`' if is_block => EntityKind::Pre(language.map(str::to_owned)),
        '`' => EntityKind::Code,
        _ => {
            let url = if out.units > from && scan.skip("(") {
                let url = scan.while_(|c| c != ')');
                scan.skip(")");
                url
            } else {
                text
            };
            match (link::user(url), link::checked(url)) {
                (Some(user), _) => EntityKind::TextMention(user),
                (None, Some(url)) => EntityKind::TextLink(url),
                (None, None) => return Ok(()),
            }
        }
    };
    out.mark(kind, from);
    Ok(())
}
