//! What is written down of calls.

use super::{Refusal, news};
use crate::app::App;
use ringback_tl::functions::Function;
use ringback_world::calls::{Called, Fault, Remark, Responded, TakeFault};
use ringback_world::{Seq, UserId};
use std::time::Instant;

pub(super) fn remark(app: &App, about: Option<UserId>, text: String) {
    // Writing down a remark cannot be refused.
    let _ = app.hub.call(None, Remark { about, text });
}

/// A call has arrived: it is written down if it is a bot's, and it may be meant to fail.
pub(super) fn arrive(
    app: &App,
    user: Option<UserId>,
    name: &str,
    function: &Function,
    body: &[u8],
) -> (Option<Seq>, Option<Fault>) {
    let mut locked = app.hub.lock();
    let bot = user.filter(|user| locked.world().bot(*user).is_some() && news::is_news(name));
    if let Some(bot) = bot {
        let about = news::about(locked.world(), bot, function);
        let called = Called {
            bot,
            method: name.to_owned(),
            params: news::params(body),
            about,
        };
        return match locked.call(None, called) {
            Ok(started) => (Some(started.seq), started.fault),
            Err(_) => (None, None),
        };
    }
    if locked.world().faults().is_empty() {
        return (None, None);
    }
    let take = TakeFault {
        method: name.to_owned(),
    };
    (None, locked.call(None, take).ok().flatten())
}

/// A call that was written down has its answer.
pub(super) fn leave(
    app: &App,
    user: Option<UserId>,
    cause: Option<Seq>,
    arrived: Instant,
    refusal: Option<&Refusal>,
) {
    if let Some((bot, call)) = user.zip(cause) {
        let responded = Responded {
            bot,
            call,
            ok: refusal.is_none(),
            error_code: refusal.map(|refusal| refusal.code),
            body: refusal.map_or_else(|| "true".to_owned(), |refusal| refusal.text.clone()),
            elapsed: arrived.elapsed(),
            warning: None,
        };
        // Writing down an answer cannot be refused.
        let _ = app.hub.call(Some(call), responded);
    }
}
