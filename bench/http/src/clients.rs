//! The ways to the server.

use std::cell::Cell;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, Response, Uri, Version};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::Client as Kept;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo};
use ringback::Bot;
use ringback::api::AnswerCallbackQuery;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::{BoxError, certificate::Own};

const TOKEN: &str = "7000000001:AAE-as-long-as-a-token-is-in-earnest";

/// What is measured.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// This framework's bot, with its pool.
    Ringback,
    /// hyper-util's pool of HTTP/1.1 connections.
    Http1,
    /// So many HTTP/2 connections, in turn.
    Http2(usize),
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::Ringback, Kind::Http1, Kind::Http2(1), Kind::Http2(2)];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Ringback => "ringback",
            Kind::Http1 => "hyper, HTTP/1.1",
            Kind::Http2(1) => "hyper, HTTP/2, 1 connection",
            Kind::Http2(_) => "hyper, HTTP/2, 2 connections",
        }
    }
}

#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub(crate) enum Client {
    Ringback(Bot),
    Http1(Kept<Connector, Full<Bytes>>, Uri),
    Http2(Vec<http2::SendRequest<Full<Bytes>>>, Cell<usize>, Uri),
}

impl Client {
    pub(crate) async fn new(kind: Kind, at: SocketAddr, own: &Own) -> Result<Self, BoxError> {
        let uri: Uri = format!("https://{at}/bot{TOKEN}/answerCallbackQuery").parse()?;
        Ok(match kind {
            Kind::Ringback => Client::Ringback(
                Bot::builder(TOKEN)
                    .server(format!("https://{at}"))
                    // As many as the other one opens.
                    .connections(512)
                    .root_certificates(own.certificate.clone())
                    .build()?,
            ),
            Kind::Http1 => {
                let connector = Connector::new(at, own, b"http/1.1")?;
                Client::Http1(Kept::builder(TokioExecutor::new()).build(connector), uri)
            }
            Kind::Http2(connections) => {
                let connector = Connector::new(at, own, b"h2")?;
                let mut senders = Vec::new();
                for _ in 0..connections {
                    let stream = connector.open().await?;
                    let opened = http2::Builder::new(TokioExecutor::new()).handshake(stream).await;
                    let (sender, connection) = opened?;
                    tokio::spawn(connection);
                    senders.push(sender);
                }
                Client::Http2(senders, Cell::new(0), uri)
            }
        })
    }

    /// One call, from a method's value to its result.
    pub(crate) async fn call(&self, id: u64) -> Result<(), BoxError> {
        let method = AnswerCallbackQuery::new(id.to_string()).text("The volume is 7 now.");
        match self {
            Client::Ringback(bot) => drop(bot.send(method).await?),
            Client::Http1(client, uri) => {
                let request = request(uri, &method)?;
                read(client.request(request).await?).await?;
            }
            Client::Http2(senders, next, uri) => {
                let turn = next.get();
                next.set(turn.wrapping_add(1));
                let mut sender = senders[turn % senders.len()].clone();
                let mut request = request(uri, &method)?;
                *request.version_mut() = Version::HTTP_2;
                sender.ready().await?;
                read(sender.send_request(request).await?).await?;
            }
        }
        Ok(())
    }
}

fn request(uri: &Uri, method: &AnswerCallbackQuery) -> Result<Request<Full<Bytes>>, BoxError> {
    let request = Request::post(uri.clone()).header(CONTENT_TYPE, "application/json");
    Ok(request.body(Full::from(serde_json::to_vec(method)?))?)
}

async fn read(response: Response<Incoming>) -> Result<(), BoxError> {
    let body = response.into_body().collect().await?.to_bytes();
    let envelope: ringback::api::Response<bool> = serde_json::from_slice(&body)?;
    match envelope {
        ringback::api::Response {
            result: Some(true), ..
        } => Ok(()),
        _ => Err("the answer was refused".into()),
    }
}

/// Opens a connection with TLS.
#[derive(Clone)]
pub(crate) struct Connector {
    to: SocketAddr,
    tls: TlsConnector,
}

impl Connector {
    fn new(to: SocketAddr, own: &Own, protocol: &[u8]) -> Result<Self, BoxError> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&own.certificate)?)?;
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_vec()];
        Ok(Connector {
            to,
            tls: Arc::new(config).into(),
        })
    }

    async fn open(&self) -> Result<Stream, BoxError> {
        let tcp = TcpStream::connect(self.to).await?;
        tcp.set_nodelay(true)?;
        let stream = self.tls.connect(ServerName::from(self.to.ip()), tcp).await?;
        Ok(Stream(TokioIo::new(stream)))
    }
}

impl tower_service::Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move { connector.open().await })
    }
}

/// A connection as hyper-util's pool wants it.
pub(crate) struct Stream(TokioIo<TlsStream<TcpStream>>);

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
