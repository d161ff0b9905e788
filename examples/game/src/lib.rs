//! A Telegram game: `/start` sends it, its button opens a page, and what is reached there is set as the score.
//!
//! A game's button has no data; it is answered with the page's address. In the address stands the round: who plays, in
//! which message. It is sealed, so that nobody plays in another's name. The score itself is a claim of the user's
//! browser; what no human reaches is refused.
//!
//! A bot gets a game from @BotFather by `/newgame`; its short name here is `taps`.

use std::sync::Arc;

use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::{get, post};
use ringback::api::{GetGameHighScores, SendGame, SetGameScore};
use ringback::data::{Keys, to_data};
use ringback::{
    ApiErrorKind, Bot, BoxError, CallbackData, CallbackQuery, Error, Game, Incoming, Keyboard, Outcome,
    Router, State,
};
use serde::Deserialize;

/// The game's short name.
const GAME: &str = "taps";
/// More taps in ten seconds are a program's.
const MOST_TAPS: i64 = 200;

/// A round: for whom (`bind(user)`), and in which message.
#[derive(CallbackData)]
#[callback_data(prefix = "r", codec = "sealed", bind(user))]
struct Round {
    chat: i64,
    message: i64,
}

/// The game's page: where it is, and what its scores need.
pub struct Site {
    bot: Bot,
    keys: Keys,
    /// Without a slash at its end.
    url: String,
}

impl Site {
    /// The page at this address. The keys seal rounds.
    pub fn new(bot: Bot, keys: Keys, url: impl Into<String>) -> Arc<Self> {
        Arc::new(Site {
            bot,
            keys,
            url: url.into(),
        })
    }
}

async fn start(message: Incoming) -> Result<(), BoxError> {
    let keyboard = Keyboard::new().game("Play").build()?;
    let game = SendGame::new(message.chat.id, GAME).reply_markup(keyboard);
    message.bot().send(game).await?;
    Ok(())
}

async fn play(query: CallbackQuery<Game>, site: State<Site>) -> Result<Outcome, BoxError> {
    if query.game_short_name() != Some(GAME) {
        return Ok(query.pass());
    }
    let Some((chat, message)) = query.message().map(|at| (at.chat().id, at.message_id())) else {
        return Ok(query
            .answer()
            .alert("Play it in a chat with me: send /start there.")
            .await);
    };
    let user = query.from().id;
    let round = to_data(&site.keys.seal(&Round { chat, message }).user(user))?;
    let round = form_urlencoded::Serializer::new(String::new())
        .append_pair("user", &user.to_string())
        .append_pair("round", &round)
        .finish();
    Ok(query.answer().url(format!("{}/play?{round}", site.url)).await)
}

/// What the page sends back of its address.
#[derive(Deserialize)]
struct Player {
    user: i64,
    round: String,
}

type Said = (StatusCode, String);

fn said(status: StatusCode, text: impl Into<String>) -> Said {
    (status, text.into())
}

/// A player's taps, as text. Gives the table of scores.
async fn score(
    Shared(site): Shared<Arc<Site>>,
    Query(player): Query<Player>,
    taps: String,
) -> Result<String, Said> {
    let round = site.keys.open::<Round>(&player.round, player.user, None);
    let Ok(Some(Round { chat, message })) = round else {
        return Err(said(StatusCode::FORBIDDEN, "This round is not yours."));
    };
    let taps = taps
        .trim()
        .parse()
        .ok()
        .filter(|taps| (0..=MOST_TAPS).contains(taps));
    let Some(taps) = taps else {
        return Err(said(StatusCode::BAD_REQUEST, "Nobody is that fast."));
    };
    let set = SetGameScore::new(player.user, taps)
        .chat_id(chat)
        .message_id(message);
    match site.bot.send(set).await {
        Err(error) if !error.is(ApiErrorKind::ScoreNotModified) => return Err(failed(&error)),
        _ => {} // set, or their best stays
    }
    let scores = GetGameHighScores::new(player.user)
        .chat_id(chat)
        .message_id(message);
    let scores = site.bot.send(scores).await.map_err(|error| failed(&error))?;
    let lines = scores
        .iter()
        .map(|row| format!("{}. {}: {}\n", row.position, row.user.first_name, row.score));
    Ok(lines.collect())
}

fn failed(error: &Error) -> Said {
    tracing::warn!(%error, "a score");
    said(StatusCode::BAD_GATEWAY, "Telegram did not take the score.")
}

/// The page and its scores.
pub fn pages(site: Arc<Site>) -> axum::Router {
    axum::Router::new()
        .route("/play", get(async || Html(include_str!("page.html"))))
        .route("/score", post(score))
        .with_state(site)
}

/// The bot's handlers.
pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .command("start", start)
        .callback(play)
        .shared_state(site)
}
