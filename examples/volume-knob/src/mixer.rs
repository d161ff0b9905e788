//! A volume that nobody hears.

use std::str::FromStr;
use std::sync::atomic::{AtomicU8, Ordering};

const STEP: u8 = 10;
const LOUDEST: u8 = 100;

/// A volume from 0 to 100, and who may change it.
#[derive(Debug)]
pub struct Mixer {
    level: AtomicU8,
    allowed: Allowed,
    display: bool,
}

/// Who may change the volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// Everybody: `*`.
    Everybody,
    /// The users with these ids: `8951984,5091503`.
    Only(Vec<i64>),
}

impl FromStr for Allowed {
    type Err = std::num::ParseIntError;

    fn from_str(list: &str) -> Result<Self, Self::Err> {
        if list.trim() == "*" {
            return Ok(Allowed::Everybody);
        }
        let ids = list.split(',').map(str::trim).filter(|id| !id.is_empty());
        ids.map(str::parse).collect::<Result<_, _>>().map(Allowed::Only)
    }
}

impl Mixer {
    /// A mixer at half its volume.
    pub fn new(allowed: Allowed) -> Self {
        Mixer {
            level: AtomicU8::new(LOUDEST / 2),
            allowed,
            display: false,
        }
    }

    /// Shows the volume: in the message, and in each answer.
    pub fn with_display(mut self) -> Self {
        self.display = true;
        self
    }

    pub(crate) fn has_display(&self) -> bool {
        self.display
    }

    /// The volume as it is.
    pub fn level(&self) -> u8 {
        self.level.load(Ordering::Relaxed)
    }

    pub(crate) fn allows(&self, user: i64) -> bool {
        match &self.allowed {
            Allowed::Everybody => true,
            Allowed::Only(ids) => ids.contains(&user),
        }
    }

    /// One step up or down; the new volume.
    pub(crate) fn turn(&self, up: bool) -> u8 {
        let step = |level: u8| {
            if up {
                (level + STEP).min(LOUDEST)
            } else {
                level.saturating_sub(STEP)
            }
        };
        let old = self
            .level
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |level| Some(step(level)));
        old.map_or_else(step, step)
    }
}

/// `Volume: 60 ▮▮▮▮▮▮▯▯▯▯`
pub(crate) fn bar(level: u8) -> String {
    let full = usize::from(level / STEP);
    format!(
        "Volume: {level} {}{}",
        "▮".repeat(full),
        "▯".repeat(usize::from(LOUDEST / STEP) - full)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_volume_stays_in_its_range() {
        let mixer = Mixer::new(Allowed::Everybody);
        assert_eq!(mixer.turn(true), 60);
        for _ in 0..9 {
            mixer.turn(true);
        }
        assert_eq!(mixer.turn(true), 100);
        for _ in 0..12 {
            mixer.turn(false);
        }
        assert_eq!(mixer.level(), 0);
    }

    #[test]
    fn the_bar_shows_the_volume() {
        assert_eq!(bar(60), "Volume: 60 ▮▮▮▮▮▮▯▯▯▯");
        assert_eq!(bar(0), "Volume: 0 ▯▯▯▯▯▯▯▯▯▯");
    }

    #[test]
    fn the_list_is_read() {
        assert_eq!("*".parse(), Ok(Allowed::Everybody));
        assert_eq!(
            "8951984, 5091503,".parse(),
            Ok(Allowed::Only(vec![8951984, 5091503]))
        );
        assert_eq!("".parse(), Ok(Allowed::Only(vec![])));
        assert!("ann".parse::<Allowed>().is_err());
    }
}
