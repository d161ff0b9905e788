//! What can go wrong, and the exit code of each.

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
    /// A press did not end as it should.
    #[error("{0}")]
    Press(String),
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

impl Failure {
    /// 1: it failed; 3: nobody answered. (2 is clap's: a command line that makes no sense.)
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Unreachable { .. } => ExitCode::from(3),
            _ => ExitCode::FAILURE,
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
            Failure::Program { .. } => Some("what follows `--` must be a program and its arguments".into()),
            _ => None,
        }
    }
}
