//! Inline mode: whoever types `@the_bot` in any chat is offered places to meet. The chosen one is sent with buttons, and
//! the message shows who comes.
//!
//! The bot is in none of these chats. It knows such a message by its `inline_message_id` alone: a press brings that
//! instead of the message, and edits go by it.
//!
//! At @BotFather, inline mode is switched on by `/setinline`, and the reports of what was chosen by
//! `/setinlinefeedback`.

mod guests;
mod places;

pub use guests::Meetings;

use guests::List;
use places::{PLACES, find};
use ringback::api::{
    ChosenInlineResult, InlineKeyboardMarkup, InlineQuery, InlineQueryResult, InlineQueryResultArticle,
    InputTextMessageContent,
};
use ringback::{
    BoxError, CallbackData, CallbackQuery, Incoming, Keyboard, KeyboardError, Outcome, Router, State, kinds,
};

/// How many places are offered at once; the app asks for more when the user scrolls on.
const ON_A_PAGE: usize = 5;

/// The buttons under a sent place. They carry which one it is: the query does not bring the message's text.
#[derive(CallbackData, Clone, Copy)]
#[callback_data(prefix = "meet")]
enum Press {
    Come { place: u8 },
    Stay { place: u8 },
}

fn keyboard(place: u8) -> Result<InlineKeyboardMarkup, KeyboardError> {
    Keyboard::new()
        .callback("I'll come", &Press::Come { place })
        .callback("I can't", &Press::Stay { place })
        .row()
        .switch_inline("Another place", "")
        .build()
}

/// What the message says.
fn text(place: u8, guests: &List) -> Option<String> {
    let place = PLACES.get(usize::from(place))?;
    let mut text = format!("Let's meet at {}, {}.", place.name, place.street);
    if !guests.is_empty() {
        let names: Vec<&str> = guests.iter().map(|(_, name)| name.as_str()).collect();
        text += &format!("\n\nComing: {}", names.join(", "));
    }
    Some(text)
}

async fn offer(query: Incoming<InlineQuery>, meetings: State<Meetings>) -> Result<(), BoxError> {
    // What the last page said it goes on with; in the beginning nothing. It comes from the user's app.
    let offset: usize = query.offset.parse().unwrap_or(0);
    let found = find(&query.query);
    let mut results: Vec<InlineQueryResult> = Vec::new();
    for number in found.iter().skip(offset).take(ON_A_PAGE) {
        let (Some(place), Some(text)) = (PLACES.get(usize::from(*number)), text(*number, &List::new()))
        else {
            continue;
        };
        let described = match meetings.times_sent(*number) {
            0 => place.street.to_owned(),
            times => format!("{} · met here {times}×", place.street),
        };
        let content = InputTextMessageContent::new(text);
        let article = InlineQueryResultArticle::new(number.to_string(), place.name, content)
            .description(described)
            .reply_markup(keyboard(*number)?);
        results.push(article.into());
    }
    let next = offset.saturating_add(ON_A_PAGE);
    let more = if next < found.len() {
        next.to_string()
    } else {
        String::new()
    };
    query
        .answer(results)
        .with(|answer| answer.next_offset(more).cache_time(60))
        .await?;
    Ok(())
}

/// What was sent, if @BotFather was told to report it.
async fn chosen(result: Incoming<ChosenInlineResult>, meetings: State<Meetings>) {
    if let Ok(place) = result.result_id.parse() {
        meetings.note_sent(place);
    }
}

async fn press(query: CallbackQuery<Press>, meetings: State<Meetings>) -> Result<Outcome, BoxError> {
    let Some(message) = query.inline_message_id() else {
        return Ok(query.answer().text("This works where it was sent.").await);
    };
    let press = *query.data();
    let (Press::Come { place } | Press::Stay { place }) = press;
    if usize::from(place) >= PLACES.len() {
        return Ok(query.answer().alert("There is no such place any more.").await);
    }
    let (said, comes) = match press {
        Press::Come { .. } => ("See you there!", true),
        Press::Stay { .. } => ("What a pity.", false),
    };
    let guests = meetings.guests(message);
    guests.set(query.from().id, &query.from().first_name, comes);
    let (message, keyboard) = (query.editor(), keyboard(place)?);
    let outcome = query.answer().text(said).await; // nobody waits for another's edit
    let mut shown = guests.shown.lock().await;
    let list = guests.list();
    if *shown != list
        && let Some(text) = text(place, &list)
    {
        message
            .edit_text(text)
            .with(|edit| edit.reply_markup(keyboard))
            .await?;
        *shown = list;
    }
    Ok(outcome)
}

/// The bot's handlers.
pub fn router() -> Router {
    Router::new()
        .on(kinds::INLINE_QUERY, offer)
        .on(kinds::CHOSEN_INLINE_RESULT, chosen)
        .callback(press)
        .state(Meetings::default())
}
