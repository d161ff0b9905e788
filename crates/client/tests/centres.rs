//! Several data centres, and temporary keys.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

mod common;

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Asked, KEY, Peer as Centre, RSA, Reply, bytes, now};
use ringback_client::tl::functions::Function;
use ringback_client::tl::{ctors, types};
use ringback_client::{Builder, Client, Error, MemoryStore, Migration, Peer, PeerId, Press, Server, Session};
use ringback_mtproto::AuthKey;
use ringback_mtproto::service::BindAuthKeyInner;
use ringback_mtproto::session::open_bind_message;

fn user(id: i64) -> types::User {
    ctors::User {
        is_self: true,
        id,
        access_hash: Some(1),
        first_name: Some("Ann".into()),
        ..Default::default()
    }
    .into()
}

fn authorization() -> Reply {
    bytes(&types::auth::Authorization::from(ctors::auth::Authorization {
        user: user(1),
        ..Default::default()
    }))
}

fn names(centres: &[(i32, &Centre)]) -> types::Config {
    let option = |(id, centre): &(i32, &Centre)| types::DcOption {
        id: *id,
        ip_address: centre.address.ip().to_string(),
        port: centre.address.port().into(),
        ..Default::default()
    };
    types::Config {
        dc_options: centres.iter().map(option).collect(),
        ..Default::default()
    }
}

fn builder(centre: &Centre) -> Builder {
    let server = Server::new(centre.address, 2, &RSA.public().to_pem()).unwrap();
    Client::builder()
        .server(server)
        .call_timeout(Duration::from_secs(10))
        .backoff(Duration::from_millis(5), Duration::from_millis(50))
}

#[tokio::test]
async fn an_account_is_followed_to_its_data_centre() {
    let four = Centre::start(|asked| match asked.function {
        Function::AuthSendCode(_) => bytes(&types::auth::SentCode::from(ctors::auth::SentCode {
            r#type: ctors::auth::SentCodeTypeApp { length: 5 }.into(),
            phone_code_hash: "4".into(),
            next_type: None,
            timeout: None,
        })),
        Function::AuthSignIn(sign_in) if sign_in.phone_code_hash == "4" => authorization(),
        Function::UsersGetUsers(_) => bytes(&vec![user(1)]),
        other => panic!("{}", other.name()),
    })
    .await;
    let two = Centre::start(|_| Err((303, "PHONE_MIGRATE_4"))).await;
    *two.config.lock().unwrap() = names(&[(2, &two), (4, &four)]);
    let store = MemoryStore::default();
    let client = builder(&two).store(store.clone()).connect().await.unwrap();
    let sent = client.send_code("+9996621234").await.unwrap();
    client.sign_in(&sent, "22222").await.unwrap();
    let kept = store.get().unwrap();
    assert_eq!((kept.dc, kept.address, kept.user), (4, four.address, 1));
    assert_eq!(client.session(), kept);
    drop(client);
    // And from then on it begins there.
    let again = Client::builder().store(store).connect().await.unwrap();
    assert_eq!(again.me().await.unwrap().name, "Ann");
}

#[tokio::test]
async fn who_is_signed_in_takes_the_authorization_along() {
    let imported = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&imported);
    let five = Centre::start(move |asked| match asked.function {
        Function::AuthImportAuthorization(import) if import.id == 1 && import.bytes == b"ticket" => {
            count.fetch_add(1, Ordering::SeqCst);
            authorization()
        }
        Function::MessagesGetBotCallbackAnswer(_) => bytes(&types::messages::BotCallbackAnswer {
            message: Some("from five".into()),
            ..Default::default()
        }),
        _ => Err((400, "METHOD_INVALID")),
    })
    .await;
    let two = Centre::start(|asked| match asked.function {
        Function::AuthExportAuthorization(export) if export.dc_id == 5 => {
            bytes(&types::auth::ExportedAuthorization {
                id: 1,
                bytes: b"ticket".to_vec(),
            })
        }
        Function::MessagesGetBotCallbackAnswer(_) => Err((303, "FILE_MIGRATE_5")),
        Function::UsersGetUsers(_) => bytes(&vec![user(2)]),
        _ => Err((400, "METHOD_INVALID")),
    })
    .await;
    *two.config.lock().unwrap() = names(&[(2, &two), (5, &five)]);
    let session = Session {
        address: two.address,
        dc: 2,
        user: 1,
        key: AuthKey::from_bytes(KEY),
    };
    let store = MemoryStore::new(Some(session.clone()));
    let client = builder(&two).store(store.clone()).connect().await.unwrap();
    let bot = Peer::new(PeerId::User(5), 6);
    let press = || client.press((&bot, 1), Press::data("a"));
    // Two at once share one way there.
    let (first, second) = tokio::join!(press(), press());
    assert_eq!(first.unwrap().text.as_deref(), Some("from five"));
    assert!(second.is_ok());
    assert_eq!(imported.load(Ordering::SeqCst), 1);
    // The account stays at home.
    assert_eq!(client.session(), session);
    assert_eq!(client.me().await.unwrap().id, PeerId::User(2));
    // Without the server's key no key can be made there.
    let client = Client::builder().session(session).connect().await.unwrap();
    let stuck = client.press((&bot, 1), Press::data("a")).await;
    assert!(stuck.is_err_and(|error| error.to_string().contains("data centre 5")));
}

