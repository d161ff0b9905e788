use futures_util::FutureExt;

use super::*;

fn parse(query: &str, content_type: &str, body: impl Into<Bytes>) -> Result<Params, ParamsError> {
    let query = Some(query).filter(|query| !query.is_empty());
    let content_type = Some(content_type).filter(|content_type| !content_type.is_empty());
    Params::parse(query, content_type, body.into())
        .now_or_never()
        .expect("what is in memory is ready")
}

fn pairs(params: &Params) -> Vec<(&str, &str)> {
    params
        .args
        .iter()
        .map(|arg| (arg.name.as_str(), arg.value.as_str()))
        .collect()
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const MULTIPART: &str = "multipart/form-data; boundary=xx";

#[test]
fn four_encodings_say_the_same() {
    let expected = [("chat_id", "42"), ("text", "a b&ü"), ("silent", "True")];
    let multipart = "--xx\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n42\r\n\
        --xx\r\nContent-Disposition: form-data; name=\"text\"\r\nContent-Type: text/plain\r\n\r\na b&ü\r\n\
        --xx\r\nContent-Disposition: form-data; name=\"silent\"\r\n\r\nTrue\r\n--xx--\r\n";
    let query = "chat_id=42&text=a+b%26%C3%BC&silent=True";
    for params in [
        parse(query, "", ""),
        parse("", FORM, query),
        parse("", "Application/X-WWW-Form-URLencoded; charset=UTF-8", query),
        parse(
            "",
            JSON,
            r#" {"chat_id": 42, "text": "a b&\u00fc", "silent": "True"} "#,
        ),
        parse("", MULTIPART, multipart),
        parse("", "multipart/form-data; boundary=\"xx\"; x=y", multipart),
    ] {
        assert_eq!(pairs(&params.unwrap()), expected);
    }
}

#[test]
fn the_first_wins_and_the_query_string_comes_first() {
    let params = parse("a=1&a=2", JSON, r#"{"a": 3, "b": [1, "x"], "b": 2}"#).unwrap();
    assert_eq!(
        (params.get("a"), params.get("b")),
        (Some("1"), Some(r#"[1, "x"]"#))
    );
    assert_eq!(params.get("c"), None);
}

#[test]
fn files_keep_their_names_and_bytes() {
    let body = b"--xx\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\x89P\r\n\
        --xx\r\nContent-Disposition: form-data; name=\"x\"\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nchat_id=7&secret_token=s\r\n\
        --xx\r\nContent-Disposition: form-data; name=\"document\"\r\n\r\nattach://photo\r\n--xx--";
    let params = parse("", MULTIPART, &body[..]).unwrap();
    let file = params.file("photo").unwrap();
    assert_eq!(
        (
            file.file_name.as_str(),
            file.content_type.as_deref(),
            &file.content[..]
        ),
        ("a.png", Some("image/png"), &b"\x89P"[..])
    );
    assert_eq!(
        params.to_json_for_journal(),
        r#"{"chat_id":"7","secret_token":"…","document":"attach://photo","photo":{"file":"a.png","size":2}}"#
    );
}

#[test]
fn forms_of_all_sorts() {
    let unquoted =
        "preamble\r\n--xx\r\ncontent-disposition: form-data; name=a\r\n\r\nb\r\n--xx--\r\nepilogue";
    assert_eq!(pairs(&parse("", MULTIPART, unquoted).unwrap()), [("a", "b")]);
    assert_eq!(pairs(&parse("", MULTIPART, "--xx--\r\n").unwrap()), []);
    let named = "--xx\r\nContent-Disposition: form-data; name=\"ü\"; filename=\"ä b.txt\"\r\n\r\n\r\n--xx--";
    let params = parse("", MULTIPART, named).unwrap();
    assert_eq!(
        params.file("ü").map(|file| file.file_name.as_str()),
        Some("ä b.txt")
    );
    let broken = b"--xx\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\xff\r\n--xx--";
    let params = parse("", MULTIPART, &broken[..]).unwrap();
    assert!(params.checked("text").is_err());
}

#[test]
fn what_is_too_much_is_413() {
    let much = "a".repeat(MAX_PARAMS + 1);
    for params in [
        parse(&much, "", ""),
        parse("", FORM, much.clone()),
        parse("", JSON, much.clone()),
        parse("b", FORM, much[1..].to_owned()),
        parse(
            "",
            MULTIPART,
            format!("--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{much}\r\n--xx--"),
        ),
    ] {
        assert_eq!(params.unwrap_err().code, 413);
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let part = "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb";
    for (content_type, body, expected) in [
        (JSON, "[1]", "JSON object expected"),
        (JSON, r#"{"a": "#, "can't parse the request's JSON object: EOF"),
        (JSON, "{} x", "can't parse the request's JSON object: trailing"),
        ("multipart/form-data", part, "boundary not found"),
        ("multipart/form-data; boundary", part, "boundary value not found"),
        (
            "multipart/form-data; boundary=",
            part,
            "boundary too big or empty",
        ),
        (MULTIPART, part, "can't parse form data: it ends too early"),
        (
            MULTIPART,
            "--xx\r\nContent-Disposition: form-data\r\n\r\nb\r\n--xx--",
            "field name in multipart/form-data not found",
        ),
    ] {
        let error = parse("", content_type, body).unwrap_err();
        assert_eq!(error.code, 400);
        let start = format!("Bad Request: {expected}");
        assert!(error.description.starts_with(&start), "{error}");
    }
    assert_eq!(
        parse("", JSON, &b"{\"a\":\"\xff\"}"[..]).unwrap_err().description,
        "Bad Request: strings must be encoded in UTF-8"
    );
}

#[test]
fn other_bodies_are_left_alone() {
    for content_type in ["", "text/plain", "application/octet-stream"] {
        assert_eq!(pairs(&parse("a=b", content_type, "{").unwrap()), [("a", "b")]);
    }
    assert_eq!(pairs(&parse("", JSON, "").unwrap()), []);
    assert_eq!(pairs(&parse("", JSON, " \n").unwrap()), []);
}

#[test]
fn half_escapes_stay() {
    let params = parse("a=%4&b=%zz+%&c=%e2%82&&=x&d", "", "").unwrap();
    assert_eq!(
        pairs(&params),
        [
            ("a", "%4"),
            ("b", "%zz %"),
            ("c", "\u{fffd}"),
            ("", "x"),
            ("d", "")
        ]
    );
}

#[test]
fn a_journal_shows_values_as_they_came() {
    let params = parse("q=1", JSON, r#"{"n": 1, "o": {"k": [true]}, "t": "\"x"}"#).unwrap();
    assert_eq!(
        params.to_json_for_journal(),
        r#"{"q":"1","n":1,"o":{"k": [true]},"t":"\"x"}"#
    );
}

proptest::proptest! {
    #[test]
    fn never_panics(query in "\\PC{0,40}", kind in 0..4_usize, body in proptest::collection::vec(0..=255_u8, 0..200)) {
        let kind = [FORM, JSON, MULTIPART, "x"][kind];
        if let Ok(params) = parse(&query, kind, body) {
            let text = params.to_json_for_journal();
            proptest::prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{}", text);
        }
    }
}
