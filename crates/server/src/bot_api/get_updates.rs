//! `getUpdates`: the one method that waits.

use super::{ApiError, MAX_POLL, Params, Reply, decode, encode};
use crate::app::App;
use crate::hub::Hub;
use ringback_world::calls::{ClosePoll, Delivery, GetUpdates, TakeFault};
use ringback_world::{PollId, PollSignal, UserId, World};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

pub(super) async fn run(app: &Arc<App>, bot: UserId, params: &Params) -> Result<Reply, ApiError> {
    // A list that cannot be read is as good as none: the previous one stays.
    let mut allowed = decode::allowed_updates(params);
    let timeout = Duration::from_secs(u64::try_from(params.integer("timeout")).unwrap_or(0)).min(MAX_POLL);
    let deadline = Instant::now() + timeout;
    let limit = params.get("limit").map_or(100, |_| params.integer("limit"));
    let offset = params.integer("offset").clamp(i32::MIN.into(), i32::MAX.into());
    let fault = if app.hub.lock().world().faults().is_empty() {
        None
    } else {
        app.hub.call(
            None,
            TakeFault {
                method: "getUpdates".into(),
            },
        )?
    };
    if let Some(fault) = fault {
        tokio::time::sleep(fault.delay).await;
        if let Some(error) = fault.error {
            return Err(error.into());
        }
    }
    let mut waiting = Waiting {
        hub: &app.hub,
        bot,
        poll: app.hub.new_poll(),
        open: false,
    };
    loop {
        let call = GetUpdates {
            bot,
            poll: waiting.poll,
            offset: i32::try_from(offset).unwrap_or(0),
            limit,
            allowed: allowed.take(),
            waits: Instant::now() < deadline,
        };
        let signal = {
            let mut locked = app.hub.lock();
            let deliveries = locked.call(None, call)?;
            if !deliveries.is_empty() || Instant::now() >= deadline {
                waiting.open = false;
                return answer(locked.world(), bot, &deliveries);
            }
            waiting.open = true;
            locked.wait_poll(waiting.poll)
        };
        match tokio::time::timeout_at(deadline, signal).await {
            Ok(Ok(PollSignal::Wake)) => {}
            Ok(Ok(PollSignal::End(error))) => {
                waiting.open = false;
                return Err(error.into());
            }
            // The time is up, or the world was replaced: nothing came.
            Ok(Err(_)) | Err(_) => return Reply::json::<[(); 0]>(&[]),
        }
    }
}

fn answer(world: &World, bot: UserId, deliveries: &[Delivery]) -> Result<Reply, ApiError> {
    let updates: Vec<_> = deliveries
        .iter()
        .map(|delivery| encode::update(world, bot, delivery.id, &delivery.update))
        .collect();
    Reply::json(&updates)
}

/// Lets the world know when the caller hangs up.
struct Waiting<'a> {
    hub: &'a Hub,
    bot: UserId,
    poll: PollId,
    open: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if self.open {
            let mut locked = self.hub.lock();
            locked.forget_poll(self.poll);
            // Closing what is closed already is fine.
            let _ = locked.call(
                None,
                ClosePoll {
                    bot: self.bot,
                    poll: self.poll,
                },
            );
        }
    }
}
