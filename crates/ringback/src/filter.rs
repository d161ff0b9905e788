//! Filters for [`Router::nest`](crate::Router::nest): which updates a router's handlers are asked about.
//!
//! A filter is any function of the [`Context`]; these are the usual ones, and ways to combine them.
//!
//! ```
//! use ringback::{CallbackQuery, Incoming, Outcome, Router, filter};
//!
//! async fn settings(query: CallbackQuery) -> Outcome {
//!     query.answer().text("Everything is as it was.").await
//! }
//!
//! async fn thanks(message: Incoming) {}
//!
//! let admins = filter::all(filter::users([8951984, 5091503]), filter::private());
//! let router = Router::new()
//!     .nest(admins, Router::new().callback(settings))
//!     .nest(filter::text_starts("thank"), Router::new().message(thanks));
//! ```

use crate::context::Context;

/// Updates of private chats with the bot.
pub fn private() -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    chat_type(["private"])
}

/// Updates of groups and supergroups.
pub fn group() -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    chat_type(["group", "supergroup"])
}

/// Updates of channels.
pub fn channel() -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    chat_type(["channel"])
}

/// Updates of chats of one of these types, as the Bot API names them: `private`, `group`, `supergroup`, `channel`.
///
/// A press of a button on a message that was sent in inline mode says nothing about its chat, and passes none of
/// these.
pub fn chat_type<const N: usize>(
    types: [&'static str; N],
) -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    move |context| {
        context
            .place()
            .is_some_and(|(_, kind)| types.contains(&kind.as_str()))
    }
}

/// Updates of this chat.
pub fn chat(id: i64) -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    move |context| context.place().is_some_and(|(chat, _)| chat == id)
}

/// What this user does.
pub fn user(id: i64) -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    move |context| context.sender_id() == Some(id)
}

/// What one of these users does.
pub fn users(ids: impl IntoIterator<Item = i64>) -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    let ids: Vec<i64> = ids.into_iter().collect();
    move |context| context.sender_id().is_some_and(|id| ids.contains(&id))
}

/// Messages with a text (not a caption).
pub fn text() -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    |context| context.text().is_some()
}

/// Messages with just this text.
pub fn text_is(text: impl Into<String>) -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    let wanted = text.into();
    move |context| context.text() == Some(&wanted)
}

/// Messages whose text starts like this.
pub fn text_starts(start: impl Into<String>) -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    let start = start.into();
    move |context| context.text().is_some_and(|text| text.starts_with(&start))
}

/// What both let through.
pub fn all(
    one: impl Fn(&Context) -> bool + Send + Sync + 'static,
    other: impl Fn(&Context) -> bool + Send + Sync + 'static,
) -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    move |context| one(context) && other(context)
}

/// What one of the two lets through.
pub fn any(
    one: impl Fn(&Context) -> bool + Send + Sync + 'static,
    other: impl Fn(&Context) -> bool + Send + Sync + 'static,
) -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    move |context| one(context) || other(context)
}

/// What the filter does not let through.
pub fn not(
    filter: impl Fn(&Context) -> bool + Send + Sync + 'static,
) -> impl Fn(&Context) -> bool + Send + Sync + 'static {
    move |context| !filter(context)
}
