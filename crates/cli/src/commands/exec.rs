//! `ringback exec -- CMD`: a bot runs against a local Telegram of its own.

use super::{asked_to_end, start};
use crate::args::{Exec, Format};
use crate::control::Control;
use crate::failure::Failure;
use serde_json::json;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::process::{Child, Command};

/// Preloaded into Node.js programs: sends what is meant for api.telegram.org to `RINGBACK_URL`.
const REDIRECT: &str = include_str!("redirect.cjs");

pub(crate) async fn run(format: Format, args: Exec) -> Result<ExitCode, Failure> {
    let server = start(&args.server).await?;
    let url = server.url();
    let control = Control::new(&url);
    let mut wanted = json!({"username": args.username});
    if let Some(token) = &args.token {
        wanted["token"] = token.as_str().into();
    }
    let bot = control.post("/bots", wanted).await?;
    let token = bot["token"].as_str().unwrap_or_default();
    if !super::is_json(format) {
        eprintln!("@{} lives at {url}/ while this runs", args.username);
    }
    let redirect = Redirect::write()?;
    let (program, arguments) = args
        .program
        .split_first()
        .ok_or_else(|| std::io::Error::other("no program given"))?;
    let mut child = Command::new(program)
        .args(arguments)
        .envs(variables(&url, token))
        .env("NODE_OPTIONS", redirect.node_options())
        .kill_on_drop(true)
        .spawn()
        .map_err(|source| Failure::Program {
            program: program.to_string_lossy().into_owned(),
            source,
        })?;
    let status = tokio::select! {
        status = child.wait() => status?,
        () = asked_to_end() => end(&mut child).await?,
    };
    server.stop().await;
    // As a shell has it: 128 and the signal's number.
    let code = status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// What Bot API libraries and people's own programs read.
fn variables<'a>(url: &'a str, token: &'a str) -> Vec<(&'static str, String)> {
    let base = [
        "RINGBACK_URL",
        "API_BASE",
        "TELEGRAM_API_URL",
        "TELEGRAM_BOT_API_URL",
        "TELEGRAM_API_ROOT",
        "TELOXIDE_API_URL",
        "BOT_API_URL",
    ];
    let secret = [
        "BOT_TOKEN",
        "TOKEN",
        "TELEGRAM_TOKEN",
        "TELEGRAM_BOT_TOKEN",
        "TELOXIDE_TOKEN",
    ];
    let urls = base.into_iter().map(|name| (name, url.to_owned()));
    urls.chain(secret.into_iter().map(|name| (name, token.to_owned())))
        .collect()
}

/// Passes the wish to end on, and waits for the program to do so.
async fn end(child: &mut Child) -> std::io::Result<std::process::ExitStatus> {
    if let Some(pid) = child.id() {
        // `kill` is everywhere, and saves a system-call crate.
        let _ = Command::new("kill")
            .arg("-TERM")
            .arg(pid.to_string())
            .status()
            .await;
    }
    child.wait().await
}

/// The preload file, for as long as the program runs.
struct Redirect(PathBuf);

impl Redirect {
    fn write() -> Result<Redirect, Failure> {
        let path = std::env::temp_dir().join(format!("ringback-redirect-{}.cjs", std::process::id()));
        std::fs::write(&path, REDIRECT)?;
        Ok(Redirect(path))
    }

    /// What is in `NODE_OPTIONS` already, and the preload.
    fn node_options(&self) -> String {
        let own = std::env::var("NODE_OPTIONS").unwrap_or_default();
        format!("{own} --require \"{}\"", self.0.display())
            .trim_start()
            .to_owned()
    }
}

impl Drop for Redirect {
    fn drop(&mut self) {
        // It lies in the temporary folder: someone else will sweep it.
        let _ = std::fs::remove_file(&self.0);
    }
}
