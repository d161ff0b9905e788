//! Albums: several pictures, films or files that are sent as one.

use super::send::Draft;
use super::{Call, ReplyTo};
use crate::{Content, Error, MediaKind, Message, MessageKey, Peer, UserId, World};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most in one (TD `MAX_GROUPED_MESSAGES`).
const MAX_ALBUM: usize = 10;

/// Someone sends several things as one. One alone is no album (TD `send_message_group`).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SendAlbum {
    /// Who.
    pub from: UserId,
    /// Where.
    pub peer: Peer,
    /// What: pictures and films, or files, or music. The files must have been [added](super::AddFile) before.
    pub items: Vec<Content>,
    /// In reply to what.
    pub reply_to: Option<ReplyTo>,
    /// Without a sound.
    pub silent: bool,
    /// Not to be forwarded or saved.
    pub protected: bool,
}

impl Call for SendAlbum {
    type Output = Vec<Arc<Message>>;

    fn apply(self, world: &mut World) -> Result<Vec<Arc<Message>>, Error> {
        let conversation = world.writable(self.from, self.peer)?;
        let mut items = Vec::with_capacity(self.items.len().min(MAX_ALBUM));
        match self.items.len() {
            0 => return Err(Error::AlbumEmpty),
            len if len > MAX_ALBUM => return Err(Error::AlbumTooLong),
            _ => {}
        }
        for item in self.items {
            items.push(world.accept(self.from, item)?);
        }
        ensure_album(&items)?;
        let reply_to = match self.reply_to {
            Some(reply) => world.find_reply(self.from, self.peer, reply)?,
            None => None,
        };
        let first = MessageKey(world.counters.messages + 1);
        let album = (items.len() > 1).then(|| world.seed.id("album", &[first.0]));
        let mut sent = Vec::with_capacity(items.len());
        for content in items {
            let mut draft = Draft::new(self.from, conversation, content);
            draft.sender = world.sender(self.from, conversation);
            draft.reply_to.clone_from(&reply_to);
            draft.silent = self.silent;
            draft.protected = self.protected;
            let message = world.deliver(draft);
            if let Some(album) = album {
                world.albums.insert(message.key, album);
            }
            sent.push(message);
        }
        Ok(sent)
    }
}

/// What goes only with its like: as the error names it.
fn apart(content: &Content) -> Option<&'static str> {
    match content {
        Content::Document { .. } => Some("document"),
        Content::Media {
            kind: MediaKind::Audio,
            ..
        } => Some("audio"),
        _ => None,
    }
}

/// Whether it can be in an album at all (TD `is_allowed_media_group_content`).
fn is_groupable(content: &Content) -> bool {
    match content {
        Content::Photo { .. } | Content::Document { .. } => true,
        Content::Media { kind, .. } => matches!(kind, MediaKind::Video | MediaKind::Audio),
        _ => false,
    }
}

fn ensure_album(items: &[Content]) -> Result<(), Error> {
    if !items.iter().all(is_groupable) {
        return Err(Error::AlbumContentInvalid);
    }
    for what in items.iter().filter_map(apart) {
        if items.iter().any(|other| apart(other) != Some(what)) {
            let what = what.to_owned();
            return Err(Error::AlbumMixed { what });
        }
    }
    let first = items.first().is_some_and(Content::is_caption_above);
    if items.iter().any(|item| item.is_caption_above() != first) {
        return Err(Error::AlbumCaptionsDiffer);
    }
    Ok(())
}

impl World {
    /// The album that a message belongs to: the same number for each in it.
    pub fn album(&self, message: MessageKey) -> Option<i64> {
        self.albums.get(&message).copied()
    }

    /// In an album, pictures and films give way to each other, and all else only to its like (Bot API, `editMessageMedia`;
    /// TD `edit_message_media`).
    pub(crate) fn ensure_fits_album(
        &self,
        message: MessageKey,
        old: &Content,
        new: &Content,
    ) -> Result<(), Error> {
        if self.album(message).is_none() || (is_groupable(new) && apart(old) == apart(new)) {
            Ok(())
        } else if is_groupable(new) {
            Err(Error::AlbumTypeFixed)
        } else {
            Err(Error::AlbumContentInvalid)
        }
    }
}
