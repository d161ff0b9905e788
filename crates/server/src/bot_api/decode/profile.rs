//! Menu buttons, rights of administrators, and places.

use ringback_world::calls::Terms;
use ringback_world::{AdminRight, AdminRights, GeoPoint, MenuButton};
use serde_json::Value;

use super::fields::{Fields, What};
use crate::bot_api::{ApiError, Params};

/// The rights, under their names in the Bot API.
const RIGHTS: [(&str, AdminRight); 18] = [
    ("is_anonymous", AdminRight::Anonymous),
    ("can_manage_chat", AdminRight::ManageChat),
    ("can_delete_messages", AdminRight::DeleteMessages),
    ("can_manage_video_chats", AdminRight::ManageVideoChats),
    ("can_restrict_members", AdminRight::RestrictMembers),
    ("can_promote_members", AdminRight::PromoteMembers),
    ("can_change_info", AdminRight::ChangeInfo),
    ("can_invite_users", AdminRight::InviteUsers),
    ("can_post_stories", AdminRight::PostStories),
    ("can_edit_stories", AdminRight::EditStories),
    ("can_delete_stories", AdminRight::DeleteStories),
    ("can_post_messages", AdminRight::PostMessages),
    ("can_edit_messages", AdminRight::EditMessages),
    ("can_pin_messages", AdminRight::PinMessages),
    ("can_manage_topics", AdminRight::ManageTopics),
    ("can_manage_direct_messages", AdminRight::ManageDirectMessages),
    ("can_manage_tags", AdminRight::ManageTags),
    ("can_send_welcome_messages", AdminRight::SendWelcomeMessages),
];

/// The rights that a call grants, each a parameter of its own.
pub(crate) fn granted_rights(params: &Params) -> AdminRights {
    let mut rights: AdminRights = RIGHTS
        .iter()
        .filter(|(name, _)| params.flag(name))
        .map(|(_, right)| *right)
        .collect();
    // A name of older versions, which the server still takes (TBA `process_promote_chat_member_query`).
    if params.flag("can_manage_voice_chats") {
        rights.insert(AdminRight::ManageVideoChats);
    }
    rights
}

/// The rights in `rights`.
///
/// # Errors
/// They cannot be read.
pub(crate) fn default_rights(params: &Params) -> Result<AdminRights, ApiError> {
    let Some(text) = params.checked("rights")?.filter(|text| !text.is_empty()) else {
        return Ok(AdminRights::new());
    };
    let value: Value = serde_json::from_str(text)
        .map_err(|_| ApiError::bad_request("can't parse ChatAdministratorRights JSON object"))?;
    rights(&value)
        .map_err(|what| ApiError::bad_request(format_args!("can't parse ChatAdministratorRights: {what}")))
}

fn rights(value: &Value) -> Result<AdminRights, What> {
    let Value::Object(fields) = value else {
        return Err("ChatAdministratorRights must be an Object".to_owned());
    };
    let mut rights = AdminRights::new();
    for (name, right) in RIGHTS {
        if Fields(fields).flag(name)? {
            rights.insert(right);
        }
    }
    Ok(rights)
}

/// What is said about a link. What is no number, or below 1, is not said (TBA `process_create_chat_invite_link_query`).
///
/// # Errors
/// It should let only those in whom somebody approves of.
pub(crate) fn link_terms(params: &Params) -> Result<Terms, ApiError> {
    if params.flag("creates_join_request") {
        return Err(ApiError::bad_request(
            "this local server does not support creates_join_request",
        ));
    }
    let limit = params.integer("member_limit").clamp(0, 100_000);
    Ok(Terms {
        name: params.checked("name")?.unwrap_or_default().to_owned(),
        expires: Some(params.integer("expire_date")).filter(|date| *date > 0),
        limit: u32::try_from(limit).ok().filter(|limit| *limit > 0),
    })
}

/// What the link in `invite_link` ends with.
///
/// # Errors
/// It is not UTF-8.
pub(crate) fn link_hash(params: &Params) -> Result<String, ApiError> {
    let link = params.checked("invite_link")?.unwrap_or_default();
    let hash = link.rsplit_once(['+', '/']).map_or(link, |(_, hash)| hash);
    Ok(hash.to_owned())
}

/// The button in `menu_button`.
///
/// # Errors
/// It cannot be read.
pub(crate) fn menu_button(params: &Params) -> Result<MenuButton, ApiError> {
    let Some(text) = params.checked("menu_button")?.filter(|text| !text.is_empty()) else {
        return Ok(MenuButton::Default);
    };
    let value: Value = serde_json::from_str(text)
        .map_err(|_| ApiError::bad_request("can't parse menu button JSON object"))?;
    button(&value).map_err(|what| ApiError::bad_request(format_args!("can't parse menu button: {what}")))
}

