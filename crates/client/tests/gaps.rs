//! Updates with gaps, repetitions and in the wrong order.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{KEY, Peer as Scripted, Reply, bytes};
use ringback_client::tl::functions::Function;
use ringback_client::tl::{ctors, types};
use ringback_client::{Builder, Client, DialogStart, PeerId, Session, Update, Updates};
use ringback_mtproto::AuthKey;

const CHANNEL: i64 = 77;

fn peer() -> types::Peer {
    ctors::PeerChannel { channel_id: CHANNEL }.into()
}

fn message(id: i32, peer_id: types::Peer) -> types::Message {
    ctors::Message {
        id,
        peer_id,
        message: format!("{id}"),
        ..Default::default()
    }
    .into()
}

fn user() -> types::Peer {
    ctors::PeerUser { user_id: 5 }.into()
}

/// One new message, which counts one and brings the chat to `pts`.
fn new(pts: i32) -> types::Update {
    let (message, pts_count) = (message(pts, user()), 1);
    types::Update::NewMessage(ctors::UpdateNewMessage {
        message,
        pts,
        pts_count,
    })
}

fn new_in_channel(pts: i32) -> types::Update {
    let (message, pts_count) = (message(pts, peer()), 1);
    types::Update::NewChannelMessage(ctors::UpdateNewChannelMessage {
        message,
        pts,
        pts_count,
    })
}

fn channel() -> types::Chat {
    ctors::Channel {
        id: CHANNEL,
        access_hash: Some(8),
        title: "News".into(),
        ..Default::default()
    }
    .into()
}

fn packet(updates: Vec<types::Update>, seq: i32) -> Vec<u8> {
    let all = ctors::Updates {
        updates,
        users: vec![],
        chats: vec![channel()],
        date: 1,
        seq,
    };
    bytes(&types::Updates::from(all)).unwrap()
}

fn state(pts: i32) -> types::updates::State {
    types::updates::State {
        pts,
        date: 1,
        seq: 1,
        ..Default::default()
    }
}

/// What the server was asked for.
type Asked = Arc<Mutex<Vec<String>>>;

fn script(asked: &Asked) -> impl Fn(common::Asked) -> Reply + Send + Sync + 'static {
    let asked = Arc::clone(asked);
    move |call| match call.function {
        Function::UpdatesGetState(_) => bytes(&state(10)),
        Function::UpdatesGetDifference(call) => {
            asked.lock().unwrap().push(format!("difference {}", call.pts));
            let difference = ctors::updates::Difference {
                new_messages: (call.pts + 1..=20).map(|id| message(id, user())).collect(),
                new_encrypted_messages: vec![],
                other_updates: vec![],
                chats: vec![],
                users: vec![],
                state: state(20),
            };
            bytes(&types::updates::Difference::from(difference))
        }
        Function::UpdatesGetChannelDifference(call) => {
            let types::InputChannel::InputChannel(channel) = &call.channel else {
                panic!("no channel")
            };
            assert_eq!((channel.channel_id, channel.access_hash), (CHANNEL, 8));
            asked.lock().unwrap().push(format!("channel {}", call.pts));
            match call.pts {
                // In two pages.
                pts @ (100 | 102) => bytes(&types::updates::ChannelDifference::from(
                    ctors::updates::ChannelDifference {
                        r#final: pts == 102,
                        pts: pts + 2,
                        timeout: None,
                        new_messages: vec![message(pts + 1, peer()), message(pts + 2, peer())],
                        other_updates: vec![],
                        chats: vec![],
                        users: vec![],
                    },
                )),
                104 => Err((400, "CHANNEL_PRIVATE")),
                pts => panic!("{pts}"),
            }
        }
        Function::MessagesGetDialogs(_) => bytes(&types::messages::Dialogs::from(ctors::messages::Dialogs {
            dialogs: vec![
                ctors::Dialog {
                    peer: peer(),
                    pts: Some(100),
                    ..Default::default()
                }
                .into(),
            ],
            messages: vec![],
            chats: vec![channel()],
            users: vec![],
        })),
        Function::MessagesReadHistory(_) => bytes(&types::messages::AffectedMessages {
            pts: 12,
            pts_count: 1,
        }),
        Function::MessagesDeleteMessages(call) => bytes(&types::messages::AffectedMessages {
            pts: 14,
            pts_count: i32::try_from(call.id.len()).unwrap(),
        }),
        // Nothing but a reason to push what waits.
        Function::HelpGetNearestDc(_) => bytes(&types::NearestDc::default()),
        other => panic!("{}", other.name()),
    }
}

async fn client(server: &Scripted) -> Client {
    builder(server).connect().await.unwrap()
}

fn builder(server: &Scripted) -> Builder {
    let session = Session {
        address: server.address,
        dc: 2,
        user: 1,
        key: AuthKey::from_bytes(KEY),
    };
    let builder = Client::builder().session(session);
    builder.call_timeout(Duration::from_secs(5))
}

async fn push(server: &Scripted, client: &Client, packets: Vec<Vec<u8>>) {
    server.pushes.lock().unwrap().extend(packets);
    let call = ringback_client::tl::functions::help::GetNearestDc;
    client.invoke(&call).await.unwrap();
}

