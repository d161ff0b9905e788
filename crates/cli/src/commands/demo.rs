//! `ringback demo`: a local Telegram with the volume-knob bot of `examples/` in it.

use super::{asked_to_end, press, start, table};
use crate::args::{Demo, Format, Via};
use crate::control::Control;
use crate::failure::Failure;
use crate::output;
use ringback::{Bot, Limits};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::oneshot;
use volume_knob::{Allowed, Mixer};

const BOT: &str = "volume_knob_bot";

pub(crate) async fn run(format: Format, args: Demo) -> Result<ExitCode, Failure> {
    let server = start(&args.server).await?;
    let control = Control::new(&server.url());
    let cast = Cast::find_or_make(&control).await?;
    let bot = Bot::builder(&cast.token)
        .server(server.url())
        // Nobody counts here.
        .limits(Limits::none())
        .build()
        .map_err(|error| Failure::Bot(error.to_string()))?;
    let mixer = Arc::new(Mixer::new(Allowed::Only(vec![cast.ann])).with_display());
    let (stop, stopped) = oneshot::channel::<()>();
    let mut knob = tokio::spawn(async move {
        let until = async { drop(stopped.await) };
        volume_knob::run_until(bot, mixer, until)
            .await
            .map_err(|error| error.to_string())
    });
    let code = if args.once {
        once(format, &control, &cast).await?
    } else {
        control
            .post(
                "/messages",
                json!({"from": cast.ann, "chat": cast.bot, "text": "/volumeknob"}),
            )
            .await?;
        let page = format!("{}/?as={}&chat={}", server.url(), cast.ann, cast.bot);
        output::result(format, &json!({"page": page, "bot": cast.described()}), || {
            let rows = table(&[
                ("open", page.clone()),
                ("Bot API", server.url()),
                ("bot", format!("@{BOT}  (the program in examples/volume-knob)")),
            ]);
            format!("A local Telegram is running, with a bot in it. Press ↑. Ctrl-C ends it.\n\n{rows}")
        });
        tokio::select! {
            () = asked_to_end() => ExitCode::SUCCESS,
            ended = &mut knob => return Err(Failure::Bot(why(ended))),
        }
    };
    // A bot that has stopped already needs no telling.
    let _ = stop.send(());
    if let Ok(Err(error)) = knob.await {
        return Err(Failure::Bot(error));
    }
    server.stop().await;
    Ok(code)
}

fn why(ended: Result<Result<(), String>, tokio::task::JoinError>) -> String {
    match ended {
        Ok(Ok(())) => "it ended by itself".into(),
        Ok(Err(error)) => error,
        Err(error) => error.to_string(),
    }
}

/// Who is in the demo: Ann, who may turn the knob, Ben, who may not, and the bot.
struct Cast {
    ann: i64,
    ben: i64,
    bot: i64,
    token: String,
}

impl Cast {
    /// With `--db` they may be there already.
    async fn find_or_make(control: &Control) -> Result<Cast, Failure> {
        let users = control.get("/users").await?;
        let bots = control.get("/bots").await?;
        let named = |list: &Value, name: &str| {
            list.as_array()
                .and_then(|list| list.iter().find(|one| one["username"] == name).cloned())
        };
        let ann = match named(&users["users"], "ann") {
            Some(ann) => ann,
            None => {
                control
                    .post(
                        "/users",
                        json!({"first_name": "Ann", "username": "ann", "language_code": "en"}),
                    )
                    .await?
            }
        };
        let ben = match named(&users["users"], "ben") {
            Some(ben) => ben,
            None => {
                control
                    .post(
                        "/users",
                        json!({"first_name": "Ben", "username": "ben", "language_code": "en"}),
                    )
                    .await?
            }
        };
        let bot = match named(&bots["bots"], BOT) {
            Some(bot) => bot,
            None => {
                control
                    .post("/bots", json!({"username": BOT, "first_name": "Volume knob"}))
                    .await?
            }
        };
        let id = |one: &Value| one["id"].as_i64().unwrap_or_default();
        Ok(Cast {
            ann: id(&ann),
            ben: id(&ben),
            bot: id(&bot),
            token: bot["token"].as_str().unwrap_or_default().to_owned(),
        })
    }

