//! MTProto over a socket: this project's own client half against the server.

// Helpers of tests may panic like the tests themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bots;
mod catch_up;
mod client;
mod forward;
mod keys;
mod media;
mod profile;

use client::{Local, Wire, random};
use ringback_mtproto::srp::{PasswordAlgo, Proof};
use ringback_mtproto::transport::Framing;
use ringback_tl::{ctors, functions as call, types};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn proof(password: &types::account::Password, word: &str) -> types::InputCheckPasswordSRP {
    let Some(types::PasswordKdfAlgo::SHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(algo)) =
        password.current_algo.clone()
    else {
        panic!("no password")
    };
    let group = ringback_mtproto::crypto::DhGroup::telegram(algo.g.cast_unsigned()).unwrap();
    let algo = PasswordAlgo {
        salt1: algo.salt1,
        salt2: algo.salt2,
        group,
    };
    let public = password.srp_b.clone().unwrap();
    let proof = Proof::new(&algo, word.as_bytes(), &public, &mut random).unwrap();
    ctors::InputCheckPasswordSRP {
        srp_id: password.srp_id.unwrap(),
        a: proof.a.to_vec(),
        m1: proof.m1.to_vec(),
    }
    .into()
}

/// Resolves the bot, and presses.
async fn press(
    wire: &mut Wire,
    data: &str,
    password: Option<types::InputCheckPasswordSRP>,
) -> Result<types::messages::BotCallbackAnswer, String> {
    let name = call::contacts::ResolveUsername {
        username: "volume_bot".into(),
        referer: None,
    };
    let found = wire.call(&name).await.unwrap();
    let types::User::User(bot) = &found.users[0] else {
        panic!("no user")
    };
    let peer = ctors::InputPeerUser {
        user_id: bot.id,
        access_hash: bot.access_hash.unwrap(),
    };
    let press = call::messages::GetBotCallbackAnswer {
        peer: peer.into(),
        msg_id: 2,
        data: Some(data.as_bytes().to_vec()),
        password,
        ..Default::default()
    };
    wire.call(&press).await
}

/// A bot on MTProto that answers one press.
async fn answer_one(mut bot: Wire) {
    bot.call(&call::updates::GetState).await.unwrap();
    let query = loop {
        let found = bot.updates.drain(..).find_map(|update| match update {
            types::Update::BotCallbackQuery(query) => Some(query),
            _ => None,
        });
        match found {
            Some(query) => break query,
            None => bot.hear().await,
        }
    };
    let answer = call::messages::SetBotCallbackAnswer {
        alert: true,
        query_id: query.query_id,
        message: Some(format!("got {}", String::from_utf8(query.data.unwrap()).unwrap())),
        url: None,
        cache_time: 7,
    };
    assert_eq!(bot.call(&answer).await, Ok(true));
}

