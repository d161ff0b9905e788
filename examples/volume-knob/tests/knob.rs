//! What the people in the chat see.

use std::sync::Arc;

use ringback::testing::Telegram;
use volume_knob::{Allowed, Mixer, router};

const PROMPT: &str = "Use the buttons below to modify the volume:";
const BUTTONS: [[&str; 2]; 1] = [["↑  Turn up", "↓  Turn down"]];

#[tokio::test]
async fn the_command_shows_the_buttons() {
    let telegram = Telegram::start().await;
    let ben = telegram.person("Ben").await;
    telegram
        .run(router(Arc::new(Mixer::new(Allowed::Everybody))))
        .await;
    for command in ["/volumeknob", "/start", "/VolumeKnob@test_bot"] {
        ben.send(command).await;
        let shown = ben.last().await;
        assert_eq!(
            (shown.text(), shown.buttons()),
            (PROMPT, BUTTONS.map(Vec::from).to_vec()),
            "{command}"
        );
    }
}

#[tokio::test]
async fn a_press_turns_the_volume_without_a_word_for_those_who_may() {
    let telegram = Telegram::start().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    let mixer = Arc::new(Mixer::new(Allowed::Only(vec![ann.id()])));
    telegram.run(router(Arc::clone(&mixer))).await;
    for person in [&ann, &ben] {
        person.send("/volumeknob").await;
    }
    let shown = ann.last().await;
    let data = |label| shown.data(label);
    assert_eq!(data("↑  Turn up"), Some(r#"{"type":"volume","direction":true}"#));
    assert_eq!(
        data("↓  Turn down"),
        Some(r#"{"type":"volume","direction":false}"#)
    );

    for (label, level) in [("↑", 60), ("↑", 70), ("↓", 60)] {
        let press = ann.press(label).await;
        assert!(press.is_answered() && press.text().is_none(), "{press:?}");
        assert_eq!(mixer.level(), level);
    }
    let press = ben.press("↑").await;
    assert_eq!(
        (press.text(), press.is_alert()),
        (Some("Permission denied."), false)
    );
    assert_eq!(mixer.level(), 60);
    // The message stays as it is.
    assert_eq!(ann.last().await.text(), PROMPT);
    assert_eq!(telegram.calls("editMessageText").await, 0);
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn a_display_shows_the_volume() {
    let telegram = Telegram::start().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    let mixer = Arc::new(Mixer::new(Allowed::Only(vec![ann.id()])).with_display());
    telegram.run(router(Arc::clone(&mixer))).await;
    for person in [&ann, &ben] {
        person.send("/start").await;
    }

    assert_eq!(ann.press("↑").await.text(), Some("Volume: 60"));
    let shown = ann.last().await;
    assert_eq!(shown.text(), format!("{PROMPT}\nVolume: 60 ▮▮▮▮▮▮▯▯▯▯"));
    assert_eq!(shown.buttons(), BUTTONS);
    assert_eq!(ann.press("↓").await.text(), Some("Volume: 50"));

    assert_eq!(ben.press("↑").await.text(), Some("Permission denied."));
    assert_eq!(ben.last().await.text(), PROMPT);
    assert_eq!(mixer.level(), 50);
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn other_programs_buttons_are_left_to_others() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    let mixer = Arc::new(Mixer::new(Allowed::Everybody));
    telegram.run(router(Arc::clone(&mixer))).await;
    ann.send("/start").await;
    // The wait ends, and nothing is shown.
    for data in [r#"{"type":"brightness","direction":true}"#, "not JSON"] {
        let press = ann.forge(data).await;
        assert!(press.is_answered() && press.text().is_none(), "{data}: {press:?}");
    }
    // The same data in other words is still data.
    let press = ann.forge(r#"{ "direction": false, "type": "volume" }"#).await;
    assert!(press.is_answered());
    assert_eq!(mixer.level(), 40);
}

#[tokio::test]
async fn at_its_end_the_knob_turns_no_further_and_that_is_no_failure() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram
        .run(router(Arc::new(Mixer::new(Allowed::Everybody).with_display())))
        .await;
    ann.send("/start").await;
    for _ in 0..7 {
        ann.press("↑").await;
    }
    assert_eq!(ann.press("↑").await.text(), Some("Volume: 100"));
    assert!(telegram.reports().is_empty());
}
