//! A menu of settings: pages and back, toggles, a choice, and a confirmation.
//!
//! `/settings` shows the menu. All its pages are one message, and each button says where it leads.

mod preferences;

pub use preferences::{Language, Preferences, Users};

use std::time::Duration;

use ringback::menu::{self, DoubleTap, Menu, Page};
use ringback::{BoxError, CallbackData, CallbackQuery, Context, Incoming, Outcome, Router};

/// Every page, and every button of the menu.
#[derive(CallbackData)]
#[callback_data(prefix = "set")]
enum Settings {
    Home,
    Alerts,
    ToggleNews,
    ToggleReplies,
    Languages,
    Speak(Language),
    AskReset,
    Reset,
}

impl Menu for Settings {
    async fn page(&self, context: &Context) -> Result<Page, BoxError> {
        let users = context.state::<Users>().ok_or("the router has no users")?;
        let user = context.sender().ok_or("nobody pressed this")?.id;
        let mine = users.change(user, |mine| match self {
            Settings::ToggleNews => mine.news ^= true,
            Settings::ToggleReplies => mine.replies ^= true,
            Settings::Speak(language) => mine.language = *language,
            Settings::Reset => *mine = Preferences::default(),
            _ => {}
        });
        Ok(match self {
            Settings::Home | Settings::Reset => {
                let home = Page::new(format!("Settings\nLanguage: {}", mine.language.name()))
                    .button("Alerts", &Settings::Alerts)
                    .button("Language", &Settings::Languages)
                    .button("Reset", &Settings::AskReset);
                match self {
                    Settings::Reset => home.notice("All is as it was in the beginning."),
                    _ => home,
                }
            }
            Settings::Alerts | Settings::ToggleNews | Settings::ToggleReplies => Page::new("Alert me of:")
                .toggle("News", mine.news, &Settings::ToggleNews)
                .toggle("Replies", mine.replies, &Settings::ToggleReplies),
            Settings::Languages | Settings::Speak(_) => {
                Language::ALL
                    .into_iter()
                    .fold(Page::new("I speak:"), |page, language| {
                        page.toggle(
                            language.name(),
                            language == mine.language,
                            &Settings::Speak(language),
                        )
                    })
            }
            Settings::AskReset => Page::confirm(
                "Forget all your settings?",
                ("Forget them", &Settings::Reset),
                ("Keep them", &Settings::Home),
            ),
        })
    }

    fn back(&self) -> Option<Self> {
        match self {
            Settings::Home | Settings::Reset | Settings::AskReset => None,
            _ => Some(Settings::Home),
        }
    }
}

async fn settings(message: Incoming, context: Context) -> Result<(), BoxError> {
    menu::send(&message, &context, &Settings::Home).await
}

async fn press(query: CallbackQuery<Settings>, context: Context) -> Result<Outcome, BoxError> {
    menu::open(query, context).await
}

/// The bot's handlers. A double tap on a toggle is one.
pub fn router(users: Users) -> Router {
    let taps = DoubleTap::within(Duration::from_millis(400)).same_message();
    Router::new()
        .command("settings", settings)
        .command("start", settings)
        .callback(taps.guard(press))
        .state(users)
}
