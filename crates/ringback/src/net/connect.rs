//! One new connection: TCP, a proxy's tunnel and TLS where asked.

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
const GRACE: Duration = Duration::from_millis(5);

pub(super) async fn connect(to: &Endpoint) -> Result<Connection, BoxError> {
    let open = async {
        let (host, port) = match &to.proxy {
            Some(proxy) => (proxy.host.as_str(), proxy.port),
            None => (to.host.as_str(), to.port),
        };
        let mut tcp = tcp(host, port).await?;
        if let Some(proxy) = &to.proxy {
            Box::pin(proxy.tunnel(&mut tcp, &to.host, to.port)).await?;
        }
        #[cfg(feature = "tls")]
        if to.tls {
            let config = match &to.trusted {
                Some(config) => std::sync::Arc::clone(config),
                None => tls::config()?,
            };
            let tls = tls::wrap(config, &to.host, tcp).await?;
            return Ok(Stream::Tls(Box::new(tls)));
        }
        tokio::time::sleep(GRACE).await;
        Ok::<_, BoxError>(Stream::Tcp(tcp))
    };
    let stream = tokio::time::timeout(LIMIT, open).await;
    Ok(Connection::new(
        stream.map_err(|_| format!("no connection within {LIMIT:?}"))??,
    ))
}

/// A connection to another server than the API's.
#[cfg(feature = "redis")]
pub(crate) async fn open(host: &str, port: u16) -> Result<Stream, BoxError> {
    Ok(Stream::Tcp(tcp(host, port).await?))
}

/// The same, encrypted.
#[cfg(all(feature = "redis", feature = "tls"))]
pub(crate) async fn open_tls(
    config: std::sync::Arc<tokio_rustls::rustls::ClientConfig>,
    host: &str,
    port: u16,
) -> Result<Stream, BoxError> {
    let tcp = tcp(host, port).await?;
    Ok(Stream::Tls(Box::new(tls::wrap(config, host, tcp).await?)))
}

async fn tcp(host: &str, port: u16) -> Result<TcpStream, BoxError> {
    let tcp = TcpStream::connect((host, port)).await?;
    // A call is one small write: waiting for more to send with it only adds to every answer.
    tcp.set_nodelay(true)?;
    Ok(tcp)
}

/// Bytes both ways.
pub(crate) enum Stream {
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
pub(crate) mod tls {
    use std::sync::{Arc, LazyLock};

    use tokio::io::{AsyncRead, AsyncWrite};
    use tokio_rustls::TlsConnector;
    use tokio_rustls::client::TlsStream;
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::ServerName;
    use tokio_rustls::rustls::{ClientConfig, RootCertStore};

    use super::BoxError;

    static DEFAULT: LazyLock<Result<Arc<ClientConfig>, String>> =
        LazyLock::new(|| config_of(mozilla()).map_err(|error| error.to_string()));

    /// Mozilla's root certificates, built in: a bot in an empty container needs no certificate files.
    fn mozilla() -> RootCertStore {
        RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        }
    }

    fn config_of(roots: RootCertStore) -> Result<Arc<ClientConfig>, BoxError> {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?;
        Ok(Arc::new(
            config.with_root_certificates(roots).with_no_client_auth(),
        ))
    }

    /// Trusts Mozilla's roots.
    pub(crate) fn config() -> Result<Arc<ClientConfig>, BoxError> {
        Ok(Arc::clone(DEFAULT.as_ref().map_err(String::as_str)?))
    }

    /// Trusts the certificates in this PEM text, and no others.
    pub(crate) fn config_with(pem: &[u8]) -> Result<Arc<ClientConfig>, BoxError> {
        use tokio_rustls::rustls::pki_types::CertificateDer;
        use tokio_rustls::rustls::pki_types::pem::PemObject;
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            roots.add(certificate?)?;
        }
        if roots.is_empty() {
            return Err("there is no certificate in the PEM text".into());
        }
        config_of(roots)
    }

    pub(crate) async fn wrap<S: AsyncRead + AsyncWrite + Unpin>(
        config: Arc<ClientConfig>,
        host: &str,
        stream: S,
    ) -> Result<TlsStream<S>, BoxError> {
        let name = ServerName::try_from(host.to_owned())?;
        Ok(TlsConnector::from(config).connect(name, stream).await?)
    }
}
