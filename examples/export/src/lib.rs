//! Slow work under a button: an export that takes longer than an answer may.
//!
//! A press must be answered within seconds, the export takes minutes. So the handler hands the answer on, by
//! [`answer_later`](ringback::CallbackQuery::answer_later), to a task that outlives it. What is quick is answered with its
//! end; what is not, with a word that it goes on. Meanwhile the message shows how far it is, and has a button to call
//! it off.
//!
//! The buttons are stored data: for who asked, for ten minutes, and each for one press.

mod archive;
mod jobs;

pub use archive::Archive;

use std::sync::Arc;
use std::time::Duration;

use archive::PARTS;
use jobs::Jobs;
use ringback::api::{InputFile, SendDocument};
use ringback::data::Stash;
use ringback::{
    BoxError, CallbackData, CallbackQuery, Editor, Incoming, Keyboard, Later, Outcome, Reason, Router, State,
};
use tokio::sync::oneshot;

const YEARS: [u16; 3] = [2024, 2025, 2026];
/// How long the choice can be made.
const CHOOSE_WITHIN: Duration = Duration::from_secs(600);

/// Which export to make.
#[derive(CallbackData)]
#[callback_data(prefix = "&", codec = "stored", bind(user))]
struct Export {
    year: u16,
}

/// Calls off the user's export. Whoever presses it ends their own: it need not say whose.
#[derive(CallbackData)]
#[callback_data(prefix = "cancel")]
struct Cancel;

/// How long the answer waits for the end. Less than [`answer_within`](ringback::Polling::answer_within), or the fallback
/// answers.
#[derive(Debug, Clone, Copy)]
pub struct Patience(pub Duration);

async fn ask(message: Incoming, stash: State<Stash>) -> Result<(), BoxError> {
    let Some(user) = &message.from else {
        return Ok(());
    };
    let mut keyboard = Keyboard::new();
    for year in YEARS {
        let export = stash
            .put(&Export { year })
            .user(user.id)
            .keep(CHOOSE_WITHIN)
            .once()
            .await?;
        keyboard = keyboard.callback(year.to_string(), &export);
    }
    let keyboard = keyboard.build()?;
    message
        .answer("Which year?")
        .with(|send| send.reply_markup(keyboard))
        .await?;
    Ok(())
}

async fn export(
    query: CallbackQuery<Export>,
    archive: State<Archive>,
    jobs: State<Jobs>,
    patience: State<Patience>,
) -> Outcome {
    let user = query.from().id;
    let Some(cancelled) = jobs.begin(user) else {
        return query.answer().alert("One at a time: yours is being made.").await;
    };
    let (year, message, patience) = (query.data().year, query.editor(), patience.0);
    let (later, outcome) = query.answer_later();
    tokio::spawn(async move {
        let ended = work(later, patience, make(&archive, &message, year, cancelled)).await;
        jobs.end(user);
        if let Err(error) = finish(ended, &message, user, year).await {
            tracing::error!(%error, "an export's end could not be told");
        }
    });
    outcome
}

/// Answers with the end of the work if it is near, else with a word that it goes on.
async fn work(
    later: Later,
    patience: Duration,
    making: impl Future<Output = Option<String>>,
) -> Option<String> {
    let mut making = std::pin::pin!(making);
    match tokio::time::timeout(patience, &mut making).await {
        Ok(ended) => {
            let said = if ended.is_some() {
                "It is ready."
            } else {
                "Called off."
            };
            later.answer_with(|answer| answer.text(said)).await;
            ended
        }
        Err(_) => {
            later
                .answer_with(|answer| answer.text("This takes a while. I'll send it."))
                .await;
            making.await
        }
    }
}

/// The export's rows; `None` when it is called off.
async fn make(
    archive: &Archive,
    message: &Editor,
    year: u16,
    mut cancelled: oneshot::Receiver<()>,
) -> Option<String> {
    let mut rows = "quarter,count\n".to_owned();
    for part in 1..=PARTS {
        show_progress(message, year, part - 1).await;
        rows += &tokio::select! {
            rows = archive.part(year, part) => rows?,
            _ = &mut cancelled => return None,
        };
    }
    Some(rows)
}

/// `2025: ▮▮▯▯`. A picture that is not shown is not worth the export.
async fn show_progress(message: &Editor, year: u16, done: u32) {
    let bar = "▮".repeat(done as usize) + &"▯".repeat((PARTS - done) as usize);
    if let Ok(keyboard) = Keyboard::new().callback("Cancel", &Cancel).build()
        && let Err(error) = message
            .edit_text(format!("{year}: {bar}"))
            .with(|edit| edit.reply_markup(keyboard))
            .await
    {
        tracing::warn!(%error, "the progress of an export");
    }
}

async fn finish(ended: Option<String>, message: &Editor, user: i64, year: u16) -> Result<(), BoxError> {
    let Some(rows) = ended else {
        message
            .edit_text(format!("{year}: called off. /export begins anew."))
            .await?;
        return Ok(());
    };
    let file = InputFile::bytes(format!("{year}.csv"), rows);
    message
        .bot()
        .send(SendDocument::new(user, file).caption(format!("The export of {year}")))
        .await?;
    message.edit_text(format!("{year}: done.")).await?;
    Ok(())
}

async fn cancel(query: CallbackQuery<Cancel>, jobs: State<Jobs>) -> Outcome {
    let said = match jobs.cancel(query.from().id) {
        true => "Called off.",
        false => "It has ended already.",
    };
    query.answer().text(said).await
}

/// The bot's handlers, for private chats.
pub fn router(archive: Arc<Archive>, stash: Stash, patience: Patience) -> Router {
    Router::new()
        .command("export", ask)
        .command("start", ask)
        .callback(export)
        .callback(cancel)
        .shared_state(archive)
        .state(stash)
        .state(patience)
        .state(Jobs::default())
}

/// What a press is answered with that no handler has answered.
pub fn fallback(reason: Reason) -> &'static str {
    match reason {
        Reason::Refused => "This is another user's choice.",
        Reason::Outdated => "This choice is over. Send /export for a new one.",
        Reason::Late => "Still at work …",
        _ => "This button is out of date.",
    }
}
