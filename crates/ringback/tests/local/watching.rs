//! Spans and metrics, and that the token is nowhere in them.

use std::io;
use std::sync::{Arc, Mutex};

use crate::counts::Counts;
use ringback::testing::Telegram;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

#[tokio::test]
async fn each_update_has_a_span_and_the_token_is_in_none() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(crate::testing::router()).await;
    ann.send("/start").await;
    ann.press("Echo").await;
    ann.forge("nonsense").await;
    telegram.stop().await;
    let nowhere = ringback::Bot::builder(telegram.token())
        .server("http://127.0.0.1:1")
        .build()
        .unwrap();
    let error = nowhere.send(ringback::api::GetMe::new()).await.unwrap_err();
    tracing::error!(%error, ?error, ?nowhere, "on purpose");

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let closed = |parts: &[&str]| {
        let mut lines = text.lines().filter(|line| line.contains("close"));
        assert!(
            lines.any(|line| parts.iter().all(|part| line.contains(part))),
            "{parts:?} in {text}"
        );
    };
    let user = format!("user={}", ann.id());
    closed(&[
        "update{id=",
        "kind=\"callback_query\"",
        &user,
        "answer=\"handler\"",
        "answer_us=",
    ]);
    closed(&["kind=\"callback_query\"", "answer=\"fallback\""]);
    closed(&["kind=\"message\""]);
    let secret = telegram.token().split_once(':').unwrap().1;
    assert!(!text.contains(secret), "the token is in the log");
}

#[tokio::test]
async fn answers_and_fallbacks_are_counted() {
    let counts = Counts::default();
    let _guard = metrics::set_default_local_recorder(&counts);
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(crate::testing::router()).await;
    ann.send("/start").await;
    ann.press("Echo").await;
    ann.forge("nonsense").await;
    telegram.stop().await;
    telegram.serve(crate::testing::router()).await;
    ann.press("Echo").await;
    telegram.stop().await;

    let expected = [
        r#"ringback_answer_seconds[] 3"#,
        r#"ringback_answers_total["fallback", "call"] 1"#,
        r#"ringback_answers_total["handler", "call"] 1"#,
        r#"ringback_answers_total["handler", "response"] 1"#,
        r#"ringback_fallbacks_total["unclaimed"] 1"#,
        r#"ringback_updates_total["callback_query"] 3"#,
        r#"ringback_updates_total["message"] 1"#,
    ];
    assert_eq!(counts.all(), expected);
}
