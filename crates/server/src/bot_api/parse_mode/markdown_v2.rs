//! `parse_mode` MarkdownV2: marks nest, and every character that could be one must be escaped.

use ringback_world::{EntityKind, FormattedText};

use super::scan::Scan;
use super::{Out, link};

/// A mark that is open.
#[derive(Clone, PartialEq)]
enum Mark {
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
    Code,
    Pre(Option<String>),
    Link,
    Emoji,
    Quote,
}

impl Mark {
    /// What complaints call it.
    fn name(&self) -> &'static str {
        match self {
            Mark::Bold => "Bold",
            Mark::Italic => "Italic",
            Mark::Underline => "Underline",
            Mark::Strikethrough => "Strikethrough",
            Mark::Spoiler => "Spoiler",
            Mark::Code => "Code",
            Mark::Pre(None) => "Pre",
            Mark::Pre(Some(_)) => "PreCode",
            Mark::Link => "TextUrl",
            Mark::Emoji => "CustomEmoji",
            Mark::Quote => "BlockQuote",
        }
    }

    /// What ends it; a quote ends with its last line.
    fn end(&self) -> &'static str {
        match self {
            Mark::Bold => "*",
            Mark::Italic => "_",
            Mark::Underline => "__",
            Mark::Strikethrough => "~",
            Mark::Spoiler => "||",
            Mark::Code => "`",
            Mark::Pre(_) => "```",
            Mark::Link | Mark::Emoji => "]",
            Mark::Quote => "\n",
        }
    }

    fn is_code(&self) -> bool {
        matches!(self, Mark::Code | Mark::Pre(_))
    }
}

struct Open {
    mark: Mark,
    /// Where the mark stands in the source, in bytes.
    at: usize,
    /// Where its text begins, in UTF-16 units and in bytes.
    units: u32,
    start: usize,
}

impl Open {
    fn unclosed(&self) -> String {
        format!(
            "Can't find end of {} entity at byte offset {}",
            self.mark.name(),
            self.at
        )
    }
}

struct Markdown<'a> {
    scan: Scan<'a>,
    out: Out,
    open: Vec<Open>,
    /// A quote is open.
    quoted: bool,
    /// Nothing stands in this line yet.
    line_start: bool,
}

pub(super) fn parse(text: &str) -> Result<FormattedText, String> {
    let mut markdown = Markdown {
        scan: Scan::new(text),
        out: Out::default(),
        open: Vec::new(),
        quoted: false,
        line_start: true,
    };
    while let Some(c) = markdown.scan.peek() {
        markdown.step(c)?;
    }
    markdown.finish()
}