#[tokio::test]
async fn a_data_centre_that_is_not_known_is_an_error_and_circles_end() {
    let sends = |message: &'static str| Centre::start(move |_| Err((303, message)));
    let nowhere = sends("NETWORK_MIGRATE_9").await;
    let client = builder(&nowhere).connect().await.unwrap();
    let stuck = client.send_code("1").await;
    let Err(Error::Migrate {
        dc: 9,
        what: Migration::Account,
    }) = stuck
    else {
        panic!("{stuck:?}")
    };
    let (two, three) = (sends("USER_MIGRATE_3").await, sends("USER_MIGRATE_2").await);
    for centre in [&two, &three] {
        *centre.config.lock().unwrap() = names(&[(2, &two), (3, &three)]);
    }
    let client = builder(&two).connect().await.unwrap();
    let circle = client.send_code("1").await;
    assert!(matches!(circle, Err(Error::Migrate { .. })), "{circle:?}");
}

/// Which keys have called, and which are bound.
#[derive(Default)]
struct Keys {
    bound: HashSet<i64>,
    used: Vec<i64>,
}

fn with_temporary_keys(keys: Arc<Mutex<Keys>>) -> impl Fn(Asked) -> Reply + Send + Sync + 'static {
    move |asked| {
        let mut keys = keys.lock().unwrap();
        if let Function::AuthBindTempAuthKey(bind) = &asked.function {
            let permanent = AuthKey::from_bytes(KEY);
            let expected = BindAuthKeyInner {
                nonce: bind.nonce,
                temp_auth_key_id: asked.key,
                perm_auth_key_id: permanent.id(),
                temp_session_id: asked.session,
                expires_at: bind.expires_at,
            };
            if open_bind_message(&permanent, &bind.encrypted_message, &expected, asked.msg_id).is_err() {
                return Err((400, "ENCRYPTED_MESSAGE_INVALID"));
            }
            keys.bound.insert(asked.key);
            return bytes(&true);
        }
        if !keys.bound.contains(&asked.key) {
            return Err((401, "AUTH_KEY_PERM_EMPTY"));
        }
        keys.used.push(asked.key);
        bytes(&types::messages::BotCallbackAnswer::default())
    }
}

#[tokio::test]
async fn temporary_keys_are_bound_and_replaced() {
    let keys = Arc::new(Mutex::new(Keys::default()));
    let centre = Centre::start(with_temporary_keys(Arc::clone(&keys))).await;
    let session = |key| Session {
        address: centre.address,
        dc: 2,
        user: 1,
        key: AuthKey::from_bytes(key),
    };
    let forward = || builder(&centre).forward_secrecy(Duration::from_secs(600));
    let store = MemoryStore::new(Some(session(KEY)));
    let client = forward().store(store.clone()).connect().await.unwrap();
    let bot = Peer::new(PeerId::User(5), 6);
    for _ in 0..2 {
        client.press((&bot, 1), Press::data("a")).await.unwrap();
    }
    // The server forgets the temporary key, as when it has ended: the next one takes its place.
    let first = keys.lock().unwrap().used[0];
    centre.keys.lock().unwrap().get_mut(&first).unwrap().1 = Some(now());
    client.press((&bot, 1), Press::data("a")).await.unwrap();
    let used = keys.lock().unwrap().used.clone();
    assert!(used[0] == used[1] && used[1] != used[2], "{used:?}");
    assert!(!used.contains(&AuthKey::from_bytes(KEY).id()));
    // Only the account's own key is kept.
    assert_eq!(store.get(), Some(session(KEY)));
    // One that the server does not know is found out, and not tried for ever.
    let unknown = forward().session(session([9; 256])).connect().await;
    assert!(matches!(unknown, Err(Error::KeyUnknown)), "{unknown:?}");
}
