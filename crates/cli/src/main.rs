//! The `ringback` command. It holds no logic of its own: it starts the server of `ringback-server`, speaks to a
//! running one through its control API, as any program can, and is a user by `ringback-client`.

mod account;
mod args;
mod commands;
mod control;
mod failure;
mod output;
mod terminal;

use clap::Parser;
use failure::Failure;
use std::process::ExitCode;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let format = args.output;
    let filter: Targets = args
        .log
        .parse()
        .unwrap_or_else(|_| Targets::new().with_default(LevelFilter::WARN));
    let to_stderr = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(to_stderr.with_filter(filter))
        .init();
    // Many bots may wait for updates at once; where the limit cannot be raised, fewer can.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(commands::run(args)));
    match result {
        Ok(code) => code,
        Err(failure) => {
            output::failure(format, &failure);
            failure.exit_code()
        }
    }
}
