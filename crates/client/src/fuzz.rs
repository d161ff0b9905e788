//! Entry points for fuzzing. Each takes any bytes, and panics only if a promise was broken. They are compiled for the
//! fuzzer and for this crate's tests alone.

use crate::Session;

/// A session's text, of this client or of another library: what is read is written, and read again as the same.
pub fn session(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let own = [
        text.parse::<Session>().ok(),
        Session::from_telethon(text).ok(),
        Session::from_pyrogram(text).ok(),
    ];
    for session in own.into_iter().flatten() {
        assert_eq!(session.to_text().parse::<Session>().ok().as_ref(), Some(&session));
        if let Ok(text) = session.to_telethon(false) {
            let back = Session::from_telethon(&text).ok();
            assert_eq!(back.map(|back| back.key).as_ref(), Some(&session.key));
        }
        if let Ok(text) = session.to_pyrogram(1, false)
            && let Ok(back) = Session::from_pyrogram(&text)
        {
            assert_eq!((&back.key, back.user), (&session.key, session.user));
        }
    }
}

#[cfg(test)]
mod tests {
    proptest::proptest! {
        #[test]
        fn nothing_panics(
            start in "ringback1:127\\.0\\.0\\.1:1:|ringback1:\\[::1\\]:1:|1|",
            text in "[0-9A-Za-z_:=-]{0,30}(A{340,364})?[0-9A-Za-z_:=-]{0,4}",
        ) {
            super::session(format!("{start}{text}").as_bytes());
        }
    }
}
