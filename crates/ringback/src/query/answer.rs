//! [`Answer`]: `answerCallbackQuery`, to be filled and sent.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ringback_botapi::AnswerCallbackQuery;

use super::{By, Outcome, Press};

/// The answer to a query: a method value that has its query's id and lacks only what is to be shown.
///
/// `.await` sends it and gives the [`Outcome`]. Returned from the handler as it is, the dispatcher sends it. An answer
/// with nothing in it is a good answer: it ends the user's waiting.
///
/// The `.await` is over when the answer is on its way, not when the server has said what it thinks of it: no handler
/// has to wait for that, nor does the user's next press. The dispatcher does, and tells the error handler of a refusal.
/// A handler that wants to know asks [`Outcome::error`].
///
/// ```
/// use std::time::Duration;
/// use ringback::{Answer, CallbackQuery, Outcome};
///
/// async fn toast(query: CallbackQuery) -> Outcome {
///     query.answer().text("Saved.").await
/// }
///
/// async fn alert(query: CallbackQuery) -> Answer {
///     query.answer().alert("The shop opens at nine.").cache_time(Duration::from_secs(60))
/// }
/// ```
#[must_use = "an answer is sent when it is awaited, or returned from the handler"]
pub struct Answer {
    press: Arc<Press>,
    method: AnswerCallbackQuery,
}

impl Answer {
    pub(crate) fn new(press: Arc<Press>) -> Self {
        let method = AnswerCallbackQuery::new(press.query.id.as_str());
        Answer { press, method }
    }

    /// What to tell the user: up to 200 characters, in a notification that passes. Without a text nothing is shown.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.method.text = Some(text.into());
        self
    }

    /// Shows the text in a dialog that the user must close, instead of a notification. Default: false.
    pub fn show_alert(mut self, show_alert: bool) -> Self {
        self.method.show_alert = Some(show_alert);
        self
    }

    /// A text in a dialog: [`text`](Self::text) and [`show_alert`](Self::show_alert) in one.
    pub fn alert(self, text: impl Into<String>) -> Self {
        self.text(text).show_alert(true)
    }

    /// A page for the user's app to open: the game's, for the button of a game; otherwise only links of the form
    /// `t.me/your_bot?start=…`.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.method.url = Some(url.into());
        self
    }

    /// How long the user's app may give the same answer by itself, without asking the bot, in whole seconds and up
    /// to 30 days. Default: not at all.
    pub fn cache_time(mut self, cache_time: Duration) -> Self {
        self.method.cache_time = Some(cache_time.as_secs().try_into().unwrap_or(i64::MAX));
        self
    }

    /// The method as it stands.
    pub fn method(&self) -> &AnswerCallbackQuery {
        &self.method
    }

    pub(crate) fn press(&self) -> &Arc<Press> {
        &self.press
    }

    pub(crate) async fn deliver(self) -> Outcome {
        if !self.press.claim() {
            // The deadline has passed and the dispatcher has answered: it has reported that, too.
            return Outcome::answered(self.press);
        }
        match self.press.write(&self.method, By::Handler).await {
            Ok(flight) => Outcome::written(self.press, flight),
            Err(error) => Outcome::failed(self.press, error),
        }
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Answer").field(&self.method).finish()
    }
}

impl IntoFuture for Answer {
    type Output = Outcome;
    type IntoFuture = Pin<Box<dyn Future<Output = Outcome> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.deliver())
    }
}
