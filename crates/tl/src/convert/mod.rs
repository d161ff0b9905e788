//! What changed its shape between layers in a way that a list of fields cannot tell.
//!
//! The Rust types have the newest shape. A field marked `~` in the schema, and a type under a `convert`
//! rule, are written in older layers as another type: the one that implements [`Older`] for it here.

mod ancient;
mod buttons;

use crate::ctors;
use crate::error::DecodeError;
use crate::layer::Layer;
use crate::types;

/// A shape that older layers have in place of `New`.
pub(crate) trait Older<New>: Sized {
    /// The older shape; what it has no room for is lost.
    fn down(new: &New, layer: Layer) -> Self;
    /// The newer shape.
    fn up(self) -> Result<New, DecodeError>;
}

/// One became several: older layers get the first.
impl<T: Clone + Default> Older<Vec<T>> for T {
    fn down(new: &Vec<T>, _: Layer) -> Self {
        new.first().cloned().unwrap_or_default()
    }

    fn up(self) -> Result<Vec<T>, DecodeError> {
        Ok(vec![self])
    }
}

/// Plain text became text with entities.
impl Older<types::TextWithEntities> for String {
    fn down(new: &types::TextWithEntities, _: Layer) -> Self {
        new.text.clone()
    }

    fn up(self) -> Result<types::TextWithEntities, DecodeError> {
        Ok(types::TextWithEntities {
            text: self,
            entities: Vec::new(),
        })
    }
}

/// The id of the newest story became an object that may hold it.
impl Older<types::RecentStory> for i32 {
    fn down(new: &types::RecentStory, _: Layer) -> Self {
        new.max_id.unwrap_or_default()
    }

    fn up(self) -> Result<types::RecentStory, DecodeError> {
        Ok(types::RecentStory {
            live: false,
            max_id: Some(self),
        })
    }
}

/// Whole seconds became fractions.
impl Older<f64> for i32 {
    fn down(new: &f64, _: Layer) -> Self {
        *new as i32
    }

    fn up(self) -> Result<f64, DecodeError> {
        Ok(f64::from(self))
    }
}

/// The id of the message replied to became an object.
impl Older<types::InputReplyTo> for i32 {
    fn down(new: &types::InputReplyTo, _: Layer) -> Self {
        match new {
            types::InputReplyTo::Message(to) => to.reply_to_msg_id,
            _ => 0,
        }
    }

    fn up(self) -> Result<types::InputReplyTo, DecodeError> {
        let to = ctors::InputReplyToMessage {
            reply_to_msg_id: self,
            ..Default::default()
        };
        Ok(to.into())
    }
}

/// Voters were users; now they are peers.
impl Older<types::Peer> for i64 {
    fn down(new: &types::Peer, _: Layer) -> Self {
        match new {
            types::Peer::User(user) => user.user_id,
            types::Peer::Chat(_) | types::Peer::Channel(_) => 0,
        }
    }

    fn up(self) -> Result<types::Peer, DecodeError> {
        Ok(ctors::PeerUser { user_id: self }.into())
    }
}

impl Older<Vec<types::Peer>> for Vec<i64> {
    fn down(new: &Vec<types::Peer>, _: Layer) -> Self {
        new.iter()
            .filter_map(|peer| match peer {
                types::Peer::User(user) => Some(user.user_id),
                types::Peer::Chat(_) | types::Peer::Channel(_) => None,
            })
            .collect()
    }

    fn up(self) -> Result<Vec<types::Peer>, DecodeError> {
        self.into_iter().map(Older::up).collect()
    }
}

/// Inviting used to answer with the updates alone.
impl Older<types::messages::InvitedUsers> for types::Updates {
    fn down(new: &types::messages::InvitedUsers, _: Layer) -> Self {
        new.updates.clone()
    }

    fn up(self) -> Result<types::messages::InvitedUsers, DecodeError> {
        Ok(types::messages::InvitedUsers {
            updates: self,
            missing_invitees: Vec::new(),
        })
    }
}

/// Joining used to answer with the updates alone; a client that cannot ask further fetches the rest.
impl Older<types::messages::ChatInviteJoinResult> for types::Updates {
    fn down(new: &types::messages::ChatInviteJoinResult, _: Layer) -> Self {
        match new {
            types::messages::ChatInviteJoinResult::Ok(ok) => ok.updates.clone(),
            types::messages::ChatInviteJoinResult::WebView(_) => types::Updates::TooLong,
        }
    }

    fn up(self) -> Result<types::messages::ChatInviteJoinResult, DecodeError> {
        Ok(ctors::messages::ChatInviteJoinResultOk { updates: self }.into())
    }
}

/// A preview used to come without the users and chats it names.
impl Older<types::messages::WebPagePreview> for types::MessageMedia {
    fn down(new: &types::messages::WebPagePreview, _: Layer) -> Self {
        new.media.clone()
    }

    fn up(self) -> Result<types::messages::WebPagePreview, DecodeError> {
        Ok(types::messages::WebPagePreview {
            media: self,
            chats: Vec::new(),
            users: Vec::new(),
        })
    }
}

/// Folders used to come as a vector.
impl Older<types::messages::DialogFilters> for Vec<types::DialogFilter> {
    fn down(new: &types::messages::DialogFilters, _: Layer) -> Self {
        new.filters.clone()
    }

    fn up(self) -> Result<types::messages::DialogFilters, DecodeError> {
        Ok(types::messages::DialogFilters {
            tags_enabled: false,
            filters: self,
        })
    }
}

/// A colour of a name was its number alone; what collectibles have is another thing.
impl Older<types::PeerColor> for i32 {
    fn down(new: &types::PeerColor, _: Layer) -> Self {
        match new {
            types::PeerColor::PeerColor(color) => color.color.unwrap_or_default(),
            _ => 0,
        }
    }

    fn up(self) -> Result<types::PeerColor, DecodeError> {
        let color = ctors::PeerColor {
            color: Some(self),
            background_emoji_id: None,
        };
        Ok(color.into())
    }
}

/// A bot's texts used to come without names: what its profile says, then what its empty chat does.
impl Older<types::bots::BotInfo> for Vec<String> {
    fn down(new: &types::bots::BotInfo, _: Layer) -> Self {
        vec![new.about.clone(), new.description.clone()]
    }

    fn up(self) -> Result<types::bots::BotInfo, DecodeError> {
        let mut texts = self.into_iter();
        Ok(types::bots::BotInfo {
            name: String::new(),
            about: texts.next().unwrap_or_default(),
            description: texts.next().unwrap_or_default(),
        })
    }
}
