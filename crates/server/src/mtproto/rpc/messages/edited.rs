//! What calls that edit have in common.

use super::media::{Brought, bring};
use crate::hub::Locked;
use crate::mtproto::decode;
use crate::mtproto::rpc::{Context, Refusal};
use ringback_tl::types;
use ringback_world::calls::{Change, Target};
use ringback_world::{Content, UserId};

/// What an edit brings in the place of a picture, file or text; nothing if it is only about words and keyboards.
pub(in crate::mtproto::rpc) fn brought(
    context: &Context<'_>,
    me: UserId,
    method: &str,
    media: Option<&types::InputMedia>,
) -> Result<Option<Brought>, Refusal> {
    let brought = media.map(|media| bring(context, me, method, media)).transpose()?;
    Ok(brought.filter(|brought| !matches!(brought, Brought::Words)))
}

/// What is to be otherwise in a message that says `old`. Words that are not given stay as they are.
pub(in crate::mtproto::rpc) fn change(
    locked: &mut Locked<'_>,
    me: UserId,
    target: Target,
    old: &Content,
    brought: Option<&Brought>,
    words: Option<(String, Option<Vec<types::MessageEntity>>)>,
    caption_above: bool,
) -> Result<Change, Refusal> {
    let words = words.map(|(text, entities)| decode::text(text, entities));
    Ok(match (brought, words) {
        (Some(brought), words) => {
            let uploaded = brought.is_new();
            locked.world().may_edit_media(me, target, uploaded)?;
            let words = words.or_else(|| old.words().cloned()).unwrap_or_default();
            let content = brought.content(locked, me, words, caption_above)?;
            Change::Media { content, uploaded }
        }
        (None, None) => Change::Keyboard,
        (None, Some(words)) if old.has_caption() => Change::Caption(words),
        (None, Some(words)) => Change::Text(words),
    })
}
