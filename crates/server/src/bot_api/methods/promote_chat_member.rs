//! `promoteChatMember`. An administrator may do everything here: one right is as good as all, and none makes a member
//! again. Whoever asks for some of the rights only finds a remark about it in the journal.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_world::calls::{Promote, Remark};
use ringback_world::{AdminRight, ChatKind};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let user = context.user_in("user_id")?;
    let rights = decode::granted_rights(context.params);
    let peer = context.chat()?;
    let conversation = context.world().may_read(context.bot, peer)?;
    context.call(Promote {
        by: context.bot,
        peer,
        user,
        admin: !rights.is_empty(),
    })?;
    let kind = context
        .world()
        .chat_of(conversation)
        .map_or(ChatKind::Group, |chat| chat.kind);
    let partial = AdminRight::ALL
        .into_iter()
        .any(|right| is_telling(right) && right.is_of(kind) && !rights.contains(&right));
    if partial && !rights.is_empty() {
        let text = format!(
            "promoteChatMember with some of the rights: {user} has all of them now, as every administrator here"
        );
        context.call(Remark {
            about: Some(context.bot),
            text,
        })?;
    }
    Ok(Reply::done())
}

/// Whether it makes a difference here that a right was not given: of the others there is nothing to do.
fn is_telling(right: AdminRight) -> bool {
    matches!(
        right,
        AdminRight::DeleteMessages
            | AdminRight::RestrictMembers
            | AdminRight::PromoteMembers
            | AdminRight::ChangeInfo
            | AdminRight::InviteUsers
            | AdminRight::PostMessages
            | AdminRight::EditMessages
            | AdminRight::PinMessages
    )
}
