//! Walking through JSON text without reading what nobody asked for.
//!
//! An object or a list is left behind by counting its brackets, 64 bytes at a time; what is inside is looked at only by
//! whoever reads it later. So this walk lets pass some text that is no JSON, and every `None` of it means no more than
//! "not for me": `serde_json` reads that text again and says what is wrong.

use super::block::enclosed;

/// A place in JSON text.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Cursor { text, at: 0 }
    }

    /// The next byte that is not white space; it stays the next.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at)? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    /// Steps over this byte if it is the next.
    #[inline]
    pub(super) fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Whether nothing but white space is left.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// Steps to the first (`first`) or next part of an object or list that ends with `close`; `Some(false)` when there
    /// is none.
    #[inline]
    pub(super) fn part(&mut self, first: bool, close: u8) -> Option<bool> {
        let next = self.peek()?;
        if next == close {
            self.at += 1;
            return Some(false);
        }
        if !first {
            self.eat(b',')?;
        }
        Some(true)
    }

    /// A field's name and the colon behind it.
    #[inline]
    pub(super) fn key(&mut self) -> Option<&'a str> {
        let (name, escaped) = self.quoted()?;
        self.eat(b':')?;
        (!escaped).then_some(name)
    }

    /// A string's value.
    #[inline]
    pub(super) fn string(&mut self) -> Option<String> {
        let start = {
            self.peek()?;
            self.at
        };
        let (content, escaped) = self.quoted()?;
        if escaped {
            return serde_json::from_str(self.text.get(start..self.at)?).ok();
        }
        // JSON wants these escaped; without this the one reader would take what the other refuses.
        let is_control = |byte: u8| byte < 0x20;
        (!content.bytes().any(is_control)).then(|| content.to_owned())
    }

    /// A string's value, or `None` for null.
    #[inline]
    pub(super) fn optional_string(&mut self) -> Option<Option<String>> {
        if self.peek()? == b'n' {
            return (self.skip()? == "null").then_some(None);
        }
        self.string().map(Some)
    }

    /// A whole number.
    #[inline]
    pub(super) fn integer(&mut self) -> Option<i64> {
        let negative = self.peek()? == b'-';
        let start = self.at + usize::from(negative);
        let digits = self.text.as_bytes().get(start..)?;
        let length = digits.iter().position(|byte| !byte.is_ascii_digit());
        let (digits, rest) = digits.split_at(length.unwrap_or(digits.len()));
        self.at = start + digits.len();
        if rest.first().is_some_and(|byte| !ends_scalar(*byte)) {
            return None;
        }
        match digits {
            // As JSON has it: no empty one, nothing behind a zero at the front, and no whole number is -0.
            [] | [b'0', _, ..] => None,
            [b'0'] if negative => None,
            digits => digits.iter().try_fold(0_i64, |value, digit| {
                let (value, digit) = (value.checked_mul(10)?, i64::from(digit - b'0'));
                match negative {
                    true => value.checked_sub(digit),
                    false => value.checked_add(digit),
                }
            }),
        }
    }

    /// Steps over one value, of any kind, and hands out its text.
    #[inline]
    pub(super) fn skip(&mut self) -> Option<&'a str> {
        match self.peek()? {
            b'{' | b'[' => {
                let start = self.at;
                self.at += enclosed(self.text.as_bytes().get(start..)?)?;
                self.text.get(start..self.at)
            }
            b'"' => {
                let start = self.at;
                self.quoted()?;
                self.text.get(start..self.at)
            }
            _ => self.scalar(),
        }
    }

    /// A number or a word: up to what can follow one.
    #[inline]
    fn scalar(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?;
        let length = rest.bytes().position(ends_scalar).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).filter(|text| !text.is_empty())
    }

    /// What is between two quotes, and whether there are escapes in it.
    #[inline]
    fn quoted(&mut self) -> Option<(&'a str, bool)> {
        self.eat(b'"')?;
        let (start, bytes) = (self.at, self.text.as_bytes());
        let mut escaped = false;
        loop {
            self.at += plain(bytes.get(self.at..)?);
            match bytes.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    return Some((self.text.get(start..self.at - 1)?, escaped));
                }
                // A backslash, and whatever it escapes.
                _ => {
                    escaped = true;
                    self.at += 2;
                }
            }
        }
    }
}

/// Whether this can follow a number or a word.
#[inline]
fn ends_scalar(byte: u8) -> bool {
    matches!(
        byte,
        b',' | b'}' | b']' | b':' | b'"' | b' ' | b'\n' | b'\r' | b'\t'
    )
}

/// How many bytes there are before the first quote or backslash.
#[inline]
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    // The lowest byte that is equal has its high bit set; those above it may be wrong.
    let find = |word: u64, byte: u8| {
        let difference = word ^ (ONES * u64::from(byte));
        difference.wrapping_sub(ONES) & !difference & (ONES << 7)
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = find(word, b'"') | find(word, b'\\');
        if found != 0 {
            return at * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let ends = |byte: &u8| matches!(byte, b'"' | b'\\');
    bytes.len() - rest.len() + rest.iter().position(ends).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            r#"[\\"{}\[\]a,:]{0,80}"#.prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::vec((r#"[\\"{}a]{0,9}"#, inner), 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_skipped_value_is_the_whole_value(value in json(), pretty in any::<bool>(), tail in r#"[\]},\[{ a"]{0,70}"#) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            // What follows a number or a word must not look like more of it.
            let whole = format!(" {text},{tail}");
            prop_assert_eq!(Cursor::new(&whole).skip(), Some(text.as_str()));
        }

        #[test]
        fn a_value_cut_short_is_none(value in json(), cut in any::<prop::sample::Index>()) {
            let text = serde_json::to_string(&[value]).unwrap();
            let end = cut.index(text.len());
            prop_assume!(text.is_char_boundary(end));
            prop_assert_eq!(Cursor::new(&text[..end]).skip(), None);
        }

        #[test]
        fn strings_and_numbers_are_what_serde_json_reads(text in r#"["\\ntu0-9+.eE-]{0,24}"#) {
            let number = serde_json::from_str::<i64>(&text).ok();
            let mut cursor = Cursor::new(&text);
            prop_assert_eq!(cursor.integer().filter(|_| cursor.is_at_end()), number);
            let string = serde_json::from_str::<String>(&text).ok();
            let mut cursor = Cursor::new(&text);
            prop_assert_eq!(cursor.string().filter(|_| cursor.is_at_end()), string);
        }
    }

    #[test]
    fn a_control_character_is_not_for_a_string() {
        assert_eq!(Cursor::new("\"a\nb\"").string(), None);
        assert_eq!(Cursor::new("\"a\\nb\"").string().as_deref(), Some("a\nb"));
    }
}
