//! Which button a press names, and what to say if there is none.

use super::error::Failure;
use hyper::StatusCode;
use ringback_world::calls::Button;
use ringback_world::{ButtonAction, InlineButton, InlineKeyboard, InlineTarget};
use serde::Deserialize;

/// `{text}`, `{data}`, `{row, column}` or `{game: true}`.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    text: Option<String>,
    data: Option<String>,
    row: Option<usize>,
    column: Option<usize>,
    game: Option<bool>,
}

/// A way to name a button, read.
#[derive(Clone, PartialEq, Debug)]
enum Way {
    Text(String),
    Data(String),
    At(usize, usize),
    Game,
}

impl Named {
    fn way(self) -> Result<Way, Failure> {
        match self {
            Named {
                text: Some(text),
                data: None,
                row: None,
                column: None,
                game: None | Some(false),
            } => Ok(Way::Text(text)),
            Named {
                text: None,
                data: Some(data),
                row: None,
                column: None,
                game: None | Some(false),
            } => Ok(Way::Data(data)),
            Named {
                text: None,
                data: None,
                row: Some(row),
                column: Some(column),
                game: None | Some(false),
            } => Ok(Way::At(row, column)),
            Named {
                text: None,
                data: None,
                row: None,
                column: None,
                game: Some(true),
            } => Ok(Way::Game),
            _ => Err(Failure::bad_request(
                "“button” must be exactly one of {text}, {data}, {row, column} and {game: true}",
            )),
        }
    }

    /// What the world is told to press. Data goes there as it is: whether it may be pressed is for the world to
    /// say. For everything else the button must be in the keyboard, and one that asks a bot.
    pub(super) fn find(self, keyboard: Option<&InlineKeyboard>) -> Result<Button, Failure> {
        let way = self.way()?;
        if let Way::Data(data) = way {
            return Ok(Button::Data(data.into_bytes()));
        }
        let Some(keyboard) = keyboard else {
            let failure = Failure::new(
                StatusCode::BAD_REQUEST,
                "button_not_found",
                "There is no inline keyboard here, so there are no buttons",
            );
            return Err(failure.hint("GET /messages?chat=…&as=… shows what this user sees; without “message_id” the newest message with a keyboard is meant."));
        };
        let (row, column, button) = match &way {
            Way::At(row, column) => keyboard
                .rows
                .get(*row)
                .and_then(|buttons| buttons.get(*column))
                .map(|button| (*row, *column, button)),
            Way::Game => positions(keyboard).find(|(_, _, button)| button.action == ButtonAction::Game),
            Way::Text(text) => by_label(keyboard, text).map_err(|fitting| ambiguous(text, &fitting))?,
            Way::Data(_) => None,
        }
        .ok_or_else(|| missing(&way, keyboard))?;
        match button.action {
            ButtonAction::Callback { .. } => Ok(Button::At { row, column }),
            ButtonAction::Game => Ok(Button::Game),
            _ => {
                let message = format!(
                    "“{}” asks no bot: it {}",
                    button.text,
                    what_it_does(&button.action)
                );
                let failure = Failure::new(StatusCode::BAD_REQUEST, "not_a_callback_button", message);
                Err(failure.hint(format!("The buttons are {}.", list(keyboard))))
            }
        }
    }
}

fn positions(keyboard: &InlineKeyboard) -> impl Iterator<Item = (usize, usize, &InlineButton)> {
    let rows = keyboard.rows.iter().enumerate();
    rows.flat_map(|(row, buttons)| {
        buttons
            .iter()
            .enumerate()
            .map(move |(column, button)| (row, column, button))
    })
}

type Place<'a> = (usize, usize, &'a InlineButton);

/// By the whole label, else by its beginning, else by a part of it, if that fits one button only.
fn by_label<'a>(keyboard: &'a InlineKeyboard, text: &str) -> Result<Option<Place<'a>>, Vec<&'a str>> {
    if let Some(exact) = positions(keyboard).find(|(_, _, button)| button.text == text) {
        return Ok(Some(exact));
    }
    if text.is_empty() {
        return Ok(None);
    }
    for fits in [
        |label: &str, text: &str| label.starts_with(text),
        |label: &str, text: &str| label.contains(text),
    ] {
        let fitting: Vec<_> = positions(keyboard)
            .filter(|(_, _, button)| fits(&button.text, text))
            .collect();
        match fitting.as_slice() {
            [] => {}
            [only] => return Ok(Some(*only)),
            several => {
                return Err(several
                    .iter()
                    .map(|(_, _, button)| button.text.as_str())
                    .collect());
            }
        }
    }
    Ok(None)
}

fn ambiguous(text: &str, fitting: &[&str]) -> Failure {
    let labels: Vec<_> = fitting.iter().map(|label| format!("“{label}”")).collect();
    let message = format!("“{text}” fits several buttons: {}", labels.join(", "));
    Failure::new(StatusCode::BAD_REQUEST, "button_not_found", message)
        .hint("Give the whole label, or {row, column}.")
}

