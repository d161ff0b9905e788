//! The readable form of data, `prefix:part:part`, which `#[derive(CallbackData)]` writes.
//!
//! It is the form of aiogram's `CallbackData`: `1` and `0` for a Boolean, nothing for `None`, decimal numbers, UUIDs
//! in hexadecimal, and no `:` within a part. Buttons that an aiogram bot has sent are read, and the other way round.

use std::fmt::Write;

use super::{DataError, MAX_DATA};

/// What can stand between two `:` of a button's data.
///
/// ```
/// use ringback::data::{DataError, Field};
///
/// /// A date, as days since 1970.
/// struct Day(u16);
///
/// impl Field for Day {
///     const LONGEST: Option<usize> = u16::LONGEST;
///
///     fn read(part: &str) -> Result<Self, DataError> {
///         u16::read(part).map(Day)
///     }
///
///     fn write(&self, out: &mut String) -> Result<(), DataError> {
///         self.0.write(out)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a part of a button's data",
    note = "numbers, `bool`, `char`, `String` and `Option`s of these can; derive `ringback::data::Part` for your own \
            types, or implement `ringback::data::Field`"
)]
pub trait Field: Sized {
    /// The most bytes that a value takes; `None` if there is no such limit. With it, that the data fits a button is
    /// proved when the program is compiled, else it is checked when the button is made.
    const LONGEST: Option<usize>;

    /// Reads a part.
    ///
    /// # Errors
    /// It is not a value of this type.
    fn read(part: &str) -> Result<Self, DataError>;

    /// Writes a part. A `:` in it is found out by the caller.
    ///
    /// # Errors
    /// The value can't be written.
    fn write(&self, out: &mut String) -> Result<(), DataError>;
}

macro_rules! numbers {
    ($($number:ident $longest:literal)*) => {$(
        impl Field for $number {
            const LONGEST: Option<usize> = Some($longest);

            fn read(part: &str) -> Result<Self, DataError> {
                let no = |error| DataError::malformed(format!("no {}: {error}", stringify!($number)));
                part.parse().map_err(no)
            }

            fn write(&self, out: &mut String) -> Result<(), DataError> {
                write!(out, "{self}").map_err(|error| DataError::Unwritable(error.into()))
            }
        }
    )*};
}

numbers!(u8 3 u16 5 u32 10 u64 20 usize 20 u128 39 i8 4 i16 6 i32 11 i64 20 isize 20 i128 40);

/// As Python writes a `float`, and so aiogram: the fewest digits that tell it from others, `1.0`, `0.0001`, `1e-05`,
/// `1e+16`.
impl Field for f64 {
    const LONGEST: Option<usize> = Some(24);

    fn read(part: &str) -> Result<Self, DataError> {
        part.parse()
            .map_err(|error| DataError::malformed(format!("no f64: {error}")))
    }

    fn write(&self, out: &mut String) -> Result<(), DataError> {
        let failed = |error: std::fmt::Error| DataError::Unwritable(error.into());
        // Rust knows the digits; where the point stands is Python's.
        let digits = format!("{self:e}");
        let Some((digits, exponent)) = digits.split_once('e') else {
            let name = match self {
                _ if self.is_nan() => "nan",
                _ if *self > 0.0 => "inf",
                _ => "-inf",
            };
            out.push_str(name);
            return Ok(());
        };
        match exponent.parse::<i32>() {
            Ok(-4..16) => write!(out, "{self:?}").map_err(failed),
            Ok(exponent) => write!(out, "{digits}e{exponent:+03}").map_err(failed),
            Err(error) => Err(DataError::unwritable(error)),
        }
    }
}

impl Field for bool {
    const LONGEST: Option<usize> = Some(1);

    fn read(part: &str) -> Result<Self, DataError> {
        match part {
            "1" | "true" => Ok(true),
            "0" | "false" => Ok(false),
            _ => Err(DataError::malformed("neither 1 nor 0")),
        }
    }

