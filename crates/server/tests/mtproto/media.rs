//! Pictures and files over MTProto, and what takes their place.

use crate::client::{Local, Wire};
use ringback_tl::{ctors, functions as call, types};
use serde_json::Value;

/// A picture of this size, and no other of the same bytes.
fn picture(width: u8, height: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0]);
    bytes
}

/// Brings a file in one part; the number must not be used twice.
async fn uploaded(wire: &mut Wire, number: i64, bytes: Vec<u8>) -> types::InputFile {
    let part = call::upload::SaveFilePart {
        file_id: number,
        file_part: 0,
        bytes,
    };
    assert_eq!(wire.call(&part).await, Ok(true));
    ctors::InputFile {
        id: number,
        parts: 1,
        name: "file.bin".into(),
        md5_checksum: String::new(),
    }
    .into()
}

fn new_photo(file: types::InputFile) -> types::InputMedia {
    let media = ctors::InputMediaUploadedPhoto {
        spoiler: false,
        live_photo: false,
        file,
        stickers: None,
        ttl_seconds: None,
        video: None,
    };
    media.into()
}

/// The message in what a call that sends or edits gives.
fn message(updates: types::Updates) -> ctors::Message {
    let types::Updates::Updates(updates) = updates else {
        panic!("{updates:?}")
    };
    updates
        .updates
        .into_iter()
        .find_map(|update| match update {
            types::Update::NewMessage(new) => Some(new.message),
            types::Update::EditMessage(edited) => Some(edited.message),
            _ => None,
        })
        .map(|message| match message {
            types::Message::Message(message) => *message,
            other => panic!("{other:?}"),
        })
        .unwrap()
}

