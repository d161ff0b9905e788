//! What layers before 155 said in plainer words: reactions were emoji alone, sounds names, sizes 32 bits.

use super::Older;
use crate::ctors;
use crate::error::DecodeError;
use crate::layer::Layer;
use crate::types;

/// Sizes and offsets grew to 64 bits; what is larger is as large as can be said.
impl Older<i64> for i32 {
    fn down(new: &i64, _: Layer) -> Self {
        i32::try_from(*new).unwrap_or(i32::MAX)
    }

    fn up(self) -> Result<i64, DecodeError> {
        Ok(i64::from(self))
    }
}

/// A sound was the name of a file.
impl Older<types::NotificationSound> for String {
    fn down(new: &types::NotificationSound, _: Layer) -> Self {
        match new {
            types::NotificationSound::Local(sound) => sound.data.clone(),
            types::NotificationSound::None => String::new(),
            _ => "default".into(),
        }
    }

    fn up(self) -> Result<types::NotificationSound, DecodeError> {
        Ok(match self.as_str() {
            "" => types::NotificationSound::None,
            "default" => types::NotificationSound::Default,
            _ => ctors::NotificationSoundLocal {
                title: self.clone(),
                data: self,
            }
            .into(),
        })
    }
}

/// A reaction was an emoji.
impl Older<types::Reaction> for String {
    fn down(new: &types::Reaction, _: Layer) -> Self {
        match new {
            types::Reaction::Emoji(emoji) => emoji.emoticon.clone(),
            _ => String::new(),
        }
    }

    fn up(self) -> Result<types::Reaction, DecodeError> {
        Ok(if self.is_empty() {
            types::Reaction::Empty
        } else {
            ctors::ReactionEmoji { emoticon: self }.into()
        })
    }
}

/// One reaction to a message at a time.
impl Older<Vec<types::Reaction>> for String {
    fn down(new: &Vec<types::Reaction>, layer: Layer) -> Self {
        new.first()
            .map(|reaction| Older::down(reaction, layer))
            .unwrap_or_default()
    }

    fn up(self) -> Result<Vec<types::Reaction>, DecodeError> {
        Ok(vec![Older::up(self)?])
    }
}

/// The reactions of a chat were a list; “all of them” cannot be listed.
impl Older<types::ChatReactions> for Vec<String> {
    fn down(new: &types::ChatReactions, layer: Layer) -> Self {
        match new {
            types::ChatReactions::Some(some) => some
                .reactions
                .iter()
                .map(|reaction| Older::down(reaction, layer))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn up(self) -> Result<types::ChatReactions, DecodeError> {
        let reactions = self.into_iter().map(Older::up).collect::<Result<_, _>>()?;
        Ok(ctors::ChatReactionsSome { reactions }.into())
    }
}

/// Who one may write as was a list of peers.
impl Older<Vec<types::SendAsPeer>> for Vec<types::Peer> {
    fn down(new: &Vec<types::SendAsPeer>, _: Layer) -> Self {
        new.iter().map(|one| one.peer).collect()
    }

    fn up(self) -> Result<Vec<types::SendAsPeer>, DecodeError> {
        let one = |peer| types::SendAsPeer {
            premium_required: false,
            peer,
        };
        Ok(self.into_iter().map(one).collect())
    }
}

/// Signing out was answered with yes.
impl Older<types::auth::LoggedOut> for bool {
    fn down(_: &types::auth::LoggedOut, _: Layer) -> Self {
        true
    }

    fn up(self) -> Result<types::auth::LoggedOut, DecodeError> {
        Ok(types::auth::LoggedOut::default())
    }
}

/// An application's settings came without a hash.
impl Older<types::help::AppConfig> for types::JSONValue {
    fn down(new: &types::help::AppConfig, _: Layer) -> Self {
        match new {
            types::help::AppConfig::AppConfig(config) => config.config.clone(),
            types::help::AppConfig::NotModified => types::JSONValue::JsonNull,
        }
    }

    fn up(self) -> Result<types::help::AppConfig, DecodeError> {
        Ok(ctors::help::AppConfig {
            hash: 0,
            config: self,
        }
        .into())
    }
}

/// What is to be known of a user held the user.
impl Older<types::users::UserFull> for types::UserFull {
    fn down(new: &types::users::UserFull, _: Layer) -> Self {
        let full = new.full_user.clone();
        let is = |user: &&types::User| match user {
            types::User::User(user) => user.id == full.id,
            types::User::Empty(user) => user.id == full.id,
        };
        let user = new.users.iter().find(is).cloned();
        types::UserFull {
            user: user.or(Some(ctors::UserEmpty { id: full.id }.into())),
            ..full
        }
    }

    fn up(mut self) -> Result<types::users::UserFull, DecodeError> {
        let user = self.user.take();
        self.id = match &user {
            Some(types::User::User(user)) => user.id,
            Some(types::User::Empty(user)) => user.id,
            None => self.id,
        };
        Ok(types::users::UserFull {
            full_user: self,
            chats: Vec::new(),
            users: user.into_iter().collect(),
        })
    }
}

/// A peer's settings came without the users and chats they name.
impl Older<types::messages::PeerSettings> for types::PeerSettings {
    fn down(new: &types::messages::PeerSettings, _: Layer) -> Self {
        new.settings.clone()
    }

    fn up(self) -> Result<types::messages::PeerSettings, DecodeError> {
        Ok(types::messages::PeerSettings {
            settings: self,
            ..Default::default()
        })
    }
}
