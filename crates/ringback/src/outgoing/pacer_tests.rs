//! The pacer against a clock that a test turns.

use super::*;
use proptest::prelude::*;

const PRIVATE: ChatId = ChatId::Id(7);
const GROUP: ChatId = ChatId::Id(-1007);

fn pacer(limits: Limits) -> Arc<Pacer> {
    Arc::new(Pacer::new(limits, Some(Duration::from_secs(60))))
}

/// How long a message waits.
async fn wait(pacer: &Pacer, chat: &ChatId) -> Duration {
    wait_of(pacer, Class::Send, chat).await
}

async fn wait_of(pacer: &Pacer, class: Class, chat: &ChatId) -> Duration {
    let start = Instant::now();
    pacer.admit(class, Some(chat), false).await.unwrap();
    start.elapsed()
}

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Timers are exact to the millisecond.
fn about(is: Duration, expected: Duration) {
    let off = is.abs_diff(expected);
    assert!(off <= Duration::from_millis(2), "{is:?}, not {expected:?}");
}

#[tokio::test(start_paused = true)]
async fn a_private_chat_takes_a_short_burst_and_then_one_a_second() {
    let pacer = pacer(Limits::telegram());
    let start = Instant::now();
    for _ in 0..5 {
        about(wait(&pacer, &PRIVATE).await, s(0));
    }
    about(wait(&pacer, &PRIVATE).await, s(5));
    for _ in 0..24 {
        wait(&pacer, &PRIVATE).await;
    }
    // 30 messages: the last begins the sixth stretch of five seconds.
    about(start.elapsed(), s(25));
}

#[tokio::test(start_paused = true)]
async fn a_group_takes_twenty_in_any_minute() {
    let pacer = pacer(Limits::telegram());
    for _ in 0..20 {
        about(wait(&pacer, &GROUP).await, s(0));
        tokio::time::advance(s(1)).await;
    }
    about(wait(&pacer, &GROUP).await, s(40));
    // A public chat by its name is a group as well; it is another lane.
    about(wait(&pacer, &"@news".into()).await, s(0));
}

#[tokio::test(start_paused = true)]
async fn all_chats_together_take_thirty_a_second() {
    let pacer = pacer(Limits::telegram());
    let start = Instant::now();
    let sent: Vec<_> = (1..=91)
        .map(|chat| {
            let pacer = Arc::clone(&pacer);
            tokio::spawn(async move { wait(&pacer, &ChatId::Id(chat)).await })
        })
        .collect();
    for (at, sent) in sent.into_iter().enumerate() {
        about(sent.await.unwrap(), s(at as u64 / 30));
    }
    about(start.elapsed(), s(3));
    // Who pays goes beyond it.
    pacer.admit(Class::Send, Some(&PRIVATE), true).await.unwrap();
    about(start.elapsed(), s(3));
}

