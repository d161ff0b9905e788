//! Flags that say which account, and where it lives.

use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

/// Where a session signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Where {
    /// Telegram.
    Telegram,
    /// Telegram's test servers, whose accounts are apart.
    Test,
    /// A running local Telegram: the one at --url.
    Local,
}

/// What signing in takes.
#[derive(Debug, ClapArgs)]
pub(crate) struct SignIn {
    /// Where to sign in. A session that is there already knows where it belongs.
    #[arg(long, env = "RINGBACK_SERVER", value_enum, default_value = "telegram")]
    pub server: Where,

    /// The application's api_id, from my.telegram.org; a local Telegram takes any.
    #[arg(long, env = "RINGBACK_API_ID", value_name = "NUMBER")]
    pub api_id: Option<i32>,

    /// The application's api_hash, from my.telegram.org. Better in the environment than on the command line.
    #[arg(long, env = "RINGBACK_API_HASH", value_name = "HASH", hide_env_values = true)]
    pub api_hash: Option<String>,

    /// The phone number; asked for if not given.
    #[arg(long, env = "RINGBACK_PHONE", value_name = "NUMBER", hide_env_values = true)]
    pub phone: Option<String>,
}

/// A session's file.
#[derive(Debug, ClapArgs)]
pub(crate) struct SessionFile {
    /// The file that the session is in. Whoever can read it is the account.
    #[arg(long, env = "RINGBACK_SESSION", value_name = "FILE")]
    pub session: PathBuf,
}

/// A running local Telegram.
#[derive(Debug, ClapArgs)]
pub(crate) struct Url {
    /// Where the local Telegram is.
    #[arg(long, env = "RINGBACK_URL", default_value = "http://127.0.0.1:8081")]
    pub url: String,
}
