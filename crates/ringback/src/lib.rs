//! A Telegram bot framework that cannot forget to answer a callback query.
//!
//! When a user presses an inline button, the app shows that it waits, until the bot answers. Forgetting the answer on
//! one of a handler's paths is the most common mistake in bots: the button seems to hang. Here it does not compile.
//!
//! ```no_run
//! # #[cfg(feature = "macros")] {
//! use ringback::{Bot, BoxError, CallbackData, CallbackQuery, Incoming, Keyboard, Outcome, Polling, Router};
//!
//! // What the buttons carry. That it fits their 64 bytes is proved when this is compiled.
//! #[derive(CallbackData)]
//! #[callback_data(prefix = "vol")]
//! enum Volume { Up, Down, Set { level: u8 } }
//!
//! async fn start(message: Incoming) -> Result<(), BoxError> {
//!     let keyboard = Keyboard::new()
//!         .callback("↑", &Volume::Up)
//!         .callback("↓", &Volume::Down)
//!         .row()
//!         .callback("Full", &Volume::Set { level: 100 })
//!         .build()?;
//!     message.answer("The volume:").with(|m| m.reply_markup(keyboard)).await?;
//!     Ok(())
//! }
//!
//! async fn volume(query: CallbackQuery<Volume>) -> Outcome {
//!     match query.data() {
//!         Volume::Up => query.answer().text("Louder").await,
//!         Volume::Down => query.answer().text("Quieter").await,
//!         Volume::Set { level } => {
//!             let text = format!("Volume: {level}");
//!             query.answer().text(text).await
//!         }
//!     }
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), BoxError> {
//!     let router = Router::new().command("start", start).callback(volume);
//!     Ok(Polling::new(Bot::from_env()?, router)?.run().await?) // BOT_TOKEN
//! }
//! # }
//! ```
//!
//! For a Telegram of one's own to try it on, offline and without a token: `ringback exec -- cargo run`.
//!
//! # Why answers are linear
//!
//! A [`CallbackQuery`] can be used up in three ways: [`answer()`](CallbackQuery::answer) it,
//! [`pass()`](CallbackQuery::pass) it to the next handler, or promise to
//! [answer it later](CallbackQuery::answer_later). Each takes the query by value, so it happens once. Each gives an
//! [`Outcome`], which nothing else gives, and a handler must return one, so it does happen. This does not compile:
//!
//! ```compile_fail
//! # use ringback::{CallbackQuery, Router};
//! async fn forgetful(query: CallbackQuery) {
//!     if query.raw_data() == Some("ping") {
//!         query.answer().text("pong").await;
//!     } // and otherwise?
//! }
//! let router = Router::new().callback(forgetful);
//! ```
//!
//! What a compiler can't see, the dispatcher finishes: when a handler panics, returns an error, hangs past a
//! [deadline](Polling::answer_within), or when no handler wants the query, it sends a
//! [fallback answer](Polling::fallback), tells the [error handler](Polling::on_error), and goes on. The user's wait
//! ends, in time, always.
//!
//! # What a button carries
//!
//! A handler states in its type what data it takes: `CallbackQuery<Volume>` is called for presses whose data reads as
//! a `Volume`. Types that claim a prefix are found by it at once; two that claim the same are an error when the router
//! is checked. See [`data`].
//!
//! Data comes back from the user's app, so it is input like any other: typed reading refuses what is malformed, and
//! the handler decides whether this user may do this. Data that is a right or a price is better
//! [sealed](data::Sealed): then the bot itself has made the button, for this user. What does not fit the 64 bytes can
//! be [packed](data::Packed) or [stored](data::Stored).
//!
//! [`Keyboard`] writes the buttons, and [`menu`] makes pages of them.
//!
//! # What is remembered
//!
//! Handlers take a [`Session<T>`](Session) of the user or the chat, and routes are chosen by where a [`Dialogue`]
//! stands: see [`session`]. They are kept in memory, in a file, in Redis or in PostgreSQL: see [`store`].
//!
//! # Order
//!
//! One user's presses are handled in their order, and so are one chat's messages. Everything else runs side by side:
//! a slow handler holds up nobody else. A user's next press is handled when the handlers of the one before have ended
//! and its answer is on its way: not while they work, so that two presses of one user never meet in the same state, and
//! not only when the server has said what it thinks of the answer, so that ten quick presses do not take ten round
//! trips. A call that changes what the user sees (an edit, a message) is over when its response has come: such calls
//! of one user's presses reach the server one after the other.
//!
//! An update is confirmed to the server when it has been handled, so a crash loses none; see [`Polling`], and its
//! [inbox](Polling::inbox) for handlers that take long.
//!
//! # What goes out
//!
//! [`Bot::send`] sends any method of the [Bot API](api). Messages, chats and queries have shortcuts that fill in what they
//! know: `message.reply_photo(file)`, `message.chat.ban(user)`, `query.answer(results)`. An [`Incoming`] one sends them
//! when they are awaited; others are sent by [`bot.send(..)`](Bot::send) or [`.send(&bot)`](MethodExt::send).
//!
//! New messages keep to [Telegram's limits](Limits), refused calls are [sent again](Retry) where that is safe, and an answer
//! to a query waits for none of it; see [`outgoing`]. Files are sent from memory, from a path, or [while they are
//! made](upload), and [fetched](Bot::download) the same ways. A [`Proxy`] can stand in between.
//!
//! # Looking on
//!
//! Each update has a `tracing` span named `update`, from its receipt to the end of its handlers, with its `id` and
//! `kind`. For a query, `user`, and when it was answered, `answer` (by the `handler` or the `fallback`) and
//! `answer_us`: microseconds from receipt. What handlers log is inside it. The bot's token is in no span, event or error.
//!
//! # Cargo features
//!
//! * `macros` (default): `#[derive(CallbackData)]`, [`#[handler]`](macro@handler).
//! * `uuid`: UUIDs as parts of callback data.
//! * `tls` (default): HTTPS to the API server, by rustls with Mozilla's root certificates built in.
//! * `metrics`: counters and times through the `metrics` facade: `ringback_updates_total{kind}`,
//!   `ringback_answers_total{by, via}`, `ringback_answer_seconds`, `ringback_fallbacks_total{reason}`,
//!   `ringback_answers_failed_total{reason}`.
//! * `file`, `redis`, `postgres`: [stores](store) for sessions, dialogues and stored callback data.
//! * `testing`: a local Telegram in a test's own process. For `[dev-dependencies]`.
//! * `tower`: a [`WebhookService`] is a `tower::Service`. The trait's crate has not reached 1.0; when it changes, so
//!   does this feature.

mod backoff;
mod bot;
mod context;
pub mod data;
mod dispatch;
mod download;
mod error;
pub mod filter;
mod form;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod generated;
mod handler;
mod hash;
pub mod html;
mod incoming;
pub mod keyboard;
pub mod menu;
mod meter;
mod middleware;
mod net;
pub mod outgoing;
mod poll;
mod query;
mod router;
pub mod session;
mod shortcuts;
mod signal;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
mod update;
pub mod upload;
mod webhook;

pub use ringback_botapi as api;

pub use bot::{Bot, Builder, Call, MethodExt, TELEGRAM};
pub use context::{Args, Context, FromContext, Needs, Sender, State};
pub use data::CallbackData;
pub use dispatch::{Failure, Reason, Report};
pub use error::{ApiError, ApiErrorKind, BoxError, Error};
#[doc(hidden)]
pub use handler::check;
pub use handler::{CallbackHandler, Flow, IntoFlow, QueryData, UpdateHandler};
pub use incoming::{Incoming, Kind, kinds};
pub use keyboard::{Keyboard, KeyboardError};
pub use middleware::{Handled, Middleware, Next, TookTooLong};
pub use net::Proxy;
pub use outgoing::{Limits, Rate, Retry};
pub use poll::{InboxError, Polling};
pub use query::{Answer, CallbackQuery, Editor, Game, IntoOutcome, Later, Outcome, Raw};
#[cfg(feature = "macros")]
pub use ringback_macros::handler;
pub use router::{BuildError, Router};
pub use session::{Dialogue, Session, Sessions};
pub use signal::stop as stop_signal;
pub use webhook::{Reply, Webhook, WebhookService};

/// The README's code compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
