//! Any bytes in the place of a webhook's requests.

#![allow(clippy::expect_used, clippy::panic, reason = "panics are what it is for")]

use tokio::sync::watch;

use super::Webhook;
use super::converse::converse;
use crate::bot::Bot;
use crate::fuzz::heard;
use crate::router::Router;

/// Requests one behind the other, to a bot that wants no update. What it responds is HTTP.
pub fn webhook(data: &[u8]) {
    // Nobody listens there, and nobody needs to: answers ride in the responses.
    let bot = Bot::builder("1:a")
        .server("http://127.0.0.1:1")
        .build()
        .expect("a bot");
    let webhook = Webhook::new(bot, Router::new()).expect("a router");
    let (_running, stopped) = watch::channel(());
    let responses = heard(data, async |socket| {
        let service = webhook.without_secret().body_limit(1024).service();
        let _ = converse(socket, service.expect("a service"), None, stopped).await;
    });
    let mut rest = &responses[..];
    while !rest.is_empty() {
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut response = httparse::Response::new(&mut headers);
        let Ok(httparse::Status::Complete(head)) = response.parse(rest) else {
            panic!("no response: {:?}", String::from_utf8_lossy(rest));
        };
        let length = response
            .headers
            .iter()
            .find(|header| header.name == "content-length");
        let length = length.and_then(|length| std::str::from_utf8(length.value).ok()?.parse().ok());
        let body = length.unwrap_or(0_usize);
        assert!(response.code == Some(100) || length.is_some());
        rest = rest.get(head + body..).expect("a whole response");
    }
}
