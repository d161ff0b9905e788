//! `/inline_queries` and `/inline_messages`: inline mode, as a user.

use super::error::Failure;
use super::id::Id;
use super::routes::Later;
use super::shapes::ErrorShape;
use super::{Ask, Outcome, json, shapes};
use crate::app::App;
use ringback_world::calls::{AskInline, SendInlineResult};
use ringback_world::{Error, InlineEnd, InlineQueryId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewQuery {
    from: Id,
    bot: Id,
    query: String,
    #[serde(default)]
    offset: String,
    chat: Option<Id>,
}

#[derive(Serialize)]
struct Told<'a> {
    /// A string: it has more digits than a JSON number keeps.
    id: String,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Vec<&'a RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_offset: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    button: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorShape>,
}

/// `POST /inline_queries`: someone types a bot's name and a text, and waits for what it offers.
pub(super) fn ask<'a>(app: &'a Arc<App>, ask: &'a Ask) -> Later<'a> {
    Box::pin(async move {
        let new: NewQuery = ask.body()?;
        let (id, ended) = {
            let mut locked = app.hub.lock();
            let world = locked.world();
            let from = new.from.person(world)?;
            let bot = new.bot.bot(world)?;
            let peer = new.chat.as_ref().map(|chat| chat.peer(world)).transpose()?;
            let id = locked.call(
                None,
                AskInline {
                    from,
                    bot,
                    text: new.query,
                    offset: new.offset,
                    peer,
                },
            )?;
            (id, locked.wait_inline(id))
        };
        // An end without a word: the world was replaced, and the query is gone; that is told below.
        let _ = ended.await;
        tell(app, id)
    })
}

fn tell(app: &App, id: InlineQueryId) -> Outcome {
    let locked = app.hub.lock();
    let query = locked.world().inline_query(id).ok_or_else(|| {
        Failure::not_found(format!("The inline query {id} is gone: the world was replaced"))
    })?;
    let mut told = Told {
        id: id.to_string(),
        outcome: "timeout",
        results: None,
        next_offset: None,
        button: None,
        error: None,
    };
    match &query.end {
        Some(InlineEnd::Answered(answer)) => {
            told.outcome = "answered";
            // The edge wrote these as JSON; anything else could not be passed on.
            told.results = Some(
                answer
                    .results
                    .iter()
                    .filter_map(|result| serde_json::from_str(&result.shown).ok())
                    .collect(),
            );
            told.next_offset = Some(answer.next_offset.as_str()).filter(|offset| !offset.is_empty());
            told.button = answer
                .button
                .as_deref()
                .and_then(|button| serde_json::from_str(button).ok());
        }
        Some(InlineEnd::TimedOut) | None => told.error = Some(ErrorShape::of(&Error::BotResponseTimeout)),
    }
    json(&told)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    from: Id,
    chat: Id,
    inline_query_id: Id,
    result_id: String,
}

/// `POST /inline_messages`: one of the results is sent.
pub(super) fn send(app: &Arc<App>, ask: &Ask) -> Outcome {
    let chosen: Chosen = ask.body()?;
    let Id::Number(query) = chosen.inline_query_id else {
        return Err(Failure::bad_request("“inline_query_id” is not a number")
            .hint("It is the “id” that POST /inline_queries gave."));
    };
    let mut locked = app.hub.lock();
    let from = chosen.from.person(locked.world())?;
    let peer = chosen.chat.peer(locked.world())?;
    let call = SendInlineResult {
        from,
        peer,
        query: InlineQueryId(query),
        result: chosen.result_id,
        reply_to: None,
        silent: false,
    };
    let message = locked.call(None, call)?;
    json(&shapes::message(locked.world(), from, &message))
}