impl Markdown<'_> {
    fn step(&mut self, c: char) -> Result<(), String> {
        if c == '\\'
            && let Some(escaped @ '\u{1}'..='\u{7e}') = self.scan.peek_second()
        {
            self.scan.next();
            self.scan.next();
            self.out.push(escaped);
            if escaped != '\r' {
                self.line_start = escaped == '\n';
            }
            return Ok(());
        }
        let top = self.open.last().map(|open| &open.mark);
        let reserved = if top.is_some_and(Mark::is_code) {
            "`"
        } else {
            "_*[]()~`>#+-=|{}.!\n"
        };
        if !reserved.contains(c) {
            self.scan.next();
            self.out.push(c);
            if c != '\r' {
                self.line_start = false;
            }
            return Ok(());
        }
        if c == '\n' && self.quoted && self.scan.peek_second() != Some('>') {
            return self.end_quote();
        }
        let ends = match top {
            None | Some(Mark::Quote) => false,
            // Two underscores never end italic: they begin or end an underlined text.
            Some(Mark::Italic) => c == '_' && !self.scan.starts_with("__"),
            Some(mark) => self.scan.starts_with(mark.end()),
        };
        match self.open.pop() {
            Some(open) if ends => self.end(open),
            open => {
                self.open.extend(open);
                self.begin(c)
            }
        }
    }

    fn begin(&mut self, c: char) -> Result<(), String> {
        let at = self.scan.at;
        let reserved = || {
            Err(format!(
                "Character '{c}' is reserved and must be escaped with the preceding '\\'"
            ))
        };
        let (mark, len) = match c {
            '_' if self.scan.starts_with("__") => (Mark::Underline, 2),
            '_' => (Mark::Italic, 1),
            '*' => (Mark::Bold, 1),
            '~' => (Mark::Strikethrough, 1),
            '|' if self.scan.starts_with("||") => (Mark::Spoiler, 2),
            '[' => (Mark::Link, 1),
            '!' if self.scan.starts_with("![") => (Mark::Emoji, 2),
            '`' if self.scan.starts_with("```") => (Mark::Pre(None), 3),
            '`' => (Mark::Code, 1),
            '\n' => {
                self.scan.next();
                self.out.push('\n');
                self.line_start = true;
                return Ok(());
            }
            '>' if self.line_start && self.quoted => {
                self.scan.next();
                return Ok(());
            }
            '>' if self.line_start => {
                self.quoted = true;
                (Mark::Quote, 1)
            }
            _ => return reserved(),
        };
        self.scan.at += len;
        let mark = match mark {
            Mark::Pre(_) => Mark::Pre(self.scan.language().map(str::to_owned)),
            mark => mark,
        };
        self.open.push(Open {
            mark,
            at,
            units: self.out.units,
            start: self.out.text.len(),
        });
        Ok(())
    }

    fn end(&mut self, open: Open) -> Result<(), String> {
        self.scan.skip(open.mark.end());
        let kind = match open.mark {
            Mark::Bold => EntityKind::Bold,
            Mark::Italic => EntityKind::Italic,
            Mark::Underline => EntityKind::Underline,
            Mark::Strikethrough => EntityKind::Strikethrough,
            Mark::Spoiler => EntityKind::Spoiler,
            Mark::Code => EntityKind::Code,
            Mark::Pre(language) => EntityKind::Pre(language),
            Mark::Quote => EntityKind::Blockquote,
            Mark::Link => {
                let url = match self.url("a URL")? {
                    Some(url) => url,
                    // Without an address the text is the address.
                    None => self.out.text.get(open.start..).unwrap_or_default().to_owned(),
                };
                match (link::user(&url), link::checked(&url)) {
                    (Some(user), _) => EntityKind::TextMention(user),
                    (None, Some(url)) => EntityKind::TextLink(url),
                    (None, None) => return Ok(()),
                }
            }
            Mark::Emoji => {
                let url = self
                    .url("a custom emoji URL")?
                    .ok_or("Custom emoji entity must contain a tg://emoji URL")?;
                EntityKind::CustomEmoji(link::custom_emoji(&url)?)
            }
        };
        self.out.mark(kind, open.units);
        Ok(())
    }

    /// Reads `(…)`, if it is ahead.
    fn url(&mut self, what: &str) -> Result<Option<String>, String> {
        if !self.scan.skip("(") {
            return Ok(None);
        }
        let begin = self.scan.at;
        let mut url = String::new();
        while let Some(c) = self.scan.next() {
            match (c, self.scan.peek()) {
                (')', _) => return Ok(Some(url)),
                ('\\', Some(escaped @ '\u{1}'..='\u{7e}')) => {
                    self.scan.next();
                    url.push(escaped);
                }
                _ => url.push(c),
            }
        }
        Err(format!("Can't find end of {what} at byte offset {begin}"))
    }

    /// The line ahead is the first that is not quoted: the quote ends behind this line.
    fn end_quote(&mut self) -> Result<(), String> {
        let carriage = usize::from(self.out.text.ends_with('\r'));
        let at = self.scan.at;
        let kind = self.quote_kind(|mark_at| mark_at + 2 == at || mark_at + 2 + carriage == at);
        let Some(open) = self.open.pop_if(|open| open.mark == Mark::Quote) else {
            return Err(self.open.last().map(Open::unclosed).unwrap_or_default());
        };
        self.scan.next();
        self.out.push('\n');
        self.out.mark(kind, open.units);
        self.quoted = false;
        self.line_start = true;
        Ok(())
    }

    /// Two bars at the very end of a quote are no spoiler: they say that the quote can be unfolded.
    fn quote_kind(&mut self, is_last: impl Fn(usize) -> bool) -> EntityKind {
        let bars = |open: &mut Open| open.mark == Mark::Spoiler && is_last(open.at);
        match self.open.pop_if(bars) {
            Some(_) => EntityKind::ExpandableBlockquote,
            None => EntityKind::Blockquote,
        }
    }

    fn finish(mut self) -> Result<FormattedText, String> {
        if self.quoted {
            let len = self.scan.text.len();
            let kind = self.quote_kind(|mark_at| mark_at + 2 == len);
            if let Some(open) = self.open.pop_if(|open| open.mark == Mark::Quote) {
                self.out.mark(kind, open.units);
            }
        }
        match self.open.last() {
            Some(open) => Err(open.unclosed()),
            None => Ok(self.out.finish()),
        }
    }
}
