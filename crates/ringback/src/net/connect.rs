//! One new connection: TCP, TLS where asked, and the HTTP handshake.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::Endpoint;
use crate::error::BoxError;

/// How long a connection may take to open, TLS included.
const LIMIT: Duration = Duration::from_secs(10);

pub(super) async fn connect(to: &Endpoint) -> Result<SendRequest<Full<Bytes>>, BoxError> {
    let open = async {
        let tcp = TcpStream::connect((to.host.as_str(), to.port)).await?;
        // A call is one small write: waiting for more to send with it only adds to every answer.
        tcp.set_nodelay(true)?;
        #[cfg(feature = "tls")]
        if to.tls {
            return handshake(TokioIo::new(tls::wrap(to, tcp).await?)).await;
        }
        handshake(TokioIo::new(tcp)).await
    };
    tokio::time::timeout(LIMIT, open)
        .await
        .map_err(|_| format!("no connection within {LIMIT:?}"))?
}

async fn handshake<T>(io: T) -> Result<SendRequest<Full<Bytes>>, BoxError>
where
    T: Read + Write + Unpin + Send + 'static,
{
    let (sender, connection) = http1::handshake(io).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection to the API server ended");
        }
    });
    Ok(sender)
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
