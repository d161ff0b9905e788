//! What Ann sees.

use ringback::testing::Telegram;

#[tokio::test]
async fn every_button_does_something() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(actions::router()).await;
    ann.send("/help").await;
    assert_eq!(
        ann.last().await.text(),
        "Hey! I'm a simple bot that will send you chat actions. Use /start to get a list of actions to send."
    );
    ann.send("/start").await;
    let menu = ann.last().await;
    assert_eq!(
        menu.text(),
        "Press any button below and I'll send you a chat action!"
    );
    assert_eq!(
        menu.buttons(),
        [
            vec!["✏️ Type", "📍 Find location"],
            vec!["📷 Upload photo"],
            vec!["🎥 Record video", "📎 Upload video"],
            vec!["🎙 Record audio", "📎 Upload audio"],
            vec!["🔴 Record video note", "📎 Upload video note"],
            vec!["📄 Upload document"],
        ]
    );
    assert_eq!(
        menu.data("✏️ Type"),
        Some(r#"{"type":"zp.0a","action":"typing"}"#)
    );
    for label in menu.buttons().concat() {
        let press = ann.press(label).await;
        assert!(
            press.is_answered() && press.text().is_none(),
            "{label}: {press:?}"
        );
    }
    assert_eq!(telegram.calls("sendChatAction").await, 10);
    assert!(telegram.reports().is_empty(), "an action was refused");
}

#[tokio::test]
async fn a_chat_on_the_button_is_not_heeded() {
    let telegram = Telegram::start().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    telegram.run(actions::router()).await;
    ann.send("/start").await;
    // A button of the other bot, with an action's former name; and one that was sent on somebody else's behalf.
    for chat in [ann.id(), ben.id()] {
        let data = format!(r#"{{"type":"zp.0a","action":"record_audio","chatId":{chat}}}"#);
        let press = ann.forge(&data).await;
        assert!(press.is_answered() && press.text().is_none(), "{press:?}");
    }
    assert_eq!(telegram.calls("sendChatAction").await, 2);
}

#[tokio::test]
async fn what_is_no_action_is_said_and_what_is_not_ours_is_left() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(actions::router()).await;
    ann.send("/start").await;
    let press = ann.forge(r#"{"type":"zp.0a","action":"dance"}"#).await;
    assert_eq!(
        press.text(),
        Some("Couldn't send the chat action, can the bot talk here?")
    );
    for data in [
        r#"{"type":"zp.0a"}"#,
        r#"{"type":"other","action":"typing"}"#,
        "typing",
    ] {
        let press = ann.forge(data).await;
        assert!(press.is_answered() && press.text().is_none(), "{data}: {press:?}");
    }
    assert_eq!(telegram.calls("sendChatAction").await, 1);
}
