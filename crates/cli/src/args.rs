//! The command line: each flag is defined once, with its help and its environment twin.

pub(crate) mod account;
mod press;
mod session;

pub(crate) use press::{Press, Via};
pub(crate) use session::{Library, Session};

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

/// Telegram's callback queries, end to end, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "ringback", version, propagate_version = true)]
pub(crate) struct Args {
    /// How results are written.
    #[arg(
        short,
        long,
        global = true,
        env = "RINGBACK_OUTPUT",
        value_enum,
        default_value = "text"
    )]
    pub output: Format,

    /// What is logged to standard error, as in `debug` or `ringback_server=debug,warn`.
    #[arg(long, global = true, env = "RINGBACK_LOG", default_value = "warn")]
    pub log: String,

    #[command(subcommand)]
    pub command: Command,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs: one JSON object.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A local Telegram with a volume-knob bot in it: open the page that it prints, and press.
    Demo(Demo),
    /// The local Telegram alone: point your bot at it.
    Dev(ServerArgs),
    /// Runs a bot against a local Telegram of its own, unchanged, and passes on its exit code.
    ///
    /// The program finds API_BASE, BOT_TOKEN, RINGBACK_URL and the variables that Bot API libraries read. A Node.js
    /// program that has api.telegram.org written into it is redirected.
    Exec(Exec),
    /// Tells whether a local Telegram answers: exit code 0 if so, 3 if not.
    Ready(Ready),
    /// Presses a button as a user, on a running local Telegram or on Telegram itself.
    Press(Box<Press>),
    /// Sessions of user clients: makes, shows, converts and ends them.
    #[command(subcommand)]
    Session(Session),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ServerArgs {
    /// The port; 0 for any that is free.
    #[arg(short, long, env = "RINGBACK_PORT", default_value_t = ringback_server::DEFAULT_PORT)]
    pub port: u16,

    /// The address to listen on. Whoever reaches it can do anything: leave it on loopback.
    #[arg(long, env = "RINGBACK_HOST", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub host: IpAddr,

    /// Keeps the world in this file: it survives restarts and crashes.
    #[arg(long, env = "RINGBACK_DB", value_name = "FILE")]
    pub db: Option<PathBuf>,

    /// What all ids follow from: the same seed and the same calls, the same run.
    #[arg(long, env = "RINGBACK_SEED", default_value_t = 0)]
    pub seed: u64,

    /// Refuse tokens that belong to no bot made before (by default any well-formed token is a bot).
    #[arg(long, env = "RINGBACK_STRICT")]
    pub strict: bool,

    /// How long a press waits for the bot, as in `9s` or `500ms`.
    #[arg(long, env = "RINGBACK_ANSWER_TIMEOUT", value_name = "TIME", default_value = "9s", value_parser = duration)]
    pub answer_timeout: Duration,

    /// What a second answer to the same press gets.
    #[arg(long, env = "RINGBACK_SECOND_ANSWER", value_enum, default_value = "accept")]
    pub second_answer: SecondAnswer,

    /// Written when the server answers: a JSON object with `url`, `port` and `pid`.
    #[arg(long, env = "RINGBACK_READY_FILE", value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SecondAnswer {
    /// `true`, and a warning in the journal.
    Accept,
    /// An error.
    Reject,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Demo {
    /// Press every button in every way, print what happened with its times, and exit.
    #[arg(long, env = "RINGBACK_ONCE")]
    pub once: bool,

    #[command(flatten)]
    pub server: ServerArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Exec {
    /// The bot's token; one is made if none is given.
    #[arg(long, env = "RINGBACK_TOKEN", hide_env_values = true)]
    pub token: Option<String>,

    /// The bot's username.
    #[arg(long, env = "RINGBACK_USERNAME", default_value = "my_local_bot")]
    pub username: String,

    #[command(flatten)]
    pub server: ServerArgs,

    /// The program and its arguments, after `--`.
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "CMD"
    )]
    pub program: Vec<std::ffi::OsString>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Ready {
    /// Where the server is.
    #[arg(long, env = "RINGBACK_URL", default_value = "http://127.0.0.1:8081")]
    pub url: String,

    /// Wait until it answers.
    #[arg(long, env = "RINGBACK_WAIT")]
    pub wait: bool,

    /// How long to wait at the most.
    #[arg(long, env = "RINGBACK_TIMEOUT", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub timeout: Duration,
}

/// `9s`, `500ms`, `2m`; a bare number is seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = match unit.trim() {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        "h" => 3600.0,
        other => return Err(format!("unknown unit {other:?}: use ms, s, m or h")),
    };
    let number: f64 = number
        .parse()
        .map_err(|_| "expected a time such as 9s or 500ms".to_owned())?;
    Duration::try_from_secs_f64(number * unit).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn flags_have_environment_twins() {
        Args::command().debug_assert();
        let mut stack = vec![Args::command()];
        while let Some(command) = stack.pop() {
            for flag in command.get_arguments().filter(|arg| !arg.is_positional()) {
                let id = flag.get_id().as_str();
                if ["help", "version"].contains(&id) {
                    continue;
                }
                let twin = flag.get_env().and_then(|name| name.to_str()).unwrap_or_default();
                assert!(twin.starts_with("RINGBACK_"), "--{id} of {}", command.get_name());
            }
            stack.extend(command.get_subcommands().cloned());
        }
    }

    #[test]
    fn times() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("9"), Ok(Duration::from_secs(9)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        for bad in ["", "x", "5 parsecs", "-1s", "1e99h"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
