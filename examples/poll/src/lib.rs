//! A vote in a group, under inline buttons.
//!
//! `/poll` with a question and its answers, each on a line of its own, opens one. Everybody has one vote, can change it,
//! and takes it back by pressing the same answer again. Whoever asked can close the vote.
//!
//! Many press at once. Each press is answered at once; the message is edited by one of them at a time, and shows then
//! what all have done so far. So a hundred presses are a few edits, and none that would change nothing.

mod ballot;

pub use ballot::Ballots;

use std::sync::Arc;

use ballot::{Ballot, Vote};
use ringback::api::InlineKeyboardMarkup;
use ringback::{
    Args, BoxError, CallbackData, CallbackQuery, Editor, Incoming, Keyboard, KeyboardError, Outcome, Router,
    State,
};

const MOST_ANSWERS: usize = 10;

/// An answer of a vote. It carries no user: who pressed is who votes.
#[derive(CallbackData)]
#[callback_data(prefix = "vote")]
struct Choose {
    ballot: u32,
    answer: u8,
}

/// The author's button.
#[derive(CallbackData)]
#[callback_data(prefix = "close")]
struct Close {
    ballot: u32,
}

async fn open(message: Incoming, args: Args, ballots: State<Ballots>) -> Result<(), BoxError> {
    let mut lines = args.lines().map(str::trim).filter(|line| !line.is_empty());
    let (Some(author), Some(question)) = (&message.from, lines.next()) else {
        message
            .reply("Write the question behind /poll, and each answer on a line of its own.")
            .await?;
        return Ok(());
    };
    let answers: Vec<String> = lines.map(str::to_owned).collect();
    if !(2..=MOST_ANSWERS).contains(&answers.len()) {
        message
            .reply(format!(
                "A vote has 2 to {MOST_ANSWERS} answers, each on a line of its own."
            ))
            .await?;
        return Ok(());
    }
    let (number, ballot) = ballots.open(author.id, question, answers);
    let mut shown = ballot.shown.lock().await; // the first press waits until the message is there
    let (text, keyboard) = page(number, &ballot)?;
    message
        .answer(text.as_str())
        .with(|send| send.reply_markup(keyboard))
        .await?;
    *shown = text;
    Ok(())
}

/// How a vote looks now.
fn page(number: u32, ballot: &Ballot) -> Result<(String, InlineKeyboardMarkup), KeyboardError> {
    let (counts, closed) = ballot.count();
    let mut text = ballot.question.clone();
    let mut keyboard = Keyboard::new().columns(1);
    for ((answer, count), at) in ballot.answers.iter().zip(&counts).zip(0..) {
        text += &format!("\n{count} · {answer}");
        if !closed {
            keyboard = keyboard.callback(
                answer,
                &Choose {
                    ballot: number,
                    answer: at,
                },
            );
        }
    }
    if closed {
        text += "\n\nThe vote is closed.";
    } else {
        keyboard = keyboard.callback("Close the vote", &Close { ballot: number });
    }
    Ok((text, keyboard.build()?))
}

/// Brings the message up to date. Presses that come while another's edit is under way wait here; the first of them
/// shows the votes of all, and the others find nothing left to do.
async fn show(message: &Editor, number: u32, ballot: &Ballot) -> Result<(), BoxError> {
    let mut shown = ballot.shown.lock().await;
    let (text, keyboard) = page(number, ballot)?;
    if *shown != text {
        message
            .edit_text(text.as_str())
            .with(|edit| edit.reply_markup(keyboard))
            .await?;
        *shown = text;
    }
    Ok(())
}
async fn choose(query: CallbackQuery<Choose>, ballots: State<Ballots>) -> Result<Outcome, BoxError> {
    let Choose {
        ballot: number,
        answer,
    } = *query.data();
    let Some(ballot) = ballots.get(number) else {
        return Ok(query.answer().alert("This vote is over.").await);
    };
    let Some(text) = ballot.answers.get(usize::from(answer)) else {
        return Ok(query.answer().alert("There is no such answer.").await); // no button of ours carries this
    };
    let said = match ballot.press(query.from().id, answer) {
        Vote::Given => format!("Your vote: {text}"),
        Vote::Changed => format!("Your vote is now: {text}"),
        Vote::Retracted => "Your vote is taken back.".to_owned(),
        Vote::TooLate => "The vote is closed.".to_owned(),
    };
    let message = query.editor();
    let outcome = query.answer().text(said).await;
    show(&message, number, &ballot).await?;
    Ok(outcome)
}

async fn close(query: CallbackQuery<Close>, ballots: State<Ballots>) -> Result<Outcome, BoxError> {
    let number = query.data().ballot;
    let Some(ballot) = ballots.get(number) else {
        return Ok(query.answer().alert("This vote is over.").await);
    };
    if query.from().id != ballot.author {
        return Ok(query.answer().text("Only who asked can close the vote.").await);
    }
    ballot.close();
    let message = query.editor();
    let outcome = query.answer().text("Closed.").await;
    show(&message, number, &ballot).await?;
    Ok(outcome)
}

/// The bot's handlers.
pub fn router(ballots: Arc<Ballots>) -> Router {
    Router::new()
        .command("poll", open)
        .callback(choose)
        .callback(close)
        .shared_state(ballots)
}
