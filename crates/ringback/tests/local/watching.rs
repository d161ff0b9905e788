//! Spans, and that the token is nowhere in them.

use std::io;
use std::sync::{Arc, Mutex};

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

/// Adds up counters, and counts what histograms are told.
#[derive(Clone, Default)]
struct Counts(Arc<Mutex<std::collections::BTreeMap<String, u64>>>);

struct Count(Counts, String);

impl Count {
    fn add(&self, by: u64) {
        *self.0.0.lock().unwrap().entry(self.1.clone()).or_default() += by;
    }
}

impl metrics::CounterFn for Count {
    fn increment(&self, value: u64) {
        self.add(value);
    }

    fn absolute(&self, _: u64) {}
}

impl metrics::HistogramFn for Count {
    fn record(&self, _: f64) {
        self.add(1);
    }
}

impl Counts {
    fn of(&self, key: &metrics::Key) -> Arc<Count> {
        let labels: Vec<_> = key.labels().map(|label| label.value().to_owned()).collect();
        Arc::new(Count(self.clone(), format!("{}{labels:?}", key.name())))
    }
}

impl metrics::Recorder for Counts {
    fn describe_counter(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}
    fn describe_gauge(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}
    fn describe_histogram(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}

    fn register_counter(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Counter {
        metrics::Counter::from_arc(self.of(key))
    }

    fn register_gauge(&self, _: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Gauge {
        metrics::Gauge::noop()
    }

    fn register_histogram(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Histogram {
        metrics::Histogram::from_arc(self.of(key))
    }
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

    let counted: Vec<_> = counts
        .0
        .lock()
        .unwrap()
        .iter()
        .map(|(name, n)| format!("{name} {n}"))
        .collect();
    let expected = [
        r#"ringback_answer_seconds[] 3"#,
        r#"ringback_answers_total["fallback", "call"] 1"#,
        r#"ringback_answers_total["handler", "call"] 1"#,
        r#"ringback_answers_total["handler", "response"] 1"#,
        r#"ringback_fallbacks_total["unclaimed"] 1"#,
        r#"ringback_updates_total["callback_query"] 3"#,
        r#"ringback_updates_total["message"] 1"#,
    ];
    assert_eq!(counted, expected);
}
