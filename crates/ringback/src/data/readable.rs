//! The readable form of data, `prefix:part:part`, which `#[derive(CallbackData)]` writes.
//!
//! It is the form of aiogram's `CallbackData`: `1` and `0` for a Boolean, nothing for `None`, decimal numbers, and no
//! `:` within a part. Buttons that an aiogram bot has sent are read, and the other way round.

use std::fmt::Write;
use std::str::Split;

use super::{DataError, MAX_DATA};
use crate::error::BoxError;

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
    note = "numbers, `bool`, `char`, `String` and `Option`s of these can; implement `ringback::data::Field` for others"
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

    /// Writes a part.
    ///
    /// # Errors
    /// The value can't be written without a `:`.
    fn write(&self, out: &mut String) -> Result<(), DataError>;
}

macro_rules! numbers {
    ($($number:ident $longest:literal)*) => {$(
        impl Field for $number {
            const LONGEST: Option<usize> = Some($longest);

            fn read(part: &str) -> Result<Self, DataError> {
                part.parse().map_err(|error| DataError::malformed(format!("{part:?}: {error}")))
            }

            fn write(&self, out: &mut String) -> Result<(), DataError> {
                write!(out, "{self}").map_err(|error| DataError::Unwritable(error.into()))
            }
        }
    )*};
}

numbers!(u8 3 u16 5 u32 10 u64 20 u128 39 i8 4 i16 6 i32 11 i64 20 i128 40);

impl Field for bool {
    const LONGEST: Option<usize> = Some(1);

    fn read(part: &str) -> Result<Self, DataError> {
        match part {
            "1" | "true" => Ok(true),
            "0" | "false" => Ok(false),
            _ => Err(DataError::malformed(format!("{part:?} is neither 1 nor 0"))),
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
            .map_err(|error| DataError::malformed(format!("{part:?}: {error}")))
    }

    fn write(&self, out: &mut String) -> Result<(), DataError> {
        push(out, self.encode_utf8(&mut [0; 4]))
    }
}

impl Field for String {
    const LONGEST: Option<usize> = None;

    fn read(part: &str) -> Result<Self, DataError> {
        Ok(part.to_owned())
    }

    fn write(&self, out: &mut String) -> Result<(), DataError> {
        push(out, self)
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

fn push(out: &mut String, text: &str) -> Result<(), DataError> {
    if text.contains(':') {
        return Err(DataError::Unwritable(
            format!("{text:?} has a `:`, which ends a part").into(),
        ));
    }
    out.push_str(text);
    Ok(())
}

/// Fails, when the program is compiled, if data of this prefix and these parts can't be kept within a button.
#[doc(hidden)]
pub const fn assert_fits(fixed: usize, parts: &[Option<usize>]) {
    let mut length = fixed + parts.len();
    let mut at = 0;
    while at < parts.len() {
        if let Some(longest) = parts[at] {
            length += longest;
        }
        at += 1;
    }
    assert!(
        length <= MAX_DATA,
        "this data can be longer than the 64 bytes that a button carries"
    );
}

/// A button's data, part by part.
#[doc(hidden)]
#[derive(Debug)]
pub struct Parts<'a>(Split<'a, char>);

impl<'a> Parts<'a> {
    /// The parts behind the prefix; `None` if the data has another one.
    pub fn of(prefix: &str, data: &'a str) -> Option<Self> {
        let mut parts = data.split(':');
        (parts.next() == Some(prefix)).then_some(Parts(parts))
    }

    pub fn word(&mut self) -> Result<&'a str, DataError> {
        self.0
            .next()
            .ok_or_else(|| DataError::malformed("a part is missing"))
    }

    pub fn field<F: Field>(&mut self) -> Result<F, DataError> {
        F::read(self.word()?)
    }

    pub fn end(&mut self) -> Result<(), DataError> {
        self.0
            .next()
            .map_or(Ok(()), |_| Err(DataError::malformed("there are too many parts")))
    }
}

/// The data names a variant that there is not.
#[doc(hidden)]
pub fn unknown(variant: &str) -> DataError {
    DataError::Malformed(BoxError::from(format!("{variant:?} is no variant of the type")))
}

/// Writes a button's data, part by part.
#[doc(hidden)]
#[derive(Debug)]
pub struct Writer(String);

impl Writer {
    pub fn new(prefix: &str) -> Self {
        let mut data = String::with_capacity(MAX_DATA);
        data.push_str(prefix);
        Writer(data)
    }

    pub fn word(&mut self, word: &str) {
        self.0.push(':');
        self.0.push_str(word);
    }

    pub fn field<F: Field>(&mut self, field: &F) -> Result<(), DataError> {
        self.0.push(':');
        field.write(&mut self.0)
    }

    pub fn finish(self) -> String {
        self.0
    }
}
