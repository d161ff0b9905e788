//! What a client learns of the chats that it makes, in the forms that TDLib asks for.

use crate::client::Local;
use ringback_tl::{Layer, ctors, functions as call, types};

/// The updates of an answer, whichever call it answers.
fn listed(updates: types::Updates) -> ctors::Updates {
    match updates {
        types::Updates::Updates(updates) => updates,
        other => panic!("{other:?}"),
    }
}

/// The numbers that an answer gives, and those of the service messages in it.
fn numbers(updates: &ctors::Updates) -> (Vec<i32>, Vec<i32>) {
    let mut given = Vec::new();
    let mut said = Vec::new();
    for update in &updates.updates {
        let message = match update {
            types::Update::MessageID(number) => {
                given.push(number.id);
                continue;
            }
            types::Update::NewMessage(new) => &new.message,
            types::Update::NewChannelMessage(new) => &new.message,
            _ => continue,
        };
        if let types::Message::Service(service) = message {
            said.push(service.id);
        }
    }
    (given, said)
}

fn banned_until(chat: &types::Chat) -> i32 {
    let rights = match chat {
        types::Chat::Chat(chat) => chat.default_banned_rights.as_ref(),
        types::Chat::Channel(chat) => chat.default_banned_rights.as_ref(),
        other => panic!("{other:?}"),
    };
    rights.unwrap().until_date
}

#[tokio::test]
async fn a_new_chats_first_message_has_its_number_told() {
    let local = Local::with_people().await;
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    let group = call::messages::CreateChat {
        title: "Crew".into(),
        ..Default::default()
    };
    let group = listed(wire.call(&group).await.unwrap().updates);
    let (given, said) = numbers(&group);
    assert_eq!((given.len(), &given), (1, &said));
    assert_eq!(
        banned_until(&group.chats[0]),
        i32::MAX,
        "nothing is banned, for ever"
    );
    for megagroup in [true, false] {
        let channel = call::channels::CreateChannel {
            megagroup,
            broadcast: !megagroup,
            title: "News".into(),
            ..Default::default()
        };
        let channel = listed(wire.call(&channel).await.unwrap());
        let (given, said) = numbers(&channel);
        assert_eq!((given.len(), &given), (1, &said), "megagroup: {megagroup}");
        assert_eq!(banned_until(&channel.chats[0]), i32::MAX);
    }
}

#[tokio::test]
async fn the_list_of_all_chats_is_a_folder_in_the_layers_that_know_it() {
    let local = Local::with_people().await;
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    let folders = wire.call(&call::messages::GetDialogFilters).await.unwrap();
    assert_eq!(folders.filters, [types::DialogFilter::Default]);
    // Before 143 there was no such constructor, and the answer was a bare vector.
    let oldest = Layer::ALL[0];
    assert_eq!(oldest.number(), 133);
    wire.begin_with(oldest.number()).await;
    let asked = ringback_tl::encode(&call::messages::GetDialogFilters, oldest).unwrap();
    let answer = wire.raw(asked).await.unwrap();
    let empty_vector = [0x15, 0xc4, 0xb5, 0x1c, 0, 0, 0, 0];
    assert_eq!(answer, empty_vector);
}

#[tokio::test]
async fn a_person_can_be_mentioned_without_a_username() {
    let local = Local::with_people().await;
    local.menu().await;
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    let name = call::contacts::ResolveUsername {
        username: "volume_bot".into(),
        referer: None,
    };
    let found = wire.call(&name).await.unwrap();
    let types::User::User(bot) = &found.users[0] else {
        panic!("no user")
    };
    let mention = ctors::InputMessageEntityMentionName {
        offset: 0,
        length: 4,
        user_id: ctors::InputUser {
            user_id: bot.id,
            access_hash: bot.access_hash.unwrap(),
        }
        .into(),
    };
    let send = call::messages::SendMessage {
        peer: types::InputPeer::Self_,
        message: "that bot".into(),
        random_id: 5,
        entities: Some(vec![types::MessageEntity::InputMessageEntityMentionName(mention)]),
        ..Default::default()
    };
    let sent = listed(wire.call(&send).await.unwrap());
    let entities = sent.updates.iter().find_map(|update| match update {
        types::Update::NewMessage(new) => match &new.message {
            types::Message::Message(message) => message.entities.clone(),
            _ => None,
        },
        _ => None,
    });
    let expected = ctors::MessageEntityMentionName {
        offset: 0,
        length: 4,
        user_id: bot.id,
    };
    assert_eq!(entities, Some(vec![types::MessageEntity::MentionName(expected)]));
}
