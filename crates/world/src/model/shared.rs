//! What people share beside words and files: dice, contacts and places.

use crate::UserId;
use serde::{Deserialize, Serialize};

/// The largest radius of a place that is not exact, in metres (Bot API, `horizontal_accuracy`).
const MAX_ACCURACY: u16 = 1500;

/// The emoji that roll, and how many values each has (Bot API, `sendDice`).
const DICE: &[(&str, u64)] = &[("🎲", 6), ("🎯", 6), ("🎳", 6), ("🏀", 5), ("⚽", 5), ("🎰", 64)];

/// The die that an emoji is, as it is shown, and how many values it has; none if it does not roll.
pub(crate) fn die(emoji: &str) -> Option<(&'static str, u64)> {
    // Keyboards add a mark that asks for the colourful form.
    let emoji = emoji.trim_end_matches('\u{fe0f}');
    DICE.iter().find(|(own, _)| *own == emoji).copied()
}

/// Somebody's number and name.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Contact {
    /// As the sender wrote it.
    pub phone: String,
    /// Not empty.
    pub first_name: String,
    /// Empty if there is none.
    pub last_name: String,
    /// More about them, as a vCard; empty if there is none.
    pub vcard: String,
    /// Whose number it is, if a user has it.
    pub user: Option<UserId>,
}

/// A point on the earth.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GeoPoint {
    /// From -90 to 90, north of the equator.
    pub latitude: Degrees,
    /// From -180 to 180, east of Greenwich.
    pub longitude: Degrees,
    /// How far off the point may be, in metres up to 1500; none: it is exact.
    pub accuracy: Option<u16>,
}

impl GeoPoint {
    /// The point of these coordinates; `accuracy` is rounded up to metres. None if there is no such point.
    pub fn new(latitude: f64, longitude: f64, accuracy: f64) -> Option<GeoPoint> {
        // Neither holds for what is no number.
        if !(latitude.abs() <= 90.0 && longitude.abs() <= 180.0) {
            return None;
        }
        let accuracy = accuracy.ceil().clamp(0.0, f64::from(MAX_ACCURACY));
        let metres = (1..=MAX_ACCURACY).find(|metres| f64::from(*metres) >= accuracy);
        Some(GeoPoint {
            latitude: Degrees(latitude),
            longitude: Degrees(longitude),
            accuracy: metres.filter(|_| accuracy > 0.0),
        })
    }
}

/// A coordinate, kept exactly as it was given.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Degrees(pub f64);

impl PartialEq for Degrees {
    fn eq(&self, other: &Degrees) -> bool {
        self.0.total_cmp(&other.0).is_eq()
    }
}

impl Eq for Degrees {}

/// A place with a name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Venue {
    /// Where.
    pub point: GeoPoint,
    /// Its name.
    pub title: String,
    /// Its address.
    pub address: String,
    /// Who knows it: `foursquare` or `gplaces`; empty if nobody.
    pub provider: String,
    /// Its id there.
    pub id: String,
    /// Its type there.
    pub kind: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points() {
        let accuracy = |metres| GeoPoint::new(0.0, 0.0, metres).unwrap().accuracy;
        for (given, kept) in [
            (0.0, None),
            (-1.0, None),
            (f64::NAN, None),
            (0.2, Some(1)),
            (65.0, Some(65)),
            (1e9, Some(1500)),
        ] {
            assert_eq!(accuracy(given), kept, "{given}");
        }
        assert_eq!(GeoPoint::new(-90.0, 180.0, 0.0).unwrap().latitude, Degrees(-90.0));
        for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(GeoPoint::new(latitude, longitude, 0.0), None);
        }
    }

    #[test]
    fn dice() {
        assert_eq!(die("⚽\u{fe0f}"), Some(("⚽", 5)));
        assert_eq!(die("🎰"), Some(("🎰", 64)));
        assert_eq!(die("🎃"), None);
        assert_eq!(die(""), None);
    }
}