fn photo(message: &ctors::Message) -> ctors::Photo {
    match &message.media {
        Some(types::MessageMedia::Photo(media)) => match &media.photo {
            Some(types::Photo::Photo(photo)) => photo.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// Ann, as the bot names her.
async fn ann_for(bot: &mut Wire, local: &Local) -> types::InputPeer {
    let user = ctors::InputUser {
        user_id: local.ann,
        access_hash: 0,
    };
    let users = call::users::GetUsers {
        id: vec![user.into()],
    };
    let found = bot.call(&users).await.unwrap();
    let types::User::User(ann) = &found[0] else {
        panic!("{found:?}")
    };
    ctors::InputPeerUser {
        user_id: ann.id,
        access_hash: ann.access_hash.unwrap(),
    }
    .into()
}

fn keyboard(label: &str) -> types::ReplyMarkup {
    let button = types::KeyboardInlineButton {
        text: label.into(),
        r#type: ctors::InlineButtonTypeCallback {
            requires_password: false,
            data: label.as_bytes().to_vec(),
        }
        .into(),
        style: None,
    };
    let row = types::KeyboardInlineButtonRow {
        buttons: vec![button],
    };
    types::ReplyMarkup::from(ctors::ReplyInlineMarkup {
        rows: vec![row],
        ..Default::default()
    })
}

/// The next edited message that is told of.
async fn heard(wire: &mut Wire) -> ctors::Message {
    loop {
        let edited = wire.updates.drain(..).find_map(|update| match update {
            types::Update::EditMessage(edited) => Some(edited.message),
            _ => None,
        });
        match edited {
            Some(types::Message::Message(message)) => return *message,
            Some(other) => panic!("{other:?}"),
            None => wire.hear().await,
        }
    }
}

#[tokio::test]
async fn a_bot_turns_the_picture_and_the_user_sees_it() {
    let local = Local::with_people().await;
    local.menu().await;
    let (mut ann, mut bot) = (local.ready(local.ann).await, local.ready(local.bot).await);
    ann.begin().await;
    bot.begin().await;
    ann.call(&call::updates::GetState).await.unwrap();
    let peer = ann_for(&mut bot, &local).await;
    let file = uploaded(&mut bot, 1, picture(1, 1)).await;
    let send = call::messages::SendMedia {
        peer: peer.clone(),
        media: new_photo(file),
        message: "One".into(),
        random_id: 1,
        reply_markup: Some(keyboard("next")),
        ..Default::default()
    };
    let sent = message(bot.call(&send).await.unwrap());
    let first = photo(&sent);

    let file = uploaded(&mut bot, 2, picture(2, 1)).await;
    let mut edit = call::messages::EditMessage {
        peer,
        id: sent.id,
        message: Some("Two".into()),
        media: Some(new_photo(file)),
        reply_markup: Some(keyboard("back")),
        invert_media: true,
        ..Default::default()
    };
    let edited = message(bot.call(&edit).await.unwrap());
    let second = photo(&edited);
    assert_ne!(second.id, first.id);
    let seen = heard(&mut ann).await;
    assert_eq!((photo(&seen).id, seen.message.as_str()), (second.id, "Two"));
    assert!(seen.invert_media && seen.edit_date.is_some());
    assert!(matches!(
        seen.reply_markup,
        Some(types::ReplyMarkup::ReplyInlineMarkup(_))
    ));

    // One that was sent before, the words as they are.
    let known = ctors::InputPhoto {
        id: first.id,
        access_hash: first.access_hash,
        file_reference: first.file_reference.clone(),
    };
    let known = ctors::InputMediaPhoto {
        id: known.into(),
        ..Default::default()
    };
    (edit.media, edit.message) = (Some(known.clone().into()), None);
    let edited = message(bot.call(&edit).await.unwrap());
    assert_eq!((photo(&edited).id, edited.message.as_str()), (first.id, "Two"));
    assert_eq!(bot.call(&edit).await.unwrap_err(), "400 MESSAGE_NOT_MODIFIED");

    // A file in its place.
    let media = ctors::InputMediaUploadedDocument {
        file: uploaded(&mut bot, 3, b"words".to_vec()).await,
        mime_type: "text/plain".into(),
        attributes: Vec::new(),
        ..document()
    };
    edit.media = Some(media.into());
    let edited = message(bot.call(&edit).await.unwrap());
    assert!(matches!(edited.media, Some(types::MessageMedia::Document(_))));

    // A text gives way, a game does not; and nothing becomes a game.
    edit.id = 2;
    edit.media = Some(known.clone().into());
    let edited = message(bot.call(&edit).await.unwrap());
    assert_eq!((photo(&edited).id, edited.message.as_str()), (first.id, "Menu"));
    let game = ctors::InputMediaGame {
        id: ctors::InputGameShortName {
            bot_id: types::InputUser::Self_,
            short_name: "snake".into(),
        }
        .into(),
    };
    edit.media = Some(game.clone().into());
    assert_eq!(bot.call(&edit).await.unwrap_err(), "400 MEDIA_NEW_INVALID");
    let send = call::messages::SendMedia {
        media: game.into(),
        random_id: 2,
        message: String::new(),
        ..send
    };
    edit.id = message(bot.call(&send).await.unwrap()).id;
    edit.media = Some(known.into());
    assert_eq!(bot.call(&edit).await.unwrap_err(), "400 MEDIA_PREV_INVALID");

    // What is to be found with the Bot API, too.
    let path = format!("/messages?chat={}&as={}", local.bot, local.ann);
    let seen = local.control("GET", &path, Value::Null).await;
    assert_eq!(seen[1]["photo"][0]["width"], 1);
    assert_eq!(seen[2]["document"]["mime_type"], "text/plain");
}

/// An uploaded file with nothing said about it.
fn document() -> ctors::InputMediaUploadedDocument {
    ctors::InputMediaUploadedDocument {
        nosound_video: false,
        force_file: false,
        spoiler: false,
        file: ctors::InputFile::default().into(),
        thumb: None,
        mime_type: String::new(),
        attributes: Vec::new(),
        stickers: None,
        video_cover: None,
        video_timestamp: None,
        ttl_seconds: None,
    }
}

/// The document in a message, and what the message says of it.
fn document_of(message: &ctors::Message) -> (ctors::MessageMediaDocument, ctors::Document) {
    match &message.media {
        Some(types::MessageMedia::Document(media)) => match &media.document {
            Some(types::Document::Document(document)) => ((**media).clone(), document.clone()),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn films_recordings_and_stickers_are_what_their_attributes_say() {
    let local = Local::with_people().await;
    local.menu().await;
    let (mut ann, mut bot) = (local.ready(local.ann).await, local.ready(local.bot).await);
    ann.begin().await;
    bot.begin().await;
    let peer = ann_for(&mut bot, &local).await;
    let video = |round_message, nosound| -> types::DocumentAttribute {
        ctors::DocumentAttributeVideo {
            round_message,
            nosound,
            supports_streaming: !round_message && !nosound,
            duration: 7.0,
            w: 4,
            h: 4,
            ..Default::default()
        }
        .into()
    };
    let audio = |voice, title: Option<&str>| -> types::DocumentAttribute {
        ctors::DocumentAttributeAudio {
            voice,
            duration: 7,
            title: title.map(str::to_owned),
            performer: None,
            waveform: None,
        }
        .into()
    };
    let sticker = ctors::DocumentAttributeSticker {
        alt: "👍".into(),
        stickerset: types::InputStickerSet::Empty,
        ..Default::default()
    };
    let size = ctors::DocumentAttributeImageSize { w: 6, h: 2 };
    let search = |filter| call::messages::Search {
        peer: peer.clone(),
        q: String::new(),
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
    use types::MessagesFilter as Filter;
    for (number, attributes, field, filter) in [
        (
            1,
            vec![video(false, false)],
            "video",
            Filter::InputMessagesFilterVideo,
        ),
        (
            2,
            vec![video(false, true), types::DocumentAttribute::Animated],
            "animation",
            Filter::InputMessagesFilterGif,
        ),
        (
            3,
            vec![audio(false, Some("T"))],
            "audio",
            Filter::InputMessagesFilterMusic,
        ),
        (
            4,
            vec![audio(true, None)],
            "voice",
            Filter::InputMessagesFilterVoice,
        ),
        (
            5,
            vec![video(true, false)],
            "video_note",
            Filter::InputMessagesFilterRoundVideo,
        ),
        (
            6,
            vec![size.into(), sticker.into()],
            "sticker",
            Filter::InputMessagesFilterEmpty,
        ),
    ] {
        let media = ctors::InputMediaUploadedDocument {
            file: uploaded(&mut bot, number, vec![number.to_le_bytes()[0]; 9]).await,
            mime_type: "a/b".into(),
            attributes: attributes.clone(),
            ..document()
        };
        let send = call::messages::SendMedia {
            peer: peer.clone(),
            media: media.into(),
            random_id: number,
            ..Default::default()
        };
        let sent = message(bot.call(&send).await.unwrap());
        let (media, own) = document_of(&sent);
        // The file's own name comes with it; all else is as it was.
        let (named, rest) = own.attributes.split_last().unwrap();
        assert_eq!(rest, attributes, "{field}");
        assert!(matches!(named, types::DocumentAttribute::Filename(_)));
        assert_eq!(
            (media.video, media.round, media.voice),
            (field == "video", field == "video_note", field == "voice")
        );
        // The Bot API has it as that, too.
        let path = format!("/messages?chat={}&as={}", local.bot, local.ann);
        let seen = local.control("GET", &path, Value::Null).await;
        let seen = seen.as_array().unwrap().last().unwrap();
        assert_eq!(seen[field]["file_size"], 9, "{seen}");
        // And it is found as that, by its newest.
        let found = bot.call(&search(filter)).await.unwrap();
        let found = match found {
            types::messages::Messages::Messages(found) => found.messages,
            other => panic!("{other:?}"),
        };
        let types::Message::Message(newest) = &found[0] else {
            panic!("{found:?}")
        };
        assert_eq!(newest.id, sent.id);
        assert!(field == "sticker" || found.len() == 1, "{field}: {found:?}");
    }
    // As a file, whatever it is.
    let media = ctors::InputMediaUploadedDocument {
        file: uploaded(&mut bot, 9, b"film".to_vec()).await,
        attributes: vec![video(false, false)],
        force_file: true,
        ..document()
    };
    let send = call::messages::SendMedia {
        peer,
        media: media.into(),
        random_id: 9,
        ..Default::default()
    };
    let sent = message(bot.call(&send).await.unwrap());
    assert_eq!(document_of(&sent).1.attributes.len(), 1, "only its name");
}

#[tokio::test]
async fn an_album_is_sent_once() {
    let local = Local::with_people().await;
    local.menu().await;
    let mut ann = local.ready(local.ann).await;
    ann.begin().await;
    let mut multi_media = Vec::new();
    for number in [1, 2] {
        let file = uploaded(&mut ann, number, picture(1, number.to_le_bytes()[0])).await;
        let upload = call::messages::UploadMedia {
            peer: types::InputPeer::Self_,
            media: new_photo(file),
            business_connection_id: None,
        };
        let types::MessageMedia::Photo(media) = ann.call(&upload).await.unwrap() else {
            panic!("no picture")
        };
        let Some(types::Photo::Photo(photo)) = media.photo else {
            panic!("no picture")
        };
        let id = ctors::InputPhoto {
            id: photo.id,
            access_hash: photo.access_hash,
            file_reference: photo.file_reference,
        };
        let media = ctors::InputMediaPhoto {
            id: id.into(),
            ..Default::default()
        };
        multi_media.push(types::InputSingleMedia {
            media: media.into(),
            random_id: 70 + number,
            message: format!("picture {number}"),
            entities: None,
        });
    }
    let mut send = call::messages::SendMultiMedia {
        peer: types::InputPeer::Self_,
        multi_media,
        ..Default::default()
    };
    let first = ann.call(&send).await.unwrap();
    let groups: Vec<_> = new_messages(&first)
        .iter()
        .map(|message| message.grouped_id)
        .collect();
    assert_eq!(groups.len(), 2);
    assert!(groups[0].is_some() && groups[0] == groups[1], "{groups:?}");
    // Sent again because the answer was lost, it is there once.
    let again = ann.call(&send).await.unwrap();
    assert_eq!(new_messages(&again), new_messages(&first));
    // The bytes go up before.
    let file = uploaded(&mut ann, 3, picture(3, 3)).await;
    send.multi_media[0].media = new_photo(file);
    send.multi_media[0].random_id = 99;
    assert_eq!(ann.call(&send).await.unwrap_err(), "400 MEDIA_INVALID");
    send.multi_media = Vec::new();
    assert_eq!(ann.call(&send).await.unwrap_err(), "400 MEDIA_EMPTY");
}

fn new_messages(updates: &types::Updates) -> Vec<ctors::Message> {
    let types::Updates::Updates(updates) = updates else {
        panic!("{updates:?}")
    };
    let message = |update: &types::Update| match update {
        types::Update::NewMessage(new) => match &new.message {
            types::Message::Message(message) => Some((**message).clone()),
            _ => None,
        },
        _ => None,
    };
    updates.updates.iter().filter_map(message).collect()
}
