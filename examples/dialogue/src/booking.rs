//! The steps of a booking, and the question that each of them asks.

use std::time::Duration;

use ringback::CallbackData;
use ringback::menu::Page;
use ringback::session::{Scope, SessionData};

/// The days on which there are tables.
pub const DAYS: [&str; 3] = ["Friday", "Saturday", "Sunday"];
/// The largest table.
pub const MOST: u8 = 12;

/// Where a booking stands. Each step holds what was said in the steps before it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[allow(missing_docs, reason = "the steps' parts say what they are")]
pub enum Booking {
    /// Nobody is booking.
    #[default]
    Nothing,
    /// The day is asked for.
    Day,
    /// How many will come is asked for.
    People { day: String },
    /// The name is asked for.
    Name { day: String, people: u8 },
    /// Whether all is right is asked for.
    Sure { day: String, people: u8, name: String },
}

impl SessionData for Booking {
    const NAME: &'static str = "booking";
    /// Who has said nothing for this long begins anew.
    const KEEP: Option<Duration> = Some(Duration::from_secs(3600));
}

/// What a user has booked, to the end of time.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Booked(pub Vec<String>);

impl SessionData for Booked {
    const NAME: &'static str = "booked";
    const SCOPE: Scope = Scope::User;
}

/// A day's button.
#[derive(CallbackData)]
#[callback_data(prefix = "day")]
pub(crate) struct ChooseDay {
    pub(crate) number: u8,
}

/// A button for how many will come.
#[derive(CallbackData)]
#[callback_data(prefix = "people")]
pub(crate) struct ChoosePeople {
    pub(crate) number: u8,
}

/// The last word.
#[derive(CallbackData)]
#[callback_data(prefix = "book")]
pub(crate) struct Book;

/// One step back.
#[derive(CallbackData)]
#[callback_data(prefix = "back")]
pub(crate) struct Back;

/// No booking after all.
#[derive(CallbackData)]
#[callback_data(prefix = "cancel")]
pub(crate) struct Cancel;

impl Booking {
    /// Whether somebody is booking.
    pub fn is_under_way(&self) -> bool {
        *self != Booking::Nothing
    }

    /// The step before this one.
    pub(crate) fn back(self) -> Self {
        match self {
            Booking::Nothing => Booking::Nothing,
            Booking::Day | Booking::People { .. } => Booking::Day,
            Booking::Name { day, .. } => Booking::People { day },
            Booking::Sure { day, people, .. } => Booking::Name { day, people },
        }
    }

    /// The step's question, with its buttons.
    pub(crate) fn question(&self) -> Page {
        let page = match self {
            Booking::Nothing => return Page::new("Send /book to book a table."),
            Booking::Day => DAYS
                .iter()
                .zip(0..)
                .fold(Page::new("Which day?"), |page, (day, number)| {
                    page.button(*day, &ChooseDay { number })
                }),
            Booking::People { day } => Page::new(format!("{day}. For how many?")).with(|keyboard| {
                [2, 4, 6].into_iter().fold(keyboard.row(), |keyboard, number| {
                    keyboard.callback(number.to_string(), &ChoosePeople { number })
                })
            }),
            Booking::Name { day, people } => Page::new(format!("{day}, for {people}. In what name?")),
            Booking::Sure { .. } => {
                Page::new(format!("{}. Is that right?", self.summary())).button("Book", &Book)
            }
        };
        let page = page.row();
        match self {
            Booking::Day => page.with(|keyboard| keyboard.callback("Cancel", &Cancel)),
            _ => page.with(|keyboard| keyboard.callback("« Back", &Back).callback("Cancel", &Cancel)),
        }
    }

    /// What is to be booked, in a line.
    pub(crate) fn summary(&self) -> String {
        match self {
            Booking::Sure { day, people, name } => format!("{day}, for {people}, {name}"),
            _ => "Nothing yet".to_owned(),
        }
    }
}
