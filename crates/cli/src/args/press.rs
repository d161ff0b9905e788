//! `ringback press`: its flags.

use super::account::{SignIn, Url};
use super::duration;
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// How a press travels to a local Telegram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Via {
    /// As a client's: over MTProto.
    Mtproto,
    /// Through the control API, which keeps answers for their cache_time.
    Control,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Press {
    /// The chat: a @username, or a chat's id as bots see it.
    pub chat: String,

    /// The button: its label, the start of it, or a part that no other has.
    #[arg(
        required_unless_present_any = ["data", "game", "row"],
        conflicts_with_all = ["data", "game", "row"],
    )]
    pub button: Option<String>,

    /// Who presses on the local Telegram at --url: an id or username there.
    #[arg(
        long = "as",
        env = "RINGBACK_AS",
        value_name = "USER",
        required_unless_present = "session"
    )]
    pub from: Option<String>,

    /// Presses as the account of this session instead. If there is no such file, signs in and keeps it there.
    #[arg(long, env = "RINGBACK_SESSION", value_name = "FILE")]
    pub session: Option<PathBuf>,

    /// How the press travels to the local Telegram.
    #[arg(long, env = "RINGBACK_VIA", value_enum, default_value = "mtproto")]
    pub via: Via,

    /// The message; the newest with a keyboard if not given.
    #[arg(long, env = "RINGBACK_MESSAGE", value_name = "ID")]
    pub message: Option<i32>,

    /// The button's row, from 0.
    #[arg(long, env = "RINGBACK_ROW", value_name = "N", requires = "column", conflicts_with_all = ["data", "game"])]
    pub row: Option<usize>,

    /// The button's column, from 0.
    #[arg(long, env = "RINGBACK_COLUMN", value_name = "N", requires = "row")]
    pub column: Option<usize>,

    /// The callback data of the button, instead of its label.
    #[arg(long, env = "RINGBACK_DATA", value_name = "TEXT", conflicts_with = "game")]
    pub data: Option<String>,

    /// The button that starts the message's game.
    #[arg(long, env = "RINGBACK_GAME")]
    pub game: bool,

    /// Proves the account's password with the press. It is read from RINGBACK_PASSWORD, else asked for; a button that
    /// wants one asks by itself.
    #[arg(long, env = "RINGBACK_WITH_PASSWORD")]
    pub password: bool,

    /// How long to wait for the bot, as in `9s` or `500ms`; the server may give up sooner.
    #[arg(long, env = "RINGBACK_TIMEOUT", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub timeout: Duration,

    #[command(flatten)]
    pub sign_in: SignIn,

    #[command(flatten)]
    pub at: Url,
}

const EXIT_CODES: &str = "\
Exit codes: 0 the bot answered; 1 the press was refused, or something else failed; 2 the command line makes no sense; \
3 the server cannot be reached; 4 the bot did not answer in time; 5 nobody is signed in, or signing in failed.";
