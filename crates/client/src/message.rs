//! Messages, and the buttons under them.

use ringback_tl::types::{self, InlineButtonType};

use crate::peer::{Known, Peer, PeerId};

/// A message as it stands in this account's chat.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// Its number in the chat; in a private chat the other side has another one.
    pub id: i32,
    /// Where it is.
    pub chat: Peer,
    /// Who wrote it, if the server says so; in a private chat an incoming message is of the other side.
    pub sender: Option<PeerId>,
    /// Whether this account wrote it.
    pub outgoing: bool,
    /// When it was sent: seconds since the Unix epoch.
    pub date: i32,
    /// When it was last edited: seconds since the Unix epoch.
    pub edited: Option<i32>,
    /// The text, or the caption.
    pub text: String,
    /// The short name of the game in it.
    pub game: Option<String>,
    /// The inline keyboard, row by row.
    pub buttons: Vec<Vec<Button>>,
}

impl Message {
    /// The first button whose label contains `label`, read row by row; one that equals it comes first.
    #[must_use]
    pub fn button(&self, label: &str) -> Option<&Button> {
        let mut all = self.buttons.iter().flatten();
        let exact = all.clone().find(|button| button.text == label);
        exact.or_else(|| all.find(|button| button.text.contains(label)))
    }

    /// `None` for service messages and for those that are gone.
    pub(crate) fn of(message: &types::Message, known: &Known) -> Option<Self> {
        let types::Message::Message(message) = message else {
            return None;
        };
        let buttons = match &message.reply_markup {
            Some(types::ReplyMarkup::ReplyInlineMarkup(markup)) => {
                let row = |row: &types::KeyboardInlineButtonRow| row.buttons.iter().map(Button::of).collect();
                markup.rows.iter().map(row).collect()
            }
            _ => Vec::new(),
        };
        Some(Self {
            id: message.id,
            chat: known.get(PeerId::from(&message.peer_id)),
            sender: message.from_id.as_ref().map(PeerId::from),
            outgoing: message.out,
            date: message.date,
            edited: message.edit_date,
            text: message.message.clone(),
            game: match &message.media {
                Some(types::MessageMedia::Game(media)) => Some(media.game.short_name.clone()),
                _ => None,
            },
            buttons,
        })
    }
}

/// A button of an inline keyboard.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Button {
    /// The label.
    pub text: String,
    /// What pressing it means.
    pub kind: ButtonKind,
}

/// What pressing a button means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ButtonKind {
    /// A callback query with this data. <https://core.telegram.org/constructor/keyboardButtonCallback>
    Callback {
        /// What the bot gets: up to 64 bytes.
        data: Vec<u8>,
        /// The presser has to give the two-step verification password.
        requires_password: bool,
    },
    /// A callback query for the game; its answer has the game's address.
    Game,
    /// Opens this address; nobody is asked.
    Url(String),
    /// Puts this text on the clipboard.
    Copy(String),
    /// Something else, which is not pressed by asking a bot.
    Other,
}

impl Button {
    fn of(button: &types::KeyboardInlineButton) -> Self {
        let kind = match &button.r#type {
            InlineButtonType::Callback(callback) => ButtonKind::Callback {
                data: callback.data.clone(),
                requires_password: callback.requires_password,
            },
            InlineButtonType::Game => ButtonKind::Game,
            InlineButtonType::Url(url) => ButtonKind::Url(url.url.clone()),
            InlineButtonType::Copy(copy) => ButtonKind::Copy(copy.copy_text.clone()),
            _ => ButtonKind::Other,
        };
        Self {
            text: button.text.clone(),
            kind,
        }
    }
}
