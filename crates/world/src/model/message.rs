//! Messages.

use super::file::{File, FileKind, MediaKind};
use super::keyboard::{InlineKeyboard, ReplyMarkup};
use super::shared::{Contact, GeoPoint, Venue};
use super::text::FormattedText;
use crate::{Conversation, FileId, InlineMessageId, Mailbox, MessageId, MessageKey, Time, UserId};
use serde::{Deserialize, Serialize};

/// A message, whoever looks at it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Message {
    /// Its one identity.
    pub key: MessageKey,
    /// Where it was sent.
    pub conversation: Conversation,
    /// Who sent it.
    pub sender: Sender,
    /// The bot through whose inline mode it was sent.
    pub via_bot: Option<UserId>,
    /// Its name for that bot.
    pub inline_id: Option<InlineMessageId>,
    /// When it was sent.
    pub date: Time,
    /// When it was last edited.
    pub edited: Option<Time>,
    /// What it says.
    pub content: Content,
    /// The keyboard that came with it.
    pub markup: Option<ReplyMarkup>,
    /// The message it replies to.
    pub reply_to: Option<Reply>,
    /// Where it was forwarded from.
    pub forward: Option<Forward>,
    /// Sent without a sound.
    pub silent: bool,
    /// Must not be forwarded or saved.
    pub protected: bool,
    /// Its number in each mailbox it lies in.
    pub ids: Vec<(Mailbox, MessageId)>,
}

impl Message {
    /// Its number in `mailbox`, if it lies there.
    pub fn id_in(&self, mailbox: Mailbox) -> Option<MessageId> {
        self.ids
            .iter()
            .find(|(own, _)| *own == mailbox)
            .map(|(_, id)| *id)
    }

    /// Its number for `viewer`.
    pub fn id_for(&self, viewer: UserId) -> Option<MessageId> {
        self.id_in(Mailbox::of(viewer, self.conversation.peer(viewer)))
    }

    /// Its inline keyboard.
    pub fn keyboard(&self) -> Option<&InlineKeyboard> {
        self.markup.as_ref().and_then(ReplyMarkup::inline)
    }

    /// The bot that is asked when a button of this message is pressed: the one it came from or through.
    pub fn author(&self) -> Option<UserId> {
        self.via_bot.or(match self.sender {
            Sender::User(id) => Some(id),
            Sender::Chat { author, .. } => Some(author),
        })
    }
}

/// Who a message comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Sender {
    /// A person or a bot.
    User(UserId),
    /// The channel itself; `author` wrote the post.
    Chat {
        /// Who wrote it; the readers are not told.
        author: UserId,
    },
}

/// The message that another replies to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reply {
    /// Which. It may be gone meanwhile.
    pub to: MessageKey,
    /// The part that is quoted, and where it stands in UTF-16 units.
    pub quote: Option<(FormattedText, u32)>,
}

/// Where a forwarded message was first sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Forward {
    /// Who or which channel sent it.
    pub from: ForwardFrom,
    /// When.
    pub date: Time,
}

/// A forwarded message's first sender.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ForwardFrom {
    /// A person or a bot.
    User(UserId),
    /// A channel, and the post's number there.
    Channel(crate::ChannelId, MessageId),
}

/// What a message says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Content {
    /// Words.
    Text(FormattedText),
    /// A picture.
    Photo {
        /// The picture.
        file: FileId,
        /// Words below (or above) it.
        caption: FormattedText,
        /// The words stand above.
        caption_above: bool,
        /// Covered until tapped.
        spoiler: bool,
    },
    /// A file.
    Document {
        /// The file.
        file: FileId,
        /// Words below it.
        caption: FormattedText,
    },
    /// A game of a bot.
    Game {
        /// Whose.
        bot: UserId,
        /// Its name among that bot's games.
        short_name: String,
        /// High scores as text, kept by the server when scores are set.
        text: String,
    },
    /// Something that happened in the chat.
    Service(Service),
    /// Something that rolls, and how it fell.
    Dice {
        /// One of the emoji that roll.
        emoji: String,
        /// From 1; how far depends on the emoji. Nobody but the server chooses it.
        value: u8,
    },
    /// Somebody's number and name.
    Contact(Contact),
    /// A point on the earth.
    Location(GeoPoint),
    /// A place with a name.
    Venue(Venue),
    /// A film, a recording or a sticker.
    Media {
        /// What it is: what the file was sent as.
        kind: MediaKind,
        /// The file.
        file: FileId,
        /// Words below (or above) it; none where there can be none.
        caption: FormattedText,
        /// The words stand above.
        caption_above: bool,
        /// Covered until tapped.
        spoiler: bool,
    },
}

