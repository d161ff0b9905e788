//! `parse_mode` HTML.

use ringback_world::{EntityKind, FormattedText};

use super::scan::{Scan, is_blank};
use super::{Out, link};

const TAGS: &[&str] = &[
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "span",
    "pre",
    "code",
    "blockquote",
];

/// A tag that is open.
struct Open {
    name: &'static str,
    /// Its attribute that matters.
    argument: String,
    /// Where its text begins, in UTF-16 units and in bytes.
    units: u32,
    start: usize,
}

struct Html<'a> {
    scan: Scan<'a>,
    out: Out,
    open: Vec<Open>,
    /// The language of the code that was marked last.
    language: String,
    /// Half of a character was written.
    broken: bool,
}

pub(super) fn parse(text: &str) -> Result<FormattedText, String> {
    let mut html = Html {
        scan: Scan::new(text),
        out: Out::default(),
        open: Vec::new(),
        language: String::new(),
        broken: false,
    };
    while let Some(c) = html.scan.peek() {
        match c {
            '<' if html.scan.peek_second() == Some('/') => html.end_tag()?,
            '<' => html.start_tag()?,
            '&' => {
                let c = html.reference().unwrap_or('&');
                html.out.push(c);
            }
            _ => {
                html.scan.next();
                html.out.push(c);
            }
        }
    }
    if let Some(open) = html.open.last() {
        return Err(format!(
            "Can't find end tag corresponding to start tag \"{}\"",
            open.name
        ));
    }
    if html.broken {
        return Err(
            "Text contains invalid Unicode characters after decoding HTML entities, check for \
                    unmatched surrogate code units"
                .to_owned(),
        );
    }
    Ok(html.out.finish())
}

