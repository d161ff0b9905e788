//! [`Sealed`]: packed data that nobody but the bot can make.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::bits::{BitReader, BitWriter};
use super::codec::{Codec, Read, Reading, ToData};
use super::schema::{self, Schema};
use super::{Claim, DataError, packed, text};
use crate::context::Needs;

/// The bits of a seal.
#[doc(hidden)]
pub const TAG: usize = 80;
/// The shortest key that is taken, in bytes.
pub const MIN_KEY: usize = 16;

/// The sealed form, `#[callback_data(codec = "sealed")]`: packed, and authenticated.
///
/// Callback data comes from the user's app, and an app can be modified. What is sealed can only have been written by
/// this bot, for a button of this type, and, with `bind(user)`, `bind(chat)` or `bind(user, chat)`, only for this user
/// or chat: a press by anyone else does not reach the handler.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use ringback::data::Keys;
/// use ringback::{CallbackData, CallbackQuery, Keyboard, Outcome, Router};
///
/// #[derive(CallbackData)]
/// #[callback_data(prefix = "$", codec = "sealed", bind(user))]
/// struct Buy { item: u32, cents: u32 }
///
/// async fn buy(query: CallbackQuery<Buy>) -> Outcome {
///     let cents = query.data().cents; // the price that this user was shown
///     query.answer().text(format!("Sold for {cents} cents")).await
/// }
///
/// # fn load(_: &str) -> Vec<u8> { vec![7; 32] }
/// # let ann = 8951984;
/// let keys = Keys::new(&load("2027.key"))?.accept(&load("2026.key"))?;
/// let keyboard = Keyboard::new()
///     .callback("Buy", &keys.seal(&Buy { item: 7, cents: 990 }).user(ann))
///     .build()?;
/// let router = Router::new().callback(buy).state(keys);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The seal is the first 80 bits of an HMAC-SHA256 over the data, the type's prefix, and the user and chat it is bound
/// to. Guessing can only be done by pressing, one guess a query: at a thousand presses a second, for a year, all
/// against one bot, one in 38 million million gets through. 64 bits would do; the sixteen more cost two bytes.
/// The check takes the same time whatever is wrong.
///
/// A seal does not hide the data, and it does not wear out: the same button can be pressed again, and still works
/// after the price has changed. For what holds once or for a while, see [`Stored`](super::Stored).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Sealed;

/// The secrets of the [sealed](Sealed) form. The router takes it as a [state](crate::Router::state).
///
/// Each bot has keys of its own: a seal does not say which bot it is of. The first key seals; all of them open. To change the key, put the new one in front and `accept` the old one for as
/// long as its buttons shall work.
#[derive(Clone)]
pub struct Keys {
    /// Each with its key schedule done. The newest first.
    keys: Vec<Hmac<Sha256>>,
}

/// A key is shorter than [`MIN_KEY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key of {0} bytes can be guessed; take {MIN_KEY} random ones or, better, 32")]
pub struct ShortKey(pub usize);

impl Keys {
    /// One key: random bytes, best 32, kept as secret as the bot's token.
    ///
    /// # Errors
    /// It is shorter than [`MIN_KEY`] bytes.
    pub fn new(key: &[u8]) -> Result<Self, ShortKey> {
        Keys { keys: Vec::new() }.accept(key)
    }

    /// A former key, whose buttons are still to be read.
    ///
    /// # Errors
    /// It is shorter than [`MIN_KEY`] bytes.
    pub fn accept(mut self, key: &[u8]) -> Result<Self, ShortKey> {
        if key.len() < MIN_KEY {
            return Err(ShortKey(key.len()));
        }
        // HMAC takes a key of any length.
        self.keys
            .push(Hmac::new_from_slice(key).map_err(|_| ShortKey(key.len()))?);
        Ok(self)
    }

    /// The value, to be put on a button.
    pub fn seal<'a, D: Schema>(&'a self, value: &'a D) -> Seal<'a, D> {
        Seal {
            keys: self,
            value,
            user: None,
            chat: None,
        }
    }

