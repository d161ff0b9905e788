//! A Telegram user client that presses inline buttons and tells what became of it.
//!
//! ```no_run
//! use ringback_client::{Client, Session};
//!
//! # async fn run(text: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder().session(text.parse::<Session>()?).connect().await?;
//! let bot = client.resolve("volumebot").await?;
//! let history = client.history(&bot, 20).await?;
//! let found = history.iter().find_map(|message| Some((message, message.button("Turn up")?)));
//! if let Some((message, button)) = found {
//!     let answer = client.press(message, button).await?;
//!     println!("{:?}", answer.text);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Client::press`] is `messages.getBotCallbackAnswer` with all that belongs to it: data, games and password
//! proofs, the cache that `cache_time` asks for, and [`PressError`] with a variant for each documented error.
//! Around it:
//!
//! | for | there is |
//! |---|---|
//! | whom to talk to | [`Server::telegram`], or a local server as [`Server::new`] |
//! | signing in | [`send_code`](Client::send_code), [`sign_in_with`](Client::sign_in_with), [`sign_in_bot`](Client::sign_in_bot), or a [`Session`], also from and for [other libraries](Session::to_telethon) |
//! | finding | [`resolve`](Client::resolve), [`dialogs`](Client::dialogs), [`history`](Client::history), [`messages`](Client::messages) |
//! | doing | [`send_message`](Client::send_message), [`edit_message`](Client::edit_message), [`delete_messages`](Client::delete_messages), [`forward_messages`](Client::forward_messages), [`mark_read`](Client::mark_read) |
//! | inline mode | [`inline_query`](Client::inline_query), [`send_inline_result`](Client::send_inline_result); what was sent is a message with buttons like any other |
//! | files | [`upload`](Client::upload), [`download`](Client::download) |
//! | hearing | [`updates`](Client::updates): in order, each once, gaps filled, channels too |
//! | anything else | [`invoke`](Client::invoke) for any call of `ringback-tl` |
//!
//! A client keeps one connection and connects again by itself. Calls keep their order, and on a new
//! connection one without an answer is sent under the message id it had, by which the server knows whether it
//! has seen it, so that nothing is done twice. A server that has forgotten the session meanwhile cannot know,
//! nor can any after 150 s: then the call is sent anew. `FLOOD_WAIT_x` is sat out up to a ceiling. Where the
//! server sends to another data centre, the client follows: the account moves there (`PHONE_MIGRATE_x`,
//! `USER_MIGRATE_x`, `NETWORK_MIGRATE_x`, which changes the session that is kept), or the one call does, with the
//! authorization exported and imported. [`Builder::forward_secrecy`] puts messages under temporary keys. Nothing
//! that a server sends panics; no `Debug` shows a secret.
//!
//! Not there: what media is in a message (raw calls have it), content delivery networks, WebSocket and proxies, secret
//! chats, making accounts, keeping keys of other data centres between runs.
//!
//! Sources: <https://core.telegram.org/method/messages.getBotCallbackAnswer>,
//! <https://core.telegram.org/api/bots/buttons#callback-queries>, <https://core.telegram.org/api/invoking>.

mod auth;
mod base64;
mod builder;
mod cache;
mod channels;
mod chats;
mod client;
mod engine;
mod error;
mod files;
mod foreign;
mod forward;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod inline;
mod line;
mod link;
mod message;
mod messages;
mod migrate;
mod peer;
mod press;
mod press_error;
mod server;
mod session;
mod system;
mod updates;

pub use auth::SentCode;
pub use builder::{Builder, Transport};
pub use chats::{Dialog, DialogPage, DialogStart};
pub use client::Client;
pub use error::{Error, Migration, RpcError};
pub use inline::{InlineResult, InlineResults};
pub use message::{Button, ButtonKind, Message};
pub use peer::{Peer, PeerId};
pub use press::{Answer, Press, Target};
pub use press_error::PressError;
pub use server::Server;
pub use session::{FileStore, MemoryStore, Session, SessionError, SessionStore};
pub use updates::{Update, Updates};

/// What is called, and what it brings: for [`Client::invoke`].
pub use ringback_tl as tl;
