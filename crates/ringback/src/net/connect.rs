//! One new connection: TCP, and TLS where asked.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::{Connection, Endpoint};
use crate::error::BoxError;

/// How long a connection may take to open, TLS included.
const LIMIT: Duration = Duration::from_secs(10);
/// A server reads what comes over a connection that it has accepted before what came over one that still waits for
/// that. So that two calls that follow each other are read in their order, it is given the time. (With TLS it has
/// spoken before anything is sent.)
const GRACE: Duration = Duration::from_millis(1);

pub(super) async fn connect(to: &Endpoint) -> Result<Connection, BoxError> {
    let open = async {
        let tcp = TcpStream::connect((to.host.as_str(), to.port)).await?;
        // A call is one small write: waiting for more to send with it only adds to every answer.
        tcp.set_nodelay(true)?;
        #[cfg(feature = "tls")]
        if to.tls {
            return Ok(Connection::new(Stream::Tls(Box::new(tls::wrap(to, tcp).await?))));
        }
        tokio::time::sleep(GRACE).await;
        Ok(Connection::new(Stream::Tcp(tcp)))
    };
    tokio::time::timeout(LIMIT, open)
        .await
        .map_err(|_| format!("no connection within {LIMIT:?}"))?
}

/// Bytes both ways.
pub(super) enum Stream {
    Tcp(TcpStream),
    #[cfg(feature = "tls")]
    Tls(Box<tokio_rustls::client::TlsStream<TcpStream>>),
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Tcp(tcp) => Pin::new(tcp).poll_read(cx, buf),
            #[cfg(feature = "tls")]
            Stream::Tls(tls) => Pin::new(tls).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Tcp(tcp) => Pin::new(tcp).poll_write(cx, buf),
            #[cfg(feature = "tls")]
            Stream::Tls(tls) => Pin::new(tls).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Tcp(tcp) => Pin::new(tcp).poll_flush(cx),
            #[cfg(feature = "tls")]
            Stream::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Tcp(tcp) => Pin::new(tcp).poll_shutdown(cx),
            #[cfg(feature = "tls")]
            Stream::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}

#[cfg(feature = "tls")]
mod tls {
    use std::sync::{Arc, LazyLock};

    use tokio::net::TcpStream;
    use tokio_rustls::TlsConnector;
    use tokio_rustls::client::TlsStream;
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::ServerName;
    use tokio_rustls::rustls::{ClientConfig, RootCertStore};

    use super::{BoxError, Endpoint};

    /// Mozilla's root certificates, built in: a bot in an empty container needs no certificate files.
    static CONFIG: LazyLock<Result<Arc<ClientConfig>, String>> = LazyLock::new(|| {
        let roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map(|config| Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
            .map_err(|error| error.to_string())
    });

    pub(super) async fn wrap(to: &Endpoint, tcp: TcpStream) -> Result<TlsStream<TcpStream>, BoxError> {
        let config = CONFIG.as_ref().map_err(String::as_str)?;
        let name = ServerName::try_from(to.host.clone())?;
        Ok(TlsConnector::from(Arc::clone(config)).connect(name, tcp).await?)
    }
}
