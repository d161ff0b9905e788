//! `ringback session`: its commands and flags.

use super::account::{SessionFile, SignIn, Url};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Whose form of session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Library {
    /// Telethon's StringSession.
    Telethon,
    /// GramJS's StringSession.
    Gramjs,
    /// Pyrogram's and Kurigram's session string.
    Pyrogram,
    /// This program's and ringback-client's.
    Ringback,
}

impl Library {
    /// Its name, as the control API has it too.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Library::Telethon => "telethon",
            Library::Gramjs => "gramjs",
            Library::Pyrogram => "pyrogram",
            Library::Ringback => "ringback",
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Session {
    /// Makes a session on a local Telegram that is signed in already, and prints it.
    New(New),
    /// Signs in, by code and password, and keeps the session in a file.
    Login(Login),
    /// Tells whose session a file has, and where: never the key.
    Show(Show),
    /// Prints a session in another library's form.
    Convert(Convert),
    /// Signs out, and deletes the file.
    Logout(Logout),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct New {
    /// The library that will use it.
    #[arg(long = "for", env = "RINGBACK_FOR", value_enum, default_value = "ringback")]
    pub library: Library,

    /// Whose: an id or username on the local Telegram. Bots too.
    #[arg(long = "as", env = "RINGBACK_AS", value_name = "USER")]
    pub from: String,

    /// Writes it to this file, which only its owner may read, instead of printing it.
    #[arg(long, env = "RINGBACK_SESSION", value_name = "FILE")]
    pub session: Option<PathBuf>,

    #[command(flatten)]
    pub at: Url,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Login {
    #[command(flatten)]
    pub file: SessionFile,

    #[command(flatten)]
    pub sign_in: SignIn,

    #[command(flatten)]
    pub at: Url,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Show {
    #[command(flatten)]
    pub file: SessionFile,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Convert {
    #[command(flatten)]
    pub file: SessionFile,

    /// The library that will use it.
    #[arg(long = "for", env = "RINGBACK_FOR", value_enum)]
    pub library: Library,

    /// The application's api_id, which Pyrogram's form has in it.
    #[arg(long, env = "RINGBACK_API_ID", value_name = "NUMBER", default_value_t = 1)]
    pub api_id: u32,

    /// The account is a bot, which Pyrogram's form says too.
    #[arg(long, env = "RINGBACK_BOT")]
    pub bot: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Logout {
    #[command(flatten)]
    pub file: SessionFile,

    /// The application's api_id, from my.telegram.org; a local Telegram takes any.
    #[arg(long, env = "RINGBACK_API_ID", value_name = "NUMBER")]
    pub api_id: Option<i32>,
}