#[tokio::test]
async fn a_login_with_code_and_password_then_presses() {
    let local = Local::with_people().await;
    local.menu().await;
    let mut wire = Wire::exchange(&local, Framing::Abridged, None).await;
    let config = wire.begin().await;
    assert_eq!(config.dc_options[0].port, i32::from(local.server.addr().port()));
    let state = wire.call(&call::updates::GetState).await;
    assert_eq!(state.unwrap_err(), "401 AUTH_KEY_UNREGISTERED");
    let code = call::auth::SendCode {
        phone_number: "+9996629999".into(),
        ..Default::default()
    };
    let types::auth::SentCode::SentCode(sent) = wire.call(&code).await.unwrap() else {
        panic!("no code")
    };
    let path = format!("/users/{}/login_code", local.ann);
    let told = local.control("GET", &path, Value::Null).await;
    assert_eq!(told, json!({"phone": "9996629999", "code": "22222"}));
    for (code, error) in [
        ("11111", "400 PHONE_CODE_INVALID"),
        ("22222", "401 SESSION_PASSWORD_NEEDED"),
    ] {
        let sign_in = call::auth::SignIn {
            phone_number: "+9996629999".into(),
            phone_code_hash: sent.phone_code_hash.clone(),
            phone_code: Some(code.into()),
            email_verification: None,
        };
        assert_eq!(wire.call(&sign_in).await.unwrap_err(), error);
    }
    let password = wire.call(&call::account::GetPassword).await.unwrap();
    for (word, error) in [
        ("open sesam", Some("400 PASSWORD_HASH_INVALID")),
        ("open sesame", None),
        ("open sesame", Some("400 SRP_ID_INVALID")),
    ] {
        let check = call::auth::CheckPassword {
            password: proof(&password, word),
        };
        // A challenge may be answered again after a wrong answer, but only once rightly.
        assert_eq!(
            wire.call(&check).await.err().as_deref(),
            error,
            "with the password “{word}”"
        );
    }
    tokio::spawn(answer_one(local.ready(local.bot).await));
    let answer = loop {
        // Until the bot listens nobody answers: it is waited for by asking again.
        match tokio::time::timeout(std::time::Duration::from_secs(2), press(&mut wire, "up", None)).await {
            Ok(answer) => break answer.unwrap(),
            Err(_) => continue,
        }
    };
    assert_eq!(
        (answer.message.as_deref(), answer.alert, answer.cache_time),
        (Some("got up"), true, 7)
    );
    assert_eq!(
        press(&mut wire, "give", None).await.unwrap_err(),
        "400 PASSWORD_MISSING"
    );
    assert_eq!(
        press(&mut wire, "down", None).await.unwrap_err(),
        "400 DATA_INVALID"
    );
    let password = wire.call(&call::account::GetPassword).await.unwrap();
    let wrong = proof(&password, "wrong");
    assert_eq!(
        press(&mut wire, "give", Some(wrong)).await.unwrap_err(),
        "400 PASSWORD_HASH_INVALID"
    );
    assert!(wire.call(&call::auth::LogOut).await.is_ok());
    let state = wire.call(&call::updates::GetState).await;
    assert_eq!(state.unwrap_err(), "401 AUTH_KEY_UNREGISTERED");
}

#[tokio::test]
async fn a_temporary_key_is_as_good_as_the_permanent_one_it_is_bound_to() {
    let local = Local::with_people().await;
    let path = format!("/users/{}/sessions", local.ann);
    let session = local.control("POST", &path, json!({"for": "ringback"})).await;
    let permanent = client::key_of(session["session"].as_str().unwrap());
    let mut wire = Wire::exchange(&local, Framing::Full, Some(3600)).await;
    let later = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let until = i32::try_from(later.as_secs()).unwrap() + 3600;
    let id = wire
        .session
        .bind_temp_key(std::sync::Arc::new(permanent), until, &mut random);
    let bound = wire.result(id).await.unwrap();
    assert_eq!(ringback_tl::decode::<bool>(&bound), Ok(true));
    let me = call::users::GetUsers {
        id: vec![types::InputUser::Self_],
    };
    let users = wire.call(&me).await.unwrap();
    let types::User::User(own) = &users[0] else {
        panic!("no user")
    };
    assert!(own.is_self && own.id == local.ann);
}

#[tokio::test]
async fn what_was_missed_is_to_be_had() {
    let local = Local::with_people().await;
    local.menu().await;
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    let state = wire.call(&call::updates::GetState).await.unwrap();
    let hello = json!({"from": local.ann, "chat": local.bot, "text": "one"});
    local.control("POST", "/messages", hello).await;
    while wire.updates.is_empty() {
        wire.hear().await;
    }
    let types::Update::NewMessage(new) = &wire.updates[0] else {
        panic!("{:?}", wire.updates)
    };
    assert_eq!((new.pts, new.pts_count), (state.pts + 1, 1));
    let ask = |pts| call::updates::GetDifference {
        pts,
        date: state.date,
        ..Default::default()
    };
    let types::updates::Difference::Difference(missed) = wire.call(&ask(state.pts)).await.unwrap() else {
        panic!("nothing was missed")
    };
    assert_eq!((missed.new_messages.len(), missed.state.pts), (1, state.pts + 1));
    let nothing = wire.call(&ask(state.pts + 1)).await.unwrap();
    assert!(matches!(nothing, types::updates::Difference::Empty(_)));
}

