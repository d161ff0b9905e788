use ringback_world::UserId;

use super::*;

/// A text with its marks, as `text | Kind offset+length …`.
fn shown(parsed: Result<FormattedText, String>) -> String {
    match parsed {
        Err(what) => format!("! {what}"),
        Ok(text) => {
            let mark = |own: &Entity| format!("{:?} {}+{}", own.kind, own.offset, own.length);
            let marks: Vec<String> = text.entities.iter().map(mark).collect();
            format!("{} | {}", text.text, marks.join(", "))
        }
    }
}

fn check(parse: fn(&str) -> Result<FormattedText, String>, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(parse(text)), *expected, "{text:?}");
    }
}

#[test]
fn html_marks() {
    check(
        html::parse,
        &[
            ("", " | "),
            (
                "a&lt;b&gt; &amp;&quot; &laquo; &#33;&#x21;&#33 &lt",
                "a<b> &\" &laquo; !!! < | ",
            ),
            ("&#12345678;&#0;&;&", "&#12345678;&#0;&;& | "),
            ("🏟<b>é</b> <STRONG>x</Strong>", "🏟é x | Bold 2+1, Bold 4+1"),
            ("<i>a</i><em>b</em>", "ab | Italic 0+1, Italic 1+1"),
            ("<u>a</u><ins>b</ins>", "ab | Underline 0+1, Underline 1+1"),
            (
                "<s>a</s><strike>b</strike><del>c</del>",
                "abc | Strikethrough 0+1, Strikethrough 1+1, Strikethrough 2+1",
            ),
            (
                "<tg-spoiler>a</tg-spoiler><span class=\"tg-spoiler\">b</span>",
                "ab | Spoiler 0+1, Spoiler 1+1",
            ),
            ("<i>🏟<b x = y>&lt🏟</b></i>", "🏟<🏟 | Italic 0+5, Bold 2+3"),
            ("<b></b>a", "a | "),
            ("<i>a</>", "a | Italic 0+1"),
            (
                "<a href='http://a.org?&lt;'>x</a>",
                "x | TextLink(\"http://a.org/?<\") 0+1",
            ),
            (
                "<a href=A.org>x</a><a>b.org</a><a>b</a>",
                "xb.orgb | TextLink(\"http://a.org/\") 0+1, TextLink(\"http://b.org/\") 1+5",
            ),
            (
                "<a href=\"tg://user?id=77\">x</a>",
                "x | TextMention(UserId(77)) 0+1",
            ),
            ("<pre>a</pre><code>b</code>", "ab | Pre(None) 0+1, Code 1+1"),
            (
                "<pre><code class=\"language-rust\">a</code></pre>",
                "a | Pre(Some(\"rust\")) 0+1",
            ),
            (
                "<code class=\"language-rust\"><pre>a</pre></code>",
                "a | Pre(Some(\"rust\")) 0+1",
            ),
            (
                "<pre><code class=\"language-\">a</code></pre>",
                "a | Pre(None) 0+1, Code 0+1",
            ),
            (
                "<pre> <code class=\"language-c\">a</code></pre>",
                " a | Pre(None) 0+2, Code 1+1",
            ),
            ("<code class=\"language-c\">a</code>", "a | Code 0+1"),
            ("<blockquote cite=\"\" x>a</blockquote>", "a | Blockquote 0+1"),
            (
                "<blockquote x expandable>a</blockquote>",
                "a | ExpandableBlockquote 0+1",
            ),
            (
                "<blockquote expandable=no>a</blockquote>",
                "a | ExpandableBlockquote 0+1",
            ),
            (
                "<tg-emoji emoji-id=\"54321\">👍</tg-emoji>",
                "👍 | CustomEmoji(54321) 0+2",
            ),
        ],
    );
}

#[test]
fn html_complaints() {
    check(
        html::parse,
        &[
            (
                "&#xDFDF;",
                "! Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units",
            ),
            ("🏟 &lt;<abc", "! Unclosed start tag at byte offset 9"),
            ("é<br>", "! Unsupported start tag \"br\" at byte offset 2"),
            (
                "<Script x>",
                "! Unsupported start tag \"script\" at byte offset 0",
            ),
            ("a < b", "! Unsupported start tag \"\" at byte offset 2"),
            (
                "<i  =a>",
                "! Empty attribute name in the tag \"i\" at byte offset 0",
            ),
            ("<i a = ", "! Unclosed start tag \"i\" at byte offset 0"),
            ("<i a", "! Unclosed start tag \"i\" at byte offset 0"),
            ("<i a=b,", "! Unexpected end of name token at byte offset 5"),
            ("<i a=\"b>", "! Unclosed start tag at byte offset 0"),
            ("<b>x", "! Can't find end tag corresponding to start tag \"b\""),
            ("<b>x<i>", "! Can't find end tag corresponding to start tag \"i\""),
            ("x</b>", "! Unexpected end tag at byte offset 1"),
            ("<i>a</i  ", "! Unclosed end tag at byte offset 4"),
            (
                "<i>a</em >",
                "! Unmatched end tag at byte offset 4, expected \"</i>\", found \"</em>\"",
            ),
            (
                "<span class=x>",
                "! Tag \"span\" must have class \"tg-spoiler\" at byte offset 0",
            ),
            (
                "<tg-emoji>x</tg-emoji>",
                "! Invalid custom emoji identifier specified",
            ),
        ],
    );
}

