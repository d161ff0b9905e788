//! Games: a bot that sends one and keeps scores, and a player.

use ringback_client::tl::{ctors, functions, types};
use ringback_client::{Button, ButtonKind, Client, Peer, PeerId, Press, Update};

use crate::bots::{answer, input_user};
use crate::tell::{Outcome, incoming, refused, refused_call, say, update, variable, within};

const ADDRESS: &str = "https://example.org/snake";

pub(crate) async fn bot(client: &Client) -> Outcome {
    let me = client.sign_in_bot(&variable("TOKEN")?).await?;
    let mut updates = client.updates().await?;
    say("ready", true, "");
    loop {
        match within("game", updates.next()).await?? {
            Update::NewMessage(message) if message.text == "/game" => {
                let game = ctors::InputGameShortName {
                    bot_id: input_user(&me)?,
                    short_name: "snake".into(),
                };
                let call = functions::messages::SendMedia {
                    peer: message.chat.input(),
                    media: ctors::InputMediaGame { id: game.into() }.into(),
                    random_id: 1,
                    ..Default::default()
                };
                say("game sent", client.invoke(&call).await.is_ok(), "");
            }
            Update::Other(update) => {
                if let types::Update::BotCallbackQuery(query) = *update {
                    let named = query.game_short_name.as_deref() == Some("snake") && query.data.is_none();
                    say("game query", named, "");
                    return score(client, &query).await;
                }
            }
            _ => {}
        }
    }
}

async fn score(client: &Client, query: &ctors::UpdateBotCallbackQuery) -> Outcome {
    answer(client, query.query_id, None, Some(ADDRESS.into()), false).await?;
    let player = Peer::new(PeerId::User(query.user_id), 0);
    let call = functions::messages::SetGameScore {
        edit_message: true,
        force: false,
        peer: player.input(),
        id: query.msg_id,
        user_id: input_user(&player)?,
        score: 7,
    };
    say("score set", client.invoke(&call).await.is_ok(), "");
    refused_call(
        "score not modified",
        client.invoke(&call).await,
        "BOT_SCORE_NOT_MODIFIED",
    );
    let table = functions::messages::GetGameHighScores {
        peer: player.input(),
        id: query.msg_id,
        user_id: input_user(&player)?,
    };
    let table = client.invoke(&table).await?;
    let found: Vec<_> = table
        .scores
        .iter()
        .map(|one| (one.pos, one.user_id, one.score))
        .collect();
    say(
        "high scores",
        found == [(1, query.user_id, 7)],
        &format!("{found:?}"),
    );
    Ok(())
}

pub(crate) async fn player(client: &Client) -> Outcome {
    let mut updates = client.updates().await?;
    let bot = client.resolve(&variable("PEER")?).await?;
    client.send_message(&bot, "/game").await?;
    let message = incoming(&mut updates, false).await?;
    say("game", message.game.as_deref() == Some("snake"), "");
    let button: Option<&Button> = message.buttons.iter().flatten().next();
    let button = button.ok_or("the game has no button")?;
    say("game button", button.kind == ButtonKind::Game, &button.text);
    let played = client.press(&message, button).await?;
    say("play", played.url.as_deref() == Some(ADDRESS), "");
    // The edit and the note come in the order in which they happened.
    let (mut edited, mut told) = (false, false);
    while !(edited && told) {
        match within("score", updates.next()).await?? {
            Update::EditedMessage(edit) => {
                edited = true;
                say(
                    "scores in the message",
                    edit.id == message.id && edit.text.contains('7'),
                    &edit.text,
                );
            }
            Update::Other(other) => {
                if let types::Update::NewMessage(new) = *other
                    && let types::Message::Service(service) = new.message
                    && let types::MessageAction::GameScore(action) = service.action
                {
                    told = true;
                    say("score told", action.score == 7, "");
                }
            }
            _ => {}
        }
    }
    if variable("AGAIN").is_ok_and(|again| !again.is_empty()) {
        let again = Press::game().password(variable("PASSWORD")?);
        let played = client.press(&message, again).await?;
        say("play with a password", played.url.as_deref() == Some(ADDRESS), "");
    }
    let data = client.press(&message, Press::data("snake")).await;
    refused("data of a game", data, 400, "DATA_INVALID");
    Ok(())
}

/// So that a bot can wait for one kind of update.
pub(crate) async fn query(updates: &mut ringback_client::Updates) -> Outcome<types::Update> {
    update(updates, |one| Some(one.clone())).await
}
