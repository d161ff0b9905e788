//! `ringback session`: sessions of user clients.

use crate::account::{self, existing, made_session, ready_session};
use crate::args::account::Where;
use crate::args::{Format, Library, Session as Wanted};
use crate::control::Control;
use crate::failure::Failure;
use crate::output;
use ringback_client::{Client, Error, FileStore, Session, SessionStore};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

pub(crate) async fn run(format: Format, wanted: Wanted) -> Result<ExitCode, Failure> {
    match wanted {
        Wanted::New(new) => {
            let control = Control::new(&new.at.url);
            match (&new.session, new.library) {
                (Some(file), Library::Ringback) => {
                    let session = ready_session(&control, &new.from).await?;
                    let store = FileStore::new(file);
                    store.save(Some(&session)).map_err(Error::from)?;
                    tell(format, file, &session);
                }
                (file, library) => {
                    let text = made_session(&control, &new.from, library.name()).await?;
                    write(format, library, &text, file.as_deref())?;
                }
            }
        }
        Wanted::Login(login) => {
            if account::kept(&login.file.session)?.is_some_and(|session| session.user != 0) {
                return Err(Failure::SignIn {
                    message: format!("{} has a session already", login.file.session.display()),
                    hint: "end it with `ringback session logout`, or choose another file",
                });
            }
            let file = &login.file.session;
            let (sign_in, url) = (&login.sign_in, &login.at.url);
            let client = account::of_file(format, file, sign_in, url, Client::builder()).await?;
            tell(format, file, &client.session());
        }
        Wanted::Show(show) => tell(format, &show.file.session, &existing(&show.file.session)?),
        Wanted::Convert(convert) => {
            let session = existing(&convert.file.session)?;
            let text = match convert.library {
                Library::Telethon => session.to_telethon(false),
                Library::Gramjs => session.to_telethon(true),
                Library::Pyrogram => session.to_pyrogram(convert.api_id, convert.bot),
                Library::Ringback => Ok(session.to_text()),
            };
            write(format, convert.library, &text.map_err(Error::from)?, None)?;
        }
        Wanted::Logout(logout) => {
            let file = &logout.file.session;
            let session = existing(file)?;
            let store = FileStore::new(file);
            let api = account::api_id(logout.api_id, account::is_telegrams(&session))?;
            let ended = async {
                let builder = Client::builder().api(api, "").store(store.clone());
                let client = account::connected(format, builder).await?;
                Ok::<_, Failure>(client.sign_out().await?)
            };
            match ended.await {
                // One that the server does not know has ended already.
                Ok(()) | Err(Failure::Client(Error::KeyUnknown)) => {}
                Err(Failure::Client(Error::Rpc(error))) if error.code == 401 => {}
                Err(failure) => return Err(failure),
            }
            store.save(None).map_err(Error::from)?;
            output::result(format, &json!({"signed_out": true}), || "signed out".into());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whose it is, and where: nothing secret.
fn tell(format: Format, file: &Path, session: &Session) {
    let shown = shown(file, session);
    output::result(format, &shown, || {
        let who = match session.user {
            0 => "nobody is signed in".to_owned(),
            user => format!("account {user}"),
        };
        let place = format!("data centre {} at {}", session.dc, session.address);
        format!(
            "{}: {who}, {place}{}",
            file.display(),
            if is_telegrams(session) { " (Telegram)" } else { "" }
        )
    });
}

fn shown(file: &Path, session: &Session) -> Value {
    let server = if is_telegrams(session) {
        Where::Telegram
    } else {
        Where::Local
    };
    json!({
        "file": file.display().to_string(),
        "user": session.user,
        "dc": session.dc,
        "address": session.address.to_string(),
        "server": match server { Where::Local => "local", _ => "telegram" },
    })
}

fn is_telegrams(session: &Session) -> bool {
    account::is_telegrams(session)
}

/// Gives out a session as text: to a file that only its owner may read, or as asked.
fn write(format: Format, library: Library, text: &str, file: Option<&Path>) -> Result<(), Failure> {
    let Some(file) = file else {
        let value = json!({"for": library.name(), "session": text});
        output::result(format, &value, || text.to_owned());
        return Ok(());
    };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(file)?, "{text}")?;
    let value = json!({"for": library.name(), "file": file.display().to_string()});
    output::result(format, &value, || file.display().to_string());
    Ok(())
}
