//! What people share, and what bots and chats say of themselves.

use crate::client::{Local, Wire};
use ringback_tl::{Layer, ctors, functions as call, types};
use serde_json::json;

async fn bot(wire: &mut Wire) -> ctors::InputPeerUser {
    let name = call::contacts::ResolveUsername {
        username: "volume_bot".into(),
        referer: None,
    };
    let found = wire.call(&name).await.unwrap();
    let types::User::User(bot) = &found.users[0] else {
        panic!("no user")
    };
    ctors::InputPeerUser {
        user_id: bot.id,
        access_hash: bot.access_hash.unwrap(),
    }
}

/// Sends it to the bot; what the message carries then.
async fn share(wire: &mut Wire, media: types::InputMedia, random_id: i64) -> Result<ctors::Message, String> {
    let send = call::messages::SendMedia {
        peer: bot(wire).await.into(),
        media,
        random_id,
        ..Default::default()
    };
    let types::Updates::Updates(sent) = wire.call(&send).await? else {
        panic!("no updates")
    };
    let new = sent.updates.into_iter().find_map(|update| match update {
        types::Update::NewMessage(new) => Some(new.message),
        _ => None,
    });
    let Some(types::Message::Message(message)) = new else {
        panic!("no message")
    };
    Ok(*message)
}

fn point(lat: f64) -> types::InputGeoPoint {
    ctors::InputGeoPoint {
        lat,
        long: 13.4,
        accuracy_radius: Some(20),
    }
    .into()
}

#[tokio::test]
async fn dice_contacts_and_places_in_every_layer() {
    let local = Local::with_people().await;
    local.menu().await;
    let mut ann = local.ready(local.ann).await;
    ann.begin().await;
    let contact = ctors::InputMediaContact {
        phone_number: "9996629999".into(),
        first_name: "Me".into(),
        last_name: "Myself".into(),
        vcard: String::new(),
    };
    let venue = ctors::InputMediaVenue {
        geo_point: point(1.5),
        title: "Café".into(),
        address: "Here 1".into(),
        provider: "foursquare".into(),
        venue_id: "f1".into(),
        venue_type: "food".into(),
    };
    let dice = ctors::InputMediaDice {
        emoticon: "🎰".into(),
    };
    let place = ctors::InputMediaGeoPoint {
        geo_point: point(-2.25),
    };
    let mut sent = Vec::new();
    for (at, media) in [dice.into(), contact.into(), place.into(), venue.into()]
        .into_iter()
        .enumerate()
    {
        sent.push(share(&mut ann, media, at as i64 + 1).await.unwrap());
    }
    use types::MessageMedia as Media;
    let media: Vec<_> = sent
        .iter()
        .map(|message| message.media.as_ref().unwrap())
        .collect();
    let [
        Media::Dice(dice),
        Media::Contact(contact),
        Media::Geo(place),
        Media::Venue(venue),
    ] = media[..]
    else {
        panic!("{media:?}")
    };
    assert!((1..=64).contains(&dice.value) && dice.emoticon == "🎰");
    assert_eq!((contact.user_id, contact.first_name.as_str()), (local.ann, "Me"));
    let types::GeoPoint::GeoPoint(at) = &place.geo else {
        panic!("nowhere")
    };
    assert_eq!((at.lat, at.long, at.accuracy_radius), (-2.25, 13.4, Some(20)));
    assert_eq!(
        (venue.title.as_str(), venue.venue_type.as_str()),
        ("Café", "food")
    );
    for own in &sent {
        let message = types::Message::Message(Box::new(own.clone()));
        for layer in Layer::ALL {
            let bytes = ringback_tl::encode(&message, *layer).unwrap();
            let types::Message::Message(read) = ringback_tl::decode(&bytes).unwrap() else {
                panic!("no message in {layer:?}")
            };
            assert_eq!(read.media, own.media, "{layer:?}");
        }
    }
    // The bot sees the same on the other API.
    let seen = local
        .control(
            "GET",
            &format!("/messages?chat={}&as={}", local.ann, local.bot),
            serde_json::Value::Null,
        )
        .await;
    let seen = seen.as_array().unwrap();
    let last = &seen[seen.len() - 4..];
    assert_eq!(last[0]["dice"], json!({"emoji": "🎰", "value": dice.value}));
    assert_eq!(last[1]["contact"]["user_id"], local.ann);
    assert_eq!(
        last[2]["location"],
        json!({"latitude": -2.25, "longitude": 13.4, "horizontal_accuracy": 20.0})
    );
    assert_eq!(last[3]["venue"]["foursquare_id"], "f1");
    // What does not roll, and what is nowhere.
    for (media, error) in [
        (
            ctors::InputMediaDice { emoticon: "x".into() }.into(),
            "400 EMOTICON_INVALID",
        ),
        (
            ctors::InputMediaGeoPoint {
                geo_point: point(91.0),
            }
            .into(),
            "400 MEDIA_INVALID",
        ),
        (
            ctors::InputMediaGeoPoint {
                geo_point: types::InputGeoPoint::Empty,
            }
            .into(),
            "400 MEDIA_EMPTY",
        ),
    ] {
        assert_eq!(share(&mut ann, media, 9).await.unwrap_err(), error);
    }
}

