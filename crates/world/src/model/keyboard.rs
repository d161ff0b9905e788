//! Keyboards: inline ones, whose buttons are pressed, and the others.

use crate::Error;
use serde::{Deserialize, Serialize};

/// The most bytes of callback data a button carries.
pub const MAX_CALLBACK_DATA: usize = 64;
/// Buttons past this in a row are dropped, without an error (TD `ReplyMarkup.cpp`).
pub const MAX_ROW: usize = 12;
/// Buttons past this in a keyboard are dropped, without an error (TD `ReplyMarkup.cpp`).
pub const MAX_BUTTONS: usize = 300;

/// What stands below a message, or below the box where one writes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ReplyMarkup {
    /// Buttons of the message itself.
    Inline(InlineKeyboard),
    /// Buttons instead of the letters.
    Keyboard(ReplyKeyboard),
    /// Take such buttons away.
    Remove {
        /// Only for the users mentioned or replied to.
        selective: bool,
    },
    /// Open the box as if the user had chosen to reply.
    ForceReply {
        /// What the empty box shows.
        placeholder: Option<String>,
        /// Only for the users mentioned or replied to.
        selective: bool,
    },
}

impl ReplyMarkup {
    /// The inline keyboard, if it is one.
    pub fn inline(&self) -> Option<&InlineKeyboard> {
        match self {
            ReplyMarkup::Inline(keyboard) => Some(keyboard),
            _ => None,
        }
    }
}

/// Buttons below a message.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct InlineKeyboard {
    /// Rows from the top, buttons from the left.
    pub rows: Vec<Vec<InlineButton>>,
    /// Opens a reply to the message when it arrives; cannot change by an edit (Bot API 10.3).
    pub force_reply: bool,
}

impl InlineKeyboard {
    /// Checks what the server checks and drops what it drops: `None` if nothing is left.
    pub fn accept(mut self) -> Result<Option<InlineKeyboard>, Error> {
        let mut room = MAX_BUTTONS;
        for row in &mut self.rows {
            row.retain(|button| !button.text.is_empty() || button.icon.is_some());
            row.truncate(MAX_ROW.min(room));
            room -= row.len();
        }
        self.rows.retain(|row| !row.is_empty());
        for (at, button) in self.buttons().enumerate() {
            match &button.action {
                ButtonAction::Callback { data, .. } if data.is_empty() || data.len() > MAX_CALLBACK_DATA => {
                    return Err(Error::ButtonDataInvalid);
                }
                ButtonAction::Url(url) | ButtonAction::WebApp(url) | ButtonAction::LoginUrl(url)
                    if !is_url(url) =>
                {
                    return Err(Error::ButtonUrlInvalid);
                }
                ButtonAction::Game | ButtonAction::Pay if at != 0 => return Err(Error::ButtonTypeInvalid),
                _ => {}
            }
        }
        Ok(if self.rows.is_empty() { None } else { Some(self) })
    }

    /// All buttons, in reading order.
    pub fn buttons(&self) -> impl Iterator<Item = &InlineButton> {
        self.rows.iter().flatten()
    }

    /// The first button that carries exactly this data.
    pub fn callback(&self, data: &[u8]) -> Option<&InlineButton> {
        self.buttons()
            .find(|button| matches!(&button.action, ButtonAction::Callback { data: own, .. } if own == data))
    }

    /// The game button, if there is one.
    pub fn game(&self) -> Option<&InlineButton> {
        self.buttons().find(|button| button.action == ButtonAction::Game)
    }
}

/// Good enough to be opened: a scheme that buttons may have, or a bare domain.
pub(crate) fn is_url(url: &str) -> bool {
    let rest = match url.split_once("://") {
        Some(("http" | "https" | "tg" | "ton" | "tonsite", rest)) => rest,
        Some(_) => return false,
        None => url,
    };
    !rest.is_empty() && !rest.contains(char::is_whitespace) && (url.contains("://") || rest.contains('.'))
}

/// One button of an inline keyboard.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InlineButton {
    /// Its label.
    pub text: String,
    /// Its colour.
    pub style: Option<ButtonStyle>,
    /// A custom emoji before the label.
    pub icon: Option<i64>,
    /// What a press does.
    pub action: ButtonAction,
}

