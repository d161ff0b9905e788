//! A user: signing in, and all that a user does.

use ringback_client::tl::functions;
use ringback_client::{Button, ButtonKind, Client, DialogStart, Error, Message, Peer, PeerId, Press, Update};
use serde_json::json;
use std::time::Duration;

use crate::tell::{Outcome, control, faults, incoming, number, refused, say, variable, within};

pub(crate) async fn log_in(client: &Client) -> Outcome {
    let sent = client.send_code(&variable("PHONE")?).await?;
    let wrong = client.sign_in(&sent, "00000").await;
    say("wrong code", matches!(wrong, Err(Error::CodeWrong)), "");
    let code = client.sign_in(&sent, &variable("CODE")?).await;
    say("password needed", matches!(code, Err(Error::PasswordNeeded)), "");
    let wrong = client.check_password("wrong").await;
    say("wrong password", matches!(wrong, Err(Error::PasswordWrong)), "");
    client.check_password(&variable("PASSWORD")?).await?;
    say("signed in", true, "");
    Ok(())
}

/// The newest message with buttons.
pub(crate) async fn menu(client: &Client) -> Outcome<(Peer, Message)> {
    let bot = client.resolve(&variable("PEER")?).await?;
    let history = client.history(&bot, 20).await?;
    let menu = history.into_iter().find(|one| !one.buttons.is_empty());
    Ok((bot, menu.ok_or("no message has buttons")?))
}

pub(crate) fn labelled<'a>(message: &'a Message, label: &str) -> Outcome<&'a Button> {
    Ok(message
        .button(label)
        .ok_or_else(|| format!("no button “{label}”"))?)
}

pub(crate) async fn everything(client: &Client) -> Outcome {
    let me = client.me().await?;
    say("get me", me.username.as_deref() == Some("vera"), &me.name);
    let mut updates = client.updates().await?;
    let bot = client.resolve(&variable("PEER")?).await?;
    say(
        "resolve",
        bot.id == PeerId::User(number("PEER_ID")?) && bot.is_bot,
        "",
    );
    let dialogs = client.dialogs(&DialogStart::default(), 20).await?;
    let listed = dialogs.dialogs.iter().any(|dialog| dialog.peer.id == bot.id);
    say("dialogs", listed, "");
    let sent = client.send_message(&bot, "hello").await?;
    say("send", sent > 0, "");
    let fresh = incoming(&mut updates, false).await?;
    say("new message", fresh.text == "echo: hello", &fresh.text);
    let edited = loop {
        if let Update::EditedMessage(message) = within("edit", updates.next()).await?? {
            break message;
        }
    };
    say(
        "edited message",
        edited.text == "edited: hello" && edited.id == fresh.id,
        &edited.text,
    );
    let (_, menu) = menu(client).await?;
    let same = client.messages(&bot, &[menu.id]).await?;
    say("message by its number", same == [menu.clone()], "");
    presses(client, &menu).await?;
    refusals(client, &bot, &menu).await?;
    client.mark_read(&bot, 0).await?;
    say("read", true, "");
    let kept = client.history(&bot, 1).await?.remove(0);
    let to_me = Peer::new(me.id, me.access_hash);
    let forwarded = client.forward_messages(&bot, &[kept.id], &to_me).await?;
    let copy = client.messages(&to_me, &forwarded).await?;
    say("forward", copy.len() == 1 && copy[0].text == kept.text, "");
    say(
        "delete",
        client.delete_messages(&bot, &[kept.id], true).await? == 1,
        "",
    );
    say("gone", client.messages(&bot, &[kept.id]).await?.is_empty(), "");
    Ok(())
}

async fn presses(client: &Client, menu: &Message) -> Outcome {
    let press = |data: &'static str| client.press(menu, Press::data(data));
    let answer = press("press").await?;
    say(
        "press",
        answer.text.as_deref() == Some("bot says press") && !answer.alert,
        "",
    );
    let answer = client.press(menu, labelled(menu, "press")?).await?;
    say("click", answer.text.as_deref() == Some("bot says press"), "");
    let answer = press("alert").await?;
    say(
        "alert",
        answer.alert && answer.text.as_deref() == Some("bot says alert"),
        "",
    );
    let answer = press("url").await?;
    say(
        "url",
        answer.url.is_some_and(|url| url.starts_with("https://t.me/")),
        "",
    );
    let answer = press("cache").await?;
    say(
        "cache time",
        answer.cache_time == Duration::from_secs(30) && !answer.cached,
        "",
    );
    let again = press("cache").await?;
    say("from the cache", again.cached && again.text == answer.text, "");
    let guarded = labelled(menu, "xfer")?;
    let asks = matches!(
        guarded.kind,
        ButtonKind::Callback {
            requires_password: true,
            ..
        }
    );
    say("a button asks for the password", asks, "");
    let proved = Press::button(guarded).password(variable("PASSWORD")?);
    let answer = client.press(menu, proved).await?;
    say(
        "press with password",
        answer.text.as_deref() == Some("bot says xfer"),
        "",
    );
    Ok(())
}