    fn described(&self) -> Value {
        json!({"id": self.bot, "username": BOT, "token": self.token, "allowed": [self.ann], "denied": [self.ben]})
    }
}

/// Every way through: each button by someone who may, one by someone who may not, and one over MTProto, as a client
/// presses.
async fn once(format: Format, control: &Control, cast: &Cast) -> Result<ExitCode, Failure> {
    let mut journey = Vec::new();
    for (who, from, button, via) in [
        ("Ann", cast.ann, "↑", Via::Control),
        ("Ann", cast.ann, "↓", Via::Control),
        ("Ben", cast.ben, "↑", Via::Control),
        ("Ann", cast.ann, "↑", Via::Mtproto),
    ] {
        if !has_keyboard(control, cast, from).await? {
            control
                .post(
                    "/messages",
                    json!({"from": from, "chat": cast.bot, "text": "/volumeknob"}),
                )
                .await?;
            while !has_keyboard(control, cast, from).await? {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        }
        let press = match via {
            Via::Control => {
                let press = json!({"from": from, "chat": cast.bot, "button": {"text": button}});
                control.post("/presses", press).await?
            }
            Via::Mtproto => {
                press::over_mtproto(control, &from.to_string(), &format!("@{BOT}"), button).await?
            }
        };
        if press["outcome"] != "answered" {
            return Err(Failure::Demo(format!(
                "{who} pressed {button}: {}",
                press::in_words(&press)
            )));
        }
        let steps = steps(control).await?;
        let via = match via {
            Via::Control => "control",
            Via::Mtproto => "mtproto",
        };
        journey.push(json!({"by": who, "button": button, "via": via, "press": press, "steps": steps}));
    }
    output::result(format, &json!({"journey": journey}), || {
        journey.iter().map(in_words).collect::<Vec<_>>().join("\n")
    });
    Ok(ExitCode::SUCCESS)
}

async fn has_keyboard(control: &Control, cast: &Cast, from: i64) -> Result<bool, Failure> {
    let seen = control
        .get(&format!("/messages?as={from}&chat={}", cast.bot))
        .await;
    Ok(match seen {
        Ok(seen) => seen
            .as_array()
            .is_some_and(|list| list.iter().any(|message| message["reply_markup"].is_object())),
        // There is no chat before the first message.
        Err(Failure::Refused { .. }) => false,
        Err(failure) => return Err(failure),
    })
}

/// What the journal tells of the newest press: everything that follows from it, with the milliseconds since.
async fn steps(control: &Control) -> Result<Vec<Value>, Failure> {
    let events = control.get("/events?since=0").await?;
    let all = || events["events"].as_array().into_iter().flatten();
    let newest = all().rfind(|event| event["kind"] == "press");
    let press = newest.map_or(&Value::Null, |event| &event["press_id"]);
    let mut family = Vec::new();
    let mut steps = Vec::new();
    let mut start = 0;
    for event in all() {
        let is_press = event["kind"] == "press" && event["press_id"] == *press;
        if is_press {
            start = event["time"].as_i64().unwrap_or_default();
        }
        if is_press || family.contains(&&event["cause"]) {
            family.push(&event["seq"]);
            let after = event["time"].as_i64().unwrap_or_default() - start;
            steps.push(json!({"kind": event["kind"], "method": event["method"], "after_ms": after}));
        }
    }
    Ok(steps)
}

fn in_words(journey: &Value) -> String {
    let who = journey["by"].as_str().unwrap_or_default();
    let button = journey["button"].as_str().unwrap_or_default();
    let how = match journey["via"].as_str() {
        Some("mtproto") => " over MTProto",
        _ => "",
    };
    let mut text = format!(
        "{who} presses {button}{how}: {}\n",
        press::in_words(&journey["press"])
    );
    for step in journey["steps"].as_array().into_iter().flatten() {
        let kind = step["kind"].as_str().unwrap_or_default().replace('_', " ");
        let method = step["method"].as_str().unwrap_or_default();
        text.push_str(&format!("  {:>5} ms  {kind} {method}\n", step["after_ms"]));
    }
    text
}