/// A button's colour (Bot API 9.4).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum ButtonStyle {
    Danger,
    Success,
    Primary,
}

/// What a press on an inline button does.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ButtonAction {
    /// Asks the bot: a callback query.
    Callback {
        /// 1 to 64 bytes.
        data: Vec<u8>,
        /// The presser must prove to know the account's password (no Bot API bot can make such a button).
        requires_password: bool,
    },
    /// Opens an address.
    Url(String),
    /// Opens an address after signing in there.
    LoginUrl(String),
    /// Opens a web app.
    WebApp(String),
    /// Plays the message's game: a callback query too.
    Game,
    /// Pays the message's invoice.
    Pay,
    /// Starts an inline query.
    SwitchInline {
        /// What is typed after the bot's name.
        query: String,
        /// Where.
        target: InlineTarget,
    },
    /// Copies a text of 1 to 256 characters.
    CopyText(String),
    /// Does nothing (Bot API 10.3).
    Disabled,
}

/// Where an inline query that a button starts is to be typed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum InlineTarget {
    /// In the chat of the button.
    Current,
    /// In a chat that the user picks.
    Any,
    /// In a chat that the user picks among these kinds.
    Chosen {
        /// Private chats with people.
        users: bool,
        /// Private chats with bots.
        bots: bool,
        /// Groups and supergroups.
        groups: bool,
        /// Channels.
        channels: bool,
    },
}

/// Buttons instead of the letters: each sends its text.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReplyKeyboard {
    /// Rows from the top.
    pub rows: Vec<Vec<ReplyButton>>,
    /// Stays when the letters are asked for.
    pub persistent: bool,
    /// Fits its height to its rows.
    pub resize: bool,
    /// Folds away after one press.
    pub one_time: bool,
    /// What the empty box shows.
    pub placeholder: Option<String>,
    /// Only for the users mentioned or replied to.
    pub selective: bool,
}

/// One button of a reply keyboard.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReplyButton {
    /// Its label, and what it sends.
    pub text: String,
    /// Its colour.
    pub style: Option<ButtonStyle>,
    /// A custom emoji before the label.
    pub icon: Option<i64>,
    /// What else it would ask for, as the sender wrote it: kept for the viewer, not acted on.
    pub request: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callback(data: &str) -> InlineButton {
        let action = ButtonAction::Callback {
            data: data.into(),
            requires_password: false,
        };
        InlineButton {
            text: "x".into(),
            style: None,
            icon: None,
            action,
        }
    }

    fn keyboard(rows: Vec<Vec<InlineButton>>) -> InlineKeyboard {
        InlineKeyboard {
            rows,
            force_reply: false,
        }
    }

    #[test]
    fn data_is_counted_in_bytes() {
        assert!(keyboard(vec![vec![callback(&"a".repeat(64))]]).accept().is_ok());
        assert_eq!(
            keyboard(vec![vec![callback(&"a".repeat(65))]]).accept(),
            Err(Error::ButtonDataInvalid)
        );
        // 33 letters, 66 bytes.
        assert_eq!(
            keyboard(vec![vec![callback(&"ж".repeat(33))]]).accept(),
            Err(Error::ButtonDataInvalid)
        );
        assert_eq!(
            keyboard(vec![vec![callback("")]]).accept(),
            Err(Error::ButtonDataInvalid)
        );
    }

    #[test]
    fn what_is_too_much_is_dropped() {
        let wide = keyboard(vec![vec![callback("a"); 13]; 30])
            .accept()
            .unwrap()
            .unwrap();
        assert!(wide.rows.iter().all(|row| row.len() == MAX_ROW));
        assert_eq!(wide.buttons().count(), MAX_BUTTONS);
        let blank = InlineButton {
            text: String::new(),
            ..callback("a")
        };
        assert_eq!(keyboard(vec![vec![blank], vec![]]).accept(), Ok(None));
    }

    #[test]
    fn a_game_button_comes_first() {
        let game = InlineButton {
            action: ButtonAction::Game,
            ..callback("")
        };
        assert!(keyboard(vec![vec![game.clone(), callback("a")]]).accept().is_ok());
        assert_eq!(
            keyboard(vec![vec![callback("a"), game]]).accept(),
            Err(Error::ButtonTypeInvalid)
        );
    }
}
