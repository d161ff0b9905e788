//! Every way in which a press can be refused.

use ringback_client::tl::{functions, types};
use ringback_client::{Client, Peer, PeerId, Press, PressError};
use serde_json::json;
use std::time::Duration;

use crate::tell::{Outcome, control, faults, number, refused, say, variable};
use crate::users::menu;

const METHOD: &str = "messages.getBotCallbackAnswer";

pub(crate) async fn user(client: &Client) -> Outcome {
    let (bot, menu) = menu(client).await?;
    let at =
        async |peer: &Peer, id: i32, data: &'static str| client.press((peer, id), Press::data(data)).await;
    let late = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        control("POST", "/clock/advance", &json!({"by": "10s"})).await
    };
    let (silent, turned) = tokio::join!(at(&bot, menu.id, "never"), late);
    turned?;
    refused("BOT_RESPONSE_TIMEOUT", silent, 400, "BOT_RESPONSE_TIMEOUT");
    let strange = Peer::new(PeerId::Channel(1), 1);
    refused(
        "CHANNEL_INVALID",
        at(&strange, menu.id, "press").await,
        400,
        "CHANNEL_INVALID",
    );
    let left = client.resolve(&variable("LEFT")?).await?;
    let id = i32::try_from(number("LEFT_MESSAGE")?)?;
    refused(
        "CHANNEL_PRIVATE",
        at(&left, id, "press").await,
        400,
        "CHANNEL_PRIVATE",
    );
    refused(
        "DATA_INVALID",
        at(&bot, menu.id, "bogus").await,
        400,
        "DATA_INVALID",
    );
    let none = raw(client, &bot, menu.id, None, None).await;
    refused("DATA_INVALID, no data", none, 400, "DATA_INVALID");
    refused(
        "MESSAGE_ID_INVALID",
        at(&bot, 99_999, "press").await,
        400,
        "MESSAGE_ID_INVALID",
    );
    let strange = Peer::new(bot.id, bot.access_hash ^ 1);
    refused(
        "PEER_ID_INVALID",
        at(&strange, menu.id, "press").await,
        400,
        "PEER_ID_INVALID",
    );
    let group = Peer::new(PeerId::Group(1), 0);
    refused(
        "PEER_ID_INVALID, a group",
        at(&group, menu.id, "press").await,
        400,
        "PEER_ID_INVALID",
    );

    refused(
        "PASSWORD_MISSING",
        at(&bot, menu.id, "xfer").await,
        400,
        "PASSWORD_MISSING",
    );
    let proved = |password: &str| client.press(&menu, Press::data("xfer").password(password));
    refused(
        "PASSWORD_HASH_INVALID",
        proved("wrong").await,
        400,
        "PASSWORD_HASH_INVALID",
    );
    let empty = types::InputCheckPasswordSRP::InputCheckPasswordEmpty;
    let none = raw(client, &bot, menu.id, Some(b"xfer"), Some(empty)).await;
    refused("PASSWORD_HASH_INVALID, none", none, 400, "PASSWORD_HASH_INVALID");
    let answer = proved(&variable("PASSWORD")?).await?;
    say(
        "the right password",
        answer.text.as_deref() == Some("bot says xfer"),
        "",
    );
    let proof = client.password_proof(&variable("PASSWORD")?).await?;
    let call = functions::messages::GetBotCallbackAnswer {
        game: true,
        peer: bot.input(),
        msg_id: menu.id,
        data: Some(b"press".to_vec()),
        password: Some(proof.clone()),
    };
    let answer = client.invoke(&call).await?;
    say(
        "every optional field at once",
        answer.message.as_deref() == Some("bot says press"),
        "",
    );
    let used = raw(client, &bot, menu.id, Some(b"xfer"), Some(proof)).await;
    refused("SRP_ID_INVALID", used, 400, "SRP_ID_INVALID");

    faults(json!([{"method": METHOD, "retry_after": 7, "times": 1}])).await?;
    let flood = at(&bot, menu.id, "press").await;
    let seven = matches!(&flood, Err(PressError::FloodWait(pause)) if pause.as_secs() == 7);
    say("FLOOD_WAIT_7", seven, &format!("{flood:?}"));
    faults(json!([{"method": METHOD, "error_code": 503, "description": "Timeout", "times": 1}])).await?;
    refused("-503 Timeout", at(&bot, menu.id, "press").await, -503, "Timeout");
    faults(json!([])).await?;
    Ok(())
}

/// A press with fields that the client would not send by itself.
async fn raw(
    client: &Client,
    peer: &Peer,
    msg_id: i32,
    data: Option<&[u8]>,
    password: Option<types::InputCheckPasswordSRP>,
) -> Result<(), PressError> {
    let call = functions::messages::GetBotCallbackAnswer {
        peer: peer.input(),
        msg_id,
        data: data.map(<[u8]>::to_vec),
        password,
        ..Default::default()
    };
    client.invoke(&call).await.map(drop).map_err(PressError::from)
}
