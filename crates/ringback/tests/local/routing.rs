//! Filters, middleware and deep links.

use std::sync::Mutex;
use std::time::Duration;

use ringback::testing::Telegram;
use ringback::{
    Args, BoxError, CallbackQuery, Context, Flow, Handled, Incoming, Middleware, Next, Outcome, Router,
    State, filter,
};

type Told = State<Mutex<Vec<String>>>;

/// A router whose one handler repeats its name.
fn says(name: &'static str) -> Router {
    Router::new().message(move |message: Incoming| async move {
        message.answer(name).await?;
        Ok::<_, BoxError>(())
    })
}

#[tokio::test]
async fn filters_choose_the_router() {
    let telegram = Telegram::start().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    let router = Router::new()
        .nest(filter::text_is("exactly"), says("text_is"))
        .nest(filter::text_starts("start"), says("text_starts"))
        .nest(
            filter::all(filter::user(ben.id()), filter::private()),
            says("ben in private"),
        )
        .nest(filter::any(filter::channel(), filter::group()), says("group"))
        .nest(filter::not(filter::text()), says("no text"))
        .nest(filter::chat(ann.id()), says("ann's chat"));
    telegram.run(router).await;
    for (person, text, answer) in [
        (&ann, "exactly", "text_is"),
        (&ann, "starting", "text_starts"),
        (&ben, "something", "ben in private"),
        (&ann, "something", "ann's chat"),
    ] {
        person.send(text).await;
        assert_eq!(person.last().await.text(), answer, "{text}");
    }
    let group = telegram.group("Friends", &[&ann, &ben]).await;
    let ben = ben.in_chat(group);
    ben.send("/something@test_bot").await;
    assert_eq!(ben.last().await.text(), "group");
}

#[tokio::test]
async fn a_deep_link_brings_its_payload() {
    async fn invited(message: Incoming, payload: Args) -> Result<(), BoxError> {
        message.answer(format!("invited: {}", &*payload)).await?;
        Ok(())
    }
    async fn start(message: Incoming) -> Result<(), BoxError> {
        message.answer("started").await?;
        Ok(())
    }
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram
        .run(Router::new().deep_link("by", invited).command("start", start))
        .await;
    for (text, answer) in [
        ("/start by42", "invited: by42"),
        ("/start", "started"),
        ("/start other", "started"),
    ] {
        ann.send(text).await;
        assert_eq!(ann.last().await.text(), answer);
    }
}

struct Watcher(&'static str);

impl Middleware for Watcher {
    async fn handle(&self, context: &Context, next: Next<'_>) -> Handled {
        let told = context.state::<Mutex<Vec<String>>>().unwrap();
        told.lock()
            .unwrap()
            .push(format!("{} before {}", self.0, context.kind()));
        let handled = next.run().await;
        let how = if handled.is_err() { "failed" } else { "done" };
        told.lock().unwrap().push(format!("{} after: {how}", self.0));
        handled
    }
}

struct Guard;

impl Middleware for Guard {
    async fn handle(&self, context: &Context, next: Next<'_>) -> Handled {
        match context.text() {
            Some("pass") => return next.pass(),
            Some("fail") => return next.fail("guarded"),
            Some(_) => return next.run().await,
            None => {}
        }
        if context.sender().is_some_and(|user| user.first_name == "Ben") {
            return next.answer(|answer| answer.alert("Not you."));
        }
        next.run().await
    }
}

#[tokio::test]
async fn middleware_goes_around_in_order_and_can_answer() {
    async fn press(query: CallbackQuery, told: Told) -> Outcome {
        told.lock().unwrap().push("handler".into());
        query.answer().text("yes").await
    }
    let told = std::sync::Arc::new(Mutex::new(Vec::new()));
    let router = Router::new()
        .callback(press)
        .wrap(Guard)
        .wrap(Watcher("inner"))
        .wrap(Watcher("outer"))
        .command("start", crate::testing::menu)
        .shared_state(std::sync::Arc::clone(&told));
    let telegram = Telegram::start().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    telegram.run(router).await;
    ann.send("/start").await;
    ben.send("/start").await;
    assert_eq!(ann.press("Echo").await.text(), Some("yes"));
    let expected = [
        "outer before callback_query",
        "inner before callback_query",
        "handler",
        "inner after: done",
        "outer after: done",
    ];
    assert_eq!(std::mem::take(&mut *told.lock().unwrap()), expected);
    let press = ben.press("Echo").await;
    assert!(press.is_alert());
    assert_eq!(press.text(), Some("Not you."));
    assert!(!told.lock().unwrap().contains(&"handler".to_owned()));
}

#[tokio::test]
async fn middleware_goes_around_messages() {
    async fn first(message: Incoming) -> Result<Flow, BoxError> {
        message.answer("first").await?;
        Ok(Flow::Done)
    }
    let router = Router::new().message(first).wrap(Guard).merge(says("second"));
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(router).await;
    for (text, answer) in [("run", "first"), ("pass", "second")] {
        ann.send(text).await;
        assert_eq!(ann.last().await.text(), answer);
    }
    ann.send("fail").await;
    assert_eq!(
        telegram.reports()[0].to_string().split_once(": ").unwrap().1,
        "the handler failed: guarded"
    );
}

struct Patience;

impl Middleware for Patience {
    async fn handle(&self, _: &Context, next: Next<'_>) -> Handled {
        let handled = next.run_within(Duration::from_millis(20)).await;
        let too_long = handled
            .error()
            .is_some_and(|error| error.is::<ringback::TookTooLong>());
        handled.map_err(|error| match too_long {
            true => format!("impatient: {error}").into(),
            false => error,
        })
    }
}

#[tokio::test]
async fn middleware_bounds_its_handler_and_sees_its_error() {
    async fn hangs(query: CallbackQuery) -> Result<Outcome, BoxError> {
        if query.data().is_some_and(|data| data.contains("echo")) {
            std::future::pending::<()>().await;
        }
        Err("its own".into())
    }
    let router = Router::new()
        .callback(hangs)
        .wrap(Patience)
        .command("start", crate::testing::menu);
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(router).await;
    ann.send("/start").await;
    // Answered by the fallback, long before the deadline.
    assert!(ann.press("Echo").await.is_answered());
    let report = telegram.reports()[0].to_string();
    assert!(
        report.ends_with("the handler failed: impatient: the handler took longer than 20ms"),
        "{report}"
    );
}
