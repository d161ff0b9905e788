//! Entry points for fuzzing: what a Bot API request or a WebSocket brings. Each takes any bytes and must not panic.

use crate::bot_api::{Params, decode, parse_mode};
use futures_util::FutureExt as _;

/// Parameters, in any encoding; the first byte chooses it.
pub fn params(data: &[u8]) {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let types = [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
    ];
    let content_type = types[usize::from(*choice) % types.len()];
    let body = bytes::Bytes::copy_from_slice(data);
    let query = std::str::from_utf8(data).ok().filter(|_| content_type.is_empty());
    // The body is in memory, so this is ready at once.
    let Some(Ok(params)) = Params::parse(query, Some(content_type), body).now_or_never() else {
        return;
    };
    drop(params.to_json_for_journal());
    drop(params.decode::<ringback_botapi::SendMessage>());
    drop(params.decode::<ringback_botapi::SetGameScore>());
    drop(params.reply_markup());
    drop(decode::inline_results(&params));
    drop(decode::bot_commands(&params));
    drop(decode::reply_to(&params, |_| {
        Err(crate::bot_api::ApiError::new(400, ""))
    }));
}

/// Texts in the three parse modes, and keyboards.
pub fn text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for mode in ["html", "markdownv2", "markdown"] {
        if let Ok(parsed) = parse_mode::parse(text, mode) {
            let len = parsed.utf16_len();
            assert!(
                parsed
                    .entities
                    .iter()
                    .all(|entity| (entity.offset + entity.length) as usize <= len)
            );
        }
    }
    drop(decode::reply_markup(text));
}

/// A WebSocket's frames. No more comes out than went in.
pub fn websocket(data: &[u8]) {
    let frames = crate::mtproto::frames(data).now_or_never().unwrap_or_default();
    let carried: usize = frames.iter().map(|(_, payload)| payload.len() + 6).sum();
    assert!(carried <= data.len());
}

#[cfg(test)]
mod tests {
    proptest::proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(0..=255_u8, 0..200), text in "\\PC{0,60}") {
            super::params(&bytes);
            super::text(&bytes);
            super::websocket(&bytes);
            super::params(text.as_bytes());
            super::text(text.as_bytes());
        }
    }
}
