//! What is marked in texts.

use ringback_tl::{ctors, types};
use ringback_world::{Entity, EntityKind, FormattedText};

/// The marks of a text; none if there are none.
pub(in crate::mtproto) fn entities(text: &FormattedText) -> Option<Vec<types::MessageEntity>> {
    let marks: Vec<_> = text.entities.iter().filter_map(entity).collect();
    (!marks.is_empty()).then_some(marks)
}

fn entity(entity: &Entity) -> Option<types::MessageEntity> {
    let (offset, length) = (
        i32::try_from(entity.offset).ok()?,
        i32::try_from(entity.length).ok()?,
    );
    macro_rules! plain {
        ($name:ident) => {
            ctors::$name { offset, length }.into()
        };
    }
    Some(match &entity.kind {
        EntityKind::Mention => plain!(MessageEntityMention),
        EntityKind::Hashtag => plain!(MessageEntityHashtag),
        EntityKind::Cashtag => plain!(MessageEntityCashtag),
        EntityKind::BotCommand => plain!(MessageEntityBotCommand),
        EntityKind::Url => plain!(MessageEntityUrl),
        EntityKind::Email => plain!(MessageEntityEmail),
        EntityKind::PhoneNumber => plain!(MessageEntityPhone),
        EntityKind::Bold => plain!(MessageEntityBold),
        EntityKind::Italic => plain!(MessageEntityItalic),
        EntityKind::Underline => plain!(MessageEntityUnderline),
        EntityKind::Strikethrough => plain!(MessageEntityStrike),
        EntityKind::Spoiler => plain!(MessageEntitySpoiler),
        EntityKind::Code => plain!(MessageEntityCode),
        EntityKind::Blockquote | EntityKind::ExpandableBlockquote => ctors::MessageEntityBlockquote {
            collapsed: entity.kind == EntityKind::ExpandableBlockquote,
            offset,
            length,
        }
        .into(),
        EntityKind::Pre(language) => ctors::MessageEntityPre {
            offset,
            length,
            language: language.clone().unwrap_or_default(),
        }
        .into(),
        EntityKind::TextLink(url) => ctors::MessageEntityTextUrl {
            offset,
            length,
            url: url.clone(),
        }
        .into(),
        EntityKind::TextMention(user) => ctors::MessageEntityMentionName {
            offset,
            length,
            user_id: user.0,
        }
        .into(),
        EntityKind::CustomEmoji(id) => ctors::MessageEntityCustomEmoji {
            offset,
            length,
            document_id: *id,
        }
        .into(),
        _ => return None,
    })
}
