//! A client of the local Telegram's control API.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HOST};
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::error::BoxError;

#[derive(Debug, Clone)]
pub(super) struct Control {
    /// Host and port.
    address: String,
}

impl Control {
    pub(super) fn new(address: String) -> Self {
        Control { address }
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, Value::Null).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Value {
        self.ask(Method::POST, path, body).await
    }

    /// What the local Telegram says.
    ///
    /// # Panics
    /// It refuses: then the test is wrong, and the message says how.
    async fn ask(&self, method: Method, path: &str, body: Value) -> Value {
        let what = format!("{method} {path}");
        match self.try_ask(method, path, body).await {
            Ok((true, value)) => value,
            Ok((false, value)) => {
                let error = &value["error"];
                let text = |field: &str| error[field].as_str().unwrap_or_default().to_owned();
                panic!("{} {} ({what})", text("message"), text("hint"))
            }
            Err(error) => panic!("the local Telegram does not answer {what}: {error}"),
        }
    }

    async fn try_ask(&self, method: Method, path: &str, body: Value) -> Result<(bool, Value), BoxError> {
        // A connection for each: a test asks little, and nothing is left over when its runtime ends.
        let socket = TcpStream::connect(&self.address).await?;
        socket.set_nodelay(true)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(socket)).await?;
        let connection = tokio::spawn(connection);
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("/_ringback/v1{path}"))
            .header(HOST, &self.address)
            .header(CONTENT_TYPE, "application/json")
            // The journal comes as a stream to whoever does not ask for this.
            .header(ACCEPT, "application/json")
            .body(Full::new(Bytes::from(body)))?;
        let response = sender.send_request(request).await?;
        let ok = response.status().is_success();
        let body = response.into_body().collect().await?.to_bytes();
        connection.abort();
        Ok((ok, serde_json::from_slice(&body)?))
    }
}
