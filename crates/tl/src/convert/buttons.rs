//! Buttons: until layer 228 one type for both kinds of keyboard, then one for each.
//!
//! What the old type has no name for becomes a callback button without data in an inline keyboard (a
//! press of it is refused) and a plain text button in a reply keyboard.

use super::Older;
use crate::ctors::{self, OldKeyboardButton as Plain};
use crate::error::DecodeError;
use crate::layer::Layer;
use crate::types::{
    ButtonType, InlineButtonType, InputUser, KeyboardButton, KeyboardInlineButton, OldKeyboardButton as Old,
};

impl Older<KeyboardInlineButton> for Old {
    fn down(new: &KeyboardInlineButton, layer: Layer) -> Self {
        use InlineButtonType as T;
        let KeyboardInlineButton { style, text, r#type } = new.clone();
        match r#type {
            T::Url(t) => ctors::KeyboardButtonUrl {
                style,
                text,
                url: t.url,
            }
            .into(),
            T::UrlAuth(t) => {
                let ctors::InlineButtonTypeUrlAuth {
                    fwd_text,
                    url,
                    button_id,
                } = t;
                ctors::KeyboardButtonUrlAuth {
                    style,
                    text,
                    fwd_text,
                    url,
                    button_id,
                }
                .into()
            }
            T::InputInlineButtonTypeUrlAuth(t) => ctors::InputKeyboardButtonUrlAuth {
                request_write_access: t.request_write_access,
                style,
                text,
                fwd_text: t.fwd_text,
                url: t.url,
                bot: t.bot.unwrap_or(InputUser::Self_),
            }
            .into(),
            T::WebView(t) => ctors::KeyboardButtonWebView {
                style,
                text,
                url: t.url,
            }
            .into(),
            T::Callback(t) => {
                let ctors::InlineButtonTypeCallback {
                    requires_password,
                    data,
                } = t;
                ctors::KeyboardButtonCallback {
                    requires_password,
                    style,
                    text,
                    data,
                }
                .into()
            }
            T::Game => ctors::KeyboardButtonGame { style, text }.into(),
            T::Buy => ctors::KeyboardButtonBuy { style, text }.into(),
            T::SwitchInline(t) => {
                let ctors::InlineButtonTypeSwitchInline {
                    same_peer,
                    query,
                    peer_types,
                } = t;
                ctors::KeyboardButtonSwitchInline {
                    same_peer,
                    style,
                    text,
                    query,
                    peer_types,
                }
                .into()
            }
            T::UserProfile(t) => ctors::KeyboardButtonUserProfile {
                style,
                text,
                user_id: t.user_id,
            }
            .into(),
            T::InputInlineButtonTypeUserProfile(t) => ctors::InputKeyboardButtonUserProfile {
                style,
                text,
                user_id: t.user_id,
            }
            .into(),
            T::Copy(t) if layer >= Layer::L198 => ctors::KeyboardButtonCopy {
                style,
                text,
                copy_text: t.copy_text,
            }
            .into(),
            T::Copy(_) | T::Disabled => ctors::KeyboardButtonCallback {
                style,
                text,
                ..Default::default()
            }
            .into(),
        }
    }

