//! A waiting line: people take a number from the bot, and a page of the same server shows whose turn it is.
//!
//! The bot's webhook is one route of an axum server. A press is answered in the response to the update: no call goes
//! out. When the server is told to stop, it takes no more connections, and the bot's handlers end first.

mod line;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State as Shared;
use axum::routing::{get, post_service};
use line::Line;
use ringback::api::{SendMessage, SetWebhook};
use ringback::{
    Answer, Bot, BoxError, CallbackData, CallbackQuery, Incoming, Keyboard, Router, State, Webhook,
    WebhookService,
};
use tokio::net::TcpListener;

/// How long handlers may go on after the signal to stop.
const DRAIN: Duration = Duration::from_secs(10);

#[derive(CallbackData)]
#[callback_data(prefix = "take")]
struct Take;

/// The user who calls people in.
struct Desk(i64);

async fn start(message: Incoming) -> Result<(), BoxError> {
    let keyboard = Keyboard::new().callback("Take a number", &Take).build()?;
    message
        .answer("Welcome!")
        .with(|send| send.reply_markup(keyboard))
        .await?;
    Ok(())
}

/// Returned as it is, the answer becomes the response to the update.
async fn take(query: CallbackQuery<Take>, line: State<Line>) -> Answer {
    match line.join(query.from().id) {
        (number, true) => query.answer().alert(format!(
            "Your number is {number}. I'll write when it is your turn."
        )),
        (number, false) => query.answer().text(format!("You have number {number}.")),
    }
}

/// `/next`, for the desk.
async fn next(message: Incoming, line: State<Line>, desk: State<Desk>) -> Result<(), BoxError> {
    if message.from.as_ref().is_none_or(|user| user.id != desk.0) {
        message.answer("Only the desk calls people in.").await?;
        return Ok(());
    }
    let Some((number, user)) = line.call() else {
        message.answer("Nobody waits.").await?;
        return Ok(());
    };
    message
        .bot()
        .send(SendMessage::new(
            user,
            format!("Number {number}: it is your turn!"),
        ))
        .await?;
    message.answer(format!("Number {number} was called.")).await?;
    Ok(())
}

async fn board(Shared(line): Shared<Arc<Line>>) -> String {
    let (called, waiting) = line.now();
    format!("Now: number {called}. Waiting: {waiting}.\n")
}

/// The whole server: the bot's route, and the others. `desk` is the id of the user who calls people in.
///
/// # Errors
/// The secret is malformed.
pub fn app(bot: Bot, secret: &str, desk: i64) -> Result<(axum::Router, WebhookService), BoxError> {
    let line = Arc::new(Line::default());
    let router = Router::new()
        .command("start", start)
        .command("next", next)
        .callback(take)
        .shared_state(Arc::clone(&line))
        .state(Desk(desk));
    let webhook = Webhook::new(bot, router)?.secret(secret).service()?;
    let app = axum::Router::new()
        .route("/", get(board))
        .route("/health", get(async || "ok\n"))
        .route("/telegram", post_service(webhook.clone()))
        .with_state(line);
    Ok((app, webhook))
}

/// Registers the webhook at `url` (which ends in `/telegram`) and serves until `stop` is ready.
///
/// # Errors
/// The server refuses the address, or the secret is malformed.
pub async fn serve(
    bot: Bot,
    listener: TcpListener,
    (url, secret): (&str, &str),
    desk: i64,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), BoxError> {
    let (app, webhook) = app(bot.clone(), secret, desk)?;
    // The socket listens already: what comes before `serve` waits in its queue.
    let register = SetWebhook::new(url)
        .secret_token(secret)
        .allowed_updates(webhook.allowed_updates());
    bot.send(register).await?;
    axum::serve(listener, app).with_graceful_shutdown(stop).await?;
    webhook.drain(DRAIN).await; // handlers that go on after their answers
    Ok(())
}
