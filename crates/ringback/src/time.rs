//! A limit on time for what is mostly over at once.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use tokio::time::{Instant, sleep_until};

/// The time has passed.
#[derive(Debug)]
pub(crate) struct Elapsed;

/// [`tokio::time::timeout_at`] that makes no timer for a future that is ready at once, as an answer's mostly are.
pub(crate) async fn timeout_at<T>(
    end: impl FnOnce() -> Instant,
    mut future: Pin<&mut impl Future<Output = T>>,
) -> Result<T, Elapsed> {
    let mut end = Some(end);
    let mut timer = pin!(None);
    poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        if let Some(end) = end.take() {
            timer.set(Some(sleep_until(end())));
        }
        match timer.as_mut().as_pin_mut() {
            Some(timer) => timer.poll(cx).map(|()| Err(Elapsed)),
            None => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_ready_has_no_timer_and_what_hangs_ends() {
        let now = timeout_at(|| unreachable!("a timer"), pin!(std::future::ready(7))).await;
        assert_eq!(now.unwrap(), 7);

        let start = Instant::now();
        let end = || start + Duration::from_secs(3);
        let soon = pin!(tokio::time::sleep(Duration::from_secs(2)));
        assert!(timeout_at(end, soon).await.is_ok());
        let never = pin!(std::future::pending::<()>());
        assert!(timeout_at(end, never).await.is_err());
        assert_eq!(start.elapsed(), Duration::from_secs(3));
    }
}
