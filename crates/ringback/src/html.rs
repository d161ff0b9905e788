//! Text for [`ParseMode::HTML`](crate::api::ParseMode::HTML): what users and databases say is not markup.
//!
//! ```
//! use ringback::html;
//!
//! let name = "<Ann & Bob>";
//! assert_eq!(format!("Hello, {}!", html::bold(name)), "Hello, <b>&lt;Ann &amp; Bob&gt;</b>!");
//! ```
//!
//! Each takes plain text and escapes it. For tags within tags, write the outer one yourself.

use std::fmt::{self, Display, Write};

/// The text with what HTML would take for markup (`&`, `<`, `>`, `"`) escaped.
pub fn escape(text: impl Display) -> String {
    let mut escaped = Escaped(String::new());
    // Writing to a `String` fails only if the text's own `Display` does; what it has said until then is there.
    let _ = write!(escaped, "{text}");
    escaped.0
}

struct Escaped(String);

impl Write for Escaped {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                letter => self.0.push(letter),
            }
        }
        Ok(())
    }
}

/// Bold text.
pub fn bold(text: impl Display) -> String {
    within("b", text)
}

/// Text in italics.
pub fn italic(text: impl Display) -> String {
    within("i", text)
}

/// Text that is shown when it is tapped.
pub fn spoiler(text: impl Display) -> String {
    within("tg-spoiler", text)
}

/// A piece of code in the line, which a tap copies.
pub fn code(text: impl Display) -> String {
    within("code", text)
}

/// Lines of code.
pub fn pre(text: impl Display) -> String {
    within("pre", text)
}

/// A text that leads to an address.
pub fn link(text: impl Display, url: impl Display) -> String {
    format!("<a href=\"{}\">{}</a>", escape(url), escape(text))
}

/// A text that leads to a user, who is told of it, also without a username. Telegram makes a plain text of it for a user
/// whom the bot has never met.
pub fn mention(text: impl Display, user_id: i64) -> String {
    link(text, format_args!("tg://user?id={user_id}"))
}

fn within(tag: &str, text: impl Display) -> String {
    format!("<{tag}>{}</{tag}>", escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(
            escape("a < b && b > \"c\""),
            "a &lt; b &amp;&amp; b &gt; &quot;c&quot;"
        );
        assert_eq!(code("</code>"), "<code>&lt;/code&gt;</code>");
        assert_eq!(
            link("<", "https://a?b&c=\""),
            "<a href=\"https://a?b&amp;c=&quot;\">&lt;</a>"
        );
        assert_eq!(mention("Ann", 7), "<a href=\"tg://user?id=7\">Ann</a>");
        assert_eq!(escape(7), "7");
    }
}
