//! `/chats`

use super::error::Failure;
use super::id::Id;
use super::shapes::{self, filled};
use super::{Ask, Outcome, done, json};
use crate::app::App;
use ringback_world::calls::{CreateChat, SetMember};
use ringback_world::{ChatKind, Conversation, Peer, Status, UserId, World};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewChat {
    #[serde(rename = "type")]
    kind: Kind,
    title: String,
    username: Option<String>,
    members: Vec<Id>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Group,
    Supergroup,
    Channel,
}

/// `POST /chats`
pub(super) fn create(app: &Arc<App>, ask: &Ask) -> Outcome {
    let new: NewChat = ask.body()?;
    let mut locked = app.hub.lock();
    let mut members: Vec<UserId> = Vec::with_capacity(new.members.len());
    for member in &new.members {
        let id = member.user(locked.world())?.id;
        if !members.contains(&id) {
            members.push(id);
        }
    }
    if members.is_empty() {
        return Err(Failure::bad_request("A chat needs at least one member")
            .hint("The first of “members” is its owner."));
    }
    let kind = match new.kind {
        Kind::Group => ChatKind::Group,
        Kind::Supergroup => ChatKind::Supergroup,
        Kind::Channel => ChatKind::Channel,
    };
    let username = filled(new.username).map(|name| name.trim_start_matches('@').to_owned());
    if username.is_some() && kind == ChatKind::Group {
        return Err(Failure::bad_request("A basic group has no username").hint("Make it a supergroup."));
    }
    let id = locked.call(
        None,
        CreateChat {
            kind,
            title: new.title,
            username,
            members,
        },
    )?;
    let chat = locked
        .world()
        .chat(id)
        .ok_or_else(|| Failure::internal(&"the new chat is gone"))?;
    json(&shapes::ChatRef::of(chat))
}

#[derive(Serialize)]
struct Row<C, M> {
    chat: C,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_message: Option<M>,
}

/// `GET /chats?as=`: the latest news first.
pub(super) fn list(app: &Arc<App>, ask: &Ask) -> Outcome {
    #[derive(Serialize)]
    struct List<R> {
        chats: Vec<R>,
    }
    let viewer = Id::read(ask.needed("as")?);
    let locked = app.hub.lock();
    let world = locked.world();
    let viewer = viewer.user(world)?.id;
    let seen = world.dialogs(viewer).filter(|peer| can_see(world, viewer, *peer));
    let mut rows: Vec<_> = seen
        .map(|peer| (world.history(viewer, peer).next(), peer))
        .collect();
    rows.sort_by_key(|(last, peer)| (Reverse(last.map(|message| message.key)), *peer));
    let chats = rows.into_iter().map(|(last, peer)| Row {
        chat: shapes::chat(world, viewer, peer),
        last_message: last.map(|message| shapes::message(world, viewer, message)),
    });
    json(&List {
        chats: chats.collect(),
    })
}

/// Whether a user may look into a chat: who has left a group sees it no more.
pub(super) fn can_see(world: &World, viewer: UserId, peer: Peer) -> bool {
    match world.chat_of(Conversation::of(viewer, peer)) {
        Some(chat) => chat.status(viewer).is_in(),
        None => matches!(peer, Peer::User(_)),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMember {
    user: Id,
    status: Option<Rank>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Rank {
    Member,
    Administrator,
}

/// `POST /chats/{id}/members`: someone joins, or rises or falls in rank.
pub(super) fn add_member(app: &Arc<App>, ask: &Ask) -> Outcome {
    let new: NewMember = ask.body()?;
    let mut locked = app.hub.lock();
    let world = locked.world();
    let chat = ask.id(0).chat(world)?;
    let user = new.user.user(world)?;
    let is_channel = world
        .chat(chat)
        .is_some_and(|chat| chat.kind == ChatKind::Channel);
    let status = match new.status {
        Some(Rank::Administrator) => Status::Administrator,
        // Bots are in a channel as administrators or not at all.
        None if is_channel && user.is_bot => Status::Administrator,
        Some(Rank::Member) | None => Status::Member,
    };
    let user = user.id;
    locked.call(
        None,
        SetMember {
            by: owner(locked.world().chat(chat), user),
            chat,
            user,
            status,
        },
    )?;
    done()
}

/// `DELETE /chats/{id}/members/{user}`: someone leaves.
pub(super) fn remove_member(app: &Arc<App>, ask: &Ask) -> Outcome {
    let mut locked = app.hub.lock();
    let world = locked.world();
    let chat = ask.id(0).chat(world)?;
    let user = ask.id(1).user(world)?.id;
    if !world.chat(chat).is_some_and(|chat| chat.status(user).is_in()) {
        return Err(Failure::not_found(format!(
            "{} is not in {}",
            ask.id(1),
            ask.id(0)
        )));
    }
    locked.call(
        None,
        SetMember {
            by: None,
            chat,
            user,
            status: Status::Left,
        },
    )?;
    done()
}

/// Who puts someone in: the owner, unless there is none or it is the one concerned.
fn owner(chat: Option<&ringback_world::Chat>, user: UserId) -> Option<UserId> {
    let members = chat.into_iter().flat_map(|chat| &chat.members);
    members
        .filter(|(_, member)| member.status == Status::Creator)
        .map(|(id, _)| *id)
        .find(|id| *id != user)
}
