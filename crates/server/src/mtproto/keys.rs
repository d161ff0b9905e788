//! Authorization keys: whose they are, and their sessions.

use super::session::Session;
use super::vault::SavedKey;
use super::{Mtproto, now};
use ringback_mtproto::AuthKey;
use ringback_mtproto::handshake::NewAuthKey;
use ringback_mtproto::session::ServerSalts;
use ringback_world::{UserId, World};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// Keys with which nobody has signed in: past this many the oldest are forgotten.
const MAX_STRANGERS: usize = 20_000;
/// The most sessions of one key; past it those without a connection are forgotten.
const MAX_SESSIONS: usize = 64;

/// All keys.
#[derive(Debug, Default)]
pub(super) struct Keys {
    records: HashMap<i64, Record>,
    /// Which keys lead to a user, temporary ones included.
    users: HashMap<UserId, Vec<i64>>,
    strangers: VecDeque<i64>,
}

/// One key.
#[derive(Debug)]
struct Record {
    key: Arc<AuthKey>,
    first_salt: Option<(i64, Duration)>,
    user: Option<UserId>,
    /// Whose password is awaited.
    half: Option<UserId>,
    permanent: Option<i64>,
    expires: Option<Duration>,
    layer: Option<i32>,
    sessions: HashMap<i64, Arc<Session>>,
}

impl Record {
    fn new(key: AuthKey) -> Record {
        Record {
            key: Arc::new(key),
            first_salt: None,
            user: None,
            half: None,
            permanent: None,
            expires: None,
            layer: None,
            sessions: HashMap::new(),
        }
    }

    fn saved(&self) -> SavedKey {
        SavedKey {
            key: self.key.as_bytes().to_vec(),
            user: self.user.map(|user| user.0),
            permanent: self.permanent,
            expires: self.expires.map(|at| at.as_secs()),
            layer: self.layer,
        }
    }
}

impl Keys {
    pub(super) fn new(saved: Vec<(i64, SavedKey)>) -> Keys {
        let mut keys = Keys::default();
        for (id, saved) in saved {
            let Ok(bytes) = <[u8; 256]>::try_from(saved.key) else {
                continue;
            };
            let mut record = Record::new(AuthKey::from_bytes(bytes));
            record.user = saved.user.map(UserId);
            record.permanent = saved.permanent;
            record.expires = saved.expires.map(Duration::from_secs);
            record.layer = saved.layer;
            if record.user.is_none() && record.permanent.is_none() {
                keys.strangers.push_back(id);
            }
            keys.records.insert(id, record);
        }
        keys.index();
        keys
    }

    /// Which keys lead to whom, made anew.
    fn index(&mut self) {
        self.users.clear();
        let ids: Vec<i64> = self.records.keys().copied().collect();
        for id in ids {
            if let Some(user) = self.user_of(id) {
                self.users.entry(user).or_default().push(id);
            }
        }
    }

    /// The key that holds the authorization: the permanent one of a temporary key, else itself.
    fn root(&self, id: i64) -> i64 {
        self.records
            .get(&id)
            .and_then(|record| record.permanent)
            .unwrap_or(id)
    }

    fn user_of(&self, id: i64) -> Option<UserId> {
        let record = self.records.get(&id)?;
        match (record.expires, record.permanent) {
            (Some(_), permanent) => self.records.get(&permanent?)?.user,
            (None, _) => record.user,
        }
    }
}

impl Mtproto {
    /// A key has been made.
    pub(super) fn add_key(&self, new: NewAuthKey) {
        let id = new.key.id();
        let mut record = Record::new(new.key);
        record.first_salt = Some((new.salt, now()));
        record.expires = new.expires_at;
        let saved = record.saved();
        let forgotten = {
            let mut keys = self.keys();
            keys.records.insert(id, record);
            keys.strangers.push_back(id);
            let mut forgotten = Vec::new();
            while keys.strangers.len() > MAX_STRANGERS
                && let Some(old) = keys.strangers.pop_front()
            {
                let stranger = keys
                    .records
                    .get(&old)
                    .is_some_and(|record| record.user.is_none() && record.permanent.is_none());
                if stranger {
                    keys.records.remove(&old);
                    forgotten.push(old);
                }
            }
            forgotten
        };
        self.vault.save_key(id, Some(&saved));
        for old in forgotten {
            self.vault.save_key(old, None);
        }
    }

