//! [`Pack`]: a value as bits.

use super::{BitReader, BitWriter, DataError};

/// What can be written as bits: for the [packed](super::Packed), [sealed](super::Sealed) and
/// [stored](super::Stored) codecs.
///
/// `#[derive(CallbackData)]` and [`#[derive(Part)]`](super::Part) write it. By hand it is for types with a form of
/// their own:
///
/// ```
/// use ringback::data::{BitReader, BitWriter, DataError, Pack};
///
/// /// A time of day, in minutes: eleven bits are enough.
/// struct Minute(u16);
///
/// impl Pack for Minute {
///     const MOST: Option<usize> = Some(11);
///
///     fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
///         if self.0 >= 24 * 60 {
///             return Err(DataError::unwritable("there is no such minute"));
///         }
///         out.bits(self.0.into(), 11);
///         Ok(())
///     }
///
///     fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
///         match bits.bits(11)? as u16 {
///             minute if minute < 24 * 60 => Ok(Minute(minute)),
///             _ => Err(DataError::malformed("there is no such minute")),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be packed into a button's data",
    note = "numbers, `bool`, `char`, `String`, `Option`s and `Vec`s of these can; derive \
            `ringback::data::Part` for your own types, or implement `ringback::data::Pack`"
)]
pub trait Pack: Sized {
    /// The most bits that a value takes; `None` if there is no such limit. With it, that the data fits a button is
    /// proved when the program is compiled, else it is checked when the button is made.
    const MOST: Option<usize>;

    /// Writes the value.
    ///
    /// # Errors
    /// The value can't be written.
    fn pack(&self, out: &mut BitWriter) -> Result<(), DataError>;

    /// Reads a value: exactly the bits that [`pack`](Self::pack) wrote. They may be anything.
    ///
    /// # Errors
    /// They are no value of this type.
    fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError>;
}

macro_rules! numbers {
    ($($number:ident as $unsigned:ident)*) => {$(
        impl Pack for $number {
            const MOST: Option<usize> = Some($number::BITS as usize);

            fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
                out.bits(u64::from(*self as $unsigned), $number::BITS);
                Ok(())
            }

            fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
                Ok(bits.bits($number::BITS)? as $number)
            }
        }
    )*};
}

numbers!(u8 as u8 u16 as u16 u32 as u32 u64 as u64 i8 as u8 i16 as u16 i32 as u32 i64 as u64);

/// As 64 bits, whatever the machine.
macro_rules! sizes {
    ($($number:ident as $wide:ident)*) => {$(
        impl Pack for $number {
            const MOST: Option<usize> = Some(64);

            fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
                (*self as $wide).pack(out)
            }

            fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
                $wide::unpack(bits)?.try_into().map_err(DataError::malformed)
            }
        }
    )*};
}

sizes!(usize as u64 isize as i64);

impl Pack for f64 {
    const MOST: Option<usize> = Some(64);

    fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
        self.to_bits().pack(out)
    }

    fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
        u64::unpack(bits).map(f64::from_bits)
    }
}

macro_rules! long_numbers {
    ($($number:ident)*) => {$(
        impl Pack for $number {
            const MOST: Option<usize> = Some(128);

            fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
                out.bits((*self >> 64) as u64, 64);
                out.bits(*self as u64, 64);
                Ok(())
            }

            fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
                let (high, low) = (bits.bits(64)?, bits.bits(64)?);
                Ok(((u128::from(high) << 64) | u128::from(low)) as $number)
            }
        }
    )*};
}

long_numbers!(u128 i128);

impl Pack for bool {
    const MOST: Option<usize> = Some(1);

    fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
        out.bit(*self);
        Ok(())
    }

    fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
        bits.bit()
    }
}

impl Pack for char {
    const MOST: Option<usize> = Some(21);

    fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
        out.bits(u64::from(u32::from(*self)), 21);
        Ok(())
    }

    fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
        char::from_u32(bits.bits(21)? as u32)
            .ok_or_else(|| DataError::malformed("there is no such character"))
    }
}