    fn up(self) -> Result<KeyboardInlineButton, DecodeError> {
        let (style, text, r#type) = match self {
            Old::KeyboardButtonUrl(b) => (b.style, b.text, ctors::InlineButtonTypeUrl { url: b.url }.into()),
            Old::KeyboardButtonUrlAuth(b) => {
                let ctors::KeyboardButtonUrlAuth {
                    style,
                    text,
                    fwd_text,
                    url,
                    button_id,
                } = b;
                (
                    style,
                    text,
                    ctors::InlineButtonTypeUrlAuth {
                        fwd_text,
                        url,
                        button_id,
                    }
                    .into(),
                )
            }
            Old::InputKeyboardButtonUrlAuth(b) => {
                let auth = ctors::InputInlineButtonTypeUrlAuth {
                    request_write_access: b.request_write_access,
                    fwd_text: b.fwd_text,
                    url: b.url,
                    bot: Some(b.bot),
                };
                (b.style, b.text, auth.into())
            }
            Old::KeyboardButtonWebView(b) => (
                b.style,
                b.text,
                ctors::InlineButtonTypeWebView { url: b.url }.into(),
            ),
            Old::KeyboardButtonCallback(b) => {
                let ctors::KeyboardButtonCallback {
                    requires_password,
                    style,
                    text,
                    data,
                } = b;
                (
                    style,
                    text,
                    ctors::InlineButtonTypeCallback {
                        requires_password,
                        data,
                    }
                    .into(),
                )
            }
            Old::KeyboardButtonGame(b) => (b.style, b.text, InlineButtonType::Game),
            Old::KeyboardButtonBuy(b) => (b.style, b.text, InlineButtonType::Buy),
            Old::KeyboardButtonSwitchInline(b) => {
                let ctors::KeyboardButtonSwitchInline {
                    same_peer,
                    style,
                    text,
                    query,
                    peer_types,
                } = b;
                (
                    style,
                    text,
                    ctors::InlineButtonTypeSwitchInline {
                        same_peer,
                        query,
                        peer_types,
                    }
                    .into(),
                )
            }
            Old::KeyboardButtonUserProfile(b) => (
                b.style,
                b.text,
                ctors::InlineButtonTypeUserProfile { user_id: b.user_id }.into(),
            ),
            Old::InputKeyboardButtonUserProfile(b) => (
                b.style,
                b.text,
                ctors::InputInlineButtonTypeUserProfile { user_id: b.user_id }.into(),
            ),
            Old::KeyboardButtonCopy(b) => (
                b.style,
                b.text,
                ctors::InlineButtonTypeCopy {
                    copy_text: b.copy_text,
                }
                .into(),
            ),
            // Buttons of a reply keyboard have no meaning here; keep their words.
            Old::KeyboardButtonSimpleWebView(b) => (
                b.style,
                b.text,
                ctors::InlineButtonTypeWebView { url: b.url }.into(),
            ),
            Old::OldKeyboardButton(b) => (b.style, b.text, InlineButtonType::Disabled),
            Old::KeyboardButtonRequestPhone(b) => (b.style, b.text, InlineButtonType::Disabled),
            Old::KeyboardButtonRequestGeoLocation(b) => (b.style, b.text, InlineButtonType::Disabled),
            Old::KeyboardButtonRequestPoll(b) => (b.style, b.text, InlineButtonType::Disabled),
            Old::KeyboardButtonRequestPeer(b) => (b.style, b.text, InlineButtonType::Disabled),
            Old::InputKeyboardButtonRequestPeer(b) => (b.style, b.text, InlineButtonType::Disabled),
        };
        Ok(KeyboardInlineButton { style, text, r#type })
    }
}

impl Older<KeyboardButton> for Old {
    fn down(new: &KeyboardButton, layer: Layer) -> Self {
        use ButtonType as T;
        let KeyboardButton { style, text, r#type } = new.clone();
        match r#type {
            T::Default => Plain { style, text }.into(),
            T::RequestPhone => ctors::KeyboardButtonRequestPhone { style, text }.into(),
            T::RequestGeoLocation => ctors::KeyboardButtonRequestGeoLocation { style, text }.into(),
            T::RequestPoll(t) => ctors::KeyboardButtonRequestPoll {
                style,
                quiz: t.quiz,
                text,
            }
            .into(),
            T::RequestPeer(t) => {
                let ctors::ButtonTypeRequestPeer {
                    button_id,
                    peer_type,
                    max_quantity,
                } = t;
                ctors::KeyboardButtonRequestPeer {
                    style,
                    text,
                    button_id,
                    peer_type,
                    max_quantity,
                }
                .into()
            }
            T::InputButtonTypeRequestPeer(t) if layer >= Layer::L181 => {
                ctors::InputKeyboardButtonRequestPeer {
                    name_requested: t.name_requested,
                    username_requested: t.username_requested,
                    photo_requested: t.photo_requested,
                    style,
                    text,
                    button_id: t.button_id,
                    peer_type: t.peer_type,
                    max_quantity: t.max_quantity,
                }
                .into()
            }
            T::InputButtonTypeRequestPeer(t) => {
                let ctors::InputButtonTypeRequestPeer {
                    button_id,
                    peer_type,
                    max_quantity,
                    ..
                } = t;
                ctors::KeyboardButtonRequestPeer {
                    style,
                    text,
                    button_id,
                    peer_type,
                    max_quantity,
                }
                .into()
            }
            T::SimpleWebView(t) => ctors::KeyboardButtonSimpleWebView {
                style,
                text,
                url: t.url,
            }
            .into(),
        }
    }

    fn up(self) -> Result<KeyboardButton, DecodeError> {
        let (style, text, r#type) = match self {
            Old::OldKeyboardButton(b) => (b.style, b.text, ButtonType::Default),
            Old::KeyboardButtonRequestPhone(b) => (b.style, b.text, ButtonType::RequestPhone),
            Old::KeyboardButtonRequestGeoLocation(b) => (b.style, b.text, ButtonType::RequestGeoLocation),
            Old::KeyboardButtonRequestPoll(b) => (
                b.style,
                b.text,
                ctors::ButtonTypeRequestPoll { quiz: b.quiz }.into(),
            ),
            Old::KeyboardButtonRequestPeer(b) => {
                let ctors::KeyboardButtonRequestPeer {
                    style,
                    text,
                    button_id,
                    peer_type,
                    max_quantity,
                } = b;
                (
                    style,
                    text,
                    ctors::ButtonTypeRequestPeer {
                        button_id,
                        peer_type,
                        max_quantity,
                    }
                    .into(),
                )
            }
            Old::InputKeyboardButtonRequestPeer(b) => {
                let request = ctors::InputButtonTypeRequestPeer {
                    name_requested: b.name_requested,
                    username_requested: b.username_requested,
                    photo_requested: b.photo_requested,
                    button_id: b.button_id,
                    peer_type: b.peer_type,
                    max_quantity: b.max_quantity,
                };
                (b.style, b.text, request.into())
            }
            Old::KeyboardButtonSimpleWebView(b) => (
                b.style,
                b.text,
                ctors::ButtonTypeSimpleWebView { url: b.url }.into(),
            ),
            // Buttons of an inline keyboard have no meaning here; keep their words.
            Old::KeyboardButtonUrl(b) => (b.style, b.text, ButtonType::Default),
            Old::KeyboardButtonCallback(b) => (b.style, b.text, ButtonType::Default),
            Old::KeyboardButtonSwitchInline(b) => (b.style, b.text, ButtonType::Default),
            Old::KeyboardButtonGame(b) => (b.style, b.text, ButtonType::Default),
            Old::KeyboardButtonBuy(b) => (b.style, b.text, ButtonType::Default),
            Old::KeyboardButtonUrlAuth(b) => (b.style, b.text, ButtonType::Default),
            Old::InputKeyboardButtonUrlAuth(b) => (b.style, b.text, ButtonType::Default),
            Old::KeyboardButtonUserProfile(b) => (b.style, b.text, ButtonType::Default),
            Old::InputKeyboardButtonUserProfile(b) => (b.style, b.text, ButtonType::Default),
            Old::KeyboardButtonWebView(b) => (b.style, b.text, ButtonType::Default),
            Old::KeyboardButtonCopy(b) => (b.style, b.text, ButtonType::Default),
        };
        Ok(KeyboardButton { style, text, r#type })
    }
}
