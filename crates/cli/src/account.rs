//! Becoming a user: with a session that is there, one that a local Telegram makes, or by signing in.

use crate::args::Format;
use crate::args::account::{SignIn, Where};
use crate::control::Control;
use crate::failure::Failure;
use crate::terminal;
use ringback_client::{Builder, Client, Error, FileStore, Peer, Server, Session, SessionStore};
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use zeroize::Zeroizing;

/// The application's number where any will do.
const LOCAL_API: i32 = 1;
/// How often a wrong code or password may be put right.
const TRIES: u32 = 3;

/// A client of the local Telegram that `control` speaks to, as one of its users.
pub(crate) async fn local(control: &Control, user: &str, builder: Builder) -> Result<Client, Failure> {
    let session = ready_session(control, user).await?;
    Ok(builder.session(session).connect().await?)
}

/// A session that the local Telegram makes, for this client.
pub(crate) async fn ready_session(control: &Control, user: &str) -> Result<Session, Failure> {
    let made = made_session(control, user, "ringback").await?;
    let mut session: Session = made.parse().map_err(Error::from)?;
    // The server knows the address that it listens at, which from here may be another.
    session.address = address(control).await?;
    Ok(session)
}

/// A session that the local Telegram makes, in a library's form.
pub(crate) async fn made_session(
    control: &Control,
    user: &str,
    library: &str,
) -> Result<Zeroizing<String>, Failure> {
    let path = format!("/users/{}/sessions", escaped(user));
    let made = control.post(&path, json!({"for": library})).await?;
    let text = made["session"].as_str().unwrap_or_default();
    Ok(Zeroizing::new(text.to_owned()))
}

/// A name as a part of a path.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'@' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

async fn address(control: &Control) -> Result<SocketAddr, Failure> {
    let found = tokio::net::lookup_host(control.authority()).await?;
    let mut all: Vec<_> = found.collect();
    // A name that stands for both is first tried as the server usually listens.
    all.sort_by_key(SocketAddr::is_ipv6);
    all.first().copied().ok_or_else(|| Failure::Unreachable {
        url: control.url().to_owned(),
        reason: "its name has no address".into(),
    })
}

/// The session in a file; `None` if there is none yet.
pub(crate) fn kept(file: &Path) -> Result<Option<Session>, Failure> {
    Ok(FileStore::new(file).load().map_err(Error::from)?)
}

/// The session in a file, which must be there.
pub(crate) fn existing(file: &Path) -> Result<Session, Failure> {
    kept(file)?.ok_or_else(|| Failure::SignIn {
        message: format!("there is no session in {}", file.display()),
        hint: "make one with `ringback session login` or, on a local Telegram, `ringback session new`",
    })
}

/// A client that keeps its session in `file`, signed in: by what is there, or else by asking.
pub(crate) async fn of_file(
    format: Format,
    file: &Path,
    sign_in: &SignIn,
    url: &str,
    builder: Builder,
) -> Result<Client, Failure> {
    let store = FileStore::new(file);
    let kept = kept(file)?;
    let builder = match &kept {
        Some(session) => builder.api(api_id(sign_in.api_id, is_telegrams(session))?, api_hash(sign_in)),
        None => {
            let telegrams = sign_in.server != Where::Local;
            if telegrams && sign_in.api_hash.as_deref().unwrap_or_default().is_empty() {
                return Err(no_api());
            }
            let builder = builder.api(api_id(sign_in.api_id, telegrams)?, api_hash(sign_in));
            builder.server(server(sign_in.server, url).await?)
        }
    };
    let client = connected(format, builder.store(store.clone())).await?;
    if kept.is_some_and(|session| session.user != 0) {
        return Ok(client);
    }
    match enter(&client, sign_in).await {
        Ok(_) => Ok(client),
        Err(failure) => {
            // A session of nobody is none to keep.
            let _ = store.save(None);
            Err(failure)
        }
    }
}

