//! Pressing a button. <https://core.telegram.org/api/bots/buttons#callback-queries>

use std::fmt;
use std::time::Duration;

use ringback_tl::functions::messages::GetBotCallbackAnswer;
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::cache::Key;
use crate::client::Client;
use crate::error::Error;
use crate::message::{Button, ButtonKind, Message};
use crate::peer::Peer;
use crate::press_error::PressError;

/// What the bot answered. <https://core.telegram.org/constructor/messages.botCallbackAnswer>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The text to show; none if the bot only stopped the spinner.
    pub text: Option<String>,
    /// Whether to show the text as an alert that has to be closed, instead of in passing.
    pub alert: bool,
    /// The address to open: a game, or a link into the bot.
    pub url: Option<String>,
    /// Whether to open the address in the client itself instead of a browser.
    pub native_ui: bool,
    /// How long the same press is answered with this again, without asking.
    pub cache_time: Duration,
    /// Whether this is such a repetition: nobody was asked.
    pub cached: bool,
}

/// What is pressed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum What {
    Data(Vec<u8>),
    Game,
    /// A button that asks no bot.
    Nothing,
}

/// A press: of a [`Button`], of raw data, or of a game.
#[derive(Clone)]
#[must_use]
pub struct Press {
    what: What,
    requires_password: bool,
    password: Option<Zeroizing<String>>,
}

impl fmt::Debug for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Press")
            .field("what", &self.what)
            .field("has_password", &self.password.is_some())
            .finish_non_exhaustive()
    }
}

impl Press {
    fn of(what: What) -> Self {
        Self {
            what,
            requires_password: false,
            password: None,
        }
    }

    /// This button.
    pub fn button(button: &Button) -> Self {
        match &button.kind {
            ButtonKind::Callback {
                data,
                requires_password,
            } => Self {
                requires_password: *requires_password,
                ..Self::of(What::Data(data.clone()))
            },
            ButtonKind::Game => Self::game(),
            _ => Self::of(What::Nothing),
        }
    }

    /// A button with this data.
    pub fn data(data: impl Into<Vec<u8>>) -> Self {
        Self::of(What::Data(data.into()))
    }

    /// The button that starts the message's game.
    pub fn game() -> Self {
        Self::of(What::Game)
    }

    /// Proves the two-step verification password with the press; it is not sent. Such answers are not cached.
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(Zeroizing::new(password.into()));
        self
    }
}

impl From<&Button> for Press {
    fn from(button: &Button) -> Self {
        Self::button(button)
    }
}

/// The message that the button is under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Where it is.
    pub chat: Peer,
    /// Its number there.
    pub id: i32,
}

impl From<&Message> for Target {
    fn from(message: &Message) -> Self {
        Self {
            chat: message.chat.clone(),
            id: message.id,
        }
    }
}

impl From<(&Peer, i32)> for Target {
    fn from((chat, id): (&Peer, i32)) -> Self {
        Self {
            chat: chat.clone(),
            id,
        }
    }
}

impl Client {
    /// Presses a button and waits for the bot's answer.
    ///
    /// The message may be a [`Message`] or a peer and a number; the button a [`Button`] or a [`Press`], which
    /// has raw data, games and passwords. While an earlier answer's `cache_time` lasts, it is given again.
    ///
    /// # Errors
    /// [`PressError`], one variant for each documented error. A press that timed out is not sent again.
    pub async fn press(
        &self,
        message: impl Into<Target>,
        button: impl Into<Press>,
    ) -> Result<Answer, PressError> {
        let (target, press) = (message.into(), button.into());
        if press.what == What::Nothing {
            return Err(PressError::NotACallback);
        }
        if press.requires_password && press.password.is_none() {
            return Err(PressError::PasswordRequired);
        }
        let key = Key {
            chat: target.chat.id,
            message: target.id,
            what: press.what.clone(),
        };
        if press.password.is_none()
            && let Some(answer) = self.cache().get(&key, Instant::now())
        {
            return Ok(answer);
        }
        let call = GetBotCallbackAnswer {
            game: press.what == What::Game,
            peer: target.chat.input(),
            msg_id: target.id,
            data: match press.what {
                What::Data(data) => Some(data),
                What::Game | What::Nothing => None,
            },
            password: None,
        };
        match press.password {
            None => {
                let answer = self.ask_bot(&call).await?;
                self.cache().put(key, &answer, Instant::now());
                Ok(answer)
            }
            Some(password) => self.ask_with_password(call, &password).await,
        }
    }

    async fn ask_with_password(
        &self,
        mut call: GetBotCallbackAnswer,
        password: &str,
    ) -> Result<Answer, PressError> {
        call.password = Some(self.password_proof(password).await?);
        match self.ask_bot(&call).await.map_err(PressError::from) {
            // The challenge was used up by somebody else meanwhile: once more, with a new one.
            Err(PressError::SrpIdInvalid) => {
                call.password = Some(self.password_proof(password).await?);
                Ok(self.ask_bot(&call).await?)
            }
            done => done,
        }
    }

    async fn ask_bot(&self, call: &GetBotCallbackAnswer) -> Result<Answer, Error> {
        let answer = self
            .invoke_within(call, self.shared.settings.press_timeout)
            .await?;
        let seconds = u64::try_from(answer.cache_time).unwrap_or_default();
        Ok(Answer {
            text: answer.message,
            alert: answer.alert,
            url: answer.url,
            native_ui: answer.native_ui,
            cache_time: Duration::from_secs(seconds),
            cached: false,
        })
    }
}
