//! What a bot says about itself, and a bot that presses its own button.

use ringback_client::tl::{functions, types};
use ringback_client::{Client, Peer, PeerId, Press, Update};

use crate::bots::{answer, input_user, keyboard};
use crate::tell::{Outcome, number, refused_call, say, variable, within};

const DEFAULT: types::BotCommandScope = types::BotCommandScope::Default;
const USERS: types::BotCommandScope = types::BotCommandScope::Users;

pub(crate) async fn bot(client: &Client) -> Outcome {
    client.sign_in_bot(&variable("TOKEN")?).await?;
    let set = async |scope: types::BotCommandScope, name: &str, text: &str| {
        let command = types::BotCommand {
            ephemeral: false,
            command: name.into(),
            description: text.into(),
        };
        let call = functions::bots::SetBotCommands {
            scope,
            lang_code: String::new(),
            commands: vec![command],
        };
        client.invoke(&call).await
    };
    let get = async |scope: types::BotCommandScope| {
        let lang_code = String::new();
        client
            .invoke(&functions::bots::GetBotCommands { scope, lang_code })
            .await
    };
    say("set commands, start", set(DEFAULT, "start", "Start").await?, "");
    say("set commands, knob", set(USERS, "knob", "Knob").await?, "");
    let (first, second) = (get(DEFAULT).await?, get(USERS).await?);
    say(
        "get commands",
        first[0].command == "start" && second[0].command == "knob",
        "",
    );
    refused_call(
        "command invalid",
        set(DEFAULT, "Not A Name", "x").await,
        "BOT_COMMAND_INVALID",
    );
    let reset = functions::bots::ResetBotCommands {
        scope: DEFAULT,
        lang_code: String::new(),
    };
    let done = client.invoke(&reset).await?;
    say("reset commands", done && get(DEFAULT).await?.is_empty(), "");
    let info = functions::bots::SetBotInfo {
        name: Some("Knob".into()),
        about: Some("Turns".into()),
        description: Some("Turns the volume up and down".into()),
        ..Default::default()
    };
    say("info", client.invoke(&info).await?, "");
    own_button(client).await
}

/// Bots may press too; here the only one to ask is the bot itself.
async fn own_button(client: &Client) -> Outcome {
    let mut updates = client.updates().await?;
    let user = Peer::new(PeerId::User(number("USER_ID")?), 0);
    let call = functions::messages::SendMessage {
        peer: user.input(),
        message: "Mine".into(),
        random_id: 7,
        reply_markup: Some(keyboard("own", "own")),
        ..Default::default()
    };
    let types::Updates::Updates(sent) = client.invoke(&call).await? else {
        return Err("the message has no number".into());
    };
    let number = sent.updates.iter().find_map(|update| match update {
        types::Update::MessageID(own) => Some(own.id),
        _ => None,
    });
    let id = number.ok_or("the message has no number")?;
    let hears = async {
        loop {
            if let Update::Other(other) = within("query", updates.next()).await??
                && let types::Update::BotCallbackQuery(query) = *other
            {
                return answer(client, query.query_id, Some("I heard myself".into()), None, false).await;
            }
        }
    };
    let (pressed, heard) = tokio::join!(client.press((&user, id), Press::data("own")), hears);
    heard?;
    say(
        "a bot presses",
        pressed?.text.as_deref() == Some("I heard myself"),
        "",
    );
    Ok(())
}

pub(crate) async fn user(client: &Client) -> Outcome {
    let bot = client.resolve(&variable("PEER")?).await?;
    let call = functions::users::GetFullUser {
        id: input_user(&bot)?,
    };
    let full = client.invoke(&call).await?;
    let info = full.full_user.bot_info.ok_or("no bot info")?;
    let commands: Vec<_> = info
        .commands
        .iter()
        .flatten()
        .map(|one| one.command.as_str())
        .collect();
    say("full user", commands == ["knob"], &commands.join(", "));
    let about = full.full_user.about.as_deref() == Some("Turns");
    say(
        "about",
        about && info.description.as_deref() == Some("Turns the volume up and down"),
        "",
    );
    let again = client.resolve(&variable("PEER")?).await?;
    say("name", again.name == "Knob", &again.name);
    Ok(())
}
