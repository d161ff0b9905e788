//! Menus: messages whose buttons lead to other pages of the same message.
//!
//! A [`Menu`] is a callback data type, mostly an enum, each value of which leads to a [`Page`]. [`open`] is the
//! handler: it answers the press, and shows the page in place of the one before. The way back is a button that the
//! menu adds by itself. [`DoubleTap`] keeps impatient fingers from doing a thing twice.
//!
//! ```
//! # #[cfg(feature = "macros")] {
//! use std::sync::atomic::{AtomicBool, Ordering};
//! use ringback::menu::{self, Menu, Page};
//! use ringback::{BoxError, CallbackData, Context, Incoming, Router};
//!
//! #[derive(CallbackData)]
//! #[callback_data(prefix = "set")]
//! enum Settings { Home, Sound, ToggleSound, AskReset, Reset }
//!
//! struct Sound(AtomicBool);
//!
//! impl Menu for Settings {
//!     async fn page(&self, context: &Context) -> Result<Page, BoxError> {
//!         let sound = context.state::<Sound>().ok_or("no sound")?;
//!         Ok(match self {
//!             Settings::Home => Page::new("Settings")
//!                 .button("Sound", &Settings::Sound)
//!                 .button("Reset all", &Settings::AskReset),
//!             Settings::Sound | Settings::ToggleSound => {
//!                 if matches!(self, Settings::ToggleSound) {
//!                     sound.0.fetch_xor(true, Ordering::Relaxed);
//!                 }
//!                 Page::new("Sound").toggle("Bells", sound.0.load(Ordering::Relaxed), &Settings::ToggleSound)
//!             }
//!             Settings::AskReset => Page::confirm(
//!                 "Reset all settings?", ("Reset", &Settings::Reset), ("Keep", &Settings::Home)),
//!             Settings::Reset => Page::new("All settings are as new.").notice("Done."),
//!         })
//!     }
//!
//!     fn back(&self) -> Option<Self> {
//!         (!matches!(self, Settings::Home | Settings::AskReset)).then_some(Settings::Home)
//!     }
//! }
//!
//! async fn settings(message: Incoming, context: Context) -> Result<(), BoxError> {
//!     menu::send(&message, &context, &Settings::Home).await
//! }
//!
//! let router = Router::new()
//!     .command("settings", settings)
//!     .callback(menu::open::<Settings>)
//!     .state(Sound(AtomicBool::new(true)));
//! # }
//! ```

mod page;
mod tap;

pub use page::Page;
pub use tap::{DoubleTap, Guarded};

use std::future::Future;

use ringback_botapi::Message;

use crate::context::Context;
use crate::data::{Carried, ToData};
use crate::error::BoxError;
use crate::incoming::Incoming;
use crate::query::{CallbackQuery, Outcome};

/// Callback data each value of which leads to a page; see [the module](self).
pub trait Menu: Carried + ToData + Sync {
    /// What a press of this leads to: does what is to be done, and gives the page to show then.
    fn page(&self, context: &Context) -> impl Future<Output = Result<Page, BoxError>> + Send;

    /// Where the page's last button leads back to; `None`, the default, for a page without one.
    fn back(&self) -> Option<Self> {
        None
    }

    /// What that button says.
    fn back_text(&self) -> String {
        "‹ Back".to_owned()
    }
}

async fn page<M: Menu>(at: &M, context: &Context) -> Result<Page, BoxError> {
    let page = at.page(context).await?;
    Ok(match at.back() {
        Some(back) => page.row().button(at.back_text(), &back),
        None => page,
    })
}

/// The handler of a menu's presses: answers, with the page's [notice](Page::notice), and shows the page.
///
/// # Errors
/// The page could not be made or shown.
pub async fn open<M: Menu>(query: CallbackQuery<M>, context: Context) -> Result<Outcome, BoxError> {
    let mut page = page(query.data(), &context).await?;
    let mut notice = page.take_notice();
    let edit = page.edit(&query.editor())?;
    let mut answer = query.answer();
    if let Some(text) = notice.take() {
        answer = answer.text(text);
    }
    let outcome = answer.await; // the button stops spinning here
    page::shown(edit.await)?;
    Ok(outcome)
}

/// Sends a page of a menu as a new message, to the chat of this one.
///
/// # Errors
/// The page could not be made or sent.
pub async fn send<M: Menu>(to: &Incoming<Message>, context: &Context, at: &M) -> Result<(), BoxError> {
    page(at, context).await?.send(to)?.await?;
    Ok(())
}
