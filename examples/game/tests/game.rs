//! What players see, in the chat and on the page.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::net::SocketAddr;

use game::{Site, pages, router};
use ringback::data::Keys;
use ringback::testing::{Person, Telegram};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn open() -> (Telegram, SocketAddr) {
    let telegram = Telegram::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let keys = Keys::new(&[7; 32]).unwrap();
    let site = Site::new(telegram.bot().clone(), keys, format!("http://{address}"));
    telegram.run(router(site.clone())).await;
    tokio::spawn(async { axum::serve(listener, pages(site)).await });
    (telegram, address)
}

async fn ask(address: SocketAddr, request: String) -> (u16, String) {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

/// Opens the game from the chat; the part of the page's address behind `?`.
async fn play(person: &Person, address: SocketAddr) -> String {
    let press = person.play().await;
    let url = press.url().expect("the page's address").to_owned();
    let path = url
        .strip_prefix(&format!("http://{address}"))
        .expect("our own page");
    let get = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let (status, page) = ask(address, get).await;
    assert!(status == 200 && page.contains("<title>Taps</title>"), "{page}");
    path.strip_prefix("/play?").unwrap().to_owned()
}

async fn score(address: SocketAddr, round: &str, taps: &str) -> (u16, String) {
    let length = taps.len();
    let head = format!("POST /score?{round} HTTP/1.1\r\nHost: a\r\nConnection: close");
    ask(
        address,
        format!("{head}\r\nContent-Length: {length}\r\n\r\n{taps}"),
    )
    .await
}

#[tokio::test]
async fn scores_are_kept_and_shown() {
    let (telegram, address) = open().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    let group = telegram.group("Friends", &[&ann, &ben]).await;
    let (ann, ben) = (ann.in_chat(group), ben.in_chat(group));
    ann.send("/start@test_bot").await;
    assert_eq!(ann.last().await.buttons(), [["Play"]]);

    let anns = play(&ann, address).await;
    let bens = play(&ben, address).await;
    assert_ne!(anns, bens);
    assert_eq!(
        score(address, &anns, "37").await,
        (200, "1. Ann: 37\n".to_owned())
    );
    let both = "1. Ben: 51\n2. Ann: 37\n".to_owned();
    assert_eq!(score(address, &bens, "51").await, (200, both.clone()));
    // What is no better changes nothing, in the table as in the message.
    assert_eq!(score(address, &anns, "20").await, (200, both));
    assert_eq!(score(address, &anns, "60").await.1, "1. Ann: 60\n2. Ben: 51\n");
    let shown = ben
        .messages()
        .await
        .into_iter()
        .find_map(|seen| seen.game.clone());
    assert_eq!(shown.unwrap().text.as_deref(), Some("1. Ann — 60\n2. Ben — 51"));
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn nobody_plays_in_anothers_name() {
    let (telegram, address) = open().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    ann.send("/start").await;
    let round = play(&ann, address).await;
    let (anns_id, bens_id) = (format!("user={}", ann.id()), format!("user={}", ben.id()));
    assert!(round.starts_with(&anns_id));

    let not_yours = (403, "This round is not yours.".to_owned());
    let as_ben = round.replacen(&anns_id, &bens_id, 1);
    assert_eq!(score(address, &as_ben, "10").await, not_yours);
    assert_eq!(
        score(address, &format!("{anns_id}&round=rrrrrrrrrrrrrr"), "10").await,
        not_yours
    );
    assert_eq!(
        score(address, &format!("{anns_id}&round="), "10").await,
        not_yours
    );
    assert_eq!(score(address, &anns_id, "10").await.0, 400);
    for taps in ["201", "-1", "many", ""] {
        let too_fast = (400, "Nobody is that fast.".to_owned());
        assert_eq!(score(address, &round, taps).await, too_fast, "{taps}");
    }
    assert_eq!(telegram.calls("setGameScore").await, 0);
    // A score for a message that is gone.
    telegram
        .bot()
        .send(ringback::api::DeleteMessage::new(ann.id(), 2))
        .await
        .unwrap();
    assert_eq!(score(address, &round, "10").await.0, 502);
}

#[tokio::test]
async fn a_button_that_was_made_up_ends_the_wait() {
    let (telegram, _) = open().await;
    let ann = telegram.person("Ann").await;
    ann.send("/start").await;
    let press = ann.forge("play").await;
    assert!(
        press.is_answered() && press.url().is_none() && press.text().is_none(),
        "{press:?}"
    );
}
