//! Keyboards.

use ringback_tl::{ctors, types};
use ringback_world::{ButtonAction, ButtonStyle, InlineButton, InlineTarget, ReplyButton, ReplyMarkup};

/// A keyboard in the newest shape; `ringback_tl` knows those of older layers.
pub(in crate::mtproto) fn markup(markup: &ReplyMarkup) -> types::ReplyMarkup {
    match markup {
        ReplyMarkup::Inline(keyboard) => {
            let row = |row: &Vec<InlineButton>| types::KeyboardInlineButtonRow {
                buttons: row.iter().map(inline_button).collect(),
            };
            ctors::ReplyInlineMarkup {
                force_reply: keyboard.force_reply,
                rows: keyboard.rows.iter().map(row).collect(),
            }
            .into()
        }
        ReplyMarkup::Keyboard(keyboard) => {
            let row = |row: &Vec<ReplyButton>| types::KeyboardButtonRow {
                buttons: row.iter().map(reply_button).collect(),
            };
            ctors::ReplyKeyboardMarkup {
                resize: keyboard.resize,
                single_use: keyboard.one_time,
                selective: keyboard.selective,
                persistent: keyboard.persistent,
                rows: keyboard.rows.iter().map(row).collect(),
                placeholder: keyboard.placeholder.clone(),
                ..Default::default()
            }
            .into()
        }
        ReplyMarkup::Remove { selective } => ctors::ReplyKeyboardHide {
            selective: *selective,
        }
        .into(),
        ReplyMarkup::ForceReply {
            placeholder,
            selective,
        } => ctors::ReplyKeyboardForceReply {
            single_use: true,
            selective: *selective,
            placeholder: placeholder.clone(),
        }
        .into(),
    }
}

fn style(style: Option<ButtonStyle>, icon: Option<i64>) -> Option<types::KeyboardButtonStyle> {
    (style.is_some() || icon.is_some()).then(|| types::KeyboardButtonStyle {
        bg_primary: style == Some(ButtonStyle::Primary),
        bg_danger: style == Some(ButtonStyle::Danger),
        bg_success: style == Some(ButtonStyle::Success),
        icon,
    })
}

fn reply_button(button: &ReplyButton) -> types::KeyboardButton {
    types::KeyboardButton {
        style: style(button.style, button.icon),
        text: button.text.clone(),
        r#type: types::ButtonType::default(),
    }
}

fn inline_button(button: &InlineButton) -> types::KeyboardInlineButton {
    types::KeyboardInlineButton {
        style: style(button.style, button.icon),
        text: button.text.clone(),
        r#type: action(&button.action),
    }
}

fn action(action: &ButtonAction) -> types::InlineButtonType {
    match action {
        ButtonAction::Callback {
            data,
            requires_password,
        } => ctors::InlineButtonTypeCallback {
            requires_password: *requires_password,
            data: data.clone(),
        }
        .into(),
        ButtonAction::Url(url) => ctors::InlineButtonTypeUrl { url: url.clone() }.into(),
        ButtonAction::LoginUrl(url) => ctors::InlineButtonTypeUrlAuth {
            url: url.clone(),
            ..Default::default()
        }
        .into(),
        ButtonAction::WebApp(url) => ctors::InlineButtonTypeWebView { url: url.clone() }.into(),
        ButtonAction::Game => types::InlineButtonType::Game,
        ButtonAction::Pay => types::InlineButtonType::Buy,
        ButtonAction::SwitchInline { query, target } => ctors::InlineButtonTypeSwitchInline {
            same_peer: *target == InlineTarget::Current,
            query: query.clone(),
            peer_types: peer_types(target),
        }
        .into(),
        ButtonAction::CopyText(text) => ctors::InlineButtonTypeCopy {
            copy_text: text.clone(),
        }
        .into(),
        ButtonAction::Disabled => types::InlineButtonType::Disabled,
    }
}

fn peer_types(target: &InlineTarget) -> Option<Vec<types::InlineQueryPeerType>> {
    use types::InlineQueryPeerType as Kind;
    let InlineTarget::Chosen {
        users,
        bots,
        groups,
        channels,
    } = target
    else {
        return None;
    };
    let kinds = [
        (*users, Kind::PM),
        (*bots, Kind::BotPM),
        (*groups, Kind::Chat),
        (*groups, Kind::Megagroup),
        (*channels, Kind::Broadcast),
    ];
    Some(
        kinds
            .into_iter()
            .filter(|(wanted, _)| *wanted)
            .map(|(_, kind)| kind)
            .collect(),
    )
}