    fn write(&self, out: &mut String) -> Result<(), DataError> {
        out.push(if *self { '1' } else { '0' });
        Ok(())
    }
}

impl Field for char {
    const LONGEST: Option<usize> = Some(4);

    fn read(part: &str) -> Result<Self, DataError> {
        part.parse()
            .map_err(|error| DataError::malformed(format!("no character: {error}")))
    }

    fn write(&self, out: &mut String) -> Result<(), DataError> {
        out.push(*self);
        Ok(())
    }
}

impl Field for String {
    const LONGEST: Option<usize> = None;

    fn read(part: &str) -> Result<Self, DataError> {
        Ok(part.to_owned())
    }

    fn write(&self, out: &mut String) -> Result<(), DataError> {
        out.push_str(self);
        Ok(())
    }
}

impl<F: Field> Field for Option<F> {
    const LONGEST: Option<usize> = F::LONGEST;

    fn read(part: &str) -> Result<Self, DataError> {
        if part.is_empty() {
            Ok(None)
        } else {
            F::read(part).map(Some)
        }
    }

    fn write(&self, out: &mut String) -> Result<(), DataError> {
        let Some(value) = self else { return Ok(()) };
        let before = out.len();
        value.write(out)?;
        match out.len() == before {
            true => Err(DataError::Unwritable(
                "Some of an empty part would be read as None".into(),
            )),
            false => Ok(()),
        }
    }
}

/// 32 hexadecimal digits; the form with hyphens is read, too.
#[cfg(feature = "uuid")]
impl Field for uuid::Uuid {
    const LONGEST: Option<usize> = Some(32);

    fn read(part: &str) -> Result<Self, DataError> {
        part.parse().map_err(|_| DataError::malformed("no UUID"))
    }

    fn write(&self, out: &mut String) -> Result<(), DataError> {
        write!(out, "{}", self.simple()).map_err(|error| DataError::Unwritable(error.into()))
    }
}

/// One part or several: every [`Field`], and what `#[derive(Part)]` makes of types that are more than one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a part of a button's data",
    note = "numbers, `bool`, `char`, `String` and `Option`s of these can; derive `ringback::data::Part` for your own \
            types, or implement `ringback::data::Field`"
)]
#[doc(hidden)]
pub trait Spell: Sized {
    /// The most bytes that it takes, separators and all, where that has a limit; without what has none.
    const KNOWN: usize;
    fn read_parts(parts: &mut Parts<'_>) -> Result<Self, DataError>;
    fn write_parts(&self, out: &mut Writer) -> Result<(), DataError>;
}

impl<F: Field> Spell for F {
    const KNOWN: usize = match F::LONGEST {
        Some(longest) => 1 + longest,
        None => 1,
    };

    fn read_parts(parts: &mut Parts<'_>) -> Result<Self, DataError> {
        let part = parts.word()?;
        // Which part, and never what stands there: errors are logged.
        F::read(part).map_err(|error| match error {
            DataError::Malformed(why) => DataError::malformed(format!("part {}: {why}", parts.number)),
            other => other,
        })
    }

    fn write_parts(&self, out: &mut Writer) -> Result<(), DataError> {
        out.part(|data| self.write(data))
    }
}

/// The longest of the variants, or the sum of the fields.
#[doc(hidden)]
pub const fn longest(lengths: &[usize]) -> usize {
    let (mut most, mut at) = (0, 0);
    while at < lengths.len() {
        if lengths[at] > most {
            most = lengths[at];
        }
        at += 1;
    }
    most
}

#[doc(hidden)]
pub const fn sum(lengths: &[usize]) -> usize {
    let (mut total, mut at) = (0, 0);
    while at < lengths.len() {
        total += lengths[at];
        at += 1;
    }
    total
}

/// What stands behind the prefix of data from the second version of its type on.
const VERSION_MARK: char = '~';

/// Fails, when the program is compiled, if data of this prefix and these parts can't be kept within a button.
#[doc(hidden)]
pub const fn assert_fits(prefix: usize, version: u32, parts: usize) {
    let mark = if version > 1 {
        2 + version.ilog10() as usize
    } else {
        0
    };
    assert!(
        prefix + mark + parts <= MAX_DATA,
        "this data can be longer than the 64 bytes of a button: shorten it, or take the codec `packed` or `stored`"
    );
}

/// A button's data, part by part.
#[doc(hidden)]
#[derive(Debug)]
pub struct Parts<'a> {
    rest: Option<&'a str>,
    separator: &'static str,
    /// How many parts have been read.
    number: u32,
}

