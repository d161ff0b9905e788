//! Something that takes its time.

use std::time::Duration;

use tokio::sync::Semaphore;

/// How many parts an export has.
pub(crate) const PARTS: u32 = 4;

/// An archive that a few can read at once, slowly.
#[derive(Debug)]
pub struct Archive {
    /// Whoever reads a part holds one of these.
    pub readers: Semaphore,
    pace: Duration,
}

impl Archive {
    /// An archive for so many readers at once, where a part takes this long.
    pub fn new(readers: usize, pace: Duration) -> Self {
        Archive {
            readers: Semaphore::new(readers),
            pace,
        }
    }

    /// A part of a year's rows, from 1 to [`PARTS`].
    pub(crate) async fn part(&self, year: u16, part: u32) -> Option<String> {
        let _reader = self.readers.acquire().await.ok()?; // none comes when it is closed
        tokio::time::sleep(self.pace).await;
        Some(format!("{year}-Q{part},{}\n", u32::from(year) * part % 97))
    }
}
