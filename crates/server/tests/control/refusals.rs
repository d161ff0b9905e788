//! What the control API does not take, and how it says so.

use crate::client::Local;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use serde_json::{Value, json};

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn unknown_routes_and_methods() {
    let local = Local::start().await;
    let (status, _, words) = local.refused("GET", "/user", Value::Null).await;
    assert_eq!(status, 404);
    assert!(words.contains("GET /users"), "{words}");
    let (status, headers, value) = local.send("PUT", "/bots", &[], "").await;
    assert_eq!(
        (status, value["error"]["code"].as_str()),
        (405, Some("method_not_allowed"))
    );
    assert_eq!(headers["allow"], "POST, GET");
}

#[tokio::test]
async fn bodies_that_do_not_fit() {
    let local = Local::start().await;
    for (body, status, words) in [
        ("", 400, "is empty"),
        ("{", 400, "line 1 column 1"),
        ("{\"first_name\": \"Ann\",}", 400, "line 1 column 22"),
        ("[\"Ann\"]", 400, "is a list"),
        (
            "{\"first_name\": 7}",
            400,
            "expected a string at line 1 column 16",
        ),
        (
            "{\"firstname\": \"Ann\"}",
            400,
            "unknown field `firstname`, expected one of `first_name`",
        ),
        ("{\"first_name\": \"\"}", 400, "must not be empty"),
        ("{\"first_name\": \"\\ud800\"}", 400, "line 1"),
    ] {
        let (got, _, value) = local.send("POST", "/users", &[JSON], body).await;
        assert_eq!(got, status, "{body}");
        assert!(value["error"].to_string().contains(words), "{body}: {value}");
    }
    let (status, _, _) = local
        .send(
            "POST",
            "/users",
            &[JSON],
            Bytes::from_static(b"{\"first_name\": \"\xff\"}"),
        )
        .await;
    assert_eq!(status, 400);
    let (status, _, value) = local
        .send("POST", "/users", &[JSON], vec![b' '; 1024 * 1024 + 1])
        .await;
    assert_eq!(
        (status, value["error"]["code"].as_str()),
        (413, Some("too_large"))
    );
    let (status, _, value) = local.send("POST", "/users", &[JSON], "[".repeat(1_000_000)).await;
    assert_eq!(status, 400, "{value}");
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let (status, _, value) = local
            .send(
                "POST",
                "/users",
                &[("content-type", kind)],
                "{\"first_name\": \"Eve\"}",
            )
            .await;
        assert_eq!((status, value["error"]["code"].as_str()), (415, Some("not_json")));
    }
}

#[tokio::test]
async fn who_and_what_is_not_there() {
    let local = Local::start().await;
    let write = |from: Value, chat: Value| json!({"from": from, "chat": chat, "text": "hi"});
    for (body, status, code) in [
        (write(json!(1), json!(local.bot)), 404, "not_found"),
        (write(json!("@nobody"), json!(local.bot)), 404, "not_found"),
        (write(json!(local.ann), json!(-5)), 404, "not_found"),
        (write(json!(local.ann), json!("@nobody")), 404, "not_found"),
        (write(json!(local.bot), json!(local.ann)), 400, "bad_request"),
        (write(json!(1.5), json!(local.ann)), 400, "bad_request"),
        (write(json!(local.ann), Value::Null), 400, "bad_request"),
    ] {
        let refused = local.refused("POST", "/messages", body.clone()).await;
        assert_eq!(
            (refused.0, refused.1.as_str()),
            (status, code),
            "{body}: {}",
            refused.2
        );
    }
    for (method, path) in [
        ("GET", "/messages?chat=5"),
        ("GET", "/messages?chat=5&as=@ann&limit=x"),
        ("GET", "/presses/x"),
        ("GET", "/events?since=-1"),
    ] {
        assert_eq!(local.refused(method, path, Value::Null).await.0, 400, "{path}");
    }
    assert_eq!(local.refused("GET", "/presses/5", Value::Null).await.0, 404);
    assert_eq!(
        local
            .refused("POST", "/clock/advance", json!({"by": "soon"}))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn pages_of_others() {
    let local = Local::start().await;
    let own = local.server.url();
    let body = "{\"first_name\": \"Eve\"}";
    for (origin, status) in [(own.as_str(), 200), ("https://evil.example", 403), ("null", 403)] {
        let (got, _, value) = local
            .send("POST", "/users", &[JSON, ("origin", origin)], body)
            .await;
        assert_eq!(got, status, "{origin}: {value}");
    }
    // A name that somebody let point here: a page that changes something says where it comes from, one that reads does not.
    let host = ("host", "evil.example:8081");
    let origin = ("origin", "http://evil.example:8081");
    for (method, path, headers, body) in [
        ("POST", "/users", vec![JSON, host, origin], body),
        ("GET", "/bots", vec![host], ""),
    ] {
        let (status, _, value) = local.send(method, path, &headers, body).await;
        assert_eq!(
            (status, value["error"]["code"].as_str()),
            (403, Some("foreign_host")),
            "{method}"
        );
    }
}

#[tokio::test]
async fn the_page() {
    let local = Local::start().await;
    let get = async |path: &str, method: &str| {
        let uri = format!("{}{path}", local.server.url());
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .body(Full::default())
            .unwrap();
        let (head, body) = local.raw(request).await.into_parts();
        (
            head.status.as_u16(),
            head.headers,
            body.collect().await.unwrap().to_bytes(),
        )
    };
    let (status, headers, page) = get("/?as=5", "GET").await;
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (200, "text/html; charset=utf-8")
    );
    assert!(
        headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("default-src 'self'")
    );
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(page.contains("<title>Ringback</title>"));
    let (status, _, body) = get("/app.js", "HEAD").await;
    assert_eq!((status, body.len()), (200, 0));
    let (status, headers, body) = get("/nothing.js", "GET").await;
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (404, "application/json")
    );
    assert_eq!(body, r#"{"ok":false,"error_code":404,"description":"Not Found"}"#);
}