impl Html<'_> {
    /// Steps over `&…;` and gives the character it stands for; over the `&` alone if it stands for none.
    fn reference(&mut self) -> Option<char> {
        let rest = self.scan.rest().get(1..).unwrap_or_default();
        self.scan.next();
        let (code, len) = reference(rest)?;
        self.scan.at += len;
        self.scan.skip(";");
        self.broken |= (0xd800..0xe000).contains(&code);
        Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn start_tag(&mut self) -> Result<(), String> {
        let begin = self.scan.at;
        self.scan.next();
        let name = self
            .scan
            .while_(|c| !is_blank(c) && c != '>')
            .to_ascii_lowercase();
        if self.scan.is_done() {
            return Err(format!("Unclosed start tag at byte offset {begin}"));
        }
        let name = TAGS
            .iter()
            .find(|tag| **tag == name)
            .ok_or_else(|| format!("Unsupported start tag \"{name}\" at byte offset {begin}"))?;
        let mut argument = String::new();
        while !self.scan.skip(">") {
            self.scan.skip_blanks();
            if self.scan.starts_with(">") {
                continue;
            }
            if let Some(value) = self.attribute(name, begin)? {
                argument = value;
            }
        }
        if *name == "span" && argument != "spoiler" {
            return Err(format!(
                "Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"
            ));
        }
        self.open.push(Open {
            name,
            argument,
            units: self.out.units,
            start: self.out.text.len(),
        });
        Ok(())
    }

    /// Steps over one attribute; gives what matters of it.
    fn attribute(&mut self, tag: &str, begin: usize) -> Result<Option<String>, String> {
        let name = self.scan.while_(|c| !is_blank(c) && !"=>/\"'".contains(c));
        if name.is_empty() {
            return Err(format!(
                "Empty attribute name in the tag \"{tag}\" at byte offset {begin}"
            ));
        }
        self.scan.skip_blanks();
        let has_value = self.scan.skip("=");
        if has_value {
            self.scan.skip_blanks();
        }
        if self.scan.is_done() {
            return Err(format!("Unclosed start tag \"{tag}\" at byte offset {begin}"));
        }
        let value = if has_value { self.value()? } else { String::new() };
        if self.scan.is_done() {
            return Err(format!("Unclosed start tag at byte offset {begin}"));
        }
        Ok(match (tag, name) {
            ("blockquote", "expandable") => Some("1".to_owned()),
            _ if !has_value => None,
            ("a", "href") | ("tg-emoji", "emoji-id") => Some(value),
            ("code", "class") => value.strip_prefix("language-").map(str::to_owned),
            ("span", "class") => value.strip_prefix("tg-").map(str::to_owned),
            _ => None,
        })
    }

    fn value(&mut self) -> Result<String, String> {
        let begin = self.scan.at;
        let Some(quote @ ('"' | '\'')) = self.scan.peek() else {
            let token = self
                .scan
                .while_(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
            let ended = self.scan.peek().is_none_or(|c| is_blank(c) || c == '>');
            return if ended {
                Ok(token.to_ascii_lowercase())
            } else {
                Err(format!("Unexpected end of name token at byte offset {begin}"))
            };
        };
        self.scan.next();
        let mut value = String::new();
        while let Some(c) = self.scan.peek() {
            if c == '&' {
                value.push(self.reference().unwrap_or('&'));
                continue;
            }
            self.scan.next();
            if c == quote {
                break;
            }
            value.push(c);
        }
        Ok(value)
    }

    fn end_tag(&mut self) -> Result<(), String> {
        let begin = self.scan.at;
        let Some(open) = self.open.pop() else {
            return Err(format!("Unexpected end tag at byte offset {begin}"));
        };
        self.scan.skip("</");
        let name = self
            .scan
            .while_(|c| !is_blank(c) && c != '>')
            .to_ascii_lowercase();
        self.scan.skip_blanks();
        if !self.scan.skip(">") {
            return Err(format!("Unclosed end tag at byte offset {begin}"));
        }
        if !name.is_empty() && name != open.name {
            return Err(format!(
                "Unmatched end tag at byte offset {begin}, expected \"</{}>\", found \"</{name}>\"",
                open.name
            ));
        }
        if self.out.units > open.units {
            self.mark(open)?;
        }
        Ok(())
    }

    fn mark(&mut self, open: Open) -> Result<(), String> {
        let kind = match open.name {
            "b" | "strong" => EntityKind::Bold,
            "i" | "em" => EntityKind::Italic,
            "u" | "ins" => EntityKind::Underline,
            "s" | "strike" | "del" => EntityKind::Strikethrough,
            "tg-spoiler" | "span" => EntityKind::Spoiler,
            "blockquote" if open.argument.is_empty() => EntityKind::Blockquote,
            "blockquote" => EntityKind::ExpandableBlockquote,
            "tg-emoji" => EntityKind::CustomEmoji(link::emoji_id(&open.argument)?),
            "a" => {
                // Without an address the text is the address.
                let text = self.out.text.get(open.start..).unwrap_or_default();
                let url = if open.argument.is_empty() {
                    text
                } else {
                    &open.argument
                };
                match (link::user(url), link::checked(url)) {
                    (Some(user), _) => EntityKind::TextMention(user),
                    (None, Some(url)) => EntityKind::TextLink(url),
                    (None, None) => return Ok(()),
                }
            }
            "pre" => return self.mark_code(EntityKind::Code, EntityKind::Pre(None), open),
            _ => return self.mark_code(EntityKind::Pre(None), EntityKind::Code, open),
        };
        self.out.mark(kind, open.units);
        Ok(())
    }

    /// A block around code that names its language, or the other way round, is a block in that language.
    fn mark_code(&mut self, inner: EntityKind, own: EntityKind, open: Open) -> Result<(), String> {
        let length = self.out.units - open.units;
        let language = match own {
            EntityKind::Code => open.argument.clone(),
            _ => self.language.clone(),
        };
        match self.out.entities.last_mut() {
            Some(last)
                if last.kind == inner
                    && (last.offset, last.length) == (open.units, length)
                    && !language.is_empty() =>
            {
                last.kind = EntityKind::Pre(Some(language));
            }
            _ => {
                self.out.mark(own, open.units);
                self.language = open.argument;
            }
        }
        Ok(())
    }
}

/// What stands behind an `&`: the character's number, and how many bytes it takes without the `;`.
fn reference(rest: &str) -> Option<(u32, usize)> {
    let Some(number) = rest.strip_prefix('#') else {
        let len = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let c = match &rest[..len] {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            _ => return None,
        };
        return Some((u32::from(c), len));
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let len = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let code = u32::from_str_radix(&digits[..len], radix).ok()?;
    let all = rest.len() - digits.len() + len;
    // TD takes no more than ten bytes for one.
    (code != 0 && code < 0x10_ffff && all < 9).then_some((code, all))
}
