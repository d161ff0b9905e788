//! Keyboards, with the official server's own complaints (TBA `Client.cpp:9588-9760`).

use ringback_world::{
    ButtonAction, ButtonStyle, InlineButton, InlineKeyboard, InlineTarget, ReplyButton, ReplyKeyboard,
    ReplyMarkup,
};
use serde_json::Value;

use super::fields::{Fields, What};
use crate::bot_api::ApiError;
use crate::bot_api::lenient::to_integer;

/// The keyboard that a text holds as JSON; `None` if the object holds none of any kind.
///
/// # Errors
/// What the official server says. What Telegram's own servers check (the length of callback data, say) is left to
/// the world.
pub(crate) fn reply_markup(text: &str) -> Result<Option<ReplyMarkup>, ApiError> {
    let value: Value = serde_json::from_str(text)
        .map_err(|_| ApiError::bad_request("can't parse reply keyboard markup JSON object"))?;
    markup_value(&value).map_err(ApiError::bad_request)
}

/// The keyboard in a JSON value that is part of something else.
///
/// # Errors
/// What the official server says.
pub(crate) fn markup_value(value: &Value) -> Result<Option<ReplyMarkup>, What> {
    let Value::Object(fields) = value else {
        return Err("Object expected as reply markup".to_owned());
    };
    let fields = Fields(fields);
    let rows = rows(
        fields.optional_array("keyboard")?,
        "Field \"keyboard\" must be an Array of Arrays",
        |value| reply_button(value).map_err(|what| format!("Can't parse keyboard button: {what}")),
    )?;
    let inline_rows = self::rows(
        fields.optional_array("inline_keyboard")?,
        "Field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays",
        |value| inline_button(value).map_err(|what| format!("Can't parse inline keyboard button: {what}")),
    )?;
    // The names of the Bot API's first year still count.
    let remove = fields.flag("remove_keyboard")? | fields.flag("hide_keyboard")?;
    let force_reply = fields.flag("force_reply")? | fields.flag("force_reply_keyboard")?;
    let selective = fields.flag("selective")? | fields.flag("personal_keyboard")?;
    let placeholder = fields.optional_string("input_field_placeholder")?;
    Ok(if !rows.is_empty() {
        Some(ReplyMarkup::Keyboard(ReplyKeyboard {
            rows,
            persistent: fields.flag("is_persistent")?,
            resize: fields.flag("resize_keyboard")?,
            one_time: fields.flag("one_time_keyboard")?,
            placeholder,
            selective,
        }))
    } else if !inline_rows.is_empty() {
        Some(ReplyMarkup::Inline(InlineKeyboard {
            rows: inline_rows,
            force_reply,
        }))
    } else if remove {
        Some(ReplyMarkup::Remove { selective })
    } else if force_reply {
        Some(ReplyMarkup::ForceReply {
            placeholder,
            selective,
        })
    } else {
        None
    })
}

fn rows<T>(
    rows: Option<&[Value]>,
    complaint: &str,
    button: impl Fn(&Value) -> Result<T, What>,
) -> Result<Vec<Vec<T>>, What> {
    let row = |row: &Value| match row {
        Value::Array(buttons) => buttons.iter().map(&button).collect(),
        _ => Err(complaint.to_owned()),
    };
    rows.unwrap_or_default().iter().map(row).collect()
}

fn inline_button(value: &Value) -> Result<InlineButton, What> {
    let Value::Object(fields) = value else {
        return Err("InlineKeyboardButton must be an Object".to_owned());
    };
    let fields = Fields(fields);
    Ok(InlineButton {
        text: fields.string("text")?,
        style: style(fields)?,
        icon: icon(fields)?,
        action: action(fields)?,
    })
}