/// Seven bits for each byte of ASCII, eight for each byte of other text.
impl Pack for String {
    const MOST: Option<usize> = None;

    fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
        let wide = !self.is_ascii();
        out.bit(wide);
        out.count(size(self.len())?);
        for byte in self.bytes() {
            out.bits(byte.into(), 7 + u32::from(wide));
        }
        Ok(())
    }

    fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
        let wide = bits.bit()?;
        let length = items(bits)?;
        let mut bytes = Vec::with_capacity(length);
        for _ in 0..length {
            bytes.push(bits.bits(7 + u32::from(wide))? as u8);
        }
        let text = String::from_utf8(bytes).map_err(DataError::malformed)?;
        match wide == text.is_ascii() {
            true => Err(DataError::malformed("a text is not in its shortest form")),
            false => Ok(text),
        }
    }
}

impl<P: Pack> Pack for Option<P> {
    const MOST: Option<usize> = sum(&[Some(1), P::MOST]);

    fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
        out.bit(self.is_some());
        self.as_ref().map_or(Ok(()), |value| value.pack(out))
    }

    fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
        bits.bit()?.then(|| P::unpack(bits)).transpose()
    }
}

impl<P: Pack> Pack for Box<P> {
    const MOST: Option<usize> = P::MOST;

    fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
        (**self).pack(out)
    }

    fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
        P::unpack(bits).map(Box::new)
    }
}

impl<P: Pack> Pack for Vec<P> {
    const MOST: Option<usize> = None;

    fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
        const {
            assert!(
                !matches!(P::MOST, Some(0)),
                "a list of nothing has no length on a button"
            )
        };
        out.count(size(self.len())?);
        self.iter().try_for_each(|item| item.pack(out))
    }

    fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
        // No more room than the bits can fill: the count may be forged.
        let count = items(bits)?;
        let mut list = Vec::with_capacity(count.min(64));
        for _ in 0..count {
            list.push(P::unpack(bits)?);
        }
        Ok(list)
    }
}

macro_rules! tuples {
    ($(($($part:ident $at:tt)*))*) => {$(
        impl<$($part: Pack),*> Pack for ($($part,)*) {
            const MOST: Option<usize> = sum(&[$($part::MOST),*]);

            fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
                $(self.$at.pack(out)?;)*
                Ok(())
            }

            fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
                Ok(($($part::unpack(bits)?,)*))
            }
        }
    )*};
}

tuples!((A 0 B 1)(A 0 B 1 C 2)(A 0 B 1 C 2 D 3));

#[cfg(feature = "uuid")]
impl Pack for uuid::Uuid {
    const MOST: Option<usize> = Some(128);

    fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
        self.as_u128().pack(out)
    }

    fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
        u128::unpack(bits).map(uuid::Uuid::from_u128)
    }
}

fn size(length: usize) -> Result<u32, DataError> {
    u32::try_from(length).map_err(DataError::unwritable)
}

/// A count of items, each of which takes at least one of the bits that are left.
fn items(bits: &mut BitReader<'_>) -> Result<usize, DataError> {
    let count = bits.count()? as usize;
    match count <= bits.left() {
        true => Ok(count),
        false => Err(DataError::malformed("it ends too early")),
    }
}

/// The bits of several values, one after the other.
#[doc(hidden)]
pub const fn sum(values: &[Option<usize>]) -> Option<usize> {
    let (mut total, mut at) = (0, 0);
    while at < values.len() {
        match values[at] {
            Some(bits) => total += bits,
            None => return None,
        }
        at += 1;
    }
    Some(total)
}

/// The bits of the longest of several values.
#[doc(hidden)]
pub const fn longest(values: &[Option<usize>]) -> Option<usize> {
    let (mut most, mut at) = (0, 0);
    while at < values.len() {
        match values[at] {
            Some(bits) if bits > most => most = bits,
            Some(_) => {}
            None => return None,
        }
        at += 1;
    }
    Some(most)
}

/// The bits that tell this many variants from each other.
#[doc(hidden)]
pub const fn choice(variants: usize) -> usize {
    variants.next_power_of_two().trailing_zeros() as usize
}
