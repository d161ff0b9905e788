//! What the server finds in a text by itself: commands, mentions, hashtags, addresses.

use crate::{Entity, EntityKind, FormattedText};

/// Trims a text as the server does and adds the marks that it finds where the sender set none.
///
/// The work grows with the square of the length: check that first.
pub(crate) fn complete(text: FormattedText) -> FormattedText {
    let mut text = trim(text);
    let found = find(&text.text);
    for entity in found {
        let end = entity.offset + entity.length;
        let blocked = text.entities.iter().any(|own| {
            let overlaps = own.offset < end && entity.offset < own.offset + own.length;
            overlaps
                && (is_exclusive(&own.kind) || own.offset > entity.offset || own.offset + own.length < end)
        });
        if !blocked {
            text.entities.push(entity);
        }
    }
    text.entities.sort_by(|a, b| {
        a.offset
            .cmp(&b.offset)
            .then(b.length.cmp(&a.length))
            .then(a.kind.cmp(&b.kind))
    });
    text
}

/// Nothing is looked for inside these.
fn is_exclusive(kind: &EntityKind) -> bool {
    use EntityKind::*;
    !matches!(
        kind,
        Bold | Italic | Underline | Strikethrough | Spoiler | Blockquote | ExpandableBlockquote
    )
}

pub(crate) fn trim(mut text: FormattedText) -> FormattedText {
    let start = text.text.len() - text.text.trim_start().len();
    let cut = u32::try_from(text.text[..start].encode_utf16().count()).unwrap_or(u32::MAX);
    text.text = text.text.trim().to_owned();
    let len = u32::try_from(text.text.encode_utf16().count()).unwrap_or(u32::MAX);
    text.entities.retain_mut(|entity| {
        let end = entity
            .offset
            .saturating_add(entity.length)
            .saturating_sub(cut)
            .min(len);
        entity.offset = entity.offset.saturating_sub(cut).min(len);
        entity.length = end.saturating_sub(entity.offset);
        entity.length > 0
    });
    text
}

/// Walks the text word by word; a word is what white space and some marks divide.
fn find(text: &str) -> Vec<Entity> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut before = None;
    let mut units = 0;
    while let Some(first) = text[at..].chars().next() {
        let boundary = before
            .is_none_or(|before: char| !is_word(before) && before != '/' && before != '@' && before != '#');
        let mark = if boundary { mark_at(&text[at..]) } else { None };
        let step = match mark {
            Some((kind, len)) => {
                let length = text[at..at + len].encode_utf16().count();
                found.push(Entity {
                    offset: units,
                    length: u32::try_from(length).unwrap_or(0),
                    kind,
                });
                len
            }
            None => first.len_utf8(),
        };
        units += u32::try_from(text[at..at + step].encode_utf16().count()).unwrap_or(0);
        before = text[at..at + step].chars().last();
        at += step;
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The mark that starts here, and its length in bytes.
fn mark_at(rest: &str) -> Option<(EntityKind, usize)> {
    let run = |from: usize, ok: fn(char) -> bool| {
        rest[from..].find(|c| !ok(c)).map_or(rest.len(), |end| from + end)
    };
    let ascii = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match rest.chars().next()? {
        '/' => {
            let end = run(1, ascii);
            if !(2..=65).contains(&end) {
                return None;
            }
            let end = match rest[end..].strip_prefix('@') {
                Some(name) => {
                    let len = name.find(|c| !ascii(c)).unwrap_or(name.len());
                    if (3..=32).contains(&len) {
                        end + 1 + len
                    } else {
                        end
                    }
                }
                None => end,
            };
            let after = rest[end..].chars().next();
            (!after.is_some_and(|c| is_word(c) || c == '/')).then_some((EntityKind::BotCommand, end))
        }
        '@' => {
            let end = run(1, ascii);
            let bounded = !rest[end..].starts_with(is_word);
            ((4..=33).contains(&end) && bounded).then_some((EntityKind::Mention, end))
        }
        '#' => {
            let end = run(1, is_word);
            let name = &rest[1..end];
            (!name.is_empty() && name.contains(|c: char| !c.is_numeric() && c != '_'))
                .then_some((EntityKind::Hashtag, end))
        }
        '$' => {
            let end = run(1, |c| c.is_ascii_uppercase());
            let bounded = !rest[end..].starts_with(is_word);
            ((2..=9).contains(&end) && bounded).then_some((EntityKind::Cashtag, end))
        }
        c if c.is_ascii_alphanumeric() => address(rest),
        _ => None,
    }
}

/// A URL or an e-mail address. A bare domain counts only under an ending that is in common use.
fn address(rest: &str) -> Option<(EntityKind, usize)> {
    let word = rest
        .find(|c: char| c.is_whitespace() || "<>\"'`«»|{}".contains(c))
        .unwrap_or(rest.len());
    let word = rest[..word].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '…']);
    let lower = word.to_ascii_lowercase();
    for scheme in ["http://", "https://", "tg://", "ftp://"] {
        if lower.starts_with(scheme) {
            return (word.len() > scheme.len()).then_some((EntityKind::Url, word.len()));
        }
    }
    let (host, is_email) = match word.split_once('@') {
        Some((user, host))
            if !user.is_empty()
                && user
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "._%+-".contains(c)) =>
        {
            (host, true)
        }
        Some(_) => return None,
        None => (word.split(['/', '?', '#', ':']).next().unwrap_or_default(), false),
    };
    let (name, ending) = host.rsplit_once('.')?;
    let name_ok = !name.is_empty()
        && name
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-'));
    const ENDINGS: &[&str] = &[
        "com", "org", "net", "io", "me", "dev", "app", "de", "ru", "uk", "fr", "it", "es", "eu", "info",
        "co", "us", "in", "cn", "jp", "br", "nl", "pl", "se", "ch", "at", "be", "ua", "xyz", "gg", "tv",
        "ai", "edu", "gov",
    ];
    if !name_ok || !ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) {
        return None;
    }
    Some((
        if is_email {
            EntityKind::Email
        } else {
            EntityKind::Url
        },
        word.len(),
    ))
}

