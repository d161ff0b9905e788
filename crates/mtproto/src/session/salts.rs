//! The server's salts.
//!
//! A salt is good for an hour and a new one begins every half hour, so that there are always two. They are derived
//! from a secret of the server, the key and the time: nothing has to be stored, and a restarted server still accepts
//! what it announced. Source: <https://core.telegram.org/mtproto/description#server-salt>.

use std::fmt;
use std::time::Duration;

use crate::crypto::sha256;
use crate::service::FutureSalt;

const STEP: u64 = 1800;
const LIFE: u64 = 3600;

/// The salts of one key.
#[derive(Clone)]
pub struct ServerSalts {
    secret: [u8; 32],
    auth_key_id: i64,
    first: Option<(i64, Duration)>,
}

impl ServerSalts {
    /// The salts of a key, given a secret that the server keeps for all keys.
    #[must_use]
    pub fn new(secret: [u8; 32], auth_key_id: i64) -> Self {
        Self {
            secret,
            auth_key_id,
            first: None,
        }
    }

    /// Also accepts the salt that the key exchange ended with, for an hour from then.
    #[must_use]
    pub fn with_first(mut self, salt: i64, made_at: Duration) -> Self {
        self.first = Some((salt, made_at + Duration::from_secs(LIFE)));
        self
    }

    fn of_period(&self, period: u64) -> i64 {
        let hash = sha256(&[
            &self.secret,
            &self.auth_key_id.to_le_bytes(),
            &period.to_le_bytes(),
        ]);
        let mut salt = [0; 8];
        salt.copy_from_slice(&hash[..8]);
        i64::from_le_bytes(salt)
    }

    /// The newest salt that is good now.
    #[must_use]
    pub fn current(&self, now: Duration) -> i64 {
        self.of_period(now.as_secs() / STEP)
    }

    /// Whether a message with this salt is to be accepted: the current one, the one before, and, as clocks differ,
    /// the one after.
    #[must_use]
    pub fn accepts(&self, salt: i64, now: Duration) -> bool {
        let period = now.as_secs() / STEP;
        (period.saturating_sub(1)..=period + 1).any(|period| self.of_period(period) == salt)
            || self
                .first
                .is_some_and(|(first, until)| first == salt && now < until)
    }

    /// This and the coming salts: at least two, as some clients ask again for ever when given fewer, and 64 at most.
    #[must_use]
    pub fn future(&self, count: i32, now: Duration) -> Vec<FutureSalt> {
        let period = now.as_secs() / STEP;
        (period..period + u64::from(count.clamp(2, 64).cast_unsigned()))
            .map(|period| FutureSalt {
                valid_since: (period * STEP) as i32,
                valid_until: (period * STEP + LIFE) as i32,
                salt: self.of_period(period),
            })
            .collect()
    }
}

impl fmt::Debug for ServerSalts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerSalts")
            .field("auth_key_id", &self.auth_key_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_announced_is_accepted_in_its_time() {
        let salts = ServerSalts::new([1; 32], 7).with_first(42, Duration::from_secs(1_000_000));
        let now = Duration::from_secs(1_000_000);
        assert!(salts.accepts(42, now) && !salts.accepts(42, now + Duration::from_secs(3601)));
        let announced = salts.future(64, now);
        assert_eq!(announced.len(), 64);
        assert_eq!(announced[0].salt, salts.current(now));
        for salt in &announced {
            let since = salt.valid_since as u64;
            for at in [since, since + 1799, since + 3599] {
                assert!(salts.accepts(salt.salt, Duration::from_secs(at)));
            }
            assert!(!salts.accepts(salt.salt, Duration::from_secs(since + 3600)));
        }
        assert!(!salts.accepts(0, now));
        assert_eq!(salts.future(0, now).len(), 2);
        assert_eq!(salts.future(1, now).len(), 2);
        assert_eq!(salts.future(i32::MAX, now).len(), 64);
        assert_eq!(salts.future(i32::MIN, now).len(), 2);
        assert_ne!(salts.current(now), ServerSalts::new([1; 32], 8).current(now));
    }
}
