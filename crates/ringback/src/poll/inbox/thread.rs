//! The thread that writes.

use std::sync::PoisonError;
use std::time::Duration;

use super::Shared;
use super::disk::Disk;

/// How long notes of what has been handled are gathered: a write for each would cost more than its handler.
const GATHER: Duration = Duration::from_millis(1);
/// After a failure.
const PAUSE: Duration = Duration::from_millis(200);

pub(super) fn run(mut disk: Disk, shared: &Shared) {
    let mut kept = Vec::new();
    let mut failed = false;
    loop {
        let mut state = shared.lock();
        while state.todo.batches.is_empty()
            && state.todo.handled.is_empty()
            && state.todo.waiting.is_empty()
            && !state.todo.stop
            && !failed
        {
            state.asleep = true;
            state = shared.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.asleep = false;
        let mut todo = std::mem::take(&mut state.todo);
        state.todo.stop = todo.stop;
        // The memory goes back and forth.
        std::mem::swap(&mut state.todo.handled, &mut kept);
        drop(state);

        let stored = disk.store(&todo.batches, &todo.handled);
        if let Err(error) = &stored {
            tracing::error!(%error, "the inbox can't be written");
        }
        failed = stored.is_err();
        for waiting in todo.waiting {
            let told = match &stored {
                Ok(()) => Ok(()),
                Err(error) => Err(std::io::Error::new(error.kind(), error.to_string())),
            };
            let _ = waiting.send(told);
        }
        if todo.stop {
            return;
        }
        if failed {
            std::thread::sleep(PAUSE);
        } else if todo.batches.is_empty() {
            std::thread::sleep(GATHER);
        }
        todo.handled.clear();
        kept = todo.handled;
    }
}
