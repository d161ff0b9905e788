//! `messages.exportChatInvite`: the link that invites to a chat. Each has one, which never expires but may be replaced;
//! what has terms is another beside it.

use crate::mtproto::rpc::{Answer, Context, Refusal, remark};
use crate::mtproto::{decode, encode};
use ringback_tl::functions;
use ringback_world::calls::{CreateLink, ReplaceLink, Terms};
use ringback_world::{ChatId, Error, Peer};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::ExportChatInvite,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let id = match decode::peer(locked.world(), me, &call.peer)? {
        Peer::User(_) => return Err(Error::PeerIdInvalid.into()),
        Peer::Group(id) => ChatId::Group(id),
        Peer::Channel(id) => ChatId::Channel(id),
    };
    locked.world().may_manage(me, id)?;
    if call.request_needed || call.subscription_pricing.is_some() {
        remark(
            context.app,
            context.user,
            "links for which somebody approves or pays are not supported: nothing was done".to_owned(),
        );
        return Err(Refusal::new(400, "CHAT_INVITE_PERMANENT"));
    }
    let terms = Terms {
        name: call.title.clone().unwrap_or_default(),
        expires: call.expire_date.map(i64::from).filter(|date| *date > 0),
        limit: call
            .usage_limit
            .and_then(|limit| u32::try_from(limit).ok())
            .filter(|limit| *limit > 0),
    };
    if terms != Terms::default() {
        let hash = locked.call(
            context.cause,
            CreateLink {
                by: me,
                chat: id,
                terms,
            },
        )?;
        let invite = encode::other_invite(locked.world(), &hash).ok_or(Error::InviteHashInvalid)?;
        return context.give(&invite);
    }
    if call.legacy_revoke_permanent {
        locked.call(context.cause, ReplaceLink { by: me, chat: id })?;
    }
    let world = locked.world();
    let chat = world.chat(id).ok_or(Error::PeerIdInvalid)?;
    let invite = encode::invite(world, me, chat).ok_or(Error::NeedAdmin)?;
    context.give(&invite)
}
