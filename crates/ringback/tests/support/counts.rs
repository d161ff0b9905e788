//! A recorder of metrics.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Adds up counters, and counts what histograms are told.
#[derive(Clone, Default)]
pub(crate) struct Counts(Arc<Mutex<BTreeMap<String, u64>>>);

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
    /// Each metric with the values of its labels, and how much it has come to.
    pub(crate) fn all(&self) -> Vec<String> {
        let counts = self.0.lock().unwrap();
        counts.iter().map(|(name, n)| format!("{name} {n}")).collect()
    }

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