#[test]
fn markdown_v2_marks() {
    check(
        markdown_v2::parse,
        &[
            (r"\_\*\.\a\\", r"_*.a\ | "),
            (r"a\é\", r"a\é\ | "),
            (
                "*a*_b_~c~||d||",
                "abcd | Bold 0+1, Italic 1+1, Strikethrough 2+1, Spoiler 3+1",
            ),
            (
                "__a__ ___b_ __",
                "a b  | Underline 0+1, Underline 2+2, Italic 2+1",
            ),
            ("🏟_🏟 __🏟___", "🏟🏟 🏟 | Italic 2+5, Underline 5+2"),
            (
                "*a _b ~c ||d||~ __e___ f*",
                "a b c d e f | Bold 0+11, Italic 2+7, Strikethrough 4+3, Spoiler 6+1, Underline 8+1",
            ),
            ("`_* *_`", "_* *_ | Code 0+5"),
            ("****____``||||", " | "),
            ("```rust\nfn\\`\n```", "fn`\n | Pre(Some(\"rust\")) 0+4"),
            ("```\r\na```", "a | Pre(None) 0+1"),
            ("```rust```", "rust | Pre(None) 0+4"),
            ("```x y```", " y | Pre(Some(\"x\")) 0+2"),
            ("[a](http://b.org/\\))", "a | TextLink(\"http://b.org/)\") 0+1"),
            (r"[b\.org]c", "b.orgc | TextLink(\"http://b.org/\") 0+5"),
            ("[a](b)[](b.org)", "a | "),
            (
                "[a *b*](tg:user?id=5)",
                "a b | TextMention(UserId(5)) 0+3, Bold 2+1",
            ),
            ("![👍](TG://Emoji/?x=1&id=25#id=3)a", "👍a | CustomEmoji(25) 0+2"),
            (">a", "a | Blockquote 0+1"),
            (">", " | "),
            ("x\n>a\n>b\ny", "x\na\nb\ny | Blockquote 2+4"),
            (">*b\n>c*\nd", "b\nc\nd | Blockquote 0+4, Bold 0+3"),
            ("*>a\n*", "a\n | Blockquote 0+2, Bold 0+2"),
            (">`a\n>b`\nc", "a\n>b\nc | Blockquote 0+5, Code 0+4"),
            (">\n**>b", "\nb | Blockquote 0+1, Blockquote 1+1"),
            ("\r>a", "\ra | Blockquote 1+1"),
            (
                ">a\n>q||e||w||\nx",
                "a\nqew\nx | ExpandableBlockquote 0+6, Spoiler 3+1",
            ),
            (">a||\r\nx", "a\r\nx | ExpandableBlockquote 0+3"),
            (">a||", "a | ExpandableBlockquote 0+1"),
            (">||", " | "),
            (">q||ew||\nx", "qew\nx | Blockquote 0+4, Spoiler 1+2"),
        ],
    );
}

#[test]
fn markdown_v2_complaints() {
    let reserved =
        |c: char| format!("! Character '{c}' is reserved and must be escaped with the preceding '\\'");
    for c in "]()#+-=|{}.!".chars() {
        assert_eq!(shown(markdown_v2::parse(&format!("x{c}"))), reserved(c));
        assert_eq!(shown(markdown_v2::parse(&format!("x\\{c}"))), format!("x{c} | "));
    }
    assert_eq!(shown(markdown_v2::parse("a>")), reserved('>'));
    assert_eq!(shown(markdown_v2::parse(">\n*a*>2")), reserved('>'));
    check(
        markdown_v2::parse,
        &[
            ("🏟_a", "! Can't find end of Italic entity at byte offset 4"),
            ("_a *b _", "! Can't find end of Italic entity at byte offset 6"),
            ("ab *c", "! Can't find end of Bold entity at byte offset 3"),
            ("`", "! Can't find end of Code entity at byte offset 0"),
            ("```a", "! Can't find end of Pre entity at byte offset 0"),
            ("```a ", "! Can't find end of PreCode entity at byte offset 0"),
            ("```a b`", "! Can't find end of Code entity at byte offset 6"),
            ("__a_", "! Can't find end of Italic entity at byte offset 3"),
            ("_a__", "! Can't find end of Underline entity at byte offset 2"),
            ("||a\\|", "! Can't find end of Spoiler entity at byte offset 0"),
            ("[a", "! Can't find end of TextUrl entity at byte offset 0"),
            ("[a](b\\)", "! Can't find end of a URL at byte offset 4"),
            ("![a", "! Can't find end of CustomEmoji entity at byte offset 0"),
            ("![a]", "! Custom emoji entity must contain a tg://emoji URL"),
            (
                "![a](tg://emoji?id=1",
                "! Can't find end of a custom emoji URL at byte offset 5",
            ),
            ("![a](t://emoji?id=1)", "! Custom emoji URL must have scheme tg"),
            (
                "![a](tg:emojis?id=1)",
                "! Custom emoji URL must have host \"emoji\"",
            ),
            (
                "![a](tg://emoji#x)",
                "! Custom emoji URL must have an emoji identifier",
            ),
            (
                "![a](tg://emoji?id=025)",
                "! Invalid custom emoji identifier specified",
            ),
            (">*b\n>c\nd*", "! Can't find end of Bold entity at byte offset 1"),
            (
                ">a\n>q||e||w||\n||x",
                "! Can't find end of Spoiler entity at byte offset 14",
            ),
            (
                ">q||e||w__\nx",
                "! Can't find end of Underline entity at byte offset 8",
            ),
            (">w||a\nx", "! Can't find end of Spoiler entity at byte offset 2"),
        ],
    );
}

#[test]
fn older_markdown() {
    check(
        markdown::parse,
        &[
            ("*a* _b_ `c` **", "a b c  | Bold 0+1, Italic 2+1, Code 4+1"),
            ("a\\_b \\x \\", "a_b \\x \\ | "),
            ("*a_b\\*", "a_b\\ | Bold 0+4"),
            ("```\na```", "a | Pre(None) 0+1"),
            ("```rust\na_b```", "a_b | Pre(Some(\"rust\")) 0+3"),
            ("[a](http://b.org)", "a | TextLink(\"http://b.org/\") 0+1"),
            (
                "[b.org] [c](tg://user?id=3)",
                "b.org c | TextLink(\"http://b.org/\") 0+5, TextMention(UserId(3)) 6+1",
            ),
            ("[a](b.org", "a | TextLink(\"http://b.org/\") 0+1"),
            ("1. x - (y)!", "1. x - (y)! | "),
            ("é_a", "! Can't find end of the entity starting at byte offset 2"),
            (
                "```a``",
                "! Can't find end of the entity starting at byte offset 0",
            ),
        ],
    );
}

#[test]
fn complaints_as_the_bot_reads_them() {
    for (mode, text, expected) in [
        (
            "html",
            "<b>x",
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            "markdownv2",
            "1.",
            "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
        ("tex", "x", "unsupported parse_mode"),
    ] {
        let error = parse(text, mode).unwrap_err();
        assert_eq!(error.description, format!("Bad Request: {expected}"));
    }
    let text = parse("*a `b` c*", "markdownv2").unwrap();
    assert_eq!(shown(Ok(text)), "a b c | Bold 0+2, Code 2+1, Bold 3+2");
    assert_eq!(link::user("tg://user?id=1"), Some(UserId(1)));
}

const MODES: [&str; 3] = ["html", "markdownv2", "markdown"];

proptest::proptest! {
    #[test]
    fn never_panics_and_marks_lie_inside(
        text in "\\PC{0,40}|[*_`\\[\\]()~|>!\\\\a\n\r😀]{0,40}|(<|</|b|i|pre|code|>|a|&lt;|&#|x| |=|\"|😀){0,30}",
        mode in 0..3_usize,
    ) {
        if let Ok(parsed) = parse(&text, MODES[mode]) {
            let len = parsed.utf16_len();
            for entity in &parsed.entities {
                proptest::prop_assert!((entity.offset + entity.length) as usize <= len && entity.length > 0);
            }
        }
    }

    #[test]
    fn what_is_escaped_is_plain(text in "[^\u{0}\\\\]{0,40}") {
        let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let v2: String = text
            .chars()
            .flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c]))
            .collect();
        let old: String = text
            .chars()
            .flat_map(|c| "_*`[".contains(c).then_some('\\').into_iter().chain([c]))
            .collect();
        for (mode, escaped) in MODES.iter().zip([html, v2, old]) {
            proptest::prop_assert_eq!(parse(&escaped, mode).unwrap(), FormattedText::plain(text.as_str()));
        }
    }
}
