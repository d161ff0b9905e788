//! Everything that can happen, one type each: what an edge asks for, and what the world makes of it.

mod admin;
mod album;
mod answer;
mod bots;
mod edit;
mod forget;
mod forward;
mod games;
mod inline;
mod links;
mod mail;
mod members;
mod messages;
mod moderate;
mod people;
mod pin;
mod press;
mod profile;
mod promote;
mod receive;
mod send;
mod standing;

use crate::{Error, World};
use serde::{Deserialize, Serialize};

pub use admin::{
    About, AddFile, Advanced, Called, Configure, Fault, Responded, Restart, SetFaults, Started, TakeFault,
    Tick,
};
pub use album::SendAlbum;
pub use answer::AnswerCallbackQuery;
pub use bots::{DeleteCommands, LogOut, SetBotInfo, SetCommands};
pub use edit::{Change, Edit, Target};
pub use forget::Forget;
pub use forward::ForwardAll;
pub use games::SetGameScore;
pub use inline::{AnswerInlineQuery, AskInline, SendInlineResult};
pub use links::{ChangeLink, CreateLink, ReplaceLink, Terms};
pub use mail::{Pushed, ReadHistory, Remark};
pub use members::{Block, CreateChat, SetMember};
pub use messages::{ChatAction, Copy, Delete, Forwarding};
pub use moderate::{Measure, Moderate};
pub use people::{CreateBot, CreateUser, UseToken};
pub use pin::Pin;
pub use press::{Button, PressButton, Proof};
pub use profile::{SetAdminTitle, SetDefaultRights, SetDescription, SetMenuButton};
pub use promote::Promote;
pub use receive::{
    ClosePoll, DeleteWebhook, Delivery, GetUpdates, SetWebhook, WebhookOutcome, WebhookResult,
};
pub use send::{ReplyTo, Send};
pub use standing::{ChangeMember, FoundChannel, NameChat, RenameChat};

/// Something that can happen, and what whoever asked for it gets.
pub trait Call: Into<Event> + Clone {
    /// What the caller gets.
    type Output;

    /// Lets it happen, or says why not; then nothing has changed.
    ///
    /// # Errors
    /// What Telegram would refuse.
    fn apply(self, world: &mut World) -> Result<Self::Output, Error>;
}

macro_rules! events {
    ($($name:ident)*) => {
        /// Any [`Call`], as data: to be logged and replayed.
        #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
        #[non_exhaustive]
        #[allow(missing_docs)]
        pub enum Event { $($name($name),)* }

        $(impl From<$name> for Event {
            fn from(call: $name) -> Event {
                Event::$name(call)
            }
        })*

        impl Event {
            /// Lets it happen; what the caller would get is nobody's concern.
            pub(crate) fn run(self, world: &mut World) {
                match self {
                    $(Event::$name(call) => drop(call.apply(world)),)*
                }
            }
        }
    };
}

events! {
    AddFile Advanced AnswerCallbackQuery AnswerInlineQuery AskInline Block Called ChangeMember ChatAction ClosePoll Configure Copy
    CreateBot CreateChat CreateUser Delete DeleteCommands DeleteWebhook Edit Forget Forwarding FoundChannel GetUpdates LogOut
    Moderate NameChat Pin PressButton Pushed ReadHistory Remark RenameChat Responded Restart Send SendInlineResult SetBotInfo
    SetCommands SetFaults SetGameScore SetMember SetWebhook TakeFault Tick UseToken WebhookResult
    // Logs on disk name events by their place: what is new goes to the end.
    ChangeLink CreateLink ForwardAll Promote ReplaceLink SetAdminTitle SetDefaultRights SetDescription SetMenuButton
    SendAlbum
}