async fn refusals(client: &Client, bot: &Peer, menu: &Message) -> Outcome {
    let press = |data: &'static str| client.press(menu, Press::data(data));
    refused(
        "press without password",
        press("xfer").await,
        400,
        "PASSWORD_MISSING",
    );
    let wrong = client.press(menu, Press::data("xfer").password("wrong")).await;
    refused("press with wrong password", wrong, 400, "PASSWORD_HASH_INVALID");
    refused("data invalid", press("bogus").await, 400, "DATA_INVALID");
    let nowhere = client.press((bot, 99_999), Press::data("press")).await;
    refused("message id invalid", nowhere, 400, "MESSAGE_ID_INVALID");
    let stranger = Peer::new(PeerId::User(1), 1);
    let at = client.press((&stranger, menu.id), Press::data("press")).await;
    refused("peer id invalid", at, 400, "PEER_ID_INVALID");
    let channel = Peer::new(PeerId::Channel(1), 1);
    let at = client.press((&channel, menu.id), Press::data("press")).await;
    refused("channel invalid", at, 400, "CHANNEL_INVALID");
    faults(json!([{"method": "messages.getBotCallbackAnswer", "retry_after": 3, "times": 1}])).await?;
    refused("flood", press("press").await, 420, "FLOOD_WAIT");
    faults(json!([])).await?;
    let late = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        control("POST", "/clock/advance", &json!({"by": "10s"})).await
    };
    let (silent, turned) = tokio::join!(press("never"), late);
    turned?;
    refused("timeout", silent, 400, "BOT_RESPONSE_TIMEOUT");
    let strange = functions::account::CheckUsername {
        username: "somebody".into(),
    };
    let strange = client.invoke(&strange).await;
    let code = strange
        .as_ref()
        .err()
        .and_then(|error| error.rpc().map(|rpc| rpc.code));
    say(
        "a method that is not there",
        code == Some(400),
        &format!("{strange:?}"),
    );
    Ok(())
}

/// One press, on the newest message with buttons.
pub(crate) async fn press_once(client: &Client) -> Outcome {
    let (_, menu) = menu(client).await?;
    let answer = client.press(&menu, labelled(&menu, "press")?).await?;
    say("press", answer.text.as_deref() == Some("bot says press"), "");
    Ok(())
}

/// A user of a bot on the Bot API that has a volume knob.
pub(crate) async fn watch(client: &Client) -> Outcome {
    let mut updates = client.updates().await?;
    let bot = client.resolve(&variable("PEER")?).await?;
    client.send_message(&bot, "/start").await?;
    let knob = incoming(&mut updates, true).await?;
    say("knob", knob.text == "Volume: 50", &knob.text);
    let up = knob.buttons.first().and_then(|row| row.first());
    let answer = client.press(&knob, up.ok_or("the knob has no buttons")?).await?;
    say("press", answer.text.as_deref() == Some("Volume: 60"), "");
    // The bot may still be answering what was said before this client came.
    let edited = loop {
        let message = incoming(&mut updates, true).await?;
        if message.id == knob.id {
            break message;
        }
    };
    let fits = edited.text == "Volume: 60" && !edited.buttons.is_empty();
    say("edit", fits, &edited.text);
    Ok(())
}

/// A client that stays while the server goes.
pub(crate) async fn stays(client: &Client) -> Outcome {
    let mut updates = client.updates().await?;
    say("ready", true, "");
    let before = incoming(&mut updates, false).await?;
    say("before", before.text == "before", &before.text);
    let go = std::path::PathBuf::from(variable("GO")?);
    while !go.exists() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    within("connection", client.invoke(&functions::updates::GetState)).await??;
    say("connected again", true, "");
    let mut texts = Vec::new();
    while texts.len() < 2 {
        texts.push(incoming(&mut updates, false).await?.text);
    }
    say(
        "caught up",
        texts == ["while you were away", "after"],
        &texts.join(", "),
    );
    Ok(())
}
