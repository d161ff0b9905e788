//! Perfect forward secrecy: temporary keys, and binding them. <https://core.telegram.org/api/pfs>

use std::sync::Arc;
use std::time::Duration;

use ringback_mtproto::AuthKey;
use ringback_mtproto::session::{ClientSession, RequestId};

use crate::builder::Settings;
use crate::error::Error;
use crate::link::Link;
use crate::system::{now, random};

/// How often in a row a server may refuse to bind a key; then it does not know the account's own key.
const MAX_REFUSALS: u32 = 3;

/// What an engine knows of its temporary key.
pub(crate) struct Forward {
    permanent: Arc<AuthKey>,
    life: Duration,
    /// When the key ends, by the server's clock.
    until: Duration,
    /// The binding, while it has no answer.
    binding: Option<RequestId>,
    refusals: u32,
}

impl Forward {
    /// Makes a temporary key, and a session under it whose first message binds it.
    pub(crate) async fn make(
        link: &mut Link,
        settings: &Settings,
        dc: i32,
        permanent: AuthKey,
        life: Duration,
    ) -> Result<(ClientSession, Self), Error> {
        let mut this = Self {
            permanent: Arc::new(permanent),
            life,
            until: Duration::ZERO,
            binding: None,
            refusals: 0,
        };
        let session = this.renew(link, settings, dc).await?;
        Ok((session, this))
    }

    /// The same again, with a new key.
    pub(crate) async fn renew(
        &mut self,
        link: &mut Link,
        settings: &Settings,
        dc: i32,
    ) -> Result<ClientSession, Error> {
        let seconds = i32::try_from(self.life.as_secs()).unwrap_or(i32::MAX);
        let made = link.make_key(settings, dc, Some(seconds)).await?;
        let (salt, offset) = (made.salt, made.time_offset);
        let mut session = ClientSession::new(Arc::new(made.key), salt, offset, &mut random);
        let until = made.expires_at.unwrap_or_default();
        self.until = Duration::from_secs(until.try_into().unwrap_or_default());
        let permanent = Arc::clone(&self.permanent);
        let expires_at = until.try_into().unwrap_or(i32::MAX);
        self.binding = Some(session.bind_temp_key(permanent, expires_at, &mut random));
        Ok(session)
    }

    /// Whether calls must wait until the server has taken the key.
    pub(crate) fn is_binding(&self) -> bool {
        self.binding.is_some()
    }

    /// Takes the answer to a binding: `None` if `id` is none, else whether the key is bound.
    pub(crate) fn bound(&mut self, id: RequestId, done: bool) -> Option<bool> {
        self.binding.take_if(|binding| *binding == id)?;
        self.refusals = if done { 0 } else { self.refusals + 1 };
        Some(done)
    }

    /// Notes that the server does not know the temporary key.
    pub(crate) fn forgotten(&mut self) {
        self.refusals += 1;
    }

    /// Whether it makes no sense to try another key.
    pub(crate) fn is_hopeless(&self) -> bool {
        self.refusals >= MAX_REFUSALS
    }

    /// Whether the key is to be replaced now: in the last tenth of its life when nothing is under way, else at its end.
    pub(crate) fn is_due(&self, session: &ClientSession, idle: bool) -> bool {
        let left = self.until.saturating_sub(session.server_time(now()));
        left.is_zero() || idle && left < self.life / 10
    }
}