impl<'a> Parts<'a> {
    /// The version of the data's type and the parts behind the prefix; `None` if the data has another prefix.
    pub fn of(prefix: &str, separator: &'static str, data: &'a str) -> Option<(u32, Self)> {
        let mut rest = data.strip_prefix(prefix)?;
        let mut version = 1;
        if let Some(marked) = rest.strip_prefix(VERSION_MARK) {
            let end = marked.find(separator).unwrap_or(marked.len());
            let (number, behind) = marked.split_at(end);
            version = number.parse().ok()?;
            // One version has one name.
            if version < 2 || number.starts_with(['0', '+']) {
                return None;
            }
            rest = behind;
        }
        let rest = match rest.is_empty() {
            true => None,
            false => Some(rest.strip_prefix(separator)?),
        };
        let parts = Parts {
            rest,
            separator,
            number: 0,
        };
        Some((version, parts))
    }

    pub fn word(&mut self) -> Result<&'a str, DataError> {
        let rest = self
            .rest
            .take()
            .ok_or_else(|| DataError::malformed("a part is missing"))?;
        self.number += 1;
        // A separator is one byte almost always, and looking for a byte is quick.
        let end = match *self.separator.as_bytes() {
            [byte] => rest.bytes().position(|b| b == byte),
            _ => rest.find(self.separator),
        };
        let Some((part, behind)) = end.and_then(|end| rest.split_at_checked(end)) else {
            return Ok(rest);
        };
        self.rest = behind.get(self.separator.len()..);
        Ok(part)
    }

    pub fn field<S: Spell>(&mut self) -> Result<S, DataError> {
        S::read_parts(self)
    }

    pub fn end(self) -> Result<(), DataError> {
        match self.rest {
            Some(_) => Err(DataError::malformed("there are too many parts")),
            None => Ok(()),
        }
    }
}

/// The data names a variant that there is not.
#[doc(hidden)]
pub fn unknown() -> DataError {
    DataError::malformed("no variant of the type")
}

/// Writes a button's data, part by part.
#[doc(hidden)]
#[derive(Debug)]
pub struct Writer {
    data: String,
    separator: &'static str,
}

impl Writer {
    pub fn new(prefix: &str, separator: &'static str, version: u32) -> Self {
        let mut data = String::with_capacity(MAX_DATA);
        data.push_str(prefix);
        if version > 1 {
            data.push(VERSION_MARK);
            data.push_str(&version.to_string());
        }
        Writer { data, separator }
    }

    pub fn word(&mut self, word: &str) -> Result<(), DataError> {
        self.part(|data| {
            data.push_str(word);
            Ok(())
        })
    }

    /// One part, in which nothing may end it.
    fn part(&mut self, write: impl FnOnce(&mut String) -> Result<(), DataError>) -> Result<(), DataError> {
        self.data.push_str(self.separator);
        let start = self.data.len();
        write(&mut self.data)?;
        match self.data.get(start..) {
            Some(part) if part.contains(self.separator) => {
                let why = format!("a text in it has a {:?}, which ends a part", self.separator);
                Err(DataError::unwritable(why))
            }
            _ => Ok(()),
        }
    }

    pub fn field<S: Spell>(&mut self, field: &S) -> Result<(), DataError> {
        field.write_parts(self)
    }

    pub fn finish(self) -> String {
        self.data
    }
}
