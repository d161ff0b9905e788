//! `/events`: the journal, live or as far as it goes.
//!
//! A reader of the stream is a number: the entry it has seen. It fetches what comes after that from the journal
//! whenever its connection takes more, so a slow one costs nothing and holds nothing.

use super::entry::{Known, kind_name};
use super::error::Failure;
use super::{Ask, Outcome};
use crate::app::App;
use crate::http::{full, stream};
use bytes::Bytes;
use futures_util::stream::unfold;
use hyper::StatusCode;
use hyper::body::Frame;
use hyper::header::{ACCEPT, CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue};
use ringback_world::{Entry, Seq};
use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How many entries are written at once.
const BATCH: usize = 64;
/// How many entries the list has unless asked otherwise, and at most.
const DEFAULT_LIMIT: usize = 10_000;
const MAX_LIMIT: usize = 100_000;
/// A sign of life for whoever watches a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// `GET /events`
pub(super) fn read(app: &Arc<App>, ask: &Ask) -> Outcome {
    let since = since(ask)?;
    if wants_json(&ask.headers) {
        let limit = ask.number("limit")?.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
        return Ok(list(app, since, limit));
    }
    let latest = app.hub.journal.watch();
    // A number from before the server started anew: begin where it is now.
    let now = app.hub.journal.latest();
    let seen = since.map_or(now, |since| since.min(now));
    let reader = Reader {
        app: Arc::clone(app),
        latest,
        seen,
        begun: false,
        all: since == Some(Seq(0)),
    };
    let pieces = unfold(reader, |mut reader| async move {
        let text = reader.next().await?;
        Some((Ok::<_, Infallible>(Frame::data(Bytes::from(text))), reader))
    });
    let mut response = stream("text/event-stream", Box::pin(pieces));
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// The entry seen last: as a browser that connects again says, or as the address says.
fn since(ask: &Ask) -> Result<Option<Seq>, Failure> {
    const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
    let header = ask
        .headers
        .get(LAST_EVENT_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| !id.is_empty());
    match header {
        Some(id) => {
            id.trim().parse().map(|seq| Some(Seq(seq))).map_err(|_| {
                Failure::bad_request(format!("Last-Event-ID is “{id}”, which is no such number"))
            })
        }
        None => Ok(ask.number("since")?.map(Seq)),
    }
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accepts = |kind: &str| {
        headers
            .get_all(ACCEPT)
            .iter()
            .any(|value| value.to_str().is_ok_and(|value| value.contains(kind)))
    };
    accepts("application/json") && !accepts("text/event-stream")
}

/// What is there now, without waiting.
fn list(app: &App, since: Option<Seq>, limit: usize) -> hyper::Response<crate::http::Body> {
    let latest = app.hub.journal.latest().0;
    let entries = since.map_or_else(Vec::new, |since| app.hub.journal.since(since, limit));
    let next = entries.last().map_or(latest, |entry| entry.seq.0);
    let known = Known::of(&entries, &app.hub);
    let mut text = String::from(r#"{"events":["#);
    for (at, entry) in entries.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&known.render(entry));
    }
    // Writing to a string cannot fail.
    let _ = write!(text, r#"],"next":{next}}}"#);
    full(StatusCode::OK, "application/json", text)
}

/// Whoever reads the stream.
struct Reader {
    app: Arc<App>,
    latest: watch::Receiver<u64>,
    /// The latest entry that was sent.
    seen: Seq,
    begun: bool,
    /// Wants whatever is kept, and does not miss what is not.
    all: bool,
}

impl Reader {
    /// What to send next; `None` when the journal is no more.
    async fn next(&mut self) -> Option<String> {
        if !self.begun {
            self.begun = true;
            return Some(": the journal of this server\nretry: 1000\n\n".to_owned());
        }
        loop {
            // What comes after this look will be seen as a change.
            self.latest.mark_unchanged();
            let entries = self.app.hub.journal.since(self.seen, BATCH);
            if let Some(last) = entries.last() {
                let text = self.write(&entries);
                self.seen = last.seq;
                self.all = false;
                return Some(text);
            }
            match tokio::time::timeout(HEARTBEAT, self.latest.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return None,
                Err(_) => return Some(":\n\n".to_owned()),
            }
        }
    }

    fn write(&self, entries: &[Arc<Entry>]) -> String {
        let mut text = String::with_capacity(entries.len() * 256);
        if let Some(first) = entries
            .first()
            .filter(|first| !self.all && first.seq.0 > self.seen.0 + 1)
        {
            text.push_str(&gap(self.seen, first));
        }
        let known = Known::of(entries, &self.app.hub);
        for entry in entries {
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "id: {}\nevent: {}\ndata: {}\n\n",
                entry.seq,
                kind_name(&entry.kind),
                known.render(entry)
            );
        }
        text
    }
}

/// Tells a reader that what came after `seen` is not kept any more, in the form of an entry.
fn gap(seen: Seq, first: &Entry) -> String {
    let (before, missed) = (first.seq.0 - 1, first.seq.0 - 1 - seen.0);
    format!(
        "id: {before}\nevent: gap\ndata: {{\"seq\":{before},\"time\":{},\"actor\":{{\"type\":\"server\"}},\"kind\":\"gap\",\"cause\":null,\"from\":{},\"missed\":{missed}}}\n\n",
        first.time.0, first.seq
    )
}
