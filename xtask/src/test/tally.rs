//! How many tests passed, read from what the test runners print.

use std::fmt;
use std::ops::Add;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Tally {
    /// A step that is one check.
    pub(crate) const fn success() -> Self {
        Self {
            passed: 1,
            failed: 0,
            skipped: 0,
        }
    }

    pub(crate) const fn failure() -> Self {
        Self {
            passed: 0,
            failed: 1,
            skipped: 0,
        }
    }

    pub(crate) const fn skip() -> Self {
        Self {
            passed: 0,
            failed: 0,
            skipped: 1,
        }
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.passed == 0 && self.failed == 0 && self.skipped == 0
    }

    /// What a line of output adds: nothing, unless it is the closing line of cargo test, nextest, node's runner or
    /// of the conformance programs.
    pub(crate) fn of_line(line: &str) -> Self {
        let line = without_colours(line);
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("test result: ") {
            let counts = rest.split_once(". ").map_or(rest, |(_, counts)| counts);
            return Self::of_counts(counts, ';');
        }
        if line.starts_with("Summary [")
            && let Some((_, counts)) = line.split_once(" run: ")
        {
            return Self::of_counts(counts, ',');
        }
        for mark in ["# ", "ℹ "] {
            if let Some((word, number)) = line.strip_prefix(mark).and_then(|rest| rest.split_once(' '))
                && let Ok(number) = number.parse()
            {
                return Self::of_word(word, number);
            }
        }
        let counts = Self::of_counts(line, ',');
        if !counts.is_empty() && line == counts.to_string() {
            counts
        } else {
            Self::default()
        }
    }

    /// `3 passed, 1 failed, 0 skipped` in any order; a bracket after a count is a comment on it.
    fn of_counts(counts: &str, separator: char) -> Self {
        counts.split(separator).fold(Self::default(), |sum, part| {
            let part = part.split('(').next().unwrap_or_default().trim();
            match part.split_once(' ') {
                Some((number, word)) => number
                    .parse()
                    .map_or(sum, |number| sum + Self::of_word(word, number)),
                None => sum,
            }
        })
    }

    fn of_word(word: &str, number: u32) -> Self {
        match word {
            "pass" | "passed" => Self {
                passed: number,
                ..Self::default()
            },
            "fail" | "failed" | "cancelled" | "timed out" | "exec failed" => Self {
                failed: number,
                ..Self::default()
            },
            "skip" | "skipped" | "ignored" | "todo" => Self {
                skipped: number,
                ..Self::default()
            },
            _ => Self::default(),
        }
    }
}

/// Counts while a runner's output goes by.
#[derive(Default)]
pub(crate) struct Count {
    closing: Tally,
    /// nextest's own counts.
    summary: Option<Tally>,
}

impl Count {
    pub(crate) fn line(&mut self, line: &str) {
        let found = Tally::of_line(line);
        if without_colours(line).trim_start().starts_with("Summary [") {
            self.summary = Some(self.summary.unwrap_or_default() + found);
        } else {
            self.closing = self.closing + found;
        }
    }

    /// nextest shows what a failed test printed, the closing line of its own runner included: where nextest has counted,
    /// nothing else counts.
    pub(crate) fn total(self) -> Tally {
        self.summary.unwrap_or(self.closing)
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // An escape sequence ends with its first letter.
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Count, Tally};

    fn tally(passed: u32, failed: u32, skipped: u32) -> Tally {
        Tally {
            passed,
            failed,
            skipped,
        }
    }

    #[test]
    fn closing_lines_of_every_runner() {
        for (line, wanted) in [
            (
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
                tally(12, 0, 1),
            ),
            (
                "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
                tally(1, 2, 0),
            ),
            (
                "     Summary [   0.011s] 3 tests run: 3 passed, 0 skipped",
                tally(3, 0, 0),
            ),
            (
                "     Summary [   9.1s] 5 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 2 skipped",
                tally(3, 2, 2),
            ),
            (
                "\u{1b}[32;1m     Summary\u{1b}[0m [   0.011s] \u{1b}[1m1\u{1b}[0m test run: 1 \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped",
                tally(1, 0, 0),
            ),
            ("# pass 14", tally(14, 0, 0)),
            ("ℹ fail 2", tally(0, 2, 0)),
            ("105 passed, 0 failed, 0 skipped", tally(105, 0, 0)),
        ] {
            assert_eq!(Tally::of_line(line), wanted, "{line}");
        }
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in [
            "",
            "ok   aiogram · press (0.01 s)",
            "we passed, 3 failed",
            "# tests 14",
            "# 3 passed",
            "3 passed, that is all",
        ] {
            assert_eq!(Tally::of_line(line), Tally::default(), "{line}");
        }
    }

    #[test]
    fn a_test_that_failed_in_nextest_counts_once() {
        let output = "\
    Starting 3 tests across 1 binary
        FAIL [   0.004s] (1/3) sum tests::two_and_two
  stdout ───

    running 1 test
    test tests::two_and_two ... FAILED

    failures:
        tests::two_and_two

    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 2 filtered out; finished in 0.00s

────────────
     Summary [   0.011s] 3 tests run: 2 passed, 1 failed, 0 skipped
        FAIL [   0.004s] (1/3) sum tests::two_and_two
error: test run failed
";
        let mut count = Count::default();
        output.lines().for_each(|line| count.line(line));
        assert_eq!(count.total(), tally(2, 1, 0));
        let mut count = Count::default();
        for line in [
            "test result: ok. 2 passed; 0 failed",
            "test result: ok. 3 passed; 0 failed",
        ] {
            count.line(line);
        }
        assert_eq!(count.total(), tally(5, 0, 0));
    }
}
