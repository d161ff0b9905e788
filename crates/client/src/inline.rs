//! Inline mode: asking a bot for results while writing in any chat, and sending one of them.
//!
//! <https://core.telegram.org/api/bots/inline>

use std::time::Duration;

use ringback_tl::{functions, types};

use crate::chats::number_of;
use crate::client::Client;
use crate::error::Error;
use crate::peer::Peer;
use crate::system::random_i64;

/// What a bot offers for a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InlineResults {
    /// The results, in the bot's order.
    pub results: Vec<InlineResult>,
    /// What asks for the next page ([`Client::inline_query_from`]); `None` if there is none.
    pub next_offset: Option<String>,
    /// What is offered above them: a label, and with what `/start` the private chat with the bot then opens.
    pub private_chat: Option<(String, String)>,
    /// How long the server answers the same query with these again.
    pub cache_time: Duration,
}

/// One of a bot's results, which can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InlineResult {
    /// The bot's own name for it.
    pub id: String,
    /// What it is: `article`, `photo`, `game` and so on.
    pub kind: String,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// Its description, if it has one.
    pub description: Option<String>,
    query: i64,
}

impl Client {
    /// Asks `bot` for results, as somebody who writes `@bot query` in `chat` does.
    ///
    /// # Errors
    /// `BOT_RESPONSE_TIMEOUT`, `BOT_INLINE_DISABLED` and others of
    /// <https://core.telegram.org/method/messages.getInlineBotResults>; [`Error::NotABot`].
    pub async fn inline_query(&self, bot: &Peer, chat: &Peer, query: &str) -> Result<InlineResults, Error> {
        self.inline_query_from(bot, chat, query, "").await
    }

    /// The page that begins at this [`offset`](InlineResults::next_offset).
    ///
    /// # Errors
    /// As [`inline_query`](Self::inline_query).
    pub async fn inline_query_from(
        &self,
        bot: &Peer,
        chat: &Peer,
        query: &str,
        offset: &str,
    ) -> Result<InlineResults, Error> {
        let call = functions::messages::GetInlineBotResults {
            bot: bot.input_user().ok_or(Error::NotABot)?,
            peer: chat.input(),
            geo_point: None,
            query: query.to_owned(),
            offset: offset.to_owned(),
        };
        // A bot answers, as it does a press.
        let answer = self
            .invoke_within(&call, self.shared.settings.press_timeout)
            .await?;
        self.known().learn(&answer.users, &[]);
        let seconds = u64::try_from(answer.cache_time).unwrap_or_default();
        Ok(InlineResults {
            results: answer
                .results
                .into_iter()
                .map(|result| InlineResult::of(result, answer.query_id))
                .collect(),
            next_offset: answer.next_offset.filter(|offset| !offset.is_empty()),
            private_chat: answer.switch_pm.map(|switch| (switch.text, switch.start_param)),
            cache_time: Duration::from_secs(seconds),
        })
    }

    /// Sends a result to a chat. Brings the message's number there; its buttons can then be pressed.
    ///
    /// # Errors
    /// `QUERY_ID_INVALID` if it is too old, `RESULT_ID_INVALID`, and others of
    /// <https://core.telegram.org/method/messages.sendInlineBotResult>.
    pub async fn send_inline_result(&self, chat: &Peer, result: &InlineResult) -> Result<i32, Error> {
        let random_id = random_i64();
        let call = functions::messages::SendInlineBotResult {
            peer: chat.input(),
            random_id,
            query_id: result.query,
            id: result.id.clone(),
            ..Default::default()
        };
        let updates = self.invoke(&call).await?;
        self.hand_on(&updates);
        number_of(&updates, random_id).ok_or(Error::Unexpected("a message without a number"))
    }
}

impl InlineResult {
    /// Another result of the same query, by the bot's own name for it.
    #[must_use]
    pub fn named(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    fn of(result: types::BotInlineResult, query: i64) -> Self {
        let (id, kind, title, description) = match result {
            types::BotInlineResult::BotInlineResult(one) => (one.id, one.r#type, one.title, one.description),
            types::BotInlineResult::BotInlineMediaResult(one) => {
                (one.id, one.r#type, one.title, one.description)
            }
        };
        Self {
            id,
            kind,
            title,
            description,
            query,
        }
    }
}
