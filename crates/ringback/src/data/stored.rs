//! [`Stored`]: data of any size, kept elsewhere.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::bits::{BitReader, BitWriter};
use super::codec::{Codec, Read, Reading, ToData};
use super::schema::{self, Schema};
use super::{Claim, DataError, Pack, packed, sealed};
use crate::context::Needs;
use crate::error::BoxError;
use crate::store::{MemoryStore, Store, When};

/// The bits of a ticket.
#[doc(hidden)]
pub const TICKET: usize = 128;

/// The stored form, `#[callback_data(codec = "stored")]`: the button carries a key, the value lies in a
/// [`Store`](crate::store::Store).
///
/// For values that are too large for a button, that should not be seen by the user's app, that hold for a while, or
/// that may be used once.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use std::time::Duration;
/// use ringback::data::Stash;
/// use ringback::{BoxError, CallbackData, CallbackQuery, Incoming, Keyboard, Outcome, Router, State};
///
/// #[derive(CallbackData)]
/// #[callback_data(prefix = "&", codec = "stored", bind(user))]
/// struct Transfer { to: String, cents: u64, note: String }
///
/// async fn ask(message: Incoming, stash: State<Stash>) -> Result<(), BoxError> {
///     let transfer = Transfer { to: "Bob".into(), cents: 990, note: "for the mug, with many thanks".into() };
///     let sender = message.from.as_ref().ok_or("nobody sent this")?;
///     let button = stash.put(&transfer).user(sender.id).keep(Duration::from_secs(600)).once().await?;
///     let keyboard = Keyboard::new().callback("Send 9.90", &button).build()?;
///     message.answer("Really?").with(|m| m.reply_markup(keyboard)).await?;
///     Ok(())
/// }
///
/// async fn send(query: CallbackQuery<Transfer>) -> Outcome {
///     let text = format!("Sent to {}.", query.data().to); // happens once, within ten minutes
///     query.answer().text(text).await
/// }
///
/// let router = Router::new().command("send", ask).callback(send).state(Stash::memory(10_000));
/// # }
/// ```
///
/// A key is 128 bits of the system's randomness: nobody finds one by guessing. A value that has expired, was used, or
/// was pushed out of a full store is [out of date](DataError::Outdated).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Stored;

/// Where [stored](Stored) values are put, and read from. The router takes it as a [state](crate::Router::state). A
/// cheap handle.
#[derive(Clone)]
pub struct Stash {
    store: Arc<dyn Store>,
}

impl Stash {
    /// Values lie in this store.
    pub fn new(store: impl Store) -> Self {
        Stash {
            store: Arc::new(store),
        }
    }

    /// Values lie in memory, this many at most, and are gone when the program ends.
    pub fn memory(capacity: usize) -> Self {
        Stash::new(MemoryStore::new(capacity))
    }

    /// A value to be stored for a button; [`.await`](Put) stores it.
    pub fn put<'a, D: Schema>(&'a self, value: &'a D) -> Put<'a, D> {
        Put {
            stash: self,
            value,
            user: None,
            chat: None,
            keep: None,
            once: false,
        }
    }

    async fn read<D: Schema>(self, press: Pressed) -> Result<Option<D>, DataError> {
        loop {
            let gone = || DataError::Outdated("it is not in the store any more".into());
            let found = self.store.get(&press.key).await;
            let found = found.map_err(DataError::Unavailable)?.ok_or_else(gone)?;
            let (used_by, record) = opened(&found)?;
            let mut bits = BitReader::new(record);
            let (user, chat) = (
                Option::<i64>::unpack(&mut bits)?,
                Option::<i64>::unpack(&mut bits)?,
            );
            let (once, keep) = (bits.bit()?, Option::<u64>::unpack(&mut bits)?);
            if user.is_some_and(|user| user != press.user)
                || chat.is_some_and(|chat| Some(chat) != press.chat)
            {
                return Err(DataError::Refused(
                    "it is another user's button, or another chat's",
                ));
            }
            // A value whose type says bind(…) now and did not when it was stored: nothing says whose it is.
            if (D::BOUND.user && user.is_none()) || (D::BOUND.chat && chat.is_none()) {
                return Err(DataError::Outdated("it is from before its type was bound".into()));
            }
            let value = schema::read(&mut bits)?;
            bits.end()?;
            match used_by {
                _ if !once => return Ok(Some(value)),
                Some(query) if query == press.query.as_bytes() => return Ok(Some(value)),
                Some(_) => return Err(DataError::Outdated("it has been used".into())),
                None => {}
            }
            let used = used(&press.query, record);
            let keep = keep.map(Duration::from_millis);
            let claimed = self
                .store
                .set(&press.key, &used, keep, When::Is(&found))
                .await
                .map_err(DataError::Unavailable)?;
            if claimed {
                return Ok(Some(value));
            }
            // Another press was faster: what is there now says which.
        }
    }
}

/// A record as it is stored: the length of the identifier of the query that has used it (zero if none has), the
/// identifier, and what was recorded.
fn used(query: &str, record: &[u8]) -> Vec<u8> {
    // Identifiers are numbers; nobody's is cut.
    let query = &query.as_bytes()[..query.len().min(255)];
    [&[query.len() as u8], query, record].concat()
}

