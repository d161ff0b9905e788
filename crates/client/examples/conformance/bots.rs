//! A bot on MTProto.

use ringback_client::tl::{ctors, functions, types};
use ringback_client::{Client, Peer, Update};
use std::time::Duration;

use crate::tell::{Outcome, say, variable, within};

pub(crate) async fn bot(client: &Client) -> Outcome {
    let me = client.sign_in_bot(&variable("TOKEN")?).await?;
    say("bot login", me.is_bot, "");
    let mut updates = client.updates().await?;
    let mut left: u32 = variable("COUNT").map_or(Ok(1), |count| count.parse())?;
    say("ready", true, "");
    while left > 0 {
        match within("callback query", updates.next()).await?? {
            Update::NewMessage(message) if !message.outgoing => {
                let sent = client
                    .send_message(&message.chat, &format!("echo: {}", message.text))
                    .await?;
                let text = format!("edited: {}", message.text);
                client.edit_message(&message.chat, sent, &text).await?;
            }
            Update::Other(update) => {
                if let types::Update::BotCallbackQuery(query) = *update {
                    let data = String::from_utf8(query.data.unwrap_or_default())?;
                    say("callback query", true, &data);
                    let text = format!("bot says {data}");
                    answer(client, query.query_id, Some(text), None, true).await?;
                    left -= 1;
                }
            }
            _ => {}
        }
    }
    // What is under way may still arrive.
    tokio::time::sleep(Duration::from_millis(200)).await;
    Ok(())
}

/// Answers a callback query.
pub(crate) async fn answer(
    client: &Client,
    query_id: i64,
    message: Option<String>,
    url: Option<String>,
    alert: bool,
) -> Outcome {
    let call = functions::messages::SetBotCallbackAnswer {
        alert,
        query_id,
        message,
        url,
        cache_time: 0,
    };
    client.invoke(&call).await?;
    Ok(())
}

/// A keyboard of one button.
pub(crate) fn keyboard(text: &str, data: &str) -> types::ReplyMarkup {
    let button = types::KeyboardInlineButton {
        style: None,
        text: text.to_owned(),
        r#type: ctors::InlineButtonTypeCallback {
            requires_password: false,
            data: data.into(),
        }
        .into(),
    };
    ctors::ReplyInlineMarkup {
        force_reply: false,
        rows: vec![types::KeyboardInlineButtonRow {
            buttons: vec![button],
        }],
    }
    .into()
}

/// A user as calls take it.
pub(crate) fn input_user(peer: &Peer) -> Outcome<types::InputUser> {
    Ok(peer.input_user().ok_or("this is no user")?)
}
