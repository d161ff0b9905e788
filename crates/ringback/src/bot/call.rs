//! [`Call`]: a method and its bot.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::Arc;

use ringback_botapi::Method;

use super::Bot;
use crate::error::Error;

/// Methods that find their bot from behind: `message.reply("hi").send(&bot)` is `bot.send(message.reply("hi"))`.
///
/// ```no_run
/// # async fn example(bot: ringback::Bot, message: ringback::api::Message) -> Result<(), ringback::Error> {
/// use ringback::MethodExt;
///
/// let sent = message.reply("Wait …").send(&bot).await?;
/// sent.edit_text("Done.").send(&bot).await?;
/// # Ok(()) }
/// ```
pub trait MethodExt: Method + Sized {
    /// The call of this method by this bot, which sends itself when it is awaited.
    fn send(self, bot: &Bot) -> Call<Self> {
        bot.call(self)
    }
}

impl<M: Method> MethodExt for M {}

/// A method with the bot that will send it: made by [`Bot::call`] and by the shortcuts on messages and queries.
///
/// The method's fields can be reached through it; `.await` sends it.
#[derive(Debug, Clone)]
#[must_use = "a call is sent when it is awaited"]
pub struct Call<M: Method> {
    bot: Bot,
    method: M,
    instead: Option<Instead<M>>,
}

/// What is sent in place of a method that can't reach its message.
pub(crate) type Instead<M> = Arc<dyn Substitute<M>>;

/// Turns a method into another that does the same elsewhere, and sends that one.
pub(crate) trait Substitute<M: Method>: fmt::Debug + Send + Sync {
    fn send(&self, bot: Bot, method: M) -> Sending<M::Response>;
}

pub(crate) type Sending<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

impl<M: Method> Call<M> {
    pub(super) fn new(bot: Bot, method: M) -> Self {
        Call {
            bot,
            method,
            instead: None,
        }
    }

    pub(crate) fn instead(mut self, other: Instead<M>) -> Self {
        self.instead = Some(other);
        self
    }

    /// Changes the method by its own setters: `.with(|method| method.parse_mode(ParseMode::Html))`.
    pub fn with(mut self, change: impl FnOnce(M) -> M) -> Self {
        self.method = change(self.method);
        self
    }

    /// The method alone, not sent. An [`Editor`](crate::Editor)'s is that for a plain message, also where another
    /// would be sent in its place.
    pub fn into_method(self) -> M {
        self.method
    }
}

impl<M: Method> Deref for Call<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.method
    }
}

impl<M: Method> DerefMut for Call<M> {
    fn deref_mut(&mut self) -> &mut M {
        &mut self.method
    }
}

impl<M> IntoFuture for Call<M>
where
    M: Method + Send + Sync + 'static,
    M::Response: Send,
{
    type Output = Result<M::Response, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        match self.instead {
            None => Box::pin(async move { self.bot.send_ref(&self.method).await }),
            Some(other) => other.send(self.bot, self.method),
        }
    }
}