fn opened(found: &[u8]) -> Result<(Option<&[u8]>, &[u8]), DataError> {
    let (length, rest) = found
        .split_first()
        .ok_or_else(|| DataError::malformed("the store's value is empty"))?;
    let (query, record) = rest
        .split_at_checked(usize::from(*length))
        .ok_or_else(|| DataError::malformed("the store's value is cut"))?;
    Ok(((!query.is_empty()).then_some(query), record))
}

impl fmt::Debug for Stash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stash")
    }
}

/// What reading needs of a press, beyond its life.
struct Pressed {
    key: String,
    user: i64,
    chat: Option<i64>,
    query: String,
}

/// A value on its way into the store. `.await` puts it there and gives the [`Ticket`] for the button.
#[must_use = "a value is stored when it is awaited"]
pub struct Put<'a, D> {
    stash: &'a Stash,
    value: &'a D,
    user: Option<i64>,
    chat: Option<i64>,
    keep: Option<Duration>,
    once: bool,
}

impl<'a, D: Schema> Put<'a, D> {
    /// Who may press the button. For types with `bind(user)`, which can't be stored without.
    pub fn user(mut self, id: i64) -> Self {
        self.user = Some(id);
        self
    }

    /// In which chat the button works. For types with `bind(chat)`, which can't be stored without.
    pub fn chat(mut self, id: i64) -> Self {
        self.chat = Some(id);
        self
    }

    /// How long the value is kept. Default: as long as the store has room.
    pub fn keep(mut self, time: Duration) -> Self {
        self.keep = Some(time);
        self
    }

    /// The value is read by one press only: later ones are [out of date](DataError::Outdated). One press counts
    /// once: handlers that pass it on, and a repeated delivery after a crash, read it again.
    ///
    /// It is used when it is read, whatever the handler then does.
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }

    async fn store(self) -> Result<Ticket<D>, DataError> {
        sealed::bound::<D>(self.user, self.chat)?;
        let mut record = BitWriter::new();
        self.user.pack(&mut record)?;
        self.chat.pack(&mut record)?;
        record.bit(self.once);
        let millis = self.keep.and_then(|keep| u64::try_from(keep.as_millis()).ok());
        millis.pack(&mut record)?;
        schema::write(self.value, &mut record)?;

        let mut number = [0; TICKET / 8];
        getrandom::fill(&mut number)
            .map_err(|error| DataError::Unwritable(BoxError::from(error.to_string())))?;
        let mut bits = BitWriter::new();
        u128::from_be_bytes(number).pack(&mut bits)?;
        let data = packed::write(D::PREFIX, &bits);
        let (key, record) = (key::<D>(&number), used("", &record.into_bytes()));
        let put = self.stash.store.set(&key, &record, self.keep, When::Always);
        put.await.map_err(DataError::Unavailable)?;
        Ok(Ticket {
            data,
            of: std::marker::PhantomData,
        })
    }
}

impl<D> fmt::Debug for Put<'_, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Put")
            .field("keep", &self.keep)
            .field("once", &self.once)
            .finish_non_exhaustive()
    }
}

impl<'a, D: Schema + Sync> std::future::IntoFuture for Put<'a, D> {
    type Output = Result<Ticket<D>, DataError>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.store())
    }
}

/// The key of a stored value, for a button.
pub struct Ticket<D> {
    data: String,
    of: std::marker::PhantomData<fn() -> D>,
}

impl<D> Clone for Ticket<D> {
    fn clone(&self) -> Self {
        Ticket {
            data: self.data.clone(),
            of: self.of,
        }
    }
}

impl<D> fmt::Debug for Ticket<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket")
    }
}

impl<D: Schema> ToData for Ticket<D> {
    fn write(&self) -> Result<String, DataError> {
        Ok(self.data.clone())
    }
}

/// The type's prefix is part of the key: a key of one type is none of another's.
fn key<D: Schema>(number: &[u8]) -> String {
    let hex: String = number.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("data/{}/{hex}", D::PREFIX)
}

impl<D: Schema> Codec<D> for Stored {
    const CLAIM: Claim = Claim::Prefix(D::PREFIX);

    fn read(data: &str, press: &Reading<'_>) -> Read<D> {
        let Some(text) = data.strip_prefix(D::PREFIX) else {
            return Read::Now(Ok(None));
        };
        let number = packed::read(text).and_then(|(bytes, length)| {
            let mut bits = BitReader::first(&bytes, length);
            let number = u128::unpack(&mut bits)?;
            bits.end()?;
            Ok(number.to_be_bytes())
        });
        let found = number.and_then(|number| Ok((press.state::<Stash>()?, key::<D>(&number))));
        match found {
            Err(error) => Read::Now(Err(error)),
            Ok((stash, key)) => {
                let press = Pressed {
                    key,
                    user: press.user(),
                    chat: press.chat(),
                    query: press.query_id().to_owned(),
                };
                Read::Soon(Box::pin(Stash::clone(&stash).read(press)))
            }
        }
    }

    fn needs(needs: &mut Needs) {
        needs.state::<Stash>();
    }
}
