//! [`Call`]: a method and its bot.

use std::future::{Future, IntoFuture};
use std::ops::{Deref, DerefMut};
use std::pin::Pin;

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
pub struct Call<M> {
    pub(super) bot: Bot,
    pub(super) method: M,
}

impl<M: Method> Call<M> {
    /// Changes the method by its own setters: `.with(|method| method.parse_mode(ParseMode::Html))`.
    pub fn with(mut self, change: impl FnOnce(M) -> M) -> Self {
        self.method = change(self.method);
        self
    }

    /// The method alone, not sent.
    pub fn into_method(self) -> M {
        self.method
    }
}

impl<M> Deref for Call<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.method
    }
}

impl<M> DerefMut for Call<M> {
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
        Box::pin(async move { self.bot.send_ref(&self.method).await })
    }
}
