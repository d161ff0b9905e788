//! [`Person`]: somebody who writes, presses and looks.

use std::ops::Deref;
use std::sync::Arc;

use ringback_botapi::{Message, User};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;

/// Somebody in a chat: with the bot in private, or [elsewhere](Self::in_chat).
#[derive(Debug, Clone)]
pub struct Person {
    pub(super) shared: Arc<Shared>,
    pub(super) id: i64,
    pub(super) chat: i64,
}

impl Person {
    pub(super) fn new(shared: Arc<Shared>, id: i64, chat: i64) -> Self {
        Person { shared, id, chat }
    }

    /// The user's id.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The same person in another chat, such as a [group](super::Telegram::group).
    pub fn in_chat(&self, chat: i64) -> Person {
        Person { chat, ..self.clone() }
    }

    /// As the bot sees them.
    pub async fn user(&self) -> User {
        let user = self.shared.control.get(&format!("/users/{}", self.id)).await;
        read(user)
    }

    /// Writes, and waits until the bot has handled it.
    pub async fn send(&self, text: &str) -> Seen {
        let new = json!({"from": self.id, "chat": self.chat, "text": text});
        self.write(new).await
    }

    /// The same in reply to the message of this number.
    pub async fn reply(&self, message_id: i64, text: &str) -> Seen {
        let new = json!({"from": self.id, "chat": self.chat, "text": text, "reply_to": message_id});
        self.write(new).await
    }

    async fn write(&self, new: Value) -> Seen {
        let message = self.shared.control.post("/messages", new).await;
        self.shared.settled().await;
        Seen(read(message))
    }

    /// Presses the button of this label (or of the only one that begins with it, or holds it) in the newest message
    /// that has buttons. Waits until the press has ended and the bot has handled it.
    pub async fn press(&self, label: &str) -> Press {
        self.begin_press(label).await.end().await
    }

    /// The same in a message of this number.
    pub async fn press_in(&self, message_id: i64, label: &str) -> Press {
        let button = json!({"text": label});
        self.begin(json!({"button": button, "message_id": message_id}))
            .await
            .end()
            .await
    }

    /// Presses the button that starts the game of the newest message with buttons.
    pub async fn play(&self) -> Press {
        self.begin(json!({"button": {"game": true}})).await.end().await
    }

    /// Sends this data as if a button of the newest message with buttons carried it, as a program can that only
    /// pretends to be Telegram's app. When no message has any, there is nothing to press on: the press ends with an
    /// [error](Press::error).
    pub async fn forge(&self, data: &str) -> Press {
        let button = json!({"data": data});
        self.begin(json!({"button": button, "forge": true}))
            .await
            .end()
            .await
    }

    /// The same for the message of this number. With the data of a button that is not there any more (see
    /// [`Seen::data`]) this is a stale button: one that was on the screen a moment ago.
    pub async fn forge_in(&self, message_id: i64, data: &str) -> Press {
        let button = json!({"data": data});
        self.begin(json!({"button": button, "message_id": message_id, "forge": true}))
            .await
            .end()
            .await
    }

    /// Presses, and does not wait for what comes of it.
    pub async fn begin_press(&self, label: &str) -> Pending {
        self.begin(json!({"button": {"text": label}})).await
    }

