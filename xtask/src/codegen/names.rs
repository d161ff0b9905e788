//! From the API's names to Rust's.

/// A field's name in Rust: the name on the wire; a keyword gets an underscore behind it (`type_`).
pub(crate) fn field(name: &str) -> String {
    // The only keyword among the API's names so far; the next one fails to compile and is added here.
    if name == "type" {
        "type_".to_owned()
    } else {
        name.to_owned()
    }
}

/// `some_name` or `someName` to `SomeName`; what starts with a digit can't be a name and is not changed.
pub(crate) fn camel(name: &str) -> String {
    name.split('_').map(capitalise).collect()
}

fn capitalise(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// What tells a union's members apart: their names without what they share with the union's name, or else with each
/// other (`ChatMemberOwner` of `ChatMember` is `Owner`, `InputTextMessageContent` of `InputMessageContent` is `Text`).
pub(crate) fn variants(union: &str, members: &[&str]) -> Vec<String> {
    if members
        .iter()
        .all(|member| member.len() > union.len() && member.starts_with(union))
    {
        return members
            .iter()
            .map(|member| member[union.len()..].to_owned())
            .collect();
    }
    let words: Vec<Vec<&str>> = members.iter().map(|member| words(member)).collect();
    let shortest = words.iter().map(Vec::len).min().unwrap_or(0);
    let shared = |at: &dyn Fn(&[&str], usize) -> String| {
        (0..shortest)
            .take_while(|i| {
                words
                    .iter()
                    .all(|w| Some(at(w, *i)) == words.first().map(|first| at(first, *i)))
            })
            .count()
    };
    let prefix = shared(&|w, i| w[i].to_owned());
    let suffix = shared(&|w, i| w[w.len() - 1 - i].to_owned());
    words
        .iter()
        .map(|w| {
            if prefix + suffix < shortest {
                w[prefix..w.len() - suffix].concat()
            } else {
                w.concat()
            }
        })
        .collect()
}

/// `FooBar` to `["Foo", "Bar"]`.
fn words(name: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = name
        .char_indices()
        .filter(|(_, c)| c.is_uppercase())
        .map(|(at, _)| at)
        .collect();
    starts.push(name.len());
    starts.windows(2).map(|pair| &name[pair[0]..pair[1]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_drop_what_they_share() {
        assert_eq!(
            variants("ChatMember", &["ChatMemberOwner", "ChatMemberLeft"]),
            ["Owner", "Left"]
        );
        assert_eq!(
            variants("MediaGroupItem", &["InputMediaAudio", "InputMediaPhoto"]),
            ["Audio", "Photo"]
        );
        assert_eq!(
            variants(
                "InputMessageContent",
                &["InputTextMessageContent", "InputVenueMessageContent"]
            ),
            ["Text", "Venue"]
        );
        assert_eq!(
            variants("ReplyMarkup", &["InlineKeyboardMarkup", "ForceReply"]),
            ["InlineKeyboardMarkup", "ForceReply"]
        );
    }

    #[test]
    fn camel_reads_both_styles() {
        assert_eq!(camel("edited_message"), "EditedMessage");
        assert_eq!(camel("sendMessage"), "SendMessage");
        assert_eq!(camel("MarkdownV2"), "MarkdownV2");
    }
}