/// What a press does. The first kind that is there counts; to what else is there nobody listens.
fn action(fields: Fields<'_>) -> Result<ButtonAction, What> {
    if let Some(url) = fields.optional_string("url")? {
        return Ok(ButtonAction::Url(url));
    }
    if let Some(data) = fields.optional_string("callback_data")? {
        return Ok(ButtonAction::Callback {
            data: data.into_bytes(),
            requires_password: false,
        });
    }
    if fields.has("callback_game") {
        return Ok(ButtonAction::Game);
    }
    if fields.has("pay") {
        return Ok(ButtonAction::Pay);
    }
    if fields.has("switch_inline_query") {
        return Ok(ButtonAction::SwitchInline {
            query: fields.string("switch_inline_query")?,
            target: InlineTarget::Any,
        });
    }
    if fields.has("switch_inline_query_chosen_chat") {
        let chosen = fields.object("switch_inline_query_chosen_chat")?;
        return Ok(ButtonAction::SwitchInline {
            query: chosen.optional_string("query")?.unwrap_or_default(),
            target: InlineTarget::Chosen {
                users: chosen.flag("allow_user_chats")?,
                bots: chosen.flag("allow_bot_chats")?,
                groups: chosen.flag("allow_group_chats")?,
                channels: chosen.flag("allow_channel_chats")?,
            },
        });
    }
    if fields.has("switch_inline_query_current_chat") {
        return Ok(ButtonAction::SwitchInline {
            query: fields.string("switch_inline_query_current_chat")?,
            target: InlineTarget::Current,
        });
    }
    if fields.has("login_url") {
        return login(fields.object("login_url")?);
    }
    if fields.has("web_app") {
        return Ok(ButtonAction::WebApp(fields.object("web_app")?.string("url")?));
    }
    if fields.has("copy_text") {
        return Ok(ButtonAction::CopyText(
            fields.object("copy_text")?.string("text")?,
        ));
    }
    if fields.has("disabled") {
        return Ok(ButtonAction::Disabled);
    }
    Err("Text buttons are unallowed in the inline keyboard".to_owned())
}

fn login(login: Fields<'_>) -> Result<ButtonAction, What> {
    let url = login.string("url")?;
    if let Some(name) = login.optional_string("bot_username")? {
        let name = name.strip_prefix('@').unwrap_or(&name);
        if name.is_empty()
            || !name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            return Err("LoginUrl bot username is invalid".to_owned());
        }
    }
    Ok(ButtonAction::LoginUrl(url))
}

fn style(fields: Fields<'_>) -> Result<Option<ButtonStyle>, What> {
    let style = fields.optional_string("style")?.unwrap_or_default();
    match style.to_ascii_lowercase().as_str() {
        "" | "default" => Ok(None),
        "primary" => Ok(Some(ButtonStyle::Primary)),
        "danger" => Ok(Some(ButtonStyle::Danger)),
        "success" => Ok(Some(ButtonStyle::Success)),
        _ => Err("invalid button style specified".to_owned()),
    }
}

fn icon(fields: Fields<'_>) -> Result<Option<i64>, What> {
    let icon = fields.optional_string("icon_custom_emoji_id")?;
    Ok(icon.map(|icon| to_integer(&icon)).filter(|icon| *icon != 0))
}

