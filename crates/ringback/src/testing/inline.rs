//! Inline mode: somebody types the bot's name, and sends what it offers.

use serde::Deserialize;
use serde_json::{Value, json};

use super::PATIENCE;
use super::person::{Person, Seen, read};

impl Person {
    /// Types `@test_bot query` in the chat, and waits for what the bot offers.
    ///
    /// # Panics
    /// It offers nothing within ten seconds.
    pub async fn type_inline(&self, query: &str) -> Offers {
        self.ask_inline(query, "").await
    }

    /// Scrolls on to what the bot offers after these.
    ///
    /// # Panics
    /// The bot said that there is no more, or it offers nothing within ten seconds.
    pub async fn more(&self, offers: &Offers) -> Offers {
        let offset = offers.next_offset.as_deref().expect("more to offer");
        self.ask_inline(&offers.query, offset).await
    }

    async fn ask_inline(&self, query: &str, offset: &str) -> Offers {
        let bot = self.shared.bot.id();
        let asked = json!({"from": self.id, "chat": self.chat, "bot": bot, "query": query, "offset": offset});
        let answer = self.shared.control.post("/inline_queries", asked);
        let answer = tokio::time::timeout(PATIENCE, answer)
            .await
            .unwrap_or_else(|_| panic!("the bot offers nothing for “{query}” within {PATIENCE:?}"));
        self.shared.settled().await;
        let mut offers: Offers = read(answer);
        offers.query = query.to_owned();
        offers
    }

    /// Sends one of the results to the chat, by its id or by the start of its title, and waits until the bot has
    /// handled that it was chosen.
    ///
    /// # Panics
    /// There is no such result.
    pub async fn choose(&self, offers: &Offers, result: &str) -> Seen {
        let fits = |offer: &&Value| {
            offer["id"] == result
                || offer["title"]
                    .as_str()
                    .is_some_and(|title| title.starts_with(result))
        };
        let found = offers.results.iter().find(fits);
        let found = found.unwrap_or_else(|| panic!("no “{result}” among {:?}", offers.titles()));
        let chosen = json!({
            "from": self.id,
            "chat": self.chat,
            "inline_query_id": offers.id,
            "result_id": found["id"],
        });
        let message = self.shared.control.post("/inline_messages", chosen).await;
        self.shared.settled().await;
        Seen::new(read(message))
    }
}

/// What the bot offers in inline mode.
#[derive(Debug, Clone, Deserialize)]
pub struct Offers {
    id: String,
    #[serde(skip)]
    query: String,
    #[serde(default)]
    results: Vec<Value>,
    next_offset: Option<String>,
}

impl Offers {
    /// The results' titles, in their order; of a result without one, nothing.
    pub fn titles(&self) -> Vec<&str> {
        let titles = self.results.iter().map(|result| result["title"].as_str());
        titles.map(Option::unwrap_or_default).collect()
    }

    /// The results as the bot gave them: the Bot API's `InlineQueryResult`s.
    pub fn results(&self) -> &[Value] {
        &self.results
    }

    /// Where the next ones begin, if the bot said that there are more.
    pub fn next_offset(&self) -> Option<&str> {
        self.next_offset.as_deref()
    }
}
