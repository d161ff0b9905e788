//! From the Bot API's requests to the world's own types.

use super::{ApiError, Params};
use ringback_botapi::{BotCommandScope, InlineQueryResult, MessageEntity, ParseMode, ReplyParameters};
use ringback_world::calls::ReplyTo;
use ringback_world::{AllowedUpdates, FormattedText, InlineResult};

/// The keyboard that a text holds as JSON.
pub fn reply_markup(text: &str) -> Result<Option<ringback_world::ReplyMarkup>, ApiError> {
    use ringback_world::*;
    let api: ringback_botapi::InlineKeyboardMarkup = super::lenient::from_json("reply_markup", text)?;
    let rows = api.inline_keyboard.into_iter().map(|r| r.into_iter().map(|b| InlineButton{text:b.text,style:None,icon:None,action: ButtonAction::Callback{data:b.callback_data.unwrap_or_default().into_bytes(),requires_password:false}}).collect()).collect();
    Ok(Some(ReplyMarkup::Inline(InlineKeyboard{rows, force_reply:false})))
}
pub fn text(t: &str, _: Option<&ParseMode>, _: Option<&[MessageEntity]>) -> Result<FormattedText, ApiError> { Ok(FormattedText::plain(t)) }
pub fn reply_to(_: &Params, _: Option<&ReplyParameters>) -> Result<Option<ReplyTo>, ApiError> { Ok(None) }
pub fn inline_results(_: &[InlineQueryResult]) -> Result<Vec<InlineResult>, ApiError> { Ok(vec![]) }
pub fn command_key(_: Option<&BotCommandScope>, l: Option<String>) -> (String, String) { (String::new(), l.unwrap_or_default()) }
pub fn allowed_updates(t: Option<&str>) -> Option<AllowedUpdates> { let n: Vec<String> = serde_json::from_str(t?).ok()?; Some(AllowedUpdates::named(n, |_| true)) }
