use ringback_botapi::{AnswerCallbackQuery, ChatId, SendMessage, SendPhoto, SetMyCommands};

use super::*;

fn params(pairs: &[(&str, &str)]) -> Params {
    Params::from_pairs(pairs.iter().copied())
}

#[test]
fn yes_and_no() {
    for yes in ["true", "True", " TRUE ", "yes", "1"] {
        assert!(to_bool(yes), "{yes}");
    }
    for no in ["false", "0", "", "on", "2", "null", "y"] {
        assert!(!to_bool(no), "{no}");
    }
}

#[test]
fn numbers_are_what_a_text_begins_with() {
    for (text, number) in [
        ("12", 12),
        ("-12abc", -12),
        ("", 0),
        ("x1", 0),
        ("+1", 0),
        ("-", 0),
        ("99999999999999999999", i64::MAX),
        ("-99999999999999999999", i64::MIN),
        ("-9223372036854775808", i64::MIN),
    ] {
        assert_eq!(to_integer(text), number, "{text}");
    }
}

#[test]
fn an_answer() {
    let call: AnswerCallbackQuery = params(&[
        ("callback_query_id", "-5"),
        ("text", "Permission denied."),
        ("show_alert", "True"),
        ("url", ""),
        ("cache_time", "10x"),
        ("suppress", "true"),
    ])
    .decode()
    .unwrap();
    assert_eq!(
        call,
        AnswerCallbackQuery::new("-5")
            .text("Permission denied.")
            .show_alert(true)
            .cache_time(10)
    );
}

#[test]
fn a_message_with_json_inside() {
    let call: SendMessage = params(&[
        ("chat_id", "42"),
        ("text", "hi"),
        (
            "entities",
            r#"[{"type": "bold", "offset": "0", "length": 2, "language": 7}]"#,
        ),
        (
            "link_preview_options",
            r#"{"is_disabled": "true", "unknown": {}}"#,
        ),
        (
            "reply_parameters",
            r#"{"message_id": "9", "chat_id": "@a", "quote": null}"#,
        ),
        ("reply_markup", "not looked at here"),
        ("parse_mode", "HTML"),
    ])
    .decode()
    .unwrap();
    assert_eq!(call.chat_id, ChatId::Id(42));
    assert_eq!(call.link_preview_options.unwrap().is_disabled, Some(true));
    let reply = call.reply_parameters.unwrap();
    assert_eq!((reply.message_id, reply.chat_id), (Some(9), Some("@a".into())));
    let entity = &call.entities.unwrap()[0];
    assert_eq!((entity.offset, entity.language.as_deref()), (0, Some("7")));
    assert_eq!(call.reply_markup, None);
}

#[test]
fn chats_by_name_and_by_number() {
    for (text, expected) in [
        ("-100", ChatId::Id(-100)),
        ("@news", "@news".into()),
        ("12a", "12a".into()),
    ] {
        let call: SendMessage = params(&[("chat_id", text), ("text", "x")]).decode().unwrap();
        assert_eq!(call.chat_id, expected);
    }
}

fn wrong<M: DeserializeOwned>(pairs: &[(&str, &str)]) -> String {
    match params(pairs).decode::<M>() {
        Ok(_) => "fine".into(),
        Err(error) => error.description(),
    }
}

#[test]
fn what_is_wrong_is_said_as_the_official_server_says_it() {
    use ringback_botapi::{DeleteMessage, GetChatMember};
    let cases = [
        (wrong::<SendMessage>(&[("text", "x")]), "chat_id is empty"),
        (
            wrong::<SendMessage>(&[("chat_id", ""), ("text", "x")]),
            "chat_id is empty",
        ),
        (wrong::<SendMessage>(&[]), "message text is empty"),
        (wrong::<SendMessage>(&[("chat_id", "1")]), "message text is empty"),
        (
            wrong::<SendMessage>(&[("chat_id", "1"), ("text", "x"), ("link_preview_options", "[")]),
            "can't parse link preview options JSON object",
        ),
        (
            wrong::<SendMessage>(&[("chat_id", "1"), ("text", "x"), ("entities", "[")]),
            "fine",
        ),
        (
            wrong::<SendMessage>(&[("chat_id", "1"), ("text", "")]),
            "message text is empty",
        ),
        (
            wrong::<DeleteMessage>(&[("chat_id", "1")]),
            "message identifier is not specified",
        ),
        (
            wrong::<DeleteMessage>(&[("chat_id", "1"), ("message_id", "x")]),
            "message identifier is not specified",
        ),
        (
            wrong::<GetChatMember>(&[("chat_id", "1"), ("user_id", "x")]),
            "invalid user_id specified",
        ),
        (
            wrong::<GetChatMember>(&[("chat_id", "1")]),
            "invalid user_id specified",
        ),
        (
            wrong::<AnswerCallbackQuery>(&[]),
            "query is too old and response timeout expired or query ID is invalid",
        ),
        (
            wrong::<SetMyCommands>(&[("commands", "[{\"command\": \"a\"}]")]),
            "can't parse field \"commands\": can't find field \"description\"",
        ),
        (
            wrong::<SetMyCommands>(&[("commands", "{}")]),
            "can't parse field \"commands\": Array expected, but Object found",
        ),
        (wrong::<SetMyCommands>(&[]), "parameter \"commands\" is required"),
    ];
    for (found, expected) in cases {
        assert_eq!(found.strip_prefix("Bad Request: ").unwrap_or(&found), expected);
    }
    let broken = wrong::<SetMyCommands>(&[("commands", "[")]);
    assert!(
        broken.starts_with("Bad Request: can't parse field \"commands\" as JSON: EOF"),
        "{broken}"
    );
}

#[test]
fn a_webhook_without_an_address_is_none() {
    let call: ringback_botapi::SetWebhook = params(&[("allowed_updates", "message")]).decode().unwrap();
    assert_eq!((call.url.as_str(), call.allowed_updates), ("", None));
}

#[test]
fn text_that_is_no_text_is_refused_where_it_is_read() {
    let parse = |query: &'static str| {
        use futures_util::FutureExt;
        Params::parse(Some(query), None, bytes::Bytes::new())
            .now_or_never()
            .unwrap()
            .unwrap()
    };
    let query = parse("chat_id=1&text=%ff");
    assert_eq!(
        query.decode::<SendMessage>().unwrap_err().description(),
        "Bad Request: strings must be encoded in UTF-8"
    );
    assert!(
        parse("chat_id=1&text=x&other=%ff")
            .decode::<SendMessage>()
            .is_ok()
    );
}

#[test]
fn a_file_of_a_parameters_name_is_the_parameter() {
    use futures_util::FutureExt;
    let body = "--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\nP\r\n--x--";
    let params = Params::parse(
        Some("chat_id=1"),
        Some("multipart/form-data; boundary=x"),
        body.into(),
    );
    let call: SendPhoto = params.now_or_never().unwrap().unwrap().decode().unwrap();
    assert_eq!(call.photo, "attach://photo".into());
    assert_eq!(
        wrong::<SendPhoto>(&[("chat_id", "1")]),
        "Bad Request: there is no photo in the request"
    );
}

proptest::proptest! {
    #[test]
    fn never_panics(values in proptest::collection::vec("\\PC{0,30}|[\\[{}\\]\",:0-9a-z]{0,20}", 6)) {
        let names = ["chat_id", "text", "entities", "reply_parameters", "parse_mode", "disable_notification"];
        let params = Params::from_pairs(names.into_iter().zip(values));
        let _ = params.decode::<SendMessage>();
    }
}