fn reply_button(value: &Value) -> Result<ReplyButton, What> {
    let fields = match value {
        Value::String(text) => {
            return Ok(ReplyButton {
                text: text.clone(),
                style: None,
                icon: None,
                request: None,
            });
        }
        Value::Object(fields) => fields,
        _ => return Err("KeyboardButton must be a String or an Object".to_owned()),
    };
    let own = Fields(fields);
    let mut request = fields.clone();
    request.retain(|name, value| {
        !["text", "style", "icon_custom_emoji_id"].contains(&name.as_str())
            && !matches!(value, Value::Null | Value::Bool(false))
    });
    Ok(ReplyButton {
        text: own.string("text")?,
        style: style(own)?,
        icon: icon(own)?,
        request: (!request.is_empty()).then(|| Value::Object(request).to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action_of(button: &str) -> Result<ButtonAction, String> {
        let text = format!("{{\"inline_keyboard\":[[{button}]]}}");
        match reply_markup(&text) {
            Ok(Some(ReplyMarkup::Inline(mut keyboard))) => Ok(keyboard.rows.remove(0).remove(0).action),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.description),
        }
    }

    fn callback(data: &str) -> Result<ButtonAction, String> {
        Ok(ButtonAction::Callback {
            data: data.into(),
            requires_password: false,
        })
    }

    #[test]
    fn complaints_are_the_official_servers() {
        for (text, expected) in [
            ("{", "can't parse reply keyboard markup JSON object"),
            ("None", "can't parse reply keyboard markup JSON object"),
            ("[]", "object expected as reply markup"),
            ("null", "object expected as reply markup"),
            (
                r#"{"inline_keyboard": [{"text": "x"}]}"#,
                "field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays",
            ),
            (
                r#"{"inline_keyboard": {}}"#,
                "field \"inline_keyboard\" must be of type Array",
            ),
            (
                r#"{"keyboard": ["x"]}"#,
                "field \"keyboard\" must be an Array of Arrays",
            ),
            (
                r#"{"remove_keyboard": "true"}"#,
                "field \"remove_keyboard\" must be of type Boolean",
            ),
            (
                r#"{"keyboard": [[1]]}"#,
                "can't parse keyboard button: KeyboardButton must be a String or an Object",
            ),
            (
                r#"{"inline_keyboard": [["x"]]}"#,
                "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
            ),
            (
                r#"{"inline_keyboard": [[{"callback_data": "x"}]]}"#,
                "can't parse inline keyboard button: Can't find field \"text\"",
            ),
            (
                r#"{"inline_keyboard": [[{"text": {}, "callback_data": "x"}]]}"#,
                "can't parse inline keyboard button: Field \"text\" must be of type String",
            ),
            (
                r#"{"inline_keyboard": [[{"text": "x"}]]}"#,
                "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            ),
            (
                r#"{"inline_keyboard": [[{"text": "x", "callback_data": ""}]]}"#,
                "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            ),
            (
                r#"{"inline_keyboard": [[{"text": "x", "callback_data": "y", "style": "pink"}]]}"#,
                "can't parse inline keyboard button: invalid button style specified",
            ),
            (
                r#"{"inline_keyboard": [[{"text": "x", "web_app": "y"}]]}"#,
                "can't parse inline keyboard button: Field \"web_app\" must be of type Object",
            ),
        ] {
            let error = reply_markup(text).unwrap_err();
            assert_eq!(error.description, format!("Bad Request: {expected}"), "{text}");
        }
    }

    #[test]
    fn the_first_kind_counts() {
        assert_eq!(
            action_of(r#"{"text": "x", "pay": true, "callback_data": "d", "url": "u"}"#),
            Ok(ButtonAction::Url("u".into()))
        );
        assert_eq!(
            action_of(r#"{"text": "x", "callback_game": {}, "callback_data": "d", "url": ""}"#),
            callback("d")
        );
        assert_eq!(action_of(r#"{"text": "x", "callback_data": 7}"#), callback("7"));
        assert_eq!(
            action_of(r#"{"text": "x", "pay": true, "callback_game": {}}"#),
            Ok(ButtonAction::Game)
        );
        assert_eq!(
            action_of(r#"{"text": "x", "disabled": {}}"#),
            Ok(ButtonAction::Disabled)
        );
        assert_eq!(
            action_of(r#"{"text": "x", "switch_inline_query_chosen_chat": {"allow_bot_chats": true}}"#),
            Ok(ButtonAction::SwitchInline {
                query: String::new(),
                target: InlineTarget::Chosen {
                    users: false,
                    bots: true,
                    groups: false,
                    channels: false
                }
            })
        );
    }

    #[test]
    fn other_markups() {
        let keyboard = reply_markup(
            r#"{"keyboard": [["a", {"text": "b", "style": "DANGER", "request_contact": true}]], "selective": true}"#,
        );
        let Ok(Some(ReplyMarkup::Keyboard(keyboard))) = keyboard else {
            panic!("{keyboard:?}");
        };
        assert!(keyboard.selective);
        assert_eq!(keyboard.rows[0][0].text, "a");
        assert_eq!(keyboard.rows[0][1].style, Some(ButtonStyle::Danger));
        assert_eq!(
            keyboard.rows[0][1].request.as_deref(),
            Some(r#"{"request_contact":true}"#)
        );
        for (text, expected) in [
            ("{}", None),
            (r#"{"inline_keyboard": []}"#, None),
            (
                r#"{"remove_keyboard": true}"#,
                Some(ReplyMarkup::Remove { selective: false }),
            ),
            (
                r#"{"force_reply": true, "selective": true}"#,
                Some(ReplyMarkup::ForceReply {
                    placeholder: None,
                    selective: true,
                }),
            ),
        ] {
            assert_eq!(reply_markup(text).unwrap(), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,60}|[\\[{}\\]\":,a-z_]{0,60}") {
            let _ = reply_markup(&text);
        }
    }
}
