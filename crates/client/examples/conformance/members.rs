//! Groups, supergroups and channels: making them, and who is in them.

use std::collections::BTreeSet;

use ringback_client::tl::{ctors, functions, types};
use ringback_client::{Client, Peer, PeerId};

use crate::bots::input_user;
use crate::chats::{
    chat_id, full_channel, in_group, input_channel, named, named_channel, newest, participants, user_id,
};
use crate::tell::{Outcome, refused_call, say, variable};

pub(crate) async fn user(client: &Client) -> Outcome {
    let other = client.resolve(&variable("OTHER")?).await?;
    let bot = client.resolve(&variable("BOT")?).await?;
    let users = vec![input_user(&other)?, input_user(&bot)?];
    let group = group(client, &other, &users).await?;
    let garden = supergroup(client, &other, users).await?;
    outside(client, &garden, &bot, group).await?;
    broadcast(client).await
}

/// A small group. Brings its number.
async fn group(client: &Client, other: &Peer, users: &[types::InputUser]) -> Outcome<i64> {
    let call = functions::messages::CreateChat {
        users: users.to_vec(),
        title: "Basic".into(),
        ttl_period: None,
    };
    let made = client.invoke(&call).await?;
    let types::Chat::Chat(made) = named(&made.updates)? else {
        return Err("the group is none".into());
    };
    let fits = made.title == "Basic" && made.creator && made.participants_count == 3;
    say("create group", fits, &made.title);
    let chat_id = made.id;
    let group = Peer::new(PeerId::Group(chat_id), 0);
    let began = matches!(
        newest(client, &group).await?,
        types::Message::Service(service) if matches!(service.action, types::MessageAction::ChatCreate(_))
    );
    say("group began", began, "");
    let call = functions::messages::EditChatTitle {
        chat_id,
        title: "Renamed".into(),
    };
    client.invoke(&call).await?;
    let call = functions::messages::EditChatAdmin {
        chat_id,
        user_id: input_user(other)?,
        is_admin: true,
    };
    client.invoke(&call).await?;
    let full = client
        .invoke(&functions::messages::GetFullChat { chat_id })
        .await?;
    let renamed = matches!(full.chats.first(), Some(types::Chat::Chat(chat)) if chat.title == "Renamed");
    say("rename group", renamed, "");
    let kinds: BTreeSet<_> = in_group(&full)?.iter().map(kind).collect();
    let all = ["admin", "creator", "member"];
    say("group admin", kinds.iter().eq(&all), &format!("{kinds:?}"));
    let out = functions::messages::DeleteChatUser {
        revoke_history: false,
        chat_id,
        user_id: input_user(other)?,
    };
    client.invoke(&out).await?;
    let full = client
        .invoke(&functions::messages::GetFullChat { chat_id })
        .await?;
    say("put out of group", in_group(&full)?.len() == 2, "");
    let again = functions::messages::AddChatUser {
        chat_id,
        user_id: input_user(other)?,
        fwd_limit: 0,
    };
    client.invoke(&again).await?;
    let full = client
        .invoke(&functions::messages::GetFullChat { chat_id })
        .await?;
    say("put into group", in_group(&full)?.len() == 3, "");
    let twice = client.invoke(&again).await;
    refused_call("put in twice", twice, "USER_ALREADY_PARTICIPANT");
    Ok(chat_id)
}

async fn supergroup(client: &Client, other: &Peer, users: Vec<types::InputUser>) -> Outcome<Peer> {
    let call = functions::channels::CreateChannel {
        megagroup: true,
        title: "Garden".into(),
        ..Default::default()
    };
    let updates = client.invoke(&call).await?;
    let (made, garden) = named_channel(&updates)?;
    say("create supergroup", made.megagroup && made.creator, &made.title);
    let channel = input_channel(&garden)?;
    let username = || "garden_talk".to_owned();
    let call = functions::channels::CheckUsername {
        channel: channel.clone(),
        username: username(),
    };
    say("check name", client.invoke(&call).await?, "");
    let call = functions::channels::UpdateUsername {
        channel: channel.clone(),
        username: username(),
    };
    client.invoke(&call).await?;
    say("name", client.resolve(&username()).await?.id == garden.id, "");
    let call = functions::channels::InviteToChannel {
        channel: channel.clone(),
        users,
    };
    client.invoke(&call).await?;
    let everyone = participants(client, &channel, recent()).await?;
    let fits = everyone.users.len() == 3 && everyone.count == 3;
    say("participants", fits, &everyone.count.to_string());

    rights(client, &channel, other, true).await?;
    let call = functions::channels::GetParticipant {
        channel: channel.clone(),
        participant: other.input(),
    };
    let found = client.invoke(&call).await?.participant;
    let promoted = matches!(found, types::ChannelParticipant::Admin(_));
    say("promote", promoted, "");
    let filter = types::ChannelParticipantsFilter::ChannelParticipantsAdmins;
    let admins = participants(client, &channel, filter).await?;
    let found: BTreeSet<_> = admins.users.iter().filter_map(user_id).collect();
    let wanted = BTreeSet::from([client.me().await?.id, other.id]);
    say("admins", found == wanted, &format!("{found:?}"));
    rights(client, &channel, other, false).await?;

    ban(client, &channel, other, true).await?;
    let kicked = participants(client, &channel, kicked()).await?;
    let out: Vec<_> = kicked.participants.iter().filter_map(banned).collect();
    let left = participants(client, &channel, recent()).await?;
    let fits = out == [other.id] && left.participants.len() == 2;
    say("ban", fits, &format!("{out:?}"));
    ban(client, &channel, other, false).await?;
    let kicked = participants(client, &channel, self::kicked()).await?;
    say("let again", kicked.participants.is_empty(), "");
    let full = full_channel(client, &garden).await?;
    let bots = full.bot_info.iter().any(|bot| bot.user_id.is_some());
    let fits = full.participants_count == Some(2) && bots;
    say("full channel", fits, &format!("{:?}", full.participants_count));
    Ok(garden)
}

