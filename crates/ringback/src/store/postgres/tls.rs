//! Whether a connection is encrypted, and how.

use std::net::IpAddr;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::error::Error;

pub(super) use how::Tls;

/// Whether to use TLS: as the URL says, and if it says nothing, for any server but this machine's own.
fn wanted(config: &Config) -> Result<bool, Error> {
    let wanted = match config.get_ssl_mode() {
        SslMode::Disable => false,
        SslMode::Prefer => !is_here(config),
        _ => true,
    };
    if wanted && cfg!(not(feature = "tls")) {
        return Err(Error::Config(
            "a PostgreSQL server elsewhere needs the feature `tls`, or `sslmode=disable`".into(),
        ));
    }
    Ok(wanted)
}

fn is_here(config: &Config) -> bool {
    let loopback = |host: &str| host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    let hosts = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(host) => loopback(host),
        #[cfg(unix)]
        Host::Unix(_) => true,
    });
    hosts && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

#[cfg(not(feature = "tls"))]
mod how {
    use tokio_postgres::tls::NoTlsStream;
    use tokio_postgres::{Client, Config, Connection, NoTls, Socket};

    use crate::error::Error;

    pub(in crate::store::postgres) struct Tls;

    impl Tls {
        pub(in crate::store::postgres) fn new(config: &Config) -> Result<Self, Error> {
            super::wanted(config).map(|_| Tls)
        }

        pub(in crate::store::postgres) async fn connect(
            &self,
            config: &Config,
        ) -> Result<(Client, Connection<Socket, NoTlsStream>), tokio_postgres::Error> {
            config.connect(NoTls).await
        }
    }
}

#[cfg(feature = "tls")]
mod how {
    use std::future::Future;
    use std::io;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::task::{Context, Poll};

    use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
    use tokio_postgres::config::SslMode;
    use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
    use tokio_postgres::{Client, Config, Connection, Socket};
    use tokio_rustls::rustls::ClientConfig;

    use crate::error::{BoxError, Error};
    use crate::net::connect::tls;

    /// Which certificates to trust; `None` talks in the clear.
    #[derive(Clone)]
    pub(in crate::store::postgres) struct Tls(Option<Arc<ClientConfig>>);

    impl Tls {
        pub(in crate::store::postgres) fn new(config: &Config, roots: Option<&[u8]>) -> Result<Self, Error> {
            if !super::wanted(config)? {
                return Ok(Tls(None));
            }
            let trusted = match roots {
                Some(pem) => tls::config_with(pem),
                None => tls::config(),
            };
            let trusted =
                trusted.map_err(|error| Error::Config(format!("PostgreSQL's root certificates: {error}")));
            Ok(Tls(Some(trusted?)))
        }

        pub(in crate::store::postgres) async fn connect(
            &self,
            config: &Config,
        ) -> Result<(Client, Connection<Socket, Encrypted>), tokio_postgres::Error> {
            let mut config = config.clone();
            config.ssl_mode(match self.0 {
                Some(_) => SslMode::Require,
                None => SslMode::Disable,
            });
            config.connect(self.clone()).await
        }
    }

    impl MakeTlsConnect<Socket> for Tls {
        type Stream = Encrypted;
        type TlsConnect = To;
        type Error = BoxError;

        fn make_tls_connect(&mut self, domain: &str) -> Result<To, BoxError> {
            Ok(To(self.0.clone(), domain.to_owned()))
        }
    }

    /// The server that a stream leads to.
    pub(in crate::store::postgres) struct To(Option<Arc<ClientConfig>>, String);

    impl TlsConnect<Socket> for To {
        type Stream = Encrypted;
        type Error = BoxError;
        type Future = Pin<Box<dyn Future<Output = Result<Encrypted, BoxError>> + Send>>;

        fn connect(self, stream: Socket) -> Self::Future {
            Box::pin(async move {
                let config = self.0.ok_or("TLS is not wanted")?;
                Ok(Encrypted(Box::new(tls::wrap(config, &self.1, stream).await?)))
            })
        }
    }

    pub(in crate::store::postgres) struct Encrypted(Box<tokio_rustls::client::TlsStream<Socket>>);

    impl TlsStream for Encrypted {
        fn channel_binding(&self) -> ChannelBinding {
            ChannelBinding::none()
        }
    }

    impl AsyncRead for Encrypted {
        fn poll_read(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_read(cx, buf)
        }
    }

    impl AsyncWrite for Encrypted {
        fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            Pin::new(&mut self.0).poll_write(cx, buf)
        }

        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_flush(cx)
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_shutdown(cx)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_talked_to_in_the_clear() {
        let wanted = |url: &str| wanted(&url.parse().unwrap()).is_ok_and(|wanted| wanted);
        for here in [
            "postgres://a@localhost/b",
            "postgres://a@127.0.0.1/b",
            "host=/run/postgresql user=a",
        ] {
            assert!(!wanted(here), "{here}");
        }
        assert!(!wanted("postgres://a@db.example/b?sslmode=disable"));
        if cfg!(feature = "tls") {
            assert!(wanted("postgres://a@db.example/b") && wanted("postgres://a@localhost,db.example/b"));
            assert!(wanted("postgres://a@localhost/b?sslmode=require"));
        }
    }
}
