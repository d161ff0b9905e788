//! Inline results as they are listed. The world keeps what a bot gave as text, in the Bot API's form; what of it TL has
//! fields for too is written and read here.

use ringback_tl::types;
use serde::Serialize;
use serde_json::{Value, json};

/// A result as the control API lists it.
#[derive(Default, Serialize)]
pub(super) struct Shown {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_short_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_message_content: Option<Content>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_markup: Option<Value>,
}

/// What is sent if the result is chosen.
#[derive(Serialize)]
pub(super) struct Content {
    pub message_text: String,
}

impl Shown {
    pub(super) fn write(&self) -> String {
        // It has no keys but texts, so it can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What a list of results in TL needs of it. Bots may write numbers for texts there; such are left out.
    pub(super) fn read(text: &str) -> Shown {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        Shown {
            kind: text("type").unwrap_or_default(),
            title: text("title"),
            description: text("description"),
            url: text("url"),
            ..Shown::default()
        }
    }
}

/// The button above the results, as the world keeps it: a Bot API `InlineQueryResultsButton`.
pub(super) fn write_button(
    switch_pm: Option<types::InlineBotSwitchPM>,
    web_view: Option<types::InlineBotWebView>,
) -> Option<String> {
    let switch = switch_pm.map(|own| json!({"text": own.text, "start_parameter": own.start_param}));
    let web = web_view.map(|own| json!({"text": own.text, "web_app": {"url": own.url}}));
    switch.or(web).map(|button| button.to_string())
}

/// The reverse of [`write_button`].
pub(super) fn read_button(
    button: Option<&str>,
) -> (Option<types::InlineBotSwitchPM>, Option<types::InlineBotWebView>) {
    let button: Value = button
        .and_then(|button| serde_json::from_str(button).ok())
        .unwrap_or_default();
    let text = button.get("text").and_then(Value::as_str);
    let start = button.get("start_parameter").and_then(Value::as_str);
    let web = button.pointer("/web_app/url").and_then(Value::as_str);
    let switch_pm = text
        .zip(start)
        .map(|(text, start_param)| types::InlineBotSwitchPM {
            text: text.to_owned(),
            start_param: start_param.to_owned(),
        });
    let web_view = text.zip(web).map(|(text, url)| types::InlineBotWebView {
        text: text.to_owned(),
        url: url.to_owned(),
    });
    (switch_pm, web_view)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_and_buttons_go_both_ways() {
        let shown = Shown {
            kind: "article".into(),
            id: "1".into(),
            title: Some("Title".into()),
            ..Shown::default()
        };
        assert_eq!(shown.write(), r#"{"type":"article","id":"1","title":"Title"}"#);
        let read = Shown::read(&shown.write());
        assert_eq!(
            (read.kind.as_str(), read.title.as_deref()),
            ("article", Some("Title"))
        );
        // What the Bot API lets through.
        let odd = Shown::read(r#"{"type": "article", "id": 1, "title": 2, "description": "d"}"#);
        assert_eq!((odd.title, odd.description.as_deref()), (None, Some("d")));
        assert_eq!(Shown::read("no JSON").kind, "");

        let switch_pm = types::InlineBotSwitchPM {
            text: "Log in".into(),
            start_param: "x".into(),
        };
        let web_view = types::InlineBotWebView {
            text: "Open".into(),
            url: "https://example.org".into(),
        };
        for button in [(Some(switch_pm), None), (None, Some(web_view)), (None, None)] {
            let written = write_button(button.0.clone(), button.1.clone());
            assert_eq!(read_button(written.as_deref()), button);
        }
    }
}
