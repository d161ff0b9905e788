//! Any bytes in the place of updates.

use bytes::Bytes;

use super::{Content, careful, place, quick, read, read_batch, read_single};

/// A response of `getUpdates`, and what a webhook is sent: where both ways of reading take it, they read the same.
pub fn updates(data: &[u8]) {
    let body = Bytes::copy_from_slice(data);
    if let Some(quick) = quick::single(&body)
        && let Ok(head) = serde_json::from_slice::<careful::Head<'_>>(&body)
    {
        assert_eq!(format!("{quick:?}"), format!("{:?}", head.keep(&body)));
    }
    if let Some(quick) = quick::batch(&body)
        && let Ok(careful) = careful::batch(&body)
    {
        let readable = |content: &Content| !matches!(content, Content::Unreadable(_));
        let careful = careful.result.unwrap_or_default();
        // What the quick way only steps over, the careful way reads; it may not like it.
        if careful.iter().all(|update| readable(&update.content)) {
            assert_eq!(format!("{quick:?}"), format!("{careful:?}"));
        }
    }
    let updates = read_batch(&body).ok().and_then(|envelope| envelope.result);
    for update in updates.into_iter().flatten().chain(read_single(&body)) {
        match update.content {
            Content::Callback(query) => {
                drop(query.from.user().clone());
                if let Some(message) = &query.message {
                    place(message);
                    drop(read::<ringback_botapi::MaybeInaccessibleMessage>(message));
                }
            }
            Content::Other { json, .. } => drop(read::<ringback_botapi::Message>(&json)),
            Content::Unreadable(_) => {}
        }
    }
}
