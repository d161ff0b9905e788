//! What can be set about dispatching, whether updates come by polling or by webhook.

use std::time::Duration;

/// See the setters of [`Polling`](crate::Polling).
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) answer_within: Duration,
    pub(crate) abandon_after: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            answer_within: Duration::from_secs(7),
            abandon_after: Duration::from_secs(60),
        }
    }
}
