//! A client of the control API.

use crate::failure::Failure;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{ACCEPT, CONTENT_TYPE};
use hyper::{Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// A running local Telegram.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
}

impl Control {
    pub(crate) fn new(url: &str) -> Control {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Control {
            client,
            url: url.trim_end_matches('/').to_owned(),
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Host and port, as in the address.
    pub(crate) fn authority(&self) -> String {
        let uri = self.url.parse::<hyper::Uri>().unwrap_or_default();
        let host = uri.host().unwrap_or("127.0.0.1");
        format!("{host}:{}", uri.port_u16().unwrap_or(80))
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.ask(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Result<Value, Failure> {
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Whether it answers at all.
    pub(crate) async fn ready(&self) -> Result<(), Failure> {
        let request = Request::get(format!("{}/readyz", self.url)).body(Full::default());
        let request = request.map_err(|error| self.unreachable(error))?;
        let response = self
            .client
            .request(request)
            .await
            .map_err(|error| self.unreachable(error))?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(self.unreachable(response.status()))
        }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Failure> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/_ringback/v1{path}", self.url))
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(
                body.map(|body| body.to_string()).unwrap_or_default(),
            )));
        let request = request.map_err(|error| self.unreachable(error))?;
        let response = self
            .client
            .request(request)
            .await
            .map_err(|error| self.unreachable(error))?;
        let ok = response.status().is_success();
        let body = response
            .into_body()
            .collect()
            .await
            .map_err(|error| self.unreachable(error))?
            .to_bytes();
        let value: Value = serde_json::from_slice(&body).map_err(|error| self.unreachable(error))?;
        if ok {
            return Ok(value);
        }
        let text = |field: &str| value["error"][field].as_str().map(str::to_owned);
        Err(Failure::Refused {
            code: text("code").unwrap_or_default(),
            message: text("message").unwrap_or_else(|| value.to_string()),
            hint: text("hint"),
        })
    }

    fn unreachable(&self, reason: impl std::fmt::Display) -> Failure {
        Failure::Unreachable {
            url: self.url.clone(),
            reason: reason.to_string(),
        }
    }
}
