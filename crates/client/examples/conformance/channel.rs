//! Inside a supergroup: what is said, found, pinned, read and deleted there, and catching up with it.

use ringback_client::tl::{ctors, functions, types};
use ringback_client::{Builder, Client, DialogStart, Message, Peer, Press, Update, Updates};
use serde_json::json;

use crate::chats::{full_channel, input_channel, messages, sent};
use crate::tell::{Outcome, bot, control, incoming, number, say, variable, within};

pub(crate) async fn user(client: Client, builder: impl Fn() -> Builder) -> Outcome {
    let group = client.resolve(&variable("GROUP")?).await?;
    let mut updates = client.updates().await?;
    // From now on the channel is counted, and nothing is missed in it.
    client.dialogs(&DialogStart::default(), 20).await?;
    let mine = client.send_message(&group, "@chats_test_bot hello").await?;
    let menu = pressed(&client, &group, &mut updates).await?;
    let call = functions::messages::SendMessage {
        peer: group.input(),
        reply_to: Some(
            ctors::InputReplyToMessage {
                reply_to_msg_id: menu.id,
                ..Default::default()
            }
            .into(),
        ),
        message: "indeed".into(),
        random_id: 2,
        ..Default::default()
    };
    let reply = sent(client.invoke(&call).await?)?;
    let to = match reply.reply_to {
        Some(types::MessageReplyHeader::MessageReplyHeader(header)) => header.reply_to_msg_id,
        _ => None,
    };
    say("reply", to == Some(menu.id), &format!("{to:?}"));
    found(&client, &group, reply.id).await?;
    client
        .edit_message(&group, mine, "@chats_test_bot hello again")
        .await?;
    let edited = client.messages(&group, &[mine]).await?;
    let fits = edited.iter().all(|one| one.edited.is_some()) && edited.len() == 1;
    say("edit", fits, "");
    pins(&client, &group, menu.id).await?;
    client.mark_read(&group, 0).await?;
    let dialogs = client.dialogs(&DialogStart::default(), 20).await?.dialogs;
    let here = dialogs.iter().find(|dialog| dialog.peer.id == group.id);
    say("read", here.is_some_and(|dialog| dialog.unread == 0), "");
    forwards(&client, &group, &[menu.id, reply.id]).await?;
    let gone = client.delete_messages(&group, &[reply.id], true).await?;
    let left = client.messages(&group, &[reply.id]).await?;
    say("delete", gone == 1 && left.is_empty(), &gone.to_string());
    let before = full_channel(&client, &group).await?.pts;
    // The connection ends with the last handle.
    drop((updates, client));
    away(&group, before, menu.id, builder()).await?;
    slow(&group, menu.id, builder()).await
}

async fn pressed(client: &Client, group: &Peer, updates: &mut Updates) -> Outcome<Message> {
    let spoken = incoming(updates, false).await?;
    say("bot speaks", spoken.text == "Menu", &spoken.text);
    let history = client.history(group, 10).await?;
    let menu = history.into_iter().find(|one| !one.buttons.is_empty());
    let menu = menu.ok_or("no message has buttons")?;
    let answer = client.press(&menu, Press::data("press")).await?;
    let fits = answer.text.as_deref() == Some("bot says press");
    say("press in a supergroup", fits, "");
    let edited = incoming(updates, true).await?;
    let fits = edited.id == menu.id && edited.text == "Menu, pressed";
    say("bot edits", fits, &edited.text);
    Ok(menu)
}

async fn found(client: &Client, group: &Peer, wanted: i32) -> Outcome {
    let ids = search(
        client,
        group,
        "INDEED",
        types::MessagesFilter::InputMessagesFilterEmpty,
    )
    .await?;
    say("search", ids == [wanted], &format!("{ids:?}"));
    let call = functions::messages::SearchGlobal {
        broadcasts_only: false,
        groups_only: false,
        users_only: false,
        folder_id: None,
        community: None,
        q: "indeed".into(),
        filter: types::MessagesFilter::InputMessagesFilterEmpty,
        min_date: 0,
        max_date: 0,
        offset_rate: 0,
        offset_peer: types::InputPeer::Empty,
        offset_id: 0,
        limit: 10,
    };
    let ids = numbers(client.invoke(&call).await?)?;
    say("search everywhere", ids == [wanted], &format!("{ids:?}"));
    Ok(())
}

async fn search(
    client: &Client,
    group: &Peer,
    text: &str,
    filter: types::MessagesFilter,
) -> Outcome<Vec<i32>> {
    let call = functions::messages::Search {
        peer: group.input(),
        q: text.to_owned(),
        from_id: None,
        saved_peer_id: None,
        saved_reaction: None,
        top_msg_id: None,
        filter,
        min_date: 0,
        max_date: 0,
        offset_id: 0,
        add_offset: 0,
        limit: 10,
        max_id: 0,
        min_id: 0,
        hash: 0,
    };
    numbers(client.invoke(&call).await?)
}

