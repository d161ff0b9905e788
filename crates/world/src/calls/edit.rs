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
    /// The picture or file, its words with it; a text gives way to it.
    Media {
        /// What the message says from now on.
        content: Content,
        /// It was brought along for this. Telegram takes each upload for a file of its own, so it is a change even if the
        /// bytes are the same; and an inline message takes none.
        uploaded: bool,
    },
}

impl Call for Edit {
    type Output = Arc<Message>;

    fn apply(self, world: &mut World) -> Result<Arc<Message>, Error> {
        let old = world.find_editable(self.by, self.target)?;
        let (old_key, mut brought) = (old.key, false);
        let content = match (self.change, &old.content) {
            (Change::Keyboard, content) => content.clone(),
            (Change::Text(text), Content::Text(_)) => world.accept(self.by, Content::Text(text))?,
            (Change::Text(_), _) => return Err(Error::NoTextToEdit),
            (Change::Caption(words), content) => {
                let mut content = content.clone();
                *content.caption_mut().ok_or(Error::NoCaptionToEdit)? = words;
                world.accept(self.by, content)?
            }
            (Change::Media { content, uploaded }, old) => {
                ensure_media_fits(old, self.target, uploaded)?;
                let content = world.accept(self.by, content)?;
                if !content.replaces_media() {
                    return Err(Error::NewMediaInvalid);
                }
                world.ensure_fits_album(old_key, old, &content)?;
                brought = uploaded;
                content
            }
        };
        let markup = accept_markup(self.keyboard.map(ReplyMarkup::Inline))?;
        let markup = world.complete_markup(&content, markup);
        if !brought && content == old.content && markup == old.markup {
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

/// Whether a picture or file can come in the place of what there is.
fn ensure_media_fits(old: &Content, target: Target, uploaded: bool) -> Result<(), Error> {
    if !old.gives_way_to_media() {
        return Err(Error::NoMediaToEdit);
    }
    match target {
        Target::Inline(_) if uploaded => Err(Error::InlineUpload),
        _ => Ok(()),
    }
}

impl World {
    /// May `by` put another picture or file into a message? For edges, which ask before they take in what was `uploaded`.
    ///
    /// # Errors
    /// Why not, as Telegram says it.
    pub fn may_edit_media(&self, by: UserId, target: Target, uploaded: bool) -> Result<(), Error> {
        ensure_media_fits(&self.find_editable(by, target)?.content, target, uploaded)
    }

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