    /// A key with which a user is signed in already, to be handed to that user's client.
    pub(super) fn ready_key(&self, user: UserId) -> Arc<AuthKey> {
        let mut record = Record::new(AuthKey::from_bytes(super::random_array()));
        record.user = Some(user);
        let (key, saved) = (Arc::clone(&record.key), record.saved());
        let mut keys = self.keys();
        keys.records.insert(key.id(), record);
        keys.users.entry(user).or_default().push(key.id());
        drop(keys);
        self.vault.save_key(key.id(), Some(&saved));
        key
    }

    /// Whether there is such a key.
    pub(super) fn has_key(&self, id: i64) -> bool {
        self.keys().records.contains_key(&id)
    }

    /// A key by its number; not if it has ended, whereupon it is forgotten.
    pub(super) fn key(&self, id: i64) -> Option<Arc<AuthKey>> {
        let key = {
            let keys = self.keys();
            let record = keys.records.get(&id)?;
            let over = record.expires.is_some_and(|at| at <= now());
            (!over).then(|| Arc::clone(&record.key))
        };
        if key.is_none() {
            self.destroy_key(id);
        }
        key
    }

    /// The session of that number under a key, begun if it is new.
    pub(super) fn session(&self, key_id: i64, session_id: i64) -> Option<Arc<Session>> {
        let mut keys = self.keys();
        let record = keys.records.get_mut(&key_id)?;
        if let Some(session) = record.sessions.get(&session_id) {
            return Some(Arc::clone(session));
        }
        if record.sessions.len() >= MAX_SESSIONS {
            record.sessions.retain(|_, session| session.is_connected());
        }
        let mut salts = ServerSalts::new(self.salt_secret, key_id);
        if let Some((salt, at)) = record.first_salt {
            salts = salts.with_first(salt, at);
        }
        let session = Arc::new(Session::new(
            Arc::clone(&record.key),
            session_id,
            salts,
            record.layer,
        ));
        record.sessions.insert(session_id, Arc::clone(&session));
        Some(session)
    }

    /// Forgets a session; whether there was one.
    pub(super) fn destroy_session(&self, key_id: i64, session_id: i64) -> bool {
        let mut keys = self.keys();
        let record = keys.records.get_mut(&key_id);
        record.is_some_and(|record| record.sessions.remove(&session_id).is_some())
    }

    /// Forgets a key and all that hangs on it.
    pub(super) fn destroy_key(&self, id: i64) {
        let mut keys = self.keys();
        keys.records.remove(&id);
        keys.index();
        drop(keys);
        self.vault.save_key(id, None);
    }

    /// Forgets the temporary keys of whoever `own` acts for, but for itself and those that are to stay.
    pub(super) fn drop_temporary(&self, own: i64, stay: &[i64]) {
        let gone: Vec<i64> = {
            let keys = self.keys();
            let root = keys.root(own);
            let theirs = keys
                .records
                .iter()
                .filter(|(_, record)| record.permanent == Some(root));
            let gone = theirs
                .map(|(id, _)| *id)
                .filter(|id| *id != own && !stay.contains(id));
            gone.collect()
        };
        for id in gone {
            self.destroy_key(id);
        }
    }

    /// Who is signed in with a key.
    pub(super) fn user_of(&self, key_id: i64) -> Option<UserId> {
        self.keys().user_of(key_id)
    }

    /// Someone signs in with a key, or (with `None`) out.
    pub(super) fn sign_in(&self, key_id: i64, user: Option<UserId>) {
        self.change(key_id, |record| {
            record.user = user;
            record.half = None;
        });
    }