/// Whether a bot in privacy mode hears this: a command that is not another bot's, or a mention of it.
pub(crate) fn is_for_bot(words: &FormattedText, username: &str) -> bool {
    words.entities.iter().any(|entity| {
        let marked = words.marked(entity);
        match entity.kind {
            EntityKind::BotCommand => marked
                .split_once('@')
                .is_none_or(|(_, name)| name.eq_ignore_ascii_case(username)),
            // Marks come from senders too, and may stand anywhere.
            EntityKind::Mention => marked
                .strip_prefix('@')
                .is_some_and(|name| name.eq_ignore_ascii_case(username)),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `kind:marked` for everything found.
    fn found(text: &str) -> Vec<String> {
        let text = complete(FormattedText::plain(text));
        text.entities
            .iter()
            .map(|entity| format!("{:?}:{}", entity.kind, text.marked(entity)))
            .collect()
    }

    #[test]
    fn finds_what_the_server_finds() {
        let cases: &[(&str, &[&str])] = &[
            ("/start", &["BotCommand:/start"]),
            ("/start@volumebot deep", &["BotCommand:/start@volumebot"]),
            ("a/b 1/2 //x", &[]),
            ("go /volumeknob!", &["BotCommand:/volumeknob"]),
            ("hi @ann_b, @x", &["Mention:@ann_b"]),
            ("#один #1 #a1", &["Hashtag:#один", "Hashtag:#a1"]),
            ("$USD $usd", &["Cashtag:$USD"]),
            (
                "see https://example.org/a?b=c.",
                &["Url:https://example.org/a?b=c"],
            ),
            ("see example.com/x, main.rs", &["Url:example.com/x"]),
            ("write me@example.com", &["Email:me@example.com"]),
            ("😀 /go", &["BotCommand:/go"]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), *expected, "{text}");
        }
    }

    #[test]
    fn own_marks_come_first() {
        let code = Entity {
            offset: 0,
            length: 6,
            kind: EntityKind::Code,
        };
        let text = complete(FormattedText {
            text: "/start".into(),
            entities: vec![code.clone()],
        });
        assert_eq!(text.entities, [code]);
        let bold = Entity {
            offset: 0,
            length: 6,
            kind: EntityKind::Bold,
        };
        let text = complete(FormattedText {
            text: "/start".into(),
            entities: vec![bold],
        });
        assert_eq!(text.entities.len(), 2, "a bold command is both");
    }

    #[test]
    fn trimming_moves_marks() {
        let bold = Entity {
            offset: 2,
            length: 4,
            kind: EntityKind::Bold,
        };
        let text = complete(FormattedText {
            text: "  ab  ".into(),
            entities: vec![bold],
        });
        assert_eq!(
            (
                text.text.as_str(),
                text.entities[0].offset,
                text.entities[0].length
            ),
            ("ab", 0, 2)
        );
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_marks_lie_inside(text in "\\PC{0,80}") {
            let text = complete(FormattedText::plain(text));
            let len = text.utf16_len();
            for entity in &text.entities {
                proptest::prop_assert!((entity.offset + entity.length) as usize <= len && entity.length > 0);
            }
        }
    }
}