#[tokio::test]
async fn a_channel_with_news_is_named_within_their_second_too() {
    let local = Local::with_people().await;
    let members = json!([local.ann, local.bot]);
    let group = json!({"type": "supergroup", "title": "Kitchen", "members": members});
    let group = local.control("POST", "/chats", group).await["id"].clone();
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    let state = wire.call(&call::updates::GetState).await.unwrap();
    let hello = json!({"from": local.ann, "chat": group, "text": "one"});
    local.control("POST", "/messages", hello).await;
    let (date, pts) = loop {
        let found = wire.updates.iter().find_map(|update| match update {
            types::Update::NewChannelMessage(new) => match &new.message {
                types::Message::Message(message) => Some((message.date, new.pts)),
                _ => None,
            },
            _ => None,
        });
        match found {
            Some(found) => break found,
            None => wire.hear().await,
        }
    };
    let ask = |date| call::updates::GetDifference {
        pts: state.pts,
        date,
        ..Default::default()
    };
    let types::updates::Difference::Difference(missed) = wire.call(&ask(date)).await.unwrap() else {
        panic!("nothing was missed")
    };
    let [types::Update::ChannelTooLong(long)] = missed.other_updates.as_slice() else {
        panic!("{:?}", missed.other_updates)
    };
    assert_eq!(long.pts, Some(pts));
    let later = wire.call(&ask(date + 1)).await.unwrap();
    assert!(matches!(later, types::updates::Difference::Empty(_)));
}

#[tokio::test]
async fn a_call_that_nobody_has_is_refused_by_name_and_noted() {
    let local = Local::with_people().await;
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    // payments.getStarsStatus of layer 198, and something that is no call at all.
    let error = wire
        .raw(0x104f_cfa7_u32.to_le_bytes().to_vec())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "400 METHOD_NOT_SUPPORTED: payments.getStarsStatus"
    );
    let error = wire.raw(vec![1, 2, 3, 4]).await.unwrap_err();
    assert_eq!(error.to_string(), "400 METHOD_NOT_SUPPORTED: 0x04030201");
    let events = local.control("GET", "/events?since=0", Value::Null).await;
    let warnings = events.to_string().matches("\"warning\"").count();
    assert!(warnings >= 2, "{events}");
}

#[tokio::test]
async fn garbage_is_met_with_a_closed_door_and_harms_nobody() {
    let local = Local::with_people().await;
    let mut inputs: Vec<Vec<u8>> = vec![
        vec![0; 64],
        vec![0xff; 200],
        b"\xef\x01abcd".to_vec(),
        [&[0xee; 4][..], &[0xff; 64]].concat(),
        [&[0xdd; 4][..], &[4, 0, 0, 0, 1, 2, 3, 4]].concat(),
    ];
    for length in [1, 7, 63, 65, 300] {
        let mut bytes = vec![0; length];
        random(&mut bytes);
        inputs.push(bytes);
    }
    for input in inputs {
        let mut stream = tokio::net::TcpStream::connect(local.server.addr()).await.unwrap();
        stream.write_all(&input).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut rest = Vec::new();
        // Closed or reset, either will do.
        let _ = stream.read_to_end(&mut rest).await;
        assert!(rest.len() < 64, "{input:?} got {rest:?}");
    }
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
}

/// Some libraries send every message as a reply to message 0, which is none.
#[tokio::test]
async fn a_reply_to_nothing_is_no_reply() {
    let local = Local::with_people().await;
    let mut ann = local.ready(local.ann).await;
    ann.begin().await;
    let send = |reply_to_msg_id, random_id| call::messages::SendMessage {
        peer: types::InputPeer::Self_,
        message: "hello".into(),
        random_id,
        reply_to: Some(
            ctors::InputReplyToMessage {
                reply_to_msg_id,
                ..Default::default()
            }
            .into(),
        ),
        ..Default::default()
    };
    let sent = ann.call(&send(0, 1)).await.unwrap();
    let types::Updates::Updates(sent) = sent else {
        panic!("{sent:?}")
    };
    let message = sent.updates.iter().find_map(|update| match update {
        types::Update::NewMessage(new) => Some(&new.message),
        _ => None,
    });
    let Some(types::Message::Message(message)) = message else {
        panic!("{sent:?}")
    };
    assert_eq!((message.message.as_str(), &message.reply_to), ("hello", &None));
    let refused = ann.call(&send(999, 2)).await.unwrap_err();
    assert_eq!(refused, "400 REPLY_MESSAGE_ID_INVALID");
}