async fn texts(updates: &mut Updates, count: usize) -> Vec<String> {
    let mut texts = Vec::new();
    while texts.len() < count {
        let next = tokio::time::timeout(Duration::from_secs(5), updates.next()).await;
        match next.unwrap().unwrap() {
            Update::NewMessage(message) => texts.push(message.text),
            other => panic!("{other:?}"),
        }
    }
    texts
}

fn numbers(range: std::ops::RangeInclusive<i32>) -> Vec<String> {
    range.map(|number| number.to_string()).collect()
}

#[tokio::test]
async fn the_wrong_order_is_put_right_without_asking() {
    let asked = Asked::default();
    let server = Scripted::start(script(&asked)).await;
    let client = client(&server).await;
    let mut updates = client.updates().await.unwrap();
    let packets = [13, 12, 12, 11, 14].map(|pts| packet(vec![new(pts)], 0));
    push(&server, &client, packets.into()).await;
    assert_eq!(texts(&mut updates, 4).await, numbers(11..=14));
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_gap_that_stays_is_asked_for_once() {
    let asked = Asked::default();
    let server = Scripted::start(script(&asked)).await;
    let client = client(&server).await;
    let mut updates = client.updates().await.unwrap();
    push(
        &server,
        &client,
        vec![packet(vec![new(11)], 0), packet(vec![new(14)], 0)],
    )
    .await;
    assert_eq!(texts(&mut updates, 10).await, numbers(11..=20));
    assert_eq!(*asked.lock().unwrap(), ["difference 11"]);
    // Packets are counted as well: 2 was missed, and 1 is old.
    push(
        &server,
        &client,
        vec![packet(vec![new(21)], 1), packet(vec![], 3)],
    )
    .await;
    push(&server, &client, vec![packet(vec![new(21)], 0)]).await;
    assert_eq!(texts(&mut updates, 1).await, ["21"]);
}

#[tokio::test]
async fn a_slow_reader_gets_everything_though_nothing_more_comes() {
    let asked = Asked::default();
    let server = Scripted::start(script(&asked)).await;
    let client = builder(&server).updates_kept(1).connect().await.unwrap();
    let mut updates = client.updates().await.unwrap();
    // There is room for the first alone.
    let packets = [11, 12, 13].map(|pts| packet(vec![new(pts)], 0));
    push(&server, &client, packets.into()).await;
    assert_eq!(texts(&mut updates, 10).await, numbers(11..=20));
    assert_eq!(*asked.lock().unwrap(), ["difference 11"]);
}

#[tokio::test]
async fn channels_are_counted_by_themselves() {
    let asked = Asked::default();
    let server = Scripted::start(script(&asked)).await;
    let client = client(&server).await;
    let dialogs = client.dialogs(&DialogStart::default(), 10).await.unwrap();
    assert_eq!(dialogs.dialogs[0].peer.id, PeerId::Channel(CHANNEL));
    let mut updates = client.updates().await.unwrap();
    // The list of chats said 100; this is the fourth after that.
    let packets = vec![packet(vec![new_in_channel(104)], 0), packet(vec![new(11)], 0)];
    push(&server, &client, packets).await;
    assert_eq!(texts(&mut updates, 1).await, ["11"], "others do not wait for it");
    assert_eq!(texts(&mut updates, 4).await, numbers(101..=104));
    assert_eq!(*asked.lock().unwrap(), ["channel 100", "channel 102"]);
    // Then the server says that there is more, but not what; and then, that this is none of ours any more.
    let long = ctors::UpdateChannelTooLong {
        channel_id: CHANNEL,
        pts: Some(110),
    };
    push(
        &server,
        &client,
        vec![packet(vec![long.into()], 0), packet(vec![new(12)], 0)],
    )
    .await;
    assert_eq!(texts(&mut updates, 1).await, ["12"]);
    assert_eq!(asked.lock().unwrap().last().unwrap(), "channel 104");
}

#[tokio::test]
async fn pins_and_what_one_does_oneself_leave_no_gap() {
    let asked = Asked::default();
    let server = Scripted::start(script(&asked)).await;
    let client = client(&server).await;
    let mut updates = client.updates().await.unwrap();
    let pinned: types::Update = ctors::UpdatePinnedMessages {
        pinned: true,
        peer: user(),
        messages: vec![3],
        pts: 11,
        pts_count: 1,
    }
    .into();
    push(&server, &client, vec![packet(vec![pinned.clone()], 0)]).await;
    let bot = ringback_client::Peer::new(PeerId::User(5), 6);
    client.mark_read(&bot, 0).await.unwrap();
    assert_eq!(client.delete_messages(&bot, &[1, 2], true).await.unwrap(), 2);
    push(&server, &client, vec![packet(vec![new(15)], 0)]).await;
    assert_eq!(updates.next().await.unwrap(), Update::Other(Box::new(pinned)));
    assert_eq!(texts(&mut updates, 1).await, ["15"]);
    assert!(asked.lock().unwrap().is_empty(), "{asked:?}");
}
