//! Bytes to values and back.
//!
//! [`Reader`] goes over a slice and [`Writer`] appends to a `Vec`; [`Decode`] and [`Encode`] are what the
//! types of this crate do with them. Decoding needs no layer, an id tells the form; encoding does.

pub use crate::error::{DecodeError, EncodeError};
use crate::layer::Layer;

pub(crate) use crate::convert::Older;
pub use crate::raw::Raw;

/// The id before a boxed vector.
pub(crate) const VECTOR: u32 = 0x1cb5_c415;
/// The two constructors of `Bool`.
pub(crate) const TRUE: u32 = 0x9972_75b5;
pub(crate) const FALSE: u32 = 0xbc79_9737;
/// The longest `string` or `bytes`: the length has 24 bits.
const MAX_BYTES: usize = (1 << 24) - 1;
/// How deep values of types that hold themselves may nest.
const MAX_DEPTH: u8 = 32;

/// A value that can be written in every layer, or says why not.
pub trait Encode {
    /// Whether a vector leaves out those elements that the layer does not know.
    #[doc(hidden)]
    const SKIPPABLE: bool = false;

    /// Whether the layer has this constructor; only asked where [`Self::SKIPPABLE`] or a fallback exists.
    #[doc(hidden)]
    fn known_to(&self, _layer: Layer) -> bool {
        true
    }

    /// Appends the value, boxed (with its id) if it is not a built-in.
    ///
    /// # Errors
    /// When the layer has no form for the value, or the value has no form at all. What was written until
    /// then stays in the buffer: truncate it, or use [`crate::encode`].
    fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError>;
}

/// A value that can be read, in the form of whatever layer.
pub trait Decode: Sized {
    /// The fewest bytes that a value takes: what bounds the count of a vector.
    const MIN_SIZE: usize = 4;

    /// Reads one value.
    ///
    /// # Errors
    /// When the bytes are not one.
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

/// A value that starts with an id.
pub trait Boxed: Decode {
    /// Reads what follows the id.
    ///
    /// # Errors
    /// When the id is none of this type's, or the bytes do not follow its form.
    fn decode_id(id: u32, r: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

/// A function, and what it returns.
pub trait Call: Encode {
    /// What a successful call brings.
    type Return: Decode;
    /// The name in TL.
    const NAME: &'static str;
}

/// Goes over bytes from outside: checks every length, counts depth, allocates no more than is there.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    depth: u8,
}

impl<'a> Reader<'a> {
    /// Starts at the front of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            depth: 0,
        }
    }

