//! Messages are edited.

use super::Call;
use super::send::accept_markup;
use crate::{
    Content, Error, FormattedText, InlineKeyboard, InlineMessageId, MailChange, Message, MessageId, Peer,
    ReplyMarkup, Update, UserId, World, journal,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Someone edits a message.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Edit {
    /// Who.
    pub by: UserId,
    /// Which.
    pub target: Target,
    /// What is to be otherwise.
    pub change: Change,
    /// The inline keyboard from now on; none takes it away.
    pub keyboard: Option<InlineKeyboard>,
}

/// Which message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Target {
    /// As the caller numbers it.
    Message(Peer, MessageId),
    /// One sent through the caller's inline mode.
    Inline(InlineMessageId),
}

/// What an edit changes besides the keyboard.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Change {
    /// The text of a text message.
    Text(FormattedText),
    /// The caption of a picture or file.
    Caption(FormattedText),
    /// Nothing else.
    Keyboard,
}

impl Call for Edit {
    type Output = Arc<Message>;

    fn apply(self, world: &mut World) -> Result<Arc<Message>, Error> {
        let old = world.find_editable(self.by, self.target)?;
        let content = match (self.change, &old.content) {
            (Change::Keyboard, content) => content.clone(),
            (Change::Text(text), Content::Text(_)) => world.accept(self.by, Content::Text(text))?,
            (Change::Text(_), _) => return Err(Error::NoTextToEdit),
            (
                Change::Caption(words),
                Content::Photo {
                    file,
                    caption_above,
                    spoiler,
                    ..
                },
            ) => {
                let photo = Content::Photo {
                    file: *file,
                    caption: words,
                    caption_above: *caption_above,
                    spoiler: *spoiler,
                };
                world.accept(self.by, photo)?
            }
            (Change::Caption(words), Content::Document { file, .. }) => world.accept(
                self.by,
                Content::Document {
                    file: *file,
                    caption: words,
                },
            )?,
            (Change::Caption(_), _) => return Err(Error::NoCaptionToEdit),
        };
        let markup = accept_markup(self.keyboard.map(ReplyMarkup::Inline))?;
        let markup = world.complete_markup(&content, markup);
        if content == old.content && markup == old.markup {
            return Err(Error::MessageNotModified);
        }
        Ok(world.replace(
            self.by,
            Message {
                content,
                markup,
                ..(*old).clone()
            },
        ))
    }
}

impl World {
    fn find_editable(&self, by: UserId, target: Target) -> Result<Arc<Message>, Error> {
        let message = match target {
            Target::Message(peer, id) => {
                self.readable(by, peer)?;
                self.message_at(by, peer, id).ok_or(Error::EditNotFound)?
            }
            Target::Inline(id) => {
                let message = self.inline_message(id).ok_or(Error::MessageIdInvalid)?;
                if message.via_bot != Some(by) {
                    return Err(Error::MessageIdInvalid);
                }
                message
            }
        };
        let theirs = matches!(target, Target::Inline(_))
            || (message.author() == Some(by) && message.via_bot.is_none());
        let editable = theirs
            && message.forward.is_none()
            && !matches!(message.content, Content::Service(_))
            && matches!(message.markup, None | Some(ReplyMarkup::Inline(_)));
        if editable {
            Ok(Arc::clone(message))
        } else {
            Err(Error::CantBeEdited)
        }
    }

    /// Puts a changed message in the place of what it was, and tells who should know.
    pub(crate) fn replace(&mut self, by: UserId, mut message: Message) -> Arc<Message> {
        message.edited = Some(self.now);
        let message = Arc::new(message);
        self.messages.insert(message.key, Arc::clone(&message));
        // A presser who waits sees the message change, and then forgives a missing answer.
        for query in self.open.get(&message.key).into_iter().flatten() {
            if let Some(query) = self.queries.get_mut(query).filter(|query| query.bot == by) {
                query.edited = true;
            }
        }
        let actor = self.actor(by);
        let seq = self.journal(actor, journal::Kind::MessageEdited(Arc::clone(&message)));
        self.mail_message(&message, MailChange::Edited);
        self.tell_readers(by, &message, seq, Update::EditedMessage);
        message
    }
}
