//! The readable form of callback data, and presses that carry it.

use ringback::data::{CallbackData, Claim, DataError, to_data};
use ringback::{CallbackQuery, Keyboard, Outcome, Reason, Router};
use serde_json::json;

use crate::server::Server;

#[derive(CallbackData, Debug, Clone, PartialEq)]
#[callback_data(prefix = "item")]
struct Item {
    kind: String,
    id: i64,
    gift: bool,
    note: Option<String>,
}

#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "vol")]
enum Volume {
    TurnUp,
    #[callback_data(rename = "dn")]
    TurnDown,
    Set(u8),
}

#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "close")]
struct Close;

#[test]
fn what_is_written_is_read() {
    let item = Item {
        kind: "mug".into(),
        id: -7,
        gift: true,
        note: None,
    };
    assert_eq!(to_data(&item).unwrap(), "item:mug:-7:1:");
    assert_eq!(Item::decode("item:mug:-7:1:").unwrap(), Some(item.clone()));
    let noted = Item {
        note: Some("für Ann".into()),
        ..item
    };
    assert_eq!(Item::decode(&to_data(&noted).unwrap()).unwrap(), Some(noted));

    for (value, data) in [
        (Volume::TurnUp, "vol:turn_up"),
        (Volume::TurnDown, "vol:dn"),
        (Volume::Set(9), "vol:set:9"),
    ] {
        assert_eq!(to_data(&value).unwrap(), data);
        assert_eq!(Volume::decode(data).unwrap(), Some(value));
    }
    assert_eq!(to_data(&Close).unwrap(), "close");
    assert_eq!(
        (Close::CLAIM, Volume::CLAIM),
        (Claim::Exact("close"), Claim::Prefix("vol:"))
    );
}

#[test]
fn what_is_malformed_is_refused_and_what_is_foreign_is_left() {
    for data in [
        "vol:",
        "vol:up",
        "vol:set",
        "vol:set:256",
        "vol:set:9:9",
        "vol:set:x",
    ] {
        assert!(
            matches!(Volume::decode(data), Err(DataError::Malformed(_))),
            "{data}"
        );
    }
    for data in ["", "volume:turn_up", "Vol:dn", "close"] {
        assert_eq!(Volume::decode(data).unwrap(), None, "{data}");
    }
    assert!(Close::decode("close:now").is_err());
}

#[test]
fn what_does_not_fit_is_refused_when_the_button_is_made() {
    let item = |kind: &str| Item {
        kind: kind.into(),
        id: 1,
        gift: false,
        note: None,
    };
    assert!(matches!(to_data(&item("a:b")), Err(DataError::Unwritable(_))));
    assert!(matches!(
        to_data(&item(&"ж".repeat(29))),
        Err(DataError::Length(68))
    ));
    assert!(matches!(
        to_data(&Item {
            note: Some(String::new()),
            ..item("x")
        }),
        Err(DataError::Unwritable(_))
    ));
    assert!(
        Keyboard::new()
            .callback("?", &item(&"x".repeat(65)))
            .build()
            .is_err()
    );
}

/// A handler of what can't be read, in front of one of what can.
#[tokio::test]
async fn a_type_and_its_result_share_their_presses() {
    async fn broken(query: CallbackQuery<Result<Volume, DataError>>) -> Outcome {
        match query.data() {
            Ok(_) => query.pass(),
            Err(_) => query.answer().text("broken").await,
        }
    }
    async fn volume(query: CallbackQuery<Volume>) -> Outcome {
        query.answer().text("volume").await
    }
    for router in [
        Router::new().callback(broken).callback(volume),
        Router::new().callback(volume).callback(broken),
    ] {
        let server = Server::start().await;
        let run = server.run(router, |polling| polling);
        for (n, (data, text)) in [("vol:turn_up", "volume"), ("vol:9", "broken")]
            .into_iter()
            .enumerate()
        {
            server.press(&format!("q{n}"), 7, data);
            let answers = server.until_calls("answerCallbackQuery", n + 1).await;
            assert_eq!(answers[n]["text"], text);
        }
        run.stop().await;
    }
}

#[tokio::test]
async fn presses_find_their_types() {
    async fn volume(query: CallbackQuery<Volume>) -> Outcome {
        match query.data() {
            Volume::TurnUp => query.answer().text("up").await,
            _ => query.pass(),
        }
    }
    async fn close(query: CallbackQuery<Close>) -> Outcome {
        query.answer().text("closed").await
    }
    let server = Server::start().await;
    let router = Router::new().callback(volume).callback(close);
    let run = server.run(router, |polling| {
        polling.fallback(|reason, answer| match reason {
            Reason::Malformed => answer.text("out of date"),
            _ => answer.text("nobody"),
        })
    });
    let presses = [
        ("vol:turn_up", "up"),
        ("vol:dn", "nobody"),
        ("close", "closed"),
        ("vol:9", "out of date"),
    ];
    for (n, (data, text)) in presses.into_iter().enumerate() {
        server.press(&format!("q{n}"), 7, data);
        let answers = server.until_calls("answerCallbackQuery", n + 1).await;
        assert_eq!(
            answers[n],
            json!({"callback_query_id": format!("q{n}"), "text": text})
        );
    }
    run.stop().await;
}