/// Connects, and shows that.
pub(crate) async fn connected(format: Format, builder: Builder) -> Result<Client, Failure> {
    Ok(terminal::waiting(format, "connecting", builder.connect()).await?)
}

/// Whether a session is of Telegram's own servers.
pub(crate) fn is_telegrams(session: &Session) -> bool {
    session.is_telegrams()
}

/// The application's number.
pub(crate) fn api_id(given: Option<i32>, telegrams: bool) -> Result<i32, Failure> {
    match given {
        Some(id) => Ok(id),
        None if telegrams => Err(no_api()),
        None => Ok(LOCAL_API),
    }
}

fn api_hash(sign_in: &SignIn) -> String {
    sign_in.api_hash.clone().unwrap_or_default()
}

fn no_api() -> Failure {
    Failure::SignIn {
        message: "Telegram wants an application's api_id and api_hash, and none are given".into(),
        hint: "register one at https://my.telegram.org/apps, and set RINGBACK_API_ID and RINGBACK_API_HASH",
    }
}

async fn server(place: Where, url: &str) -> Result<Server, Failure> {
    Ok(match place {
        Where::Telegram => Server::telegram(),
        Where::Test => Server::telegram_test(),
        Where::Local => {
            let control = Control::new(url);
            let about = control.get("/mtproto").await?;
            let pem = about["public_key_pem"].as_str().unwrap_or_default();
            let dc = about["dc_id"].as_i64().and_then(|dc| i32::try_from(dc).ok());
            let address = address(&control).await?;
            Server::new(address, dc.unwrap_or(2), pem).map_err(|error| Failure::Unreachable {
                url: url.to_owned(),
                reason: error.to_string(),
            })?
        }
    })
}

/// Signs in: number, code, password.
async fn enter(client: &Client, sign_in: &SignIn) -> Result<Peer, Failure> {
    let phone = match &sign_in.phone {
        Some(phone) => phone.clone(),
        None => terminal::ask("Phone number").await.map_err(nobody_answers)?,
    };
    let sent = client.send_code(&phone).await?;
    for left in (0..TRIES).rev() {
        let code = terminal::ask("Login code").await.map_err(nobody_answers)?;
        match client.sign_in(&sent, &code).await {
            Err(Error::CodeWrong) if left > 0 => eprintln!("That is not the code."),
            Err(Error::PasswordNeeded) => return prove(client).await,
            done => return Ok(done?),
        }
    }
    Err(Error::CodeWrong.into())
}

async fn prove(client: &Client) -> Result<Peer, Failure> {
    for left in (0..TRIES).rev() {
        let given = from_environment();
        let is_given = given.is_some();
        let password = match given {
            Some(password) => password,
            None => ask_password().await?,
        };
        match client.check_password(&password).await {
            Err(Error::PasswordWrong) if left > 0 && !is_given => eprintln!("That is not the password."),
            done => return Ok(done?),
        }
    }
    Err(Error::PasswordWrong.into())
}

/// The account's password: from the environment, else asked for.
pub(crate) async fn password() -> Result<Zeroizing<String>, Failure> {
    match from_environment() {
        Some(password) => Ok(password),
        None => ask_password().await,
    }
}

async fn ask_password() -> Result<Zeroizing<String>, Failure> {
    let asked = terminal::ask_secret("Two-step verification password").await;
    asked.map_err(nobody_answers)
}

/// On the command line every process could see it.
fn from_environment() -> Option<Zeroizing<String>> {
    let password = std::env::var("RINGBACK_PASSWORD").ok()?;
    Some(Zeroizing::new(password)).filter(|password| !password.is_empty())
}

fn nobody_answers(error: std::io::Error) -> Failure {
    Failure::SignIn {
        message: format!("nobody is there to be asked: {error}"),
        hint: "run this in a terminal; RINGBACK_PHONE and RINGBACK_PASSWORD spare two of the questions",
    }
}