fn button(value: &Value) -> Result<MenuButton, What> {
    let Value::Object(fields) = value else {
        return Err("MenuButton must be an Object".to_owned());
    };
    let fields = Fields(fields);
    match fields.string("type")?.as_str() {
        "default" => Ok(MenuButton::Default),
        "commands" => Ok(MenuButton::Commands),
        "web_app" => Ok(MenuButton::WebApp {
            text: fields.string("text")?,
            url: fields.object("web_app")?.string("url")?,
        }),
        _ => Err("MenuButton has unsupported type".to_owned()),
    }
}

/// The place in `latitude` and `longitude`; `None` if there is no such place.
///
/// # Errors
/// One of them is missing.
pub(crate) fn point(params: &Params) -> Result<Option<GeoPoint>, ApiError> {
    // What is no number is 0 (TD `to_double`).
    let number = |name| -> Result<Option<f64>, ApiError> {
        let text = params
            .checked(name)?
            .map(str::trim)
            .filter(|text| !text.is_empty());
        Ok(text.map(|text| text.parse().unwrap_or(0.0)))
    };
    let missing = |name: &str| ApiError::bad_request(format_args!("{name} is empty"));
    let latitude = number("latitude")?.ok_or_else(|| missing("latitude"))?;
    let longitude = number("longitude")?.ok_or_else(|| missing("longitude"))?;
    let accuracy = number("horizontal_accuracy")?.unwrap_or(0.0);
    Ok(GeoPoint::new(latitude, longitude, accuracy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_as_parameters_and_as_an_object() {
        let granted = |pairs: &[(&str, &str)]| granted_rights(&Params::from_pairs(pairs.iter().copied()));
        assert_eq!(
            granted(&[
                ("can_pin_messages", "True"),
                ("can_manage_voice_chats", "1"),
                ("is_anonymous", "no")
            ]),
            AdminRights::from([AdminRight::PinMessages, AdminRight::ManageVideoChats])
        );
        let read = |text: &str| {
            default_rights(&Params::from_pairs([("rights", text)])).map_err(|error| error.description)
        };
        assert_eq!(read(""), Ok(AdminRights::new()));
        assert_eq!(
            read(r#"{"can_manage_chat": true, "can_pin_messages": false}"#),
            Ok(AdminRights::from([AdminRight::ManageChat]))
        );
        for (text, expected) in [
            ("{", "can't parse ChatAdministratorRights JSON object"),
            (
                "[]",
                "can't parse ChatAdministratorRights: ChatAdministratorRights must be an Object",
            ),
            (
                r#"{"can_manage_chat": 1}"#,
                "can't parse ChatAdministratorRights: Field \"can_manage_chat\" must be of type Boolean",
            ),
        ] {
            assert_eq!(read(text), Err(format!("Bad Request: {expected}")));
        }
        assert_eq!(RIGHTS.map(|(_, right)| right), AdminRight::ALL);
    }

    #[test]
    fn menu_buttons() {
        let read = |text: &str| {
            menu_button(&Params::from_pairs([("menu_button", text)])).map_err(|error| error.description)
        };
        assert_eq!(read(""), Ok(MenuButton::Default));
        assert_eq!(read(r#"{"type": "commands"}"#), Ok(MenuButton::Commands));
        assert_eq!(
            read(r#"{"type": "web_app", "text": "Open", "web_app": {"url": "https://x.example"}}"#),
            Ok(MenuButton::WebApp {
                text: "Open".into(),
                url: "https://x.example".into()
            })
        );
        for (text, expected) in [
            ("{", "can't parse menu button JSON object"),
            ("1", "can't parse menu button: MenuButton must be an Object"),
            ("{}", "can't parse menu button: Can't find field \"type\""),
            (
                r#"{"type": "moon"}"#,
                "can't parse menu button: MenuButton has unsupported type",
            ),
            (
                r#"{"type": "web_app", "text": "x"}"#,
                "can't parse menu button: Can't find field \"web_app\"",
            ),
        ] {
            assert_eq!(read(text), Err(format!("Bad Request: {expected}")));
        }
    }

    #[test]
    fn places() {
        let read = |pairs: &[(&str, &str)]| {
            point(&Params::from_pairs(pairs.iter().copied())).map_err(|error| error.description)
        };
        let both = |latitude| [("latitude", latitude), ("longitude", "13.4")];
        let found = read(&both("52.52")).unwrap().unwrap();
        assert_eq!((found.latitude.0, found.longitude.0), (52.52, 13.4));
        assert_eq!(read(&both("90.5")), Ok(None));
        assert_eq!(read(&both("x")).unwrap().unwrap().latitude.0, 0.0);
        assert_eq!(read(&both(" ")), Err("Bad Request: latitude is empty".into()));
        assert_eq!(
            read(&[("latitude", "1")]),
            Err("Bad Request: longitude is empty".into())
        );
    }
}
