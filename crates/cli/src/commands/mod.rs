//! One file per command.

mod demo;
mod dev;
mod exec;
mod press;
mod ready;
mod session;

use crate::args::{Args, Command, Format, SecondAnswer, ServerArgs};
use crate::failure::Failure;
use ringback_server::{Config, Server};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

/// Does what was asked.
pub(crate) async fn run(args: Args) -> Result<ExitCode, Failure> {
    let format = args.output;
    match args.command {
        Command::Demo(args) => demo::run(format, args).await,
        Command::Dev(args) => dev::run(format, args).await,
        Command::Exec(args) => exec::run(format, args).await,
        Command::Ready(args) => ready::run(format, args).await,
        Command::Press(args) => press::run(format, *args).await,
        Command::Session(args) => session::run(format, args).await,
    }
}

/// Starts a server as the flags say, and tells who waits for it.
async fn start(args: &ServerArgs) -> Result<Server, Failure> {
    let mut config = Config::default();
    config.host = args.host;
    config.port = args.port;
    config.db = args.db.clone();
    config.seed = args.seed;
    config.strict = args.strict;
    config.answer_timeout = args.answer_timeout;
    config.reject_second_answer = args.second_answer == SecondAnswer::Reject;
    let server = Server::start(config).await?;
    if let Some(path) = &args.ready_file {
        write_ready_file(path, &server)?;
    }
    Ok(server)
}

/// Whoever watches for the file finds it complete.
fn write_ready_file(path: &Path, server: &Server) -> Result<(), Failure> {
    let ready = json!({"url": server.url(), "port": server.addr().port(), "pid": std::process::id()});
    let mut partial = path.as_os_str().to_owned();
    partial.push(".part");
    std::fs::write(&partial, format!("{ready}\n"))?;
    Ok(std::fs::rename(&partial, path)?)
}

/// Resolves when the process is asked to end.
async fn asked_to_end() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        // Then only ctrl-c ends it.
        Err(_) => return drop(tokio::signal::ctrl_c().await),
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// A table of addresses.
fn table(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter()
        .map(|(name, value)| format!("  {name:width$}  {value}\n"))
        .collect()
}

/// A server as JSON, for `-o json`.
fn described(server: &Server) -> serde_json::Value {
    json!({"url": server.url(), "bot_api": server.url(), "control": format!("{}/_ringback/v1", server.url())})
}

/// Whether the output is for programs.
fn is_json(format: Format) -> bool {
    format == Format::Json
}
