//! The `ringback` command. It holds no logic of its own: it starts the server of `ringback-server` and speaks to a
//! running one through its control API, as any program can.

mod args;
mod commands;
mod control;
mod failure;
mod output;

use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let format = args.output;
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_new(&args.log).unwrap_or_else(|_| "warn".into()))
        .with_writer(std::io::stderr)
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
