//! Spans of time as people write them.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;
use std::time::Duration;

/// `16s`, `1m30s`, `500ms`, `1.5h`, or a number of seconds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Span(pub Duration);

/// Longer than anything that is waited for, and short enough to add up without end.
const LONGEST: f64 = 10.0 * 366.0 * 86_400.0;
const FORM: &str = "a duration like \"16s\", \"1m30s\", \"500ms\" or a number of seconds, up to ten years";

impl Span {
    pub(super) fn parse(text: &str) -> Option<Span> {
        let mut rest = text.trim();
        if let Ok(seconds) = rest.parse() {
            return Span::seconds(seconds);
        }
        let mut total = 0.0;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
            let (number, tail) = rest.split_at(digits);
            let unit_end = tail
                .find(|c: char| !c.is_ascii_alphabetic())
                .unwrap_or(tail.len());
            let (unit, tail) = tail.split_at(unit_end);
            let seconds = match unit {
                "ms" => 0.001,
                "s" | "sec" => 1.0,
                "m" | "min" => 60.0,
                "h" => 3600.0,
                "d" => 86_400.0,
                _ => return None,
            };
            total += number.parse::<f64>().ok()? * seconds;
            rest = tail.trim_start();
        }
        if text.trim().is_empty() {
            None
        } else {
            Span::seconds(total)
        }
    }

    fn seconds(seconds: f64) -> Option<Span> {
        // Whole milliseconds: the world's clock knows nothing finer.
        (0.0..=LONGEST)
            .contains(&seconds)
            .then(|| Span(Duration::from_millis((seconds * 1000.0).round() as u64)))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Span, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Span;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(FORM)
            }

            fn visit_f64<E: Error>(self, seconds: f64) -> Result<Span, E> {
                Span::seconds(seconds)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Float(seconds), &self))
            }

            fn visit_u64<E: Error>(self, seconds: u64) -> Result<Span, E> {
                self.visit_f64(seconds as f64)
            }

            fn visit_i64<E: Error>(self, seconds: i64) -> Result<Span, E> {
                self.visit_f64(seconds as f64)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Span, E> {
                Span::parse(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        from.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write_them() {
        for (text, ms) in [
            ("\"16s\"", 16_000),
            ("\"1m30s\"", 90_000),
            ("\"1m 30s\"", 90_000),
            ("\"500ms\"", 500),
            ("\"1.5h\"", 5_400_000),
            ("\"2d\"", 172_800_000),
            ("\"16\"", 16_000),
            ("16", 16_000),
            ("0.25", 250),
            ("0", 0),
        ] {
            let span: Span = serde_json::from_str(text).unwrap();
            assert_eq!(span.0.as_millis(), ms, "{text}");
        }
        for bad in [
            "\"\"",
            "\"s\"",
            "\"16x\"",
            "\"-1s\"",
            "-1",
            "\"1..5s\"",
            "\"16s5\"",
            "1e300",
            "\"nan\"",
            "\"inf\"",
            "null",
            "\"ä\"",
        ] {
            assert!(serde_json::from_str::<Span>(bad).is_err(), "{bad}");
        }
    }
}