fn missing(way: &Way, keyboard: &InlineKeyboard) -> Failure {
    let what = match way {
        Way::Text(text) => format!("no button “{text}”"),
        Way::Data(data) => format!("no button with the data “{data}”"),
        Way::At(row, column) => format!("no button in row {row}, column {column} (counted from 0)"),
        Way::Game => "no game button".to_owned(),
    };
    let message = format!("There is {what}. The buttons are {}", list(keyboard));
    Failure::new(StatusCode::BAD_REQUEST, "button_not_found", message).hint("Press one of those.")
}

/// The buttons there are, row by row.
pub(super) fn list(keyboard: &InlineKeyboard) -> String {
    let button = |button: &InlineButton| format!("“{}” ({})", button.text, in_short(&button.action));
    let row = |row: &Vec<InlineButton>| row.iter().map(button).collect::<Vec<_>>().join(", ");
    keyboard.rows.iter().map(row).collect::<Vec<_>>().join("; ")
}

fn in_short(action: &ButtonAction) -> String {
    match action {
        ButtonAction::Callback { data, .. } => format!("data “{}”", String::from_utf8_lossy(data)),
        ButtonAction::Game => "game".to_owned(),
        ButtonAction::Url(_) | ButtonAction::LoginUrl(_) => "a link".to_owned(),
        ButtonAction::WebApp(_) => "a web app".to_owned(),
        ButtonAction::Pay => "pays".to_owned(),
        ButtonAction::SwitchInline { .. } => "inline query".to_owned(),
        ButtonAction::CopyText(_) => "copies".to_owned(),
        ButtonAction::Disabled => "disabled".to_owned(),
    }
}

fn what_it_does(action: &ButtonAction) -> String {
    match action {
        ButtonAction::Url(url) => format!("opens {url}"),
        ButtonAction::LoginUrl(url) => format!("signs in at {url} and opens it"),
        ButtonAction::WebApp(url) => format!("opens the web app {url}"),
        ButtonAction::Pay => "pays the invoice".to_owned(),
        ButtonAction::SwitchInline {
            query,
            target: InlineTarget::Current,
        } => format!("types the inline query “{query}” in this chat"),
        ButtonAction::SwitchInline { query, .. } => {
            format!("types the inline query “{query}” in a chat that the user picks")
        }
        ButtonAction::CopyText(text) => format!("copies “{text}”"),
        ButtonAction::Disabled => "does nothing".to_owned(),
        ButtonAction::Callback { .. } | ButtonAction::Game => "asks the bot".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyboard() -> InlineKeyboard {
        let button = |text: &str, action| InlineButton {
            text: text.into(),
            style: None,
            icon: None,
            action,
        };
        let callback = |data: &str| ButtonAction::Callback {
            data: data.into(),
            requires_password: false,
        };
        let rows = vec![
            vec![button("Up ↑", callback("u")), button("Up, much", callback("uu"))],
            vec![button("Docs", ButtonAction::Url("https://example.org".into()))],
        ];
        InlineKeyboard {
            rows,
            force_reply: false,
        }
    }

    fn find(named: &str) -> Result<Button, Failure> {
        serde_json::from_str::<Named>(named)
            .unwrap()
            .find(Some(&keyboard()))
    }

    #[test]
    fn found_in_every_way() {
        assert_eq!(
            find(r#"{"text":"Up ↑"}"#).unwrap(),
            Button::At { row: 0, column: 0 }
        );
        assert_eq!(
            find(r#"{"text":"much"}"#).unwrap(),
            Button::At { row: 0, column: 1 }
        );
        assert_eq!(
            find(r#"{"row":0,"column":1}"#).unwrap(),
            Button::At { row: 0, column: 1 }
        );
        assert_eq!(
            find(r#"{"data":"anything"}"#).unwrap(),
            Button::Data(b"anything".to_vec())
        );
    }

    #[test]
    fn what_is_not_there_lists_what_is() {
        for named in [
            r#"{"text":"Down"}"#,
            r#"{"row":5,"column":0}"#,
            r#"{"game":true}"#,
            r#"{"text":""}"#,
        ] {
            let failure = find(named).unwrap_err();
            assert_eq!(failure.code, "button_not_found");
            assert!(
                failure
                    .message
                    .contains("“Up ↑” (data “u”), “Up, much” (data “uu”); “Docs” (a link)"),
                "{}",
                failure.message
            );
        }
        assert!(find(r#"{"text":"Up"}"#).unwrap_err().message.contains("several"));
        let failure = find(r#"{"text":"Docs"}"#).unwrap_err();
        assert_eq!(failure.code, "not_a_callback_button");
        assert!(failure.message.contains("opens https://example.org"));
        assert_eq!(
            serde_json::from_str::<Named>("{\"text\":\"x\"}")
                .unwrap()
                .find(None)
                .unwrap_err()
                .code,
            "button_not_found"
        );
        for bad in [
            "{}",
            r#"{"text":"a","data":"b"}"#,
            r#"{"row":1}"#,
            r#"{"game":false}"#,
        ] {
            assert_eq!(find(bad).unwrap_err().code, "bad_request", "{bad}");
        }
    }
}
