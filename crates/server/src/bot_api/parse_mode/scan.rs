//! Reading a text from front to back.

/// A text, and how far it is read.
pub(super) struct Scan<'a> {
    pub(super) text: &'a str,
    /// In bytes; always between two characters.
    pub(super) at: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Scan<'a> {
        Scan { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn starts_with(&self, start: &str) -> bool {
        self.rest().starts_with(start)
    }

    /// The character ahead.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character behind the one ahead.
    pub(super) fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    /// Steps over the character ahead.
    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Steps over this text, if it is ahead.
    pub(super) fn skip(&mut self, text: &str) -> bool {
        let found = self.starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Steps over all characters that are so, and gives them.
    pub(super) fn while_(&mut self, so: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|c| !so(c)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    pub(super) fn skip_blanks(&mut self) {
        self.while_(is_blank);
    }

    /// Steps over one line's end, whichever of the two characters it is made of.
    pub(super) fn skip_newline(&mut self) {
        let _ = self.skip("\r\n") || self.skip("\n\r") || self.skip("\n") || self.skip("\r");
    }

    /// What stands behind ```` ``` ````: the name of a language if blanks and more follow it, and a line's end.
    pub(super) fn language(&mut self) -> Option<&'a str> {
        let start = self.at;
        let name = self.while_(|c| !is_blank(c) && c != '`');
        let named = !name.is_empty() && !self.is_done() && !self.starts_with("`");
        if !named {
            self.at = start;
        }
        self.skip_newline();
        named.then_some(name)
    }
}

/// What the official server takes for white space.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\0' | '\u{b}')
}
