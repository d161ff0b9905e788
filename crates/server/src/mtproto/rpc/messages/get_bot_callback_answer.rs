//! `messages.getBotCallbackAnswer`: a press.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Context, Refusal, Reply};
use ringback_tl::{functions, types};
use ringback_world::calls::{Button, PressButton, Proof};
use ringback_world::{Error, MessageId, Outcome, PressId};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Waits for the bot, as long as the world lets a presser wait.
pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: functions::messages::GetBotCallbackAnswer,
) -> Reply {
    let (id, ended) = match press(context, call) {
        Ok(pressed) => pressed,
        Err(refusal) => return Err(refusal).into(),
    };
    let (app, layer) = (Arc::clone(context.app), context.layer);
    Reply::Later(Box::pin(async move {
        // An end without a word: the world was replaced, and with it the press.
        let _ = ended.await;
        let outcome = {
            let locked = app.hub.lock();
            let press = locked.world().press(id);
            press
                .and_then(|press| press.end.as_ref())
                .map(|(_, outcome)| outcome.clone())
        };
        match outcome {
            Some(Outcome::Answered(answer) | Outcome::Cached(answer)) => {
                let told = types::messages::BotCallbackAnswer {
                    alert: answer.show_alert,
                    has_url: answer.url.is_some(),
                    native_ui: answer.url.is_some(),
                    message: answer.text,
                    url: answer.url,
                    cache_time: i32::try_from(answer.cache_time).unwrap_or(i32::MAX),
                };
                Ok(ringback_tl::encode(&told, layer)?)
            }
            Some(Outcome::Refused(error)) => Err(error.into()),
            // Clients that saw the message change meanwhile show nothing of it by themselves.
            Some(Outcome::TimedOut { .. }) | None => Err(Error::BotResponseTimeout.into()),
        }
    }))
}

fn press(
    context: &Context<'_>,
    call: functions::messages::GetBotCallbackAnswer,
) -> Result<(PressId, oneshot::Receiver<()>), Refusal> {
    let from = context.me()?;
    let proof = match &call.password {
        None => Proof::None,
        Some(proof) => match context.mtproto().check_password(from, proof) {
            Ok(()) if context.mtproto().has_password(from) => Proof::Right,
            Err(Error::SrpIdInvalid) => return Err(Error::SrpIdInvalid.into()),
            // An empty proof of an account without a password proves nothing.
            Ok(()) => Proof::None,
            Err(_) => Proof::Wrong,
        },
    };
    let mut locked = context.lock();
    let peer = decode::peer(locked.world(), from, &call.peer)?;
    let message = MessageId(call.msg_id);
    // A call that says both, as the method's documented example does, presses the one that is there.
    let plays = || {
        let message = locked.world().message_at(from, peer, message);
        let keyboard = message.and_then(|message| message.keyboard());
        keyboard.is_some_and(|keyboard| keyboard.game().is_some())
    };
    let button = match call.data {
        None if call.game => Button::Game,
        Some(_) if call.game && plays() => Button::Game,
        data => Button::Data(data.unwrap_or_default()),
    };
    let id = locked.call(
        None,
        PressButton {
            from,
            peer,
            message: Some(message),
            button,
            forge: false,
            // What a client keeps it answers by itself: whoever asks here wants the bot.
            client_cache: false,
            proof,
        },
    )?;
    let ended = locked.wait_press(id);
    Ok((id, ended))
}