    /// Someone gave the right code, and has yet to give the password.
    pub(super) fn await_password(&self, key_id: i64, user: UserId) {
        let mut keys = self.keys();
        let root = keys.root(key_id);
        if let Some(record) = keys.records.get_mut(&root) {
            record.half = Some(user);
        }
    }

    /// Whose password is awaited, or who is signed in.
    pub(super) fn half_or_whole(&self, key_id: i64) -> Option<UserId> {
        let keys = self.keys();
        let root = keys.root(key_id);
        keys.records
            .get(&root)
            .and_then(|record| record.half)
            .or_else(|| keys.user_of(key_id))
    }

    /// Whether a key was made to end.
    pub(super) fn is_temporary(&self, id: i64) -> bool {
        let keys = self.keys();
        keys.records
            .get(&id)
            .is_some_and(|record| record.expires.is_some())
    }

    /// Whether a key acts for nobody yet: temporary, and not tied to a permanent one.
    pub(super) fn is_unbound(&self, id: i64) -> bool {
        let keys = self.keys();
        let record = keys.records.get(&id);
        record.is_some_and(|record| record.expires.is_some() && record.permanent.is_none())
    }

    /// Ties a temporary key to its permanent one; not if it is tied to another.
    pub(super) fn bind(&self, temporary: i64, permanent: i64, until: Duration) -> bool {
        let saved = {
            let mut keys = self.keys();
            let record = keys.records.get_mut(&temporary);
            let free = |record: &&mut Record| record.permanent.is_none_or(|old| old == permanent);
            let Some(record) = record.filter(free) else {
                return false;
            };
            record.permanent = Some(permanent);
            record.expires = Some(record.expires.map_or(until, |at| at.min(until)));
            let saved = record.saved();
            keys.index();
            saved
        };
        self.vault.save_key(temporary, Some(&saved));
        true
    }

    /// Remembers the layer that a key's client speaks: after a restart some do not say it again.
    pub(super) fn note_layer(&self, key_id: i64, layer: i32) {
        let saved = {
            let mut keys = self.keys();
            let record = keys.records.get_mut(&key_id);
            let Some(record) = record.filter(|record| record.layer != Some(layer)) else {
                return;
            };
            record.layer = Some(layer);
            record.saved()
        };
        self.vault.save_key(key_id, Some(&saved));
    }

    fn change(&self, key_id: i64, change: impl FnOnce(&mut Record)) {
        let (root, saved) = {
            let mut keys = self.keys();
            let root = keys.root(key_id);
            let Some(record) = keys.records.get_mut(&root) else {
                return;
            };
            change(record);
            let saved = record.saved();
            keys.index();
            (root, saved)
        };
        self.vault.save_key(root, Some(&saved));
    }

    /// The sessions of a user that could be told something.
    pub(super) fn sessions_of(&self, user: UserId) -> Vec<Arc<Session>> {
        let keys = self.keys();
        let ids = keys.users.get(&user).into_iter().flatten();
        ids.filter_map(|id| keys.records.get(id))
            .flat_map(|record| record.sessions.values())
            .map(Arc::clone)
            .collect()
    }

    /// Whether anybody at all is signed in.
    pub(super) fn is_idle(&self) -> bool {
        self.keys().users.is_empty()
    }

    /// The world was replaced: whoever is not in the new one is signed out, and everybody without a new one.
    pub(crate) fn world_replaced(&self, world: Option<&World>) {
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = super::sent::Sent::default();
        let stays = |user: UserId| world.is_some_and(|world| world.user(user).is_some());
        let mut changed = Vec::new();
        {
            let mut keys = self.keys();
            for (id, record) in &mut keys.records {
                record.half = None;
                if record.user.is_some_and(|user| !stays(user)) {
                    record.user = None;
                    changed.push((*id, record.saved()));
                }
            }
            keys.index();
        }
        for (id, saved) in changed {
            self.vault.save_key(id, Some(&saved));
        }
        let gone = self.passwords().retain(stays);
        for user in gone {
            self.vault.save_password(user.0, None);
        }
    }
}
