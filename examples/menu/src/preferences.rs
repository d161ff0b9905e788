//! What each user has chosen.

use std::collections::HashMap;
use std::sync::Mutex;

use ringback::data::Part;

/// A language that the bot would speak, if it said more.
#[derive(Part, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    #[callback_data(rename = "en")]
    English,
    /// German.
    #[callback_data(rename = "de")]
    German,
    /// Ukrainian.
    #[callback_data(rename = "uk")]
    Ukrainian,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 3] = [Language::English, Language::German, Language::Ukrainian];

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
            Language::Ukrainian => "Українська",
        }
    }
}

/// One user's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Whether to tell of news.
    pub news: bool,
    /// Whether to tell of replies.
    pub replies: bool,
    /// What to speak.
    pub language: Language,
}

/// All users' choices, in memory.
#[derive(Debug, Default)]
pub struct Users(Mutex<HashMap<i64, Preferences>>);

impl Users {
    /// Changes one user's choice; what it is then.
    pub fn change(&self, user: i64, change: impl FnOnce(&mut Preferences)) -> Preferences {
        let mut users = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mine = users.entry(user).or_default();
        change(mine);
        *mine
    }
}