#[tokio::test]
async fn a_menu_button_is_pushed_and_a_group_describes_itself() {
    let local = Local::with_people().await;
    local.menu().await;
    let (mut ann, mut bots) = (local.ready(local.ann).await, local.ready(local.bot).await);
    ann.begin().await;
    bots.begin().await;
    ann.call(&call::updates::GetState).await.unwrap();
    let button: types::BotMenuButton = ctors::BotMenuButton {
        text: "Open".into(),
        url: "https://app.example/".into(),
    }
    .into();
    let set = call::bots::SetBotMenuButton {
        user_id: types::InputUser::Empty,
        button: button.clone(),
    };
    assert_eq!(bots.call(&set).await, Ok(true));
    let pushed = loop {
        let found = ann.updates.drain(..).find_map(|update| match update {
            types::Update::BotMenuButton(own) => Some(own),
            _ => None,
        });
        match found {
            Some(found) => break found,
            None => ann.hear().await,
        }
    };
    assert_eq!((pushed.bot_id, &pushed.button), (local.bot, &button));
    let get = call::bots::GetBotMenuButton {
        user_id: types::InputUser::Empty,
    };
    assert_eq!(bots.call(&get).await.as_ref(), Ok(&button));
    let ctors::InputPeerUser { user_id, access_hash } = bot(&mut ann).await;
    let full = call::users::GetFullUser {
        id: ctors::InputUser { user_id, access_hash }.into(),
    };
    let full = ann.call(&full).await.unwrap().full_user;
    assert_eq!(full.bot_info.unwrap().menu_button, Some(button));
    let empty = call::bots::SetBotMenuButton {
        user_id: types::InputUser::Empty,
        button: ctors::BotMenuButton::default().into(),
    };
    assert_eq!(bots.call(&empty).await.unwrap_err(), "400 BUTTON_TEXT_INVALID");

    let group = json!({"type": "group", "title": "Team", "members": [local.ann, local.bot]});
    let group = local.control("POST", "/chats", group).await["id"]
        .as_i64()
        .unwrap();
    let peer: types::InputPeer = ctors::InputPeerChat { chat_id: -group }.into();
    let edit = |about: &str| call::messages::EditChatAbout {
        peer: peer.clone(),
        about: about.into(),
    };
    assert_eq!(ann.call(&edit("For all.")).await, Ok(true));
    assert_eq!(
        ann.call(&edit("For all.")).await.unwrap_err(),
        "400 CHAT_ABOUT_NOT_MODIFIED"
    );
    assert_eq!(
        ann.call(&edit(&"x".repeat(256))).await.unwrap_err(),
        "400 CHAT_ABOUT_TOO_LONG"
    );
    let full = ann
        .call(&call::messages::GetFullChat { chat_id: -group })
        .await
        .unwrap();
    let types::ChatFull::ChatFull(full) = full.full_chat else {
        panic!("no group")
    };
    assert_eq!(full.about, "For all.");
    // A new link in the place of the old one.
    let export = |legacy_revoke_permanent| call::messages::ExportChatInvite {
        legacy_revoke_permanent,
        peer: peer.clone(),
        ..Default::default()
    };
    let (first, same) = (
        ann.call(&export(false)).await.unwrap(),
        ann.call(&export(false)).await.unwrap(),
    );
    assert_eq!(first, same);
    assert_ne!(ann.call(&export(true)).await.unwrap(), first);
    // One with terms is another beside it, and whoever comes by it is told of with it.
    let guests = call::messages::ExportChatInvite {
        usage_limit: Some(1),
        title: Some("guests".into()),
        ..export(false)
    };
    let types::ExportedChatInvite::ChatInviteExported(guests) = ann.call(&guests).await.unwrap() else {
        panic!("no link")
    };
    assert!(!guests.permanent && guests.usage_limit == Some(1) && guests.usage == Some(0));
    local
        .control(
            "POST",
            &format!("/chats/{group}/members"),
            json!({"user": local.bot, "status": "administrator"}),
        )
        .await;
    local
        .call("getUpdates", json!({"allowed_updates": ["chat_member"]}))
        .await;
    let ben = local
        .control("POST", "/users", json!({"first_name": "Ben"}))
        .await["id"]
        .as_i64()
        .unwrap();
    let mut ben = local.ready(ben).await;
    ben.begin().await;
    let hash = guests.link.rsplit('+').next().unwrap().to_owned();
    ben.call(&call::messages::ImportChatInvite { hash: hash.clone() })
        .await
        .unwrap();
    let told = local.call("getUpdates", json!({"offset": -1})).await;
    let joined = &told["result"][0]["chat_member"];
    assert_eq!(joined["invite_link"]["invite_link"], guests.link, "{told}");
    assert_eq!(joined["invite_link"]["name"], "guests");
    let full = ben.call(&call::messages::CheckChatInvite { hash }).await;
    assert_eq!(full.unwrap_err(), "400 INVITE_HASH_EXPIRED");
}
