//! Servers that are talked to by TLS: the real ones, behind an end of TLS with a certificate of this test's own.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;

use ringback::store::{PostgresStore, RedisStore, Store, When};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::servers::{postgres, redis, server_of};
use super::suite::Keys;

/// A key, and a certificate that vouches for itself.
struct Own {
    key: Vec<u8>,
    certificate: Vec<u8>,
}

fn own() -> Own {
    let folder = std::env::temp_dir().join(Keys::new().next().replace('/', "-"));
    std::fs::create_dir(&folder).unwrap();
    let made = Command::new("openssl")
        .args("req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2".split(' '))
        .args(["-subj", "/CN=store", "-addext", "subjectAltName=IP:127.0.0.1"])
        .args([
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-keyout",
            "key",
            "-out",
            "certificate",
        ])
        .current_dir(&folder)
        .output()
        .expect("the program openssl");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let read = |file| std::fs::read(folder.join(file)).unwrap();
    let own = Own {
        key: read("key"),
        certificate: read("certificate"),
    };
    std::fs::remove_dir_all(&folder).unwrap();
    own
}

/// Decrypts what comes for a server. PostgreSQL's clients ask in the clear first.
async fn end_of_tls(own: &Own, server: SocketAddr, asks_first: bool) -> SocketAddr {
    let certificate = CertificateDer::from_pem_slice(&own.certificate).unwrap();
    let key = PrivateKeyDer::from_pem_slice(&own.key).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let (acceptor, listener) = (
        TlsAcceptor::from(Arc::new(config)),
        TcpListener::bind("127.0.0.1:0").await.unwrap(),
    );
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut near, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if asks_first {
                    let mut question = [0; 8];
                    near.read_exact(&mut question).await.unwrap();
                    assert_eq!(question, [0, 0, 0, 8, 4, 210, 22, 47], "an SSLRequest");
                    near.write_all(b"S").await.unwrap();
                }
                // One that does not trust the certificate goes away.
                let Ok(mut near) = acceptor.accept(near).await else {
                    return;
                };
                let mut far = TcpStream::connect(server).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    address
}

async fn works(store: &dyn Store) {
    let (key, large) = (Keys::new().next(), vec![7; 300_000]);
    assert!(store.set(&key, &large, None, When::Absent).await.unwrap());
    assert!(store.get(&key).await.unwrap().as_deref() == Some(&large[..]));
    assert!(store.remove(&key, Some(&large)).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis: cargo xtask test --only stores"]
async fn redis_by_tls() {
    let own = own();
    let server = server_of(&redis());
    let address = end_of_tls(&own, server, false).await;
    let url = redis()
        .replace("redis://", "rediss://")
        .replace(&server.to_string(), &address.to_string());
    let trusting = RedisStore::builder(&url).root_certificates(own.certificate.clone());
    works(&trusting.build().unwrap()).await;
    let error = RedisStore::new(&url)
        .unwrap()
        .get("a")
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("certificate"), "{error}");
    assert!(
        RedisStore::builder(&url)
            .root_certificates("no PEM")
            .build()
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: cargo xtask test --only stores"]
async fn postgres_by_tls() {
    let own = own();
    let server = server_of(&postgres());
    let address = end_of_tls(&own, server, true).await;
    let url = postgres().replace(&server.to_string(), &address.to_string());
    let url = format!("{url}?sslmode=require");
    let trusting = PostgresStore::builder(&url).root_certificates(own.certificate.clone());
    works(&trusting.build().unwrap()).await;
    let error = PostgresStore::new(&url)
        .unwrap()
        .get("a")
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("certificate"), "{error}");
    assert!(
        PostgresStore::builder(&url)
            .root_certificates("no PEM")
            .build()
            .is_err()
    );
}
