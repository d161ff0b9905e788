//! Booking a table: a conversation in steps, by buttons and by text, with a way back from each.
//!
//! `/book` begins it, `/cancel` and a button end it, `/booked` says what was booked. Where each user stands is kept in
//! a file, so that a restart of the bot in the middle of a conversation is not noticed.

mod booking;

pub use booking::{Booked, Booking, DAYS, MOST};

use booking::{Back, Book, Cancel, ChooseDay, ChoosePeople};
use ringback::{
    Answer, BoxError, CallbackQuery, Dialogue, Incoming, Outcome, Reason, Router, Session, Sessions, filter,
};

/// How long a name may be, in characters.
const LONGEST_NAME: usize = 40;

async fn book(message: Incoming, mut booking: Dialogue<Booking>) -> Result<(), BoxError> {
    booking.go(Booking::Day);
    booking.question().send(&message)?.await?;
    Ok(())
}

async fn day(query: CallbackQuery<ChooseDay>, mut booking: Dialogue<Booking>) -> Result<Outcome, BoxError> {
    let Some(day) = DAYS.get(usize::from(query.data().number)) else {
        return Ok(query.answer().text("There is no such day.").await);
    };
    booking.go(Booking::People {
        day: (*day).to_owned(),
    });
    ask(query, &booking).await
}

/// The step is the same whether the number was pressed or written.
fn people(booking: &mut Dialogue<Booking>, people: u8) -> bool {
    match booking.clone() {
        Booking::People { day } if (1..=MOST).contains(&people) => {
            booking.go(Booking::Name { day, people });
            true
        }
        _ => false,
    }
}

async fn people_pressed(
    query: CallbackQuery<ChoosePeople>,
    mut booking: Dialogue<Booking>,
) -> Result<Outcome, BoxError> {
    let number = query.data().number;
    match people(&mut booking, number) {
        true => ask(query, &booking).await,
        false => Ok(query.answer().text(too_many()).await),
    }
}

async fn people_written(message: Incoming, mut booking: Dialogue<Booking>) -> Result<(), BoxError> {
    let number = message.text.as_deref().and_then(|text| text.trim().parse().ok());
    match number.is_some_and(|number| people(&mut booking, number)) {
        true => drop(booking.question().send(&message)?.await?),
        false => drop(message.answer(too_many()).await?),
    }
    Ok(())
}

fn too_many() -> String {
    format!("A number from 1 to {MOST}, please.")
}

async fn name(message: Incoming, mut booking: Dialogue<Booking>) -> Result<(), BoxError> {
    let name = message.text.as_deref().unwrap_or_default().trim();
    match booking.clone() {
        Booking::Name { day, people } if (1..=LONGEST_NAME).contains(&name.chars().count()) => {
            let name = name.to_owned();
            booking.go(Booking::Sure { day, people, name });
            booking.question().send(&message)?.await?;
        }
        _ => drop(message.answer("A shorter name, please.").await?),
    }
    Ok(())
}

/// The answer is returned, not awaited: it says what is true only when both sessions have been saved.
async fn confirmed(
    query: CallbackQuery<Book>,
    mut booking: Dialogue<Booking>,
    mut booked: Session<Booked>,
) -> Result<Answer, BoxError> {
    let summary = booking.summary();
    query.edit_text(format!("Booked: {summary}.")).await?;
    booked.0.push(summary);
    booking.end();
    Ok(query.answer().text("See you!"))
}

async fn back(query: CallbackQuery<Back>, mut booking: Dialogue<Booking>) -> Result<Outcome, BoxError> {
    let before = booking.take().back();
    booking.go(before);
    ask(query, &booking).await
}

async fn cancel(query: CallbackQuery<Cancel>, mut booking: Dialogue<Booking>) -> Result<Outcome, BoxError> {
    booking.end();
    query.edit_text("Another time, then.").await?;
    Ok(query.answer().await)
}

async fn cancel_written(message: Incoming, mut booking: Dialogue<Booking>) -> Result<(), BoxError> {
    let text = match booking.is_under_way() {
        true => "Another time, then.",
        false => "There is nothing to cancel.",
    };
    booking.end();
    message.answer(text).await?;
    Ok(())
}

async fn list(message: Incoming, booked: Session<Booked>) -> Result<(), BoxError> {
    let text = match booked.0.as_slice() {
        [] => "You have booked nothing.".to_owned(),
        all => all.join("\n"),
    };
    message.answer(text).await?;
    Ok(())
}

/// What is said when there is no question to answer, or not with this: a photo, say.
async fn otherwise(message: Incoming, booking: Dialogue<Booking>) -> Result<(), BoxError> {
    booking.question().send(&message)?.await?;
    Ok(())
}

/// Shows the step's question in place of the former one.
async fn ask(query: CallbackQuery<impl Send>, booking: &Booking) -> Result<Outcome, BoxError> {
    booking.question().show(&query).await?;
    Ok(query.answer().await)
}

/// The bot's handlers. Commands come first: they work at every step.
pub fn router(sessions: Sessions) -> Router {
    let by_people = Router::new()
        .callback(people_pressed)
        .nest(filter::text(), Router::new().message(people_written));
    let by_name = Router::new().nest(filter::text(), Router::new().message(name));
    Router::new()
        .command("book", book)
        .command("booked", list)
        .command("cancel", cancel_written)
        .at(
            |at: &Booking| matches!(at, Booking::Day),
            Router::new().callback(day),
        )
        .at(|at: &Booking| matches!(at, Booking::People { .. }), by_people)
        .at(|at: &Booking| matches!(at, Booking::Name { .. }), by_name)
        .at(
            |at: &Booking| matches!(at, Booking::Sure { .. }),
            Router::new().callback(confirmed),
        )
        .at(
            Booking::is_under_way,
            Router::new().callback(back).callback(cancel),
        )
        .message(otherwise)
        .state(sessions)
}

/// What a press is answered with that no handler got.
pub fn fallback(reason: Reason) -> &'static str {
    match reason {
        Reason::Unclaimed => "That question is answered already.",
        _ => "That did not work. Please try again.",
    }
}