impl Content {
    /// What a message with this file says. What the kind of file has no use for is left out.
    pub fn of_file(file: &File, caption: FormattedText, caption_above: bool, spoiler: bool) -> Content {
        let id = file.id;
        match &file.kind {
            FileKind::Photo { .. } => Content::Photo {
                file: id,
                caption,
                caption_above,
                spoiler,
            },
            FileKind::Document { .. } => Content::Document { file: id, caption },
            FileKind::Media(media) => Content::Media {
                kind: media.kind,
                file: id,
                caption: if media.kind.has_caption() {
                    caption
                } else {
                    FormattedText::default()
                },
                caption_above: caption_above && media.kind.is_shown(),
                spoiler: spoiler && media.kind.is_shown(),
            },
        }
    }

    /// The words: text or caption.
    pub fn words(&self) -> Option<&FormattedText> {
        match self {
            Content::Text(text) => Some(text),
            Content::Photo { caption, .. }
            | Content::Document { caption, .. }
            | Content::Media { caption, .. } => Some(caption),
            Content::Game { .. } | Content::Service(_) => None,
            Content::Dice { .. } | Content::Contact(_) | Content::Location(_) | Content::Venue(_) => None,
        }
    }

    /// The words below a picture or file; `None` where there can be none.
    pub fn caption_mut(&mut self) -> Option<&mut FormattedText> {
        match self {
            Content::Photo { caption, .. } | Content::Document { caption, .. } => Some(caption),
            Content::Media { kind, caption, .. } => kind.has_caption().then_some(caption),
            _ => None,
        }
    }

    /// Whether there can be words below it.
    pub fn has_caption(&self) -> bool {
        match self {
            Content::Photo { .. } | Content::Document { .. } => true,
            Content::Media { kind, .. } => kind.has_caption(),
            _ => false,
        }
    }

    /// Whether an edit can put a picture or file in its place: in that of another (TD `edit_message_media`), and in that of
    /// a text (Bot API, `editMessageMedia`).
    pub(crate) fn gives_way_to_media(&self) -> bool {
        matches!(self, Content::Text(_)) || self.replaces_media()
    }

    /// Whether an edit can put it in the place of another (TD `edit_message_media`).
    pub(crate) fn replaces_media(&self) -> bool {
        match self {
            Content::Photo { .. } | Content::Document { .. } => true,
            Content::Media { kind, .. } => kind.is_exchanged(),
            _ => false,
        }
    }

    /// Whether the words stand above.
    pub fn is_caption_above(&self) -> bool {
        match self {
            Content::Photo { caption_above, .. } | Content::Media { caption_above, .. } => *caption_above,
            _ => false,
        }
    }

    /// Whether these words are in it, in any letter case; the empty ones are in everything that somebody said.
    pub fn contains(&self, words: &str) -> bool {
        let words = words.trim().to_lowercase();
        match (self, self.words()) {
            (Content::Service(_), _) => words.is_empty(),
            (_, Some(own)) => own.text.to_lowercase().contains(&words),
            (_, None) => words.is_empty(),
        }
    }

    /// The file, if there is one.
    pub fn file(&self) -> Option<FileId> {
        match self {
            Content::Photo { file, .. } | Content::Document { file, .. } | Content::Media { file, .. } => {
                Some(*file)
            }
            _ => None,
        }
    }
}

/// Something that happened in a chat.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Service {
    /// The group began, with this title.
    Created(String),
    /// These came.
    Joined(Vec<UserId>),
    /// This one went.
    Left(UserId),
    /// The sender of the message has a new best score in a game. No Bot API bot is told (TBA `need_skip_update_message`).
    GameScore {
        /// Whose game.
        bot: UserId,
        /// Its name among that bot's games.
        short_name: String,
        /// The score.
        score: i64,
    },
    /// The chat has this title now.
    Renamed(String),
    /// This message was pinned.
    Pinned(MessageKey),
}