    /// Reads sealed data that this user has pressed in this chat; `Ok(None)` if it has another prefix.
    ///
    /// # Errors
    /// The seal does not hold ([`DataError::Refused`]); or it does, and the data is of a version that can't be read
    /// any more.
    pub fn open<D: Schema>(&self, data: &str, user: i64, chat: Option<i64>) -> Result<Option<D>, DataError> {
        let Some(text) = data.strip_prefix(D::PREFIX) else {
            return Ok(None);
        };
        let refused = || DataError::Refused("the seal does not hold");
        let (bytes, length) = packed::read(text)?;
        let (tag, body) = bytes.split_at_checked(TAG / 8).ok_or_else(refused)?;
        let bound = D::BOUND;
        let chat = if bound.chat {
            Some(chat.ok_or_else(refused)?)
        } else {
            None
        };
        let context = context::<D>(bound.user.then_some(user), chat, length);
        let mut holds = false;
        for key in &self.keys {
            let mut mac = key.clone();
            mac.update(&context);
            mac.update(body);
            // In constant time; and every key is tried, whichever it is.
            holds |= mac.verify_truncated_left(tag).is_ok();
        }
        if !holds {
            return Err(refused());
        }
        let mut bits = BitReader::first(body, length - TAG);
        let value = schema::read(&mut bits)?;
        bits.end()?;
        Ok(Some(value))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.keys.len())
    }
}

/// What a seal covers besides the data: all that makes it *this* button.
fn context<D: Schema>(user: Option<i64>, chat: Option<i64>, length: usize) -> Vec<u8> {
    let mut context = Vec::with_capacity(96);
    context.extend_from_slice(b"ringback sealed 1\0");
    context.push(D::PREFIX.len() as u8);
    context.extend_from_slice(D::PREFIX.as_bytes());
    context.push(u8::from(user.is_some()) | (u8::from(chat.is_some()) << 1));
    for id in [user, chat] {
        context.extend_from_slice(&id.unwrap_or_default().to_be_bytes());
    }
    context.extend_from_slice(&(length as u32).to_be_bytes());
    context
}

/// A value to be sealed, made by [`Keys::seal`], for a button: `.callback("Buy", &keys.seal(&buy).user(ann))`.
#[must_use = "put it on a button"]
pub struct Seal<'a, D> {
    keys: &'a Keys,
    value: &'a D,
    user: Option<i64>,
    chat: Option<i64>,
}

impl<D> Seal<'_, D> {
    /// Who may press the button. For types with `bind(user)`, which can't be sealed without.
    pub fn user(mut self, id: i64) -> Self {
        self.user = Some(id);
        self
    }

    /// In which chat the button works. For types with `bind(chat)`, which can't be sealed without. Messages sent in
    /// inline mode have no chat.
    pub fn chat(mut self, id: i64) -> Self {
        self.chat = Some(id);
        self
    }
}

impl<D> fmt::Debug for Seal<'_, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seal")
            .field("user", &self.user)
            .field("chat", &self.chat)
            .finish_non_exhaustive()
    }
}

/// That a button is bound to what its type says, no more and no less.
pub(super) fn bound<D: Schema>(user: Option<i64>, chat: Option<i64>) -> Result<(), DataError> {
    for (is, of, given) in [("user", D::BOUND.user, user), ("chat", D::BOUND.chat, chat)] {
        match (of, given) {
            (true, None) => {
                let why = format!("its type says bind({is}): call .{is}(id)");
                return Err(DataError::unwritable(why));
            }
            (false, Some(_)) => {
                let why = format!("its type does not say bind({is}), so no {is} would be checked");
                return Err(DataError::unwritable(why));
            }
            _ => {}
        }
    }
    Ok(())
}

impl<D: Schema> ToData for Seal<'_, D> {
    fn write(&self) -> Result<String, DataError> {
        bound::<D>(self.user, self.chat)?;
        let mut body = BitWriter::new();
        schema::write(self.value, &mut body)?;
        let length = text::capacity(text::length(TAG + body.len()));
        body.pad(length - TAG);
        let Some(key) = self.keys.keys.first() else {
            return Err(DataError::unwritable("there is no key"));
        };
        let mut mac = key.clone();
        mac.update(&context::<D>(self.user, self.chat, length));
        mac.update(body.as_bytes());
        let mut sealed = BitWriter::new();
        for byte in &mac.finalize().into_bytes()[..TAG / 8] {
            sealed.bits(u64::from(*byte), 8);
        }
        let mut rest = BitReader::first(body.as_bytes(), length - TAG);
        while rest.left() > 0 {
            let take = rest.left().min(64) as u32;
            sealed.bits(rest.bits(take)?, take);
        }
        Ok(packed::write(D::PREFIX, &sealed))
    }
}

impl<D: Schema> Codec<D> for Sealed {
    const CLAIM: Claim = Claim::Prefix(D::PREFIX);

    fn read(data: &str, press: &Reading<'_>) -> Read<D> {
        let chat = || D::BOUND.chat.then(|| press.chat()).flatten();
        Read::Now(
            press
                .state::<Keys>()
                .and_then(|keys| keys.open(data, press.user(), chat())),
        )
    }

    fn needs(needs: &mut Needs) {
        needs.state::<Keys>();
    }
}