    async fn begin(&self, mut press: Value) -> Pending {
        press["from"] = self.id.into();
        press["chat"] = self.chat.into();
        press["wait"] = false.into();
        let made = self.shared.control.post("/presses", press).await;
        let id = match &made["id"] {
            Value::String(id) => id.clone(),
            id => id.to_string(),
        };
        Pending {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    /// The same in the message of this number.
    pub async fn begin_press_in(&self, message_id: i64, label: &str) -> Pending {
        self.begin(json!({"button": {"text": label}, "message_id": message_id}))
            .await
    }

    /// What they see in the chat, oldest first.
    pub async fn messages(&self) -> Vec<Seen> {
        let path = format!("/messages?chat={}&as={}", self.chat, self.id);
        let messages: Vec<Message> = read(self.shared.control.get(&path).await);
        messages.into_iter().map(Seen).collect()
    }

    /// The message of this number as they see it now, if they still do.
    pub async fn message(&self, message_id: i64) -> Option<Seen> {
        let mut messages = self.messages().await.into_iter();
        messages.find(|seen| seen.message_id == message_id)
    }

    /// Waits until they see a message like this, and gives it: for what the bot does by itself, after it has answered.
    ///
    /// # Panics
    /// There is none within ten seconds.
    pub async fn until(&self, like_this: impl Fn(&Seen) -> bool) -> Seen {
        let end = tokio::time::Instant::now() + super::PATIENCE;
        loop {
            let seen = self.messages().await;
            if let Some(found) = seen.iter().rev().find(|seen| like_this(seen)) {
                return found.clone();
            }
            let texts: Vec<&str> = seen.iter().map(Seen::text).collect();
            assert!(
                tokio::time::Instant::now() < end,
                "no such message among {texts:?}"
            );
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }

    /// The newest message that they see.
    ///
    /// # Panics
    /// There is none.
    pub async fn last(&self) -> Seen {
        self.messages().await.pop().expect("a message in the chat")
    }
}

/// A message as somebody sees it.
#[derive(Debug, Clone)]
pub struct Seen(Message);

impl Seen {
    /// Its text, or its caption, or nothing.
    pub fn text(&self) -> &str {
        self.0
            .text
            .as_deref()
            .or(self.0.caption.as_deref())
            .unwrap_or_default()
    }

    /// The labels of its buttons, row by row.
    pub fn buttons(&self) -> Vec<Vec<&str>> {
        let rows = self
            .0
            .reply_markup
            .iter()
            .flat_map(|markup| &markup.inline_keyboard);
        rows.map(|row| row.iter().map(|button| button.text.as_str()).collect())
            .collect()
    }
}

impl Seen {
    pub(super) fn new(message: Message) -> Self {
        Seen(message)
    }

    /// What the button of just this label carries; `None` if there is none, or one that carries nothing.
    pub fn data(&self, label: &str) -> Option<&str> {
        let rows = self
            .0
            .reply_markup
            .iter()
            .flat_map(|markup| &markup.inline_keyboard);
        let button = rows.flatten().find(|button| button.text == label)?;
        button.callback_data.as_deref()
    }
}

impl Deref for Seen {
    type Target = Message;

    fn deref(&self) -> &Message {
        &self.0
    }
}

/// A press that was begun.
#[derive(Debug)]
pub struct Pending {
    shared: Arc<Shared>,
    id: String,
}

impl Pending {
    /// How it stands now.
    pub async fn now(&self) -> Press {
        Press::read(self.shared.control.get(&format!("/presses/{}", self.id)).await)
    }

    /// Waits until it has ended, and the bot has handled it.
    ///
    /// # Panics
    /// It has not ended within ten seconds. Telegram's own clock stands still: it ends no press unless it is
    /// [turned](super::Telegram::advance).
    pub async fn end(self) -> Press {
        let end = tokio::time::Instant::now() + super::PATIENCE;
        loop {
            let press = self.now().await;
            if press.outcome != "pending" {
                self.shared.settled().await;
                return press;
            }
            assert!(
                tokio::time::Instant::now() < end,
                "the press has not ended: {press:?}"
            );
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
}

/// What came of a press, as the presser's app shows it.
#[derive(Debug, Clone)]
pub struct Press {
    outcome: String,
    answer: Option<Shown>,
    error: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Shown {
    text: Option<String>,
    #[serde(default)]
    show_alert: bool,
    url: Option<String>,
}

impl Press {
    fn read(press: Value) -> Self {
        let answer = press.get("answer").filter(|answer| !answer.is_null()).cloned();
        Press {
            outcome: press["outcome"].as_str().unwrap_or_default().to_owned(),
            answer: answer.map(read),
            error: press["error"]["message"].as_str().map(str::to_owned),
        }
    }

    /// Whether the bot has answered, now or with an answer that the app has kept.
    pub fn is_answered(&self) -> bool {
        self.answer.is_some()
    }

    /// Whether the app has answered by itself, with what the bot had said before
    /// ([`cache_time`](crate::Answer::cache_time)).
    pub fn is_cached(&self) -> bool {
        self.outcome == "cached"
    }

    /// Whether it still waits.
    pub fn is_pending(&self) -> bool {
        self.outcome == "pending"
    }

    /// The text that the bot answered, if there was one.
    pub fn text(&self) -> Option<&str> {
        self.answer.as_ref()?.text.as_deref()
    }

    /// Whether the text stands in a dialog, not in a notification.
    pub fn is_alert(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.show_alert)
    }

    /// The page that the app was told to open.
    pub fn url(&self) -> Option<&str> {
        self.answer.as_ref()?.url.as_deref()
    }

    /// Why there was no answer: `BOT_RESPONSE_TIMEOUT`, `DATA_INVALID` …
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }
}

pub(super) fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap_or_else(|error| panic!("the local Telegram's answer: {error}"))
}