    /// What has not been read yet.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Fails unless everything was read.
    ///
    /// # Errors
    /// [`DecodeError::Trailing`].
    pub fn finish(&self) -> Result<(), DecodeError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(DecodeError::Trailing {
                left: self.rest.len(),
            })
        }
    }

    /// Reads one value.
    ///
    /// # Errors
    /// As [`Decode::decode`].
    #[inline]
    pub fn get<T: Decode>(&mut self) -> Result<T, DecodeError> {
        T::decode(self)
    }

    /// Reads a value if its flag is set.
    #[inline]
    pub(crate) fn opt<T: Decode>(&mut self, flag: u32) -> Result<Option<T>, DecodeError> {
        if flag == 0 {
            Ok(None)
        } else {
            T::decode(self).map(Some)
        }
    }

    /// Reads 32 bits, little-endian: an `int`, an id, flags.
    ///
    /// # Errors
    /// [`DecodeError::Eof`].
    #[inline]
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_le_bytes)
    }

    /// Reads `N` bytes as they are.
    ///
    /// # Errors
    /// [`DecodeError::Eof`].
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        match self.rest.split_first_chunk::<N>() {
            Some((head, rest)) => {
                self.rest = rest;
                Ok(*head)
            }
            None => Err(self.eof(N)),
        }
    }

    /// Takes `count` bytes as they are.
    ///
    /// # Errors
    /// [`DecodeError::Eof`].
    #[inline]
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        match self.rest.split_at_checked(count) {
            Some((head, rest)) => {
                self.rest = rest;
                Ok(head)
            }
            None => Err(self.eof(count)),
        }
    }

    /// Reads a `bytes` or `string`, borrowed: its length, the bytes, and padding to a multiple of four.
    ///
    /// # Errors
    /// [`DecodeError::Eof`], or [`DecodeError::Length`] if a length is not in its shortest form.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let Some((&[first, a, b, c], _)) = self.rest.split_first_chunk::<4>() else {
            return Err(self.eof(4));
        };
        let (head, length) = match first {
            0..=253 => (1, usize::from(first)),
            254 => (4, usize::from(a) | usize::from(b) << 8 | usize::from(c) << 16),
            255 => return Err(DecodeError::Length),
        };
        if head == 4 && length < 254 {
            return Err(DecodeError::Length);
        }
        let whole = (head + length).next_multiple_of(4);
        let bytes = self.take(whole)?;
        Ok(&bytes[head..head + length])
    }

    /// Reads the count of a vector, whose elements take at least `min_size` bytes each.
    ///
    /// # Errors
    /// [`DecodeError::Count`] if so many elements cannot follow.
    pub fn count(&mut self, min_size: usize) -> Result<usize, DecodeError> {
        let count = self.u32()?;
        let left = self.rest.len();
        match usize::try_from(count) {
            Ok(count) if count <= left / min_size.max(1) => Ok(count),
            _ => Err(DecodeError::Count { count, left }),
        }
    }

    fn elements<T>(
        &mut self,
        count: usize,
        read: impl Fn(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        // A Rust value may be larger than its bytes: reserve no more memory than the bytes that came.
        let mut out = Vec::with_capacity(count.min(self.rest.len() / size_of::<T>().max(1) + 1));
        for _ in 0..count {
            out.push(read(self)?);
        }
        Ok(out)
    }

    /// Reads a value inside which another of its type may lie.
    #[inline]
    pub(crate) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        if self.depth >= MAX_DEPTH {
            return Err(DecodeError::Depth);
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    #[cold]
    fn eof(&self, wanted: usize) -> DecodeError {
        DecodeError::Eof {
            wanted,
            left: self.rest.len(),
        }
    }

    #[cold]
    pub(crate) fn unexpected(&self, id: u32, expected: &'static str) -> DecodeError {
        DecodeError::Unexpected { id, expected }
    }
}

/// Appends to a `Vec`, in the form of one layer.
#[derive(Debug)]
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
    layer: Layer,
}

impl<'a> Writer<'a> {
    /// Appends to `out`, which is not cleared.
    #[inline]
    #[must_use]
    pub fn new(out: &'a mut Vec<u8>, layer: Layer) -> Self {
        Self { out, layer }
    }

    /// The layer that values are written for.
    #[inline]
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.layer
    }

    /// Appends 32 bits, little-endian.
    #[inline]
    pub fn u32(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    /// Appends bytes as they are.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Appends a `bytes` or `string`.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] from 16 MiB.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        let length = bytes.len();
        let start = self.out.len();
        let head = if length < 254 { 1 } else { 4 };
        if length > MAX_BYTES {
            return Err(EncodeError::TooLong { length });
        }
        let whole = (head + length).next_multiple_of(4);
        // The padding is appended whole and cut off where it is too much: both sizes are known to the
        // compiler then, which makes it one store.
        self.out.reserve(whole + 4);
        if head == 1 {
            self.out.push(length as u8);
        } else {
            self.u32((length as u32) << 8 | 254);
        }
        self.out.extend_from_slice(bytes);
        self.out.extend_from_slice(&[0; 4]);
        self.out.truncate(start + whole);
        Ok(())
    }

    /// A constructor without fields.
    #[inline]
    pub(crate) fn unit(&mut self, id: u32) -> Result<(), EncodeError> {
        self.u32(id);
        Ok(())
    }

    #[cold]
    pub(crate) fn absent(&self, name: &'static str) -> Result<(), EncodeError> {
        Err(EncodeError::NotInLayer {
            name,
            layer: self.layer,
        })
    }

    #[inline]
    pub(crate) fn opt<T: Encode>(&mut self, value: &Option<T>) -> Result<(), EncodeError> {
        match value {
            Some(value) => value.encode(self),
            None => Ok(()),
        }
    }

    /// A field that this form requires and another does not have: zero or empty stands in for it.
    pub(crate) fn or_default<T: Encode + Default>(&mut self, value: &Option<T>) -> Result<(), EncodeError> {
        match value {
            Some(value) => value.encode(self),
            None => T::default().encode(self),
        }
    }

    pub(crate) fn required<T: Encode>(
        &mut self,
        value: &Option<T>,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        match value {
            Some(value) => value.encode(self),
            None => Err(EncodeError::Missing { field }),
        }
    }
}