async fn pins(client: &Client, group: &Peer, id: i32) -> Outcome {
    let mut call = functions::messages::UpdatePinnedMessage {
        peer: group.input(),
        id,
        ..Default::default()
    };
    let told = match client.invoke(&call).await? {
        types::Updates::Updates(updates) => updates.updates.into_iter().any(|update| {
            matches!(
                update,
                types::Update::NewChannelMessage(ctors::UpdateNewChannelMessage {
                    message: types::Message::Service(service),
                    ..
                }) if matches!(service.action, types::MessageAction::PinMessage)
            )
        }),
        _ => false,
    };
    say("pin", told, "");
    let pinned = functions::channels::GetMessages {
        channel: input_channel(group)?,
        id: vec![types::InputMessage::Pinned],
    };
    let pinned = messages(client.invoke(&pinned).await?)?;
    let fits = matches!(
        pinned.as_slice(),
        [types::Message::Message(one)] if one.id == id && one.pinned
    );
    say("pinned message", fits, "");
    call.unpin = true;
    client.invoke(&call).await?;
    let left = search(
        client,
        group,
        "",
        types::MessagesFilter::InputMessagesFilterPinned,
    )
    .await?;
    say("unpin", left.is_empty(), &format!("{left:?}"));
    Ok(())
}

async fn forwards(client: &Client, group: &Peer, ids: &[i32]) -> Outcome {
    let me = client.me().await?;
    let copies = client.forward_messages(group, ids, &me).await?;
    let by_number = |id: i32| types::InputMessage::from(ctors::InputMessageID { id });
    let call = functions::messages::GetMessages {
        id: copies.into_iter().map(by_number).collect(),
    };
    let copies = messages(client.invoke(&call).await?)?;
    let from = |one: &types::Message| matches!(one, types::Message::Message(one) if one.fwd_from.is_some());
    let fits = copies.len() == ids.len() && copies.iter().all(from);
    say("forward", fits, "");
    Ok(())
}

/// What happens while nobody is there is told after, in order.
async fn away(group: &Peer, before: i32, menu: i32, builder: Builder) -> Outcome {
    happens(menu, "late", &["kept"]).await?;
    let again = builder.connect().await?;
    let mut call = functions::updates::GetChannelDifference {
        force: false,
        channel: input_channel(group)?,
        filter: types::ChannelMessagesFilter::Empty,
        pts: before,
        limit: 100,
    };
    let types::updates::ChannelDifference::ChannelDifference(missed) = again.invoke(&call).await? else {
        return Err("nothing was missed".into());
    };
    let texts: Vec<_> = missed.new_messages.iter().map(text).collect();
    say(
        "channel difference",
        texts == [Some("kept")],
        &format!("{texts:?}"),
    );
    let others = missed.other_updates.as_slice();
    let deleted = |one: &types::Update| matches!(one, types::Update::DeleteChannelMessages(_));
    let edited = |one: &types::Update| matches!(one, types::Update::EditChannelMessage(_));
    let fits = others.len() == 2 && others.iter().any(deleted) && others.iter().any(edited);
    say("what else was missed", fits, &others.len().to_string());
    call.pts = missed.pts;
    let fits = matches!(
        again.invoke(&call).await?,
        types::updates::ChannelDifference::Empty(same) if same.pts == missed.pts
    );
    say("nothing more", fits, "");
    Ok(())
}

/// A reader that has no room for what comes: the stream asks for the channel's difference by itself.
async fn slow(group: &Peer, menu: i32, builder: Builder) -> Outcome {
    let client = builder.updates_kept(1).connect().await?;
    let mut updates = client.updates().await?;
    client.dialogs(&DialogStart::default(), 20).await?;
    let wanted = ["one", "two", "three", "four", "five", "six"];
    happens(menu, "later", &wanted).await?;
    let (mut texts, mut edited) = (Vec::new(), false);
    while texts.len() < wanted.len() || !edited {
        match within("update", updates.next()).await?? {
            Update::NewMessage(message) if message.chat.id == group.id && message.text != "soon gone" => {
                texts.push(message.text);
            }
            Update::EditedMessage(message) => edited |= message.id == menu && message.text == "Menu, later",
            _ => {}
        }
    }
    say("heard by a slow reader", texts == wanted, &texts.join(", "));
    Ok(())
}

/// Somebody says this in the group; the bot deletes a message, and edits the menu.
async fn happens(menu: i32, edit: &str, said: &[&str]) -> Outcome {
    let (chat, other) = (number("GROUP_ID")?, number("OTHER_ID")?);
    for text in said {
        let said = json!({"from": other, "chat": chat, "text": text});
        control("POST", "/messages", &said).await?;
    }
    let lost = bot("sendMessage", &json!({"chat_id": chat, "text": "soon gone"})).await?;
    let lost = json!({"chat_id": chat, "message_id": lost["message_id"]});
    bot("deleteMessage", &lost).await?;
    let edit = json!({"chat_id": chat, "message_id": menu, "text": format!("Menu, {edit}")});
    bot("editMessageText", &edit).await?;
    Ok(())
}

fn numbers(answer: types::messages::Messages) -> Outcome<Vec<i32>> {
    let number = |one: types::Message| match one {
        types::Message::Message(one) => one.id,
        types::Message::Service(one) => one.id,
        types::Message::Empty(one) => one.id,
    };
    Ok(messages(answer)?.into_iter().map(number).collect())
}

fn text(message: &types::Message) -> Option<&str> {
    match message {
        types::Message::Message(message) => Some(&message.message),
        _ => None,
    }
}
