//! Messages sent on.

use crate::client::{Local, Wire};
use ringback_tl::{ctors, functions as call, types};

fn new_messages(updates: types::Updates) -> Vec<(i32, ctors::Message)> {
    let types::Updates::Updates(updates) = updates else {
        panic!("{updates:?}")
    };
    let message = |update| match update {
        types::Update::NewMessage(new) => match new.message {
            types::Message::Message(message) => Some((new.pts, *message)),
            _ => None,
        },
        _ => None,
    };
    updates.updates.into_iter().filter_map(message).collect()
}

async fn count(wire: &mut Wire) -> i32 {
    wire.call(&call::updates::GetState).await.unwrap().pts
}

#[tokio::test]
async fn what_is_forwarded_twice_under_one_number_is_there_once() {
    let local = Local::with_people().await;
    local.menu().await;
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    let (user_id, access_hash) = wire.find_bot().await;
    let bot: types::InputPeer = ctors::InputPeerUser { user_id, access_hash }.into();
    let mut forward = call::messages::ForwardMessages {
        from_peer: bot,
        id: vec![1, 2],
        random_id: vec![71, 72],
        to_peer: types::InputPeer::Self_,
        ..Default::default()
    };
    let first = new_messages(wire.call(&forward).await.unwrap());
    let now = count(&mut wire).await;
    assert_eq!(first.len(), 2);
    assert!(first.iter().all(|(_, message)| message.fwd_from.is_some()));
    assert_eq!(first.last().unwrap().0, now);
    let again = new_messages(wire.call(&forward).await.unwrap());
    assert_eq!(again, first, "with their old places among what is counted");
    assert_eq!(count(&mut wire).await, now, "nothing new came of it");
    // Nothing waits to be sent.
    forward.schedule_date = Some(i32::MAX);
    let later = wire.call(&forward).await;
    assert_eq!(later.unwrap_err(), "400 SCHEDULE_DATE_INVALID");
    forward.schedule_date = None;
    // As one's own, and 0 is no number.
    (forward.drop_author, forward.random_id) = (true, vec![0, 0]);
    let own = new_messages(wire.call(&forward).await.unwrap());
    assert_eq!(own.len(), 2);
    assert_ne!(own[0].1.id, own[1].1.id);
    for (_, message) in own {
        assert!(message.fwd_from.is_none() && message.out, "{message:?}");
    }
}
