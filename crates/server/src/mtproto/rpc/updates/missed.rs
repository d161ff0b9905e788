//! Where a mailbox stands, and what was missed of it.

use crate::mtproto::encode::{self, Cast};
use crate::mtproto::push;
use ringback_tl::types;
use ringback_world::{MailChange, MailEntry, Mailbox, UserId, World};

/// What a mailbox counts to, now.
pub(in crate::mtproto::rpc) fn state(world: &World, me: UserId) -> types::updates::State {
    types::updates::State {
        pts: world.pts(Mailbox::User(me)),
        qts: 0,
        date: encode::date(world.now()),
        seq: 0,
        unread_count: 0,
    }
}

/// The most changes that are told at once.
const SLICE: usize = 500;

/// The first of what happened, as many as a client wants at once (0: as many as there may be), and whether more follows.
pub(in crate::mtproto::rpc) fn slice(mut entries: Vec<&MailEntry>, wanted: i32) -> (Vec<&MailEntry>, bool) {
    let wanted = usize::try_from(wanted).unwrap_or(0);
    let most = if wanted == 0 { SLICE } else { wanted.min(SLICE) };
    let more = entries.len() > most;
    entries.truncate(most);
    (entries, more)
}

/// What happened, parted as clients want it: new messages, and the rest.
pub(in crate::mtproto::rpc) struct Missed {
    pub(super) messages: Vec<types::Message>,
    pub(super) others: Vec<types::Update>,
}

pub(in crate::mtproto::rpc) fn missed(
    world: &World,
    me: UserId,
    mailbox: Mailbox,
    entries: &[&MailEntry],
    cast: &mut Cast<'_>,
) -> Missed {
    let mut missed = Missed {
        messages: Vec::new(),
        others: Vec::new(),
    };
    for entry in entries {
        match (&entry.change, push::mail(world, me, mailbox, entry, cast)) {
            (MailChange::New(_), Some(types::Update::NewMessage(own))) => missed.messages.push(own.message),
            (MailChange::New(_), Some(types::Update::NewChannelMessage(own))) => {
                missed.messages.push(own.message);
            }
            (_, update) => missed.others.extend(update),
        }
    }
    missed
}
