//! The client against a server that answers whatever a test tells it to.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

mod common;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{KEY, Peer as Scripted, Reply, bytes, now, random};
use proptest::prelude::*;
use ringback_client::tl::functions::Function;
use ringback_client::tl::{ctors, types};
use ringback_client::{Builder, Client, Error, Peer, PeerId, Press, PressError, Session};
use ringback_mtproto::AuthKey;
use ringback_mtproto::crypto::DhGroup;
use ringback_mtproto::srp::{Challenge, PasswordAlgo};
use tokio::net::TcpListener;

async fn serve(script: impl Fn(Function) -> Reply + Send + Sync + 'static) -> SocketAddr {
    Scripted::start(move |asked| script(asked.function)).await.address
}

async fn builder(script: impl Fn(Function) -> Reply + Send + Sync + 'static) -> Builder {
    let address = serve(script).await;
    let key = AuthKey::from_bytes(KEY);
    Client::builder()
        .session(Session {
            address,
            dc: 2,
            user: 1,
            key,
        })
        .call_timeout(Duration::from_secs(5))
}

fn bot() -> Peer {
    Peer::new(PeerId::User(5), 6)
}

#[tokio::test]
async fn a_flood_wait_is_sat_out_up_to_the_ceiling() {
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let script = move |_| {
        let mut count = count.lock().unwrap();
        *count += 1;
        match *count {
            1 => Err((420, "FLOOD_WAIT_1")),
            2 => bytes(&types::messages::BotCallbackAnswer::default()),
            _ => Err((420, "FLOOD_WAIT_61")),
        }
    };
    let client = builder(script).await.connect().await.unwrap();
    let begun = Instant::now();
    client.press((&bot(), 1), Press::data("a")).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    let error = client.press((&bot(), 1), Press::data("a")).await.unwrap_err();
    assert!(matches!(error, PressError::FloodWait(pause) if pause.as_secs() == 61));
    assert_eq!(*asked.lock().unwrap(), 3);
}

#[tokio::test]
async fn a_password_is_proved_and_a_timeout_not_repeated() {
    let algo = PasswordAlgo {
        salt1: vec![1; 40],
        salt2: vec![2; 16],
        group: DhGroup::telegram(3).unwrap(),
    };
    let challenge = Challenge::new(&algo, &algo.verifier(b"secret"), &mut random);
    let script = move |call| match call {
        Function::AccountGetPassword(_) => {
            let current = ctors::PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow {
                salt1: algo.salt1.clone(),
                salt2: algo.salt2.clone(),
                g: 3,
                p: algo.group.prime().to_vec(),
            };
            bytes(&types::account::Password {
                has_password: true,
                current_algo: Some(current.into()),
                srp_b: Some(challenge.public.to_vec()),
                srp_id: Some(challenge.srp_id),
                ..Default::default()
            })
        }
        Function::MessagesGetBotCallbackAnswer(press) => match press.password {
            Some(types::InputCheckPasswordSRP::InputCheckPasswordSRP(proof)) => {
                match challenge.check(&algo, &proof.a, &proof.m1) {
                    Ok(()) => bytes(&types::messages::BotCallbackAnswer {
                        url: Some("https://example.org/".into()),
                        has_url: true,
                        cache_time: -5,
                        ..Default::default()
                    }),
                    Err(_) => Err((400, "PASSWORD_HASH_INVALID")),
                }
            }
            _ if press.game => Err((-503, "Timeout")),
            _ => Err((400, "PASSWORD_MISSING")),
        },
        _ => Err((500, "INTERNAL")),
    };
    let client = builder(script).await.connect().await.unwrap();
    let press = Press::data("a").password("secret");
    assert!(!format!("{press:?}").contains("secret"));
    let answer = client.press((&bot(), 1), press).await.unwrap();
    assert_eq!(answer.url.as_deref(), Some("https://example.org/"));
    assert_eq!(answer.cache_time, Duration::ZERO);
    let wrong = client
        .press((&bot(), 1), Press::data("a").password("guess"))
        .await;
    assert!(matches!(wrong, Err(PressError::PasswordHashInvalid)), "{wrong:?}");
    let none = client.press((&bot(), 1), Press::data("a")).await;
    assert!(matches!(none, Err(PressError::PasswordMissing)), "{none:?}");
    let game = client.press((&bot(), 1), Press::game()).await;
    assert!(matches!(game, Err(PressError::Timeout)), "{game:?}");
}

#[tokio::test]
async fn answers_of_anything_are_errors() {
    let script = |_| {
        let mut garbage = vec![0; 4 + usize::from(now().subsec_nanos() as u8 & 63) * 4];
        random(&mut garbage);
        Ok(garbage)
    };
    let client = builder(script).await.connect().await.unwrap();
    for _ in 0..50 {
        let press = client.press((&bot(), 1), Press::data("a")).await;
        assert!(matches!(press, Err(PressError::Client(_))), "{press:?}");
        assert!(client.history(&bot(), 1).await.is_err());
        assert!(client.resolve("a").await.is_err());
    }
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let address = serve(|_| Err((500, "INTERNAL"))).await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let session = |address| Session {
        address,
        dc: 2,
        user: 1,
        key: AuthKey::from_bytes(KEY),
    };
    let fast = |address| {
        Client::builder()
            .session(session(address))
            .call_timeout(Duration::from_millis(200))
    };
    let given_up = fast(silent.local_addr().unwrap()).connect().await;
    assert!(matches!(given_up, Err(Error::Timeout(_))), "{given_up:?}");
    let client = fast(address).connect().await.unwrap();
    let me = client.me().await;
    assert!(
        me.as_ref()
            .is_err_and(|error| error.rpc().is_some_and(|rpc| rpc.code == 500)),
        "{me:?}"
    );
}

proptest! {
    #[test]
    fn any_text_is_a_session_or_an_error(text in "(ringback1:)?[0-9a-zA-Z:.\\[\\]_=-]{0,400}|\\PC*") {
        if let Ok(session) = text.parse::<Session>() {
            let again: Session = session.to_text().parse().unwrap();
            prop_assert_eq!(again, session);
        }
    }
}
