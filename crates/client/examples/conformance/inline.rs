//! Inline mode: a bot that offers results and edits what became of them, and someone who sends one.

use ringback_client::tl::{ctors, functions, types};
use ringback_client::{Client, Press, Update};

use crate::bots::{answer, keyboard};
use crate::games::query;
use crate::tell::{Outcome, refused, refused_call, say, variable, within};

pub(crate) async fn bot(client: &Client) -> Outcome {
    client.sign_in_bot(&variable("TOKEN")?).await?;
    let mut updates = client.updates().await?;
    say("ready", true, "");
    let (mut chosen, mut pressed) = (false, false);
    while !(chosen && pressed) {
        match query(&mut updates).await? {
            types::Update::BotInlineQuery(asked) => {
                say("inline query", asked.query == "count", &asked.query);
                offer(client, asked.query_id).await?;
            }
            types::Update::BotInlineSend(sent) => {
                chosen = true;
                let fits = sent.id == "counter" && sent.query == "count" && sent.msg_id.is_some();
                say("inline result sent", fits, "");
            }
            types::Update::InlineBotCallbackQuery(press) => {
                pressed = true;
                say("inline press", press.data.as_deref() == Some(b"more"), "");
                let call = functions::messages::EditInlineBotMessage {
                    no_webpage: false,
                    invert_media: false,
                    id: press.msg_id,
                    message: Some("Count: 1".into()),
                    media: None,
                    reply_markup: Some(keyboard("1 +1", "more")),
                    entities: None,
                    rich_message: None,
                };
                client.invoke(&call).await?;
                answer(client, press.query_id, Some("counted".into()), None, false).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

async fn offer(client: &Client, query_id: i64) -> Outcome {
    let text = ctors::InputBotInlineMessageText {
        message: "Count: 0".into(),
        reply_markup: Some(keyboard("0 +1", "more")),
        ..Default::default()
    };
    let counter = ctors::InputBotInlineResult {
        id: "counter".into(),
        r#type: "article".into(),
        title: Some("Counter".into()),
        description: Some("Counts".into()),
        url: None,
        thumb: None,
        content: None,
        send_message: text.into(),
    };
    let call = functions::messages::SetInlineBotResults {
        query_id,
        results: vec![counter.into()],
        cache_time: 5,
        switch_pm: Some(types::InlineBotSwitchPM {
            text: "Settings".into(),
            start_param: "set".into(),
        }),
        ..Default::default()
    };
    client.invoke(&call).await?;
    Ok(())
}

pub(crate) async fn user(client: &Client) -> Outcome {
    let mut updates = client.updates().await?;
    let bot = client.resolve(&variable("PEER")?).await?;
    let me = client.me().await?;
    let found = client.inline_query(&bot, &me, "count").await?;
    let one = found.results.first().ok_or("no results")?;
    let fits = one.title.as_deref() == Some("Counter") && one.description.as_deref() == Some("Counts");
    say("inline results", fits && one.kind == "article", &one.kind);
    let to_private = found
        .private_chat
        .as_ref()
        .map(|(text, start)| (text.as_str(), start.as_str()));
    say(
        "switch to private chat",
        to_private == Some(("Settings", "set")),
        "",
    );
    let sent = client.send_inline_result(&me, one).await?;
    let message = client
        .messages(&me, &[sent])
        .await?
        .pop()
        .ok_or("the result is not there")?;
    say("result sent", message.text == "Count: 0", &message.text);
    let more = message.button("+1").ok_or("it has no button")?;
    say("its button", more.text == "0 +1", &more.text);
    let counted = client.press(&message, more).await?;
    say("inline press", counted.text.as_deref() == Some("counted"), "");
    let edited = loop {
        if let Update::EditedMessage(message) = within("edit", updates.next()).await?? {
            break message;
        }
    };
    let label = edited.button("+1").map(|button| button.text.as_str());
    let fits = edited.id == sent && edited.text == "Count: 1" && label == Some("1 +1");
    say("inline edit", fits, &edited.text);
    let other = client.press(&message, Press::data("other")).await;
    refused("data invalid", other, 400, "DATA_INVALID");
    let nothing = one.clone().named("nothing");
    let nothing = client.send_inline_result(&me, &nothing).await;
    refused_call("result id invalid", nothing, "RESULT_ID_INVALID");
    Ok(())
}
