//! What has been handled, written down in a store: no later run, and no other instance, handles it again.

use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::{Desk, Failure, Idle, Report};
use crate::error::BoxError;
use crate::store::{Store, StoreFuture, When};
use crate::update::{Content, Update};

/// How long a mark is kept: the server keeps an update that was not taken for no longer.
const KEEP: Duration = Duration::from_secs(24 * 3600);
/// How long the store may take. A user waits meanwhile.
const STORE_TIME: Duration = Duration::from_secs(2);
/// The longest identifier of a query that is used in a key. Real ones have 20 characters.
const LONGEST_ID: usize = 128;

/// One bot's marks.
#[derive(Clone)]
pub(crate) struct Marks(Arc<Inner>);

struct Inner {
    store: Box<dyn Store>,
    bot: i64,
    /// Marks that are being written beside everything else.
    writing: Arc<Idle>,
}

/// One update's mark.
pub(crate) struct Mark {
    marks: Marks,
    desk: Arc<Desk>,
    update_id: i64,
    key: String,
    /// The bot's: the last who has to do with the update may live elsewhere.
    runtime: Option<Handle>,
    /// The answer that rides in the response.
    rides: OnceLock<Bytes>,
    /// Set when it is in the store, or can't be written.
    written: OnceCell<()>,
}

impl Marks {
    pub(crate) fn new(store: impl Store, bot: i64) -> Self {
        Marks(Arc::new(Inner {
            store: Box::new(store),
            bot,
            writing: Arc::default(),
        }))
    }

    /// A press's mark is its query's: the number of an update may be another's after the server has begun to count
    /// anew, and the query's identifier is not.
    pub(super) fn mark(&self, update: &Update, desk: &Arc<Desk>) -> Arc<Mark> {
        let bot = self.0.bot;
        let key = match &update.content {
            Content::Callback(query) if query.id.len() <= LONGEST_ID => {
                format!("handled/{bot}/query/{}", query.id)
            }
            _ => format!("handled/{bot}/update/{}", update.id),
        };
        Arc::new(Mark {
            marks: self.clone(),
            desk: Arc::clone(desk),
            update_id: update.id,
            key,
            runtime: Handle::try_current().ok(),
            rides: OnceLock::new(),
            written: OnceCell::new(),
        })
    }

    /// Waits for the marks that are being written.
    pub(super) async fn written(&self) {
        let _ = timeout(STORE_TIME * 2, self.0.writing.wait()).await;
    }
}

impl Mark {
    /// The answer that rode in the response, or nothing, if the update was handled before.
    pub(super) async fn look_up(&self) -> Option<Vec<u8>> {
        let found = in_time(self.marks.0.store.get(&self.key)).await;
        match found {
            Ok(Some(response)) => {
                let _ = self.written.set(());
                Some(response)
            }
            Ok(None) => None,
            Err(error) => {
                self.failed(error).await;
                None
            }
        }
    }

    /// The answer is about to ride in this response.
    pub(crate) fn rides(&self, response: Bytes) {
        let _ = self.rides.set(response);
    }

    /// Writes it, once, with the response, if there is one that rides; whoever comes meanwhile waits for that. What goes wrong is reported, and no reason to handle
    /// the update again.
    pub(crate) async fn write(&self, response: &[u8]) {
        let writing = || async {
            let response = self.rides.get().map_or(response, |rides| &**rides);
            let store = &self.marks.0.store;
            let set = in_time(store.set(&self.key, response, Some(KEEP), When::Absent)).await;
            if let Err(error) = set {
                self.failed(error).await;
            }
        };
        self.written.get_or_init(writing).await;
    }

    pub(crate) fn is_written(&self) -> bool {
        self.written.initialized()
    }

    /// Writes it beside everything else, and drops what was given when it is written. A runtime that has ended does
    /// neither: there the update is not confirmed any more.
    pub(super) fn write_before(self: Arc<Self>, end: impl Send + 'static) {
        let Some(runtime) = self.runtime.clone() else {
            return;
        };
        let busy = self.marks.0.writing.enter();
        runtime.spawn(async move {
            self.write(&[]).await;
            drop(end);
            drop(busy);
        });
    }

    /// Tells the bot's error handler, whose panic must not end what waits for the mark.
    async fn failed(&self, error: BoxError) {
        let report = Report::new(Some(self.update_id), Failure::Dedupe(error));
        if AssertUnwindSafe(self.desk.report(None, report))
            .catch_unwind()
            .await
            .is_err()
        {
            tracing::error!(update_id = self.update_id, "the error handler panicked");
        }
    }
}

/// What the store says, within its time. A store that panics has failed.
async fn in_time<T>(asked: StoreFuture<'_, T>) -> Result<T, BoxError> {
    match timeout(STORE_TIME, guarded(asked)).await {
        Ok(said) => said,
        Err(_) => Err(format!("the store has not responded within {STORE_TIME:?}").into()),
    }
}

async fn guarded<T>(asked: impl Future<Output = Result<T, BoxError>>) -> Result<T, BoxError> {
    let said = AssertUnwindSafe(asked).catch_unwind().await;
    said.unwrap_or_else(|_| Err("the store panicked".into()))
}

impl fmt::Debug for Mark {
    /// Without the answer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mark")
            .field("update_id", &self.update_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Marks")
    }
}
