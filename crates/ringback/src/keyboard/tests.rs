use super::*;
use crate::data::Json;

#[test]
fn data_is_measured_in_bytes() {
    let fits = Keyboard::new().callback("x", &Json("я".repeat(31))).build();
    assert!(fits.is_ok());
    let long = Keyboard::new()
        .callback("x", &Json("я".repeat(31)))
        .row()
        .row()
        .callback("y", &Json("я".repeat(32)))
        .callback("", &Json(1))
        .build()
        .unwrap_err();
    assert!(matches!(long.problem, Problem::Data(DataError::Length(66))));
    assert_eq!(
        long.to_string(),
        r#"the button "y" (row 2, place 1): the data is 66 bytes, a button carries 1 to 64"#
    );
}

fn problem(keyboard: Keyboard) -> Problem {
    keyboard.build().unwrap_err().problem
}

#[test]
fn what_telegram_would_drop_is_an_error() {
    let many = |count: usize| (0..count).map(|n| (n.to_string(), Json(n)));
    assert!(Keyboard::new().grid(12, many(300)).build().is_ok());
    assert!(matches!(
        problem(Keyboard::new().grid(13, many(13))),
        Problem::LongRow
    ));
    assert!(matches!(
        problem(Keyboard::new().grid(10, many(301))),
        Problem::TooMany
    ));
    assert!(matches!(
        problem(Keyboard::new().url("", "https://example.org")),
        Problem::NoText
    ));
    assert!(matches!(
        problem(Keyboard::new().url("a", "https://example.org").pay("Pay")),
        Problem::NotFirst
    ));
    assert!(matches!(
        problem(Keyboard::new().copy("a", "x".repeat(257))),
        Problem::Copy(257)
    ));
    assert!(matches!(problem(Keyboard::new().copy("a", "")), Problem::Copy(0)));
    let raw = InlineKeyboardButton::new("a").callback_data("x".repeat(65));
    assert!(matches!(problem(Keyboard::new().button(raw)), Problem::Data(_)));
}

#[test]
fn an_icon_is_enough_to_say() {
    let icon = || Keyboard::new().callback("", &Json(1)).icon("5368");
    assert!(icon().build().is_ok());
    assert!(matches!(problem(icon().callback("", &Json(2))), Problem::NoText));
}

#[test]
fn every_kind_of_button_is_what_the_api_calls_it() {
    let keyboard = Keyboard::new()
        .game("Play")
        .row()
        .columns(2)
        .web_app("a", "https://example.org/app")
        .login("b", LoginUrl::new("https://example.org/login"))
        .disabled("c")
        .style(ButtonStyle::Danger)
        .icon("5368")
        .switch_inline("d", "")
        .switch_inline_here("e", "cats")
        .switch_inline_chosen("f", SwitchInlineQueryChosenChat::new().allow_user_chats(true))
        .copy("g", "code")
        .build()
        .unwrap();
    let json = serde_json::to_value(&keyboard).unwrap();
    assert_eq!(
        json["inline_keyboard"],
        serde_json::json!([
            [{"text": "Play", "callback_game": {}}],
            [{"text": "a", "web_app": {"url": "https://example.org/app"}},
             {"text": "b", "login_url": {"url": "https://example.org/login"}}],
            [{"text": "c", "disabled": {}, "style": "danger", "icon_custom_emoji_id": "5368"},
             {"text": "d", "switch_inline_query": ""}],
            [{"text": "e", "switch_inline_query_current_chat": "cats"},
             {"text": "f", "switch_inline_query_chosen_chat": {"allow_user_chats": true}}],
            [{"text": "g", "copy_text": {"text": "code"}}],
        ])
    );
}

#[test]
fn pages_are_leafed_through() {
    let texts = |current, pages| -> Vec<String> {
        let keyboard = Keyboard::new().pages(current, pages, Json).build().unwrap();
        keyboard
            .inline_keyboard
            .concat()
            .into_iter()
            .map(|button| button.text)
            .collect()
    };
    assert!(texts(1, 1).is_empty());
    assert!(texts(1, 0).is_empty());
    assert_eq!(texts(2, 3), ["1", "· 2 ·", "3"]);
    assert_eq!(texts(1, 9), ["· 1 ·", "2 ›", "3", "4", "9 »"]);
    assert_eq!(texts(4, 9), ["« 1", "‹ 3", "· 4 ·", "5 ›", "9 »"]);
    assert_eq!(texts(9, 9), ["« 1", "6", "7", "‹ 8", "· 9 ·"]);
    assert_eq!(texts(99, 9), texts(9, 9));
    // Each button leads to the page that it says.
    let keyboard = Keyboard::new().pages(7, 20, Json).build().unwrap();
    for button in &keyboard.inline_keyboard[0] {
        let digits: String = button.text.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(button.callback_data.as_deref(), Some(&*digits));
    }
}
