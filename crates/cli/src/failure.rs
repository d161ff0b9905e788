//! What can go wrong, and the exit code of each.

use ringback_client::{Error, PressError, SessionError};
use std::process::ExitCode;

/// Why the command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The server did not start.
    #[error("{0}")]
    Start(#[from] ringback_server::StartError),
    /// There is no server where there should be one.
    #[error("no local Telegram answers at {url}: {reason}")]
    Unreachable { url: String, reason: String },
    /// The control API refused.
    #[error("{message}")]
    Refused {
        code: String,
        message: String,
        hint: Option<String>,
    },
    /// A press of the demo did not end as it should.
    #[error("{0}")]
    Demo(String),
    /// A press brought no answer.
    #[error("{0}")]
    Press(#[from] PressError),
    /// A user's call failed.
    #[error("{0}")]
    Client(#[from] Error),
    /// Nobody is signed in, or cannot be.
    #[error("{message}")]
    SignIn { message: String, hint: &'static str },
    /// What is to be pressed is not there.
    #[error("{message}")]
    NotThere { message: String, hint: String },
    /// A program could not be started.
    #[error("cannot run {program}: {source}")]
    Program { program: String, source: std::io::Error },
    /// The bot of the demo stopped.
    #[error("the demo's bot stopped: {0}")]
    Bot(String),
    /// Files and the like.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// The exit code of a press without an answer.
pub(crate) const NO_ANSWER: u8 = 4;

const SIGN_IN: &str = "sign in with `ringback session login --session FILE`";

fn of_client(error: &Error) -> u8 {
    match error {
        Error::Connect(_) | Error::Timeout(_) => 3,
        Error::KeyUnknown | Error::PasswordNeeded | Error::PasswordWrong | Error::CodeWrong => 5,
        Error::Rpc(rpc) if rpc.code == 401 => 5,
        _ => 1,
    }
}

fn client_hint(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::Connect(_) | Error::Timeout(_) => {
            "see whether the server runs and can be reached from here; a session knows the address that it was made at"
        }
        Error::KeyUnknown => "the session was ended, or the server is another one: sign in again",
        Error::NoServerKey => SIGN_IN,
        Error::NobodyNamed(_) => "look at the spelling; on a local Telegram the page shows who there is",
        Error::FloodWait(_) => "wait as long as it says",
        Error::CodeWrong => "ask for another code, and enter it within a few minutes",
        Error::PasswordWrong => "enter the account's two-step verification password",
        Error::SignUpRequired => "make the account in one of Telegram's own apps first",
        Error::Session(SessionError::File { .. }) => "choose another file with --session",
        Error::Session(_) => {
            "name a file that `ringback session login` or `ringback session new` has written"
        }
        Error::Rpc(rpc) if rpc.code == 401 => SIGN_IN,
        Error::Rpc(rpc) if rpc.name().starts_with("API_ID") => {
            "give the api_id and api_hash of your application, from my.telegram.org"
        }
        Error::Rpc(rpc) if rpc.name().starts_with("PHONE_NUMBER") => {
            "enter the number with its country's code, as in +4930123456"
        }
        _ => return None,
    })
}

impl Failure {
    /// 1: it failed; 3: the server cannot be reached; 4: the bot did not answer in time; 5: nobody is signed in. (2 is
    /// clap's: a command line that makes no sense.)
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Failure::Unreachable { .. } => 3,
            Failure::Press(PressError::BotResponseTimeout | PressError::Timeout) => NO_ANSWER,
            Failure::Press(PressError::Client(Error::Timeout(_))) => NO_ANSWER,
            Failure::SignIn { .. } => 5,
            Failure::Client(error) | Failure::Press(PressError::Client(error)) => of_client(error),
            _ => 1,
        })
    }

    /// The server's code and name for it, if it is an error of Telegram's API.
    pub(crate) fn rpc(&self) -> Option<(i32, &str)> {
        match self {
            Failure::Press(error) => Some((error.code()?, error.name()?)),
            Failure::Client(error) => error.rpc().map(|rpc| (rpc.code, rpc.name())),
            _ => None,
        }
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Failure::Start(ringback_server::StartError::Listen { source, .. }) if source.kind() == std::io::ErrorKind::AddrInUse => {
                Some("another server has this port: stop it, or choose another with --port (0 takes any that is free)".into())
            }
            Failure::Unreachable { .. } => Some("start one with `ringback dev`, or say where it is with --url".into()),
            Failure::Refused { hint, .. } => hint.clone(),
            Failure::Press(error) => Some(error.what_to_do().to_owned()),
            Failure::Client(error) => client_hint(error).map(str::to_owned),
            Failure::SignIn { hint, .. } => Some((*hint).to_owned()),
            Failure::NotThere { hint, .. } => Some(hint.clone()),
            Failure::Program { .. } => Some("what follows `--` must be a program and its arguments".into()),
            _ => None,
        }
    }
}
