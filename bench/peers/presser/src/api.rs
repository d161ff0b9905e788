//! The Bot API as the bot under test sees it: `getUpdates`, `answerCallbackQuery`, and a fixed result for the rest.

use std::convert::Infallible;
use std::rc::Rc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep, timeout_at};

use crate::desk::Desk;
use crate::fields;
use crate::updates::FIRST_UPDATE;

pub(crate) const TOKEN: &str = "7000000001:AAMadeUpForTheBenchAndNobodysToken0";

const BOT: &str = r#"{"ok":true,"result":{"id":7000000001,"is_bot":true,"first_name":"Mixing desk","username":"mixing_desk_bot","can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false,"can_connect_to_business":false,"has_main_web_app":false,"has_topics_enabled":false,"allows_users_to_create_topics":false,"can_manage_bots":false,"supports_guest_queries":false,"supports_join_request_queries":false}}"#;
const MESSAGE: &str = r#"{"ok":true,"result":{"message_id":4211,"from":{"id":7000000001,"is_bot":true,"first_name":"Mixing desk","username":"mixing_desk_bot"},"chat":{"id":5100000000,"first_name":"Ann","type":"private"},"date":1763700000,"text":"Volume 17"}}"#;
const TOO_OLD: &str = r#"{"ok":false,"error_code":400,"description":"Bad Request: query is too old and response timeout expired or query ID is invalid"}"#;

/// Serves until the program ends.
pub(crate) async fn serve(desk: Rc<Desk>, listener: TcpListener) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let _ = stream.set_nodelay(true);
        desk.connections.set(desk.connections.get() + 1);
        let desk = Rc::clone(&desk);
        tokio::task::spawn_local(async move {
            let service = service_fn(move |request| call(Rc::clone(&desk), request));
            // A bot may hang up whenever it likes.
            let _ = hyper::server::conn::http1::Builder::new()
                .pipeline_flush(true)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn call(desk: Rc<Desk>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return Ok(failure(
            StatusCode::BAD_REQUEST,
            r#"{"ok":false,"error_code":400,"description":"Bad Request"}"#,
        ));
    };
    let mut parameters = body.to_bytes();
    if parameters.is_empty() {
        parameters = Bytes::copy_from_slice(head.uri.query().unwrap_or_default().as_bytes());
    }
    let Some((token, method)) = head
        .uri
        .path()
        .strip_prefix("/bot")
        .and_then(|rest| rest.split_once('/'))
    else {
        return Ok(failure(
            StatusCode::NOT_FOUND,
            r#"{"ok":false,"error_code":404,"description":"Not Found"}"#,
        ));
    };
    if token.replace("%3A", ":") != TOKEN {
        return Ok(failure(
            StatusCode::UNAUTHORIZED,
            r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#,
        ));
    }
    if method.eq_ignore_ascii_case("getUpdates") {
        return Ok(get_updates(&desk, &parameters).await);
    }
    let answer = method.eq_ignore_ascii_case("answerCallbackQuery");
    let known = answer && desk.answer(&parameters);
    if !desk.delay.is_zero() {
        sleep(desk.delay).await;
    }
    Ok(match method.to_ascii_lowercase().as_str() {
        "answercallbackquery" if !known => failure(StatusCode::BAD_REQUEST, TOO_OLD),
        "getme" => success(BOT),
        "getwebhookinfo" => success(
            r#"{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}"#,
        ),
        "setwebhook" => {
            desk.set_webhook(
                fields::text(&parameters, "url"),
                fields::text(&parameters, "secret_token"),
            );
            success(r#"{"ok":true,"result":true}"#)
        }
        "sendmessage" | "editmessagetext" => success(MESSAGE),
        "getmycommands" => success(r#"{"ok":true,"result":[]}"#),
        _ => success(r#"{"ok":true,"result":true}"#),
    })
}

async fn get_updates(desk: &Desk, parameters: &[u8]) -> Response<Full<Bytes>> {
    let field = |name, otherwise| fields::number(parameters, name).unwrap_or(otherwise);
    let limit = field("limit", 100).clamp(1, 100) as usize;
    let hold = Duration::from_secs(field("timeout", 0).clamp(0, 50) as u64);
    let confirmed = field("offset", 0) - FIRST_UPDATE;
    desk.confirm(usize::try_from(confirmed).unwrap_or(0));
    desk.polled();
    let end = Instant::now() + hold;
    loop {
        let waiting = desk.waiting(limit);
        if waiting.is_empty() {
            if timeout_at(end, desk.released.notified()).await.is_err() {
                return success(r#"{"ok":true,"result":[]}"#);
            }
            continue;
        }
        let mut body = BytesMut::with_capacity(waiting.len() * 1400 + 64);
        body.extend_from_slice(br#"{"ok":true,"result":["#);
        for press in waiting {
            if body.last() == Some(&b'}') {
                body.extend_from_slice(b",");
            }
            body.extend_from_slice(desk.hand_out(press));
        }
        body.extend_from_slice(b"]}");
        return success(body.freeze());
    }
}

fn success(body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn failure(status: StatusCode, body: &'static str) -> Response<Full<Bytes>> {
    let mut response = success(body);
    *response.status_mut() = status;
    response
}