/// What is seen of it from elsewhere.
async fn outside(client: &Client, garden: &Peer, bot: &Peer, group: i64) -> Outcome {
    let call = functions::messages::ExportChatInvite {
        peer: garden.input(),
        ..Default::default()
    };
    let types::ExportedChatInvite::ChatInviteExported(invite) = client.invoke(&call).await? else {
        return Err("the invitation has no link".into());
    };
    let (_, hash) = invite.link.rsplit_once('+').ok_or("the link has no hash")?;
    let call = functions::messages::CheckChatInvite { hash: hash.into() };
    let here = match client.invoke(&call).await? {
        types::ChatInvite::Already(already) => chat_id(&already.chat) == Some(garden.id),
        _ => false,
    };
    say("invite link", here, &invite.link);
    let call = functions::messages::ImportChatInvite {
        hash: "nonsense".into(),
    };
    refused_call("no such link", client.invoke(&call).await, "INVITE_HASH_EXPIRED");
    let call = functions::messages::GetCommonChats {
        user_id: input_user(bot)?,
        max_id: 0,
        limit: 100,
    };
    let common = match client.invoke(&call).await? {
        types::messages::Chats::Chats(all) => all.chats,
        types::messages::Chats::Slice(part) => part.chats,
    };
    let common: BTreeSet<_> = common.iter().filter_map(chat_id).collect();
    let both = common.contains(&garden.id) && common.contains(&PeerId::Group(group));
    say("common chats", both, &format!("{common:?}"));
    let call = functions::contacts::Search {
        q: "garden".into(),
        limit: 10,
        ..Default::default()
    };
    let found = client.invoke(&call).await?.my_results;
    let listed = found.iter().any(|peer| PeerId::from(peer) == garden.id);
    say("search chats", listed, &format!("{found:?}"));
    let call = functions::channels::LeaveChannel {
        channel: input_channel(garden)?,
    };
    refused_call("owner stays", client.invoke(&call).await, "USER_CREATOR");
    Ok(())
}

async fn broadcast(client: &Client) -> Outcome {
    let call = functions::channels::CreateChannel {
        broadcast: true,
        title: "News".into(),
        ..Default::default()
    };
    let updates = client.invoke(&call).await?;
    let (_, news) = named_channel(&updates)?;
    let id = client.send_message(&news, "first").await?;
    let post = newest(client, &news).await?;
    let fits = matches!(
        post,
        types::Message::Message(post) if post.id == id && post.post && post.from_id.is_none()
    );
    say("post", fits, "");
    Ok(())
}

fn recent() -> types::ChannelParticipantsFilter {
    types::ChannelParticipantsFilter::ChannelParticipantsRecent
}

fn kicked() -> types::ChannelParticipantsFilter {
    ctors::ChannelParticipantsKicked { q: String::new() }.into()
}

async fn rights(client: &Client, channel: &types::InputChannel, who: &Peer, admin: bool) -> Outcome {
    let call = functions::channels::EditAdmin {
        channel: channel.clone(),
        user_id: input_user(who)?,
        admin_rights: types::ChatAdminRights {
            delete_messages: admin,
            ban_users: admin,
            ..Default::default()
        },
        rank: Some(String::new()),
    };
    client.invoke(&call).await?;
    Ok(())
}

async fn ban(client: &Client, channel: &types::InputChannel, who: &Peer, out: bool) -> Outcome {
    let call = functions::channels::EditBanned {
        channel: channel.clone(),
        participant: who.input(),
        banned_rights: types::ChatBannedRights {
            view_messages: out,
            ..Default::default()
        },
    };
    client.invoke(&call).await?;
    Ok(())
}

fn kind(one: &types::ChatParticipant) -> &'static str {
    match one {
        types::ChatParticipant::ChatParticipant(_) => "member",
        types::ChatParticipant::Creator(_) => "creator",
        types::ChatParticipant::Admin(_) => "admin",
    }
}

fn banned(one: &types::ChannelParticipant) -> Option<PeerId> {
    match one {
        types::ChannelParticipant::Banned(banned) => Some(PeerId::from(&banned.peer)),
        _ => None,
    }
}