/// A flag bit.
#[inline]
pub(crate) const fn bit(bit: u32, set: bool) -> u32 {
    (set as u32) << bit
}

fn count(length: usize) -> Result<u32, EncodeError> {
    u32::try_from(length).map_err(|_| EncodeError::TooLong { length })
}

macro_rules! fixed {
    ($($ty:ty: $size:literal),*) => {$(
        impl Encode for $ty {
            #[inline]
            fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
                w.raw(&self.to_le_bytes());
                Ok(())
            }
        }

        impl Decode for $ty {
            const MIN_SIZE: usize = $size;
            #[inline]
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.array().map(Self::from_le_bytes)
            }
        }
    )*};
}

fixed!(i32: 4, i64: 8, f64: 8);

impl<const N: usize> Encode for [u8; N] {
    #[inline]
    fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
        w.raw(self);
        Ok(())
    }
}

impl<const N: usize> Decode for [u8; N] {
    const MIN_SIZE: usize = N;
    #[inline]
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array()
    }
}

impl Encode for bool {
    #[inline]
    fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
        w.unit(if *self { TRUE } else { FALSE })
    }
}

impl Boxed for bool {
    fn decode_id(id: u32, r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match id {
            TRUE => Ok(true),
            FALSE => Ok(false),
            _ => Err(r.unexpected(id, "Bool")),
        }
    }
}

impl Decode for bool {
    #[inline]
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let id = r.u32()?;
        Self::decode_id(id, r)
    }
}

impl Encode for String {
    #[inline]
    fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
        w.bytes(self.as_bytes())
    }
}

impl Decode for String {
    #[inline]
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match std::str::from_utf8(r.bytes()?) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(DecodeError::Utf8),
        }
    }
}

impl Encode for Vec<u8> {
    #[inline]
    fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
        w.bytes(self)
    }
}

impl Decode for Vec<u8> {
    #[inline]
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.bytes().map(<[u8]>::to_vec)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
        w.u32(VECTOR);
        if T::SKIPPABLE {
            let layer = w.layer();
            w.u32(count(self.iter().filter(|value| value.known_to(layer)).count())?);
            return self
                .iter()
                .filter(|value| value.known_to(layer))
                .try_for_each(|value| value.encode(w));
        }
        w.u32(count(self.len())?);
        self.iter().try_for_each(|value| value.encode(w))
    }
}

impl<T: Decode> Boxed for Vec<T> {
    fn decode_id(id: u32, r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if id != VECTOR {
            return Err(r.unexpected(id, "Vector"));
        }
        let count = r.count(T::MIN_SIZE)?;
        r.elements(count, T::decode)
    }
}

impl<T: Decode> Decode for Vec<T> {
    const MIN_SIZE: usize = 8;
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let id = r.u32()?;
        Self::decode_id(id, r)
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
        (**self).encode(w)
    }
}

impl<T: Decode> Decode for Box<T> {
    const MIN_SIZE: usize = T::MIN_SIZE;
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::decode(r).map(Box::new)
    }
}
