//! Keyboards.

use ringback_botapi as api;
use ringback_botapi::InlineKeyboardMarkup;
use ringback_world::{ButtonAction, ButtonStyle, InlineButton, InlineKeyboard, InlineTarget, ReplyMarkup};

/// An inline keyboard, as a message shows it.
pub(crate) fn inline_keyboard(keyboard: &InlineKeyboard) -> InlineKeyboardMarkup {
    let rows = keyboard.rows.iter().map(|row| row.iter().map(button));
    let mut markup = InlineKeyboardMarkup::new(rows);
    markup.force_reply = keyboard.force_reply.then_some(true);
    markup
}

/// What a message shows of its markup: an inline keyboard; nothing of the others.
pub(crate) fn inline_markup(markup: Option<&ReplyMarkup>) -> Option<InlineKeyboardMarkup> {
    markup.and_then(ReplyMarkup::inline).map(inline_keyboard)
}

/// Any markup, for who must show it all: no bot is ever told of other keyboards than inline ones.
pub(crate) fn reply_markup(markup: &ReplyMarkup) -> api::ReplyMarkup {
    match markup {
        ReplyMarkup::Inline(keyboard) => inline_keyboard(keyboard).into(),
        ReplyMarkup::Keyboard(keyboard) => {
            let rows = keyboard.rows.iter().map(|row| {
                row.iter().map(|button| {
                    let mut own = api::KeyboardButton::new(button.text.as_str());
                    own.style = button.style.map(style);
                    own.icon_custom_emoji_id = button.icon.map(|icon| icon.to_string());
                    own
                })
            });
            let mut own = api::ReplyKeyboardMarkup::new(rows);
            own.is_persistent = keyboard.persistent.then_some(true);
            own.resize_keyboard = keyboard.resize.then_some(true);
            own.one_time_keyboard = keyboard.one_time.then_some(true);
            own.input_field_placeholder.clone_from(&keyboard.placeholder);
            own.selective = keyboard.selective.then_some(true);
            own.into()
        }
        ReplyMarkup::Remove { selective } => {
            let mut own = api::ReplyKeyboardRemove::new();
            own.selective = selective.then_some(true);
            own.into()
        }
        ReplyMarkup::ForceReply {
            placeholder,
            selective,
        } => {
            let mut own = api::ForceReply::new();
            own.input_field_placeholder.clone_from(placeholder);
            own.selective = selective.then_some(true);
            own.into()
        }
    }
}

fn style(style: ButtonStyle) -> api::ButtonStyle {
    match style {
        ButtonStyle::Danger => api::ButtonStyle::Danger,
        ButtonStyle::Success => api::ButtonStyle::Success,
        ButtonStyle::Primary => api::ButtonStyle::Primary,
    }
}

fn button(button: &InlineButton) -> api::InlineKeyboardButton {
    let mut own = api::InlineKeyboardButton::new(button.text.as_str());
    own.style = button.style.map(style);
    own.icon_custom_emoji_id = button.icon.map(|icon| icon.to_string());
    match &button.action {
        ButtonAction::Callback { data, .. } => {
            // What a text cannot hold is shown as this (TBA `Client.cpp:3810`).
            let data = std::str::from_utf8(data).unwrap_or("INVALID");
            own.callback_data = Some(data.to_owned());
        }
        // The official server shows a login button as what it is once someone may press it: a link.
        ButtonAction::Url(url) | ButtonAction::LoginUrl(url) => own.url = Some(url.clone()),
        ButtonAction::WebApp(url) => own.web_app = Some(Box::new(api::WebAppInfo::new(url.as_str()))),
        ButtonAction::Game => own.callback_game = Some(Box::new(api::CallbackGame::new())),
        ButtonAction::Pay => own.pay = Some(true),
        ButtonAction::SwitchInline { query, target } => match *target {
            InlineTarget::Current => own.switch_inline_query_current_chat = Some(query.clone()),
            InlineTarget::Any => own.switch_inline_query = Some(query.clone()),
            InlineTarget::Chosen {
                users,
                bots,
                groups,
                channels,
            } => {
                let chosen = api::SwitchInlineQueryChosenChat::new()
                    .query(query.as_str())
                    .allow_user_chats(users)
                    .allow_bot_chats(bots)
                    .allow_group_chats(groups)
                    .allow_channel_chats(channels);
                own.switch_inline_query_chosen_chat = Some(Box::new(chosen));
            }
        },
        ButtonAction::CopyText(text) => {
            own.copy_text = Some(Box::new(api::CopyTextButton::new(text.as_str())));
        }
        ButtonAction::Disabled => own.disabled = Some(Box::new(api::DisabledButton::new())),
    }
    own
}