#[tokio::test(start_paused = true)]
async fn one_chat_that_waits_holds_up_no_other() {
    let pacer = pacer(Limits::telegram());
    let slow: Vec<_> = (0..50)
        .map(|_| {
            let pacer = Arc::clone(&pacer);
            tokio::spawn(async move { wait(&pacer, &PRIVATE).await })
        })
        .collect();
    tokio::task::yield_now().await;
    about(wait(&pacer, &ChatId::Id(8)).await, s(0));
    about(wait(&pacer, &GROUP).await, s(0));
    // In their order.
    for (at, slow) in slow.into_iter().enumerate() {
        about(slow.await.unwrap(), s(at as u64 / 5 * 5));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_holds_up_its_chat_and_never_an_answer() {
    for limits in [Limits::telegram(), Limits::none()] {
        let pacer = pacer(limits);
        pacer.refused(Class::Send, Some(&GROUP), s(20));
        about(wait_of(&pacer, Class::Answer, &GROUP).await, s(0));
        about(wait(&pacer, &PRIVATE).await, s(0));
        about(wait_of(&pacer, Class::Set, &PRIVATE).await, s(0));
        let edit = tokio::spawn({
            let pacer = Arc::clone(&pacer);
            async move { wait_of(&pacer, Class::Set, &GROUP).await }
        });
        tokio::task::yield_now().await;
        let message = wait(&pacer, &GROUP).await;
        about(edit.await.unwrap(), s(20));
        // Not both at once: the chat has just been refused.
        assert!(message >= s(21), "{message:?}");
        tokio::time::advance(s(120)).await;
        about(wait_of(&pacer, Class::Set, &GROUP).await, s(0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_hold_can_grow_while_a_call_waits_for_it() {
    let pacer = pacer(Limits::none());
    pacer.refused(Class::Send, Some(&PRIVATE), s(10));
    let waiting = tokio::spawn({
        let pacer = Arc::clone(&pacer);
        async move { wait(&pacer, &PRIVATE).await }
    });
    tokio::time::sleep(s(5)).await;
    pacer.refused(Class::Send, Some(&PRIVATE), s(10));
    about(waiting.await.unwrap(), s(15));
}

#[tokio::test(start_paused = true)]
async fn three_chats_refused_at_once_hold_up_all_messages() {
    let pacer = pacer(Limits::none());
    for chat in 1..=3 {
        about(wait(&pacer, &ChatId::Id(99)).await, s(0));
        // The same chat again does not count again.
        pacer.refused(Class::Send, Some(&ChatId::Id(chat)), s(7));
        pacer.refused(Class::Send, Some(&ChatId::Id(chat)), s(7));
    }
    about(wait_of(&pacer, Class::Answer, &ChatId::Id(99)).await, s(0));
    about(wait_of(&pacer, Class::Set, &ChatId::Id(99)).await, s(0));
    about(wait_of(&pacer, Class::Read, &ChatId::Id(99)).await, s(0));
    about(wait(&pacer, &ChatId::Id(99)).await, s(7));

    // Slowly, one after the other, they are three chats' own affair.
    let pacer = self::pacer(Limits::none());
    for chat in 1..=5 {
        pacer.refused(Class::Send, Some(&ChatId::Id(chat)), s(7));
        tokio::time::advance(s(1)).await;
    }
    about(wait(&pacer, &ChatId::Id(99)).await, s(0));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_longer_than_the_patience() {
    let pacer = pacer(Limits::none());
    pacer.refused(Class::Send, Some(&PRIVATE), s(3600));
    let refused = pacer.admit(Class::Send, Some(&PRIVATE), false).await;
    assert_eq!(refused, Err(Held(s(3600))));
    about(wait(&pacer, &GROUP).await, s(0));

    let carefree = Pacer::new(Limits::none(), None);
    carefree.refused(Class::Send, Some(&PRIVATE), s(3600));
    about(wait(&carefree, &PRIVATE).await, s(0));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_it_waits_counts_for_nothing() {
    let pacer = pacer(Limits::telegram());
    for _ in 0..5 {
        wait(&pacer, &PRIVATE).await;
    }
    let waiting: Vec<_> = (0..10)
        .map(|_| {
            let pacer = Arc::clone(&pacer);
            tokio::spawn(async move { wait(&pacer, &PRIVATE).await })
        })
        .collect();
    tokio::task::yield_now().await;
    for waiting in waiting {
        waiting.abort();
        let _ = waiting.await;
    }
    about(wait(&pacer, &PRIVATE).await, s(5));
}

#[tokio::test(start_paused = true)]
async fn chats_are_forgotten() {
    let pacer = pacer(Limits::telegram().overall(None));
    for chat in 1..=10_000 {
        wait(&pacer, &ChatId::Id(chat)).await;
        tokio::time::advance(Duration::from_millis(50)).await;
    }
    // 5 seconds' worth of them matter.
    assert!(pacer.remembered() <= 400, "{}", pacer.remembered());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_rate_holds_in_every_stretch(
        count in 1_u32..8,
        per in 1_u64..20,
        gaps in proptest::collection::vec(0_u64..3000, 1..80),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let times = runtime.block_on(async {
            let rate = Some(Rate::new(count, s(per)));
            let pacer = pacer(Limits::none().overall(rate));
            let mut times = Vec::new();
            for (at, gap) in gaps.iter().enumerate() {
                tokio::time::advance(Duration::from_millis(*gap)).await;
                wait(&pacer, &ChatId::Id(at as i64 + 1)).await;
                times.push(Instant::now());
            }
            times
        });
        for stretch in times.windows(count as usize + 1) {
            prop_assert!(stretch[count as usize] - stretch[0] >= s(per));
        }
    }
}
