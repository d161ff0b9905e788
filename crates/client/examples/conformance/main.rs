//! This client against the local server, as `conformance/mtproto.py` drives it: a user's side and a bot's.
//!
//! ```text
//! conformance HOST PORT PUBLIC_KEY_PEM SIDE [--transport full|abridged|intermediate|padded|obfuscated]
//! environment: PHONE CODE PASSWORD TOKEN PEER PEER_ID USER_ID CONTROL SESSION COUNT LEFT LEFT_MESSAGE AGAIN GO;
//!   for `members`, `channel` and `media` OTHER OTHER_ID BOT GROUP GROUP_ID PHOTO BOT_API
//! ```
//!
//! It writes one JSON object for each step; the exit code is 0 only if every step held.

#![allow(clippy::print_stdout, reason = "what it says is its result")]

mod bots;
mod channel;
mod chats;
mod errors;
mod games;
mod inline;
mod media;
mod members;
mod profile;
mod tell;
mod users;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use ringback_client::{Builder, Client, Server, Transport};

use crate::tell::{Outcome, say, variable};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    if let Err(error) = run().await {
        say("end", false, &format!("{error}"));
    }
    if tell::all_held() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn run() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, key, side, rest @ ..] = arguments.as_slice() else {
        return Err("usage: conformance HOST PORT PUBLIC_KEY_PEM SIDE [--transport NAME]".into());
    };
    let transport = match rest {
        [] => "full",
        [flag, name] if flag == "--transport" => name,
        _ => return Err("what follows the side is --transport NAME".into()),
    };
    let address: SocketAddr = format!("{host}:{port}").parse()?;
    let server = Server::new(address, 2, &std::fs::read_to_string(key)?)?;
    let kind = named(transport)?;
    let builder = move || {
        let builder = Client::builder()
            .server(server.clone())
            .transport(kind)
            .flood_ceiling(Duration::ZERO)
            .backoff(Duration::from_millis(50), Duration::from_millis(500));
        ready(builder)
    };
    let client = builder().connect().await?;
    say("connect", true, transport);
    match side.as_str() {
        "user" => {
            users::log_in(&client).await?;
            users::everything(&client).await
        }
        "session" => users::everything(&client).await,
        "press" => users::press_once(&client).await,
        "watch" => users::watch(&client).await,
        "stays" => users::stays(&client).await,
        "errors" => errors::user(&client).await,
        "player" => games::player(&client).await,
        "asker" => inline::user(&client).await,
        "profile" => profile::user(&client).await,
        "members" => members::user(&client).await,
        "channel" => channel::user(client, builder).await,
        "media" => media::user(&client).await,
        "bot" => bots::bot(&client).await,
        "game-bot" => games::bot(&client).await,
        "inline-bot" => inline::bot(&client).await,
        "profile-bot" => profile::bot(&client).await,
        other => Err(format!("there is no side {other}").into()),
    }
}

/// With the session that was made for it, if there is one.
fn ready(builder: Builder) -> Builder {
    match variable("SESSION").ok().and_then(|text| text.parse().ok()) {
        Some(session) => builder.session(session),
        None => builder,
    }
}

fn named(transport: &str) -> Result<Transport, String> {
    Ok(match transport {
        "full" => Transport::Full,
        "abridged" => Transport::Abridged,
        "intermediate" => Transport::Intermediate,
        "padded" => Transport::PaddedIntermediate,
        "obfuscated" => Transport::Obfuscated,
        other => return Err(format!("there is no transport {other}")),
    })
}
