//! Bots behind a proxy.

use std::sync::{Arc, Mutex};

use ringback::api::GetMe;
use ringback::{Bot, Error, Retry};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::server::Server;

/// A proxy that speaks both; where it was asked to go, and with which user and password.
struct Proxy {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn start() -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let note = Arc::clone(&asked);
        tokio::spawn(async move {
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                let note = Arc::clone(&note);
                tokio::spawn(async move {
                    let mut first = [0];
                    if socket.peek(&mut first).await.unwrap() == 0 {
                        return;
                    }
                    let to = match first {
                        [5] => socks(&mut socket).await,
                        _ => connect(&mut socket).await,
                    };
                    note.lock().unwrap().push(to.clone());
                    let server = to.split(' ').next().unwrap();
                    let mut server = TcpStream::connect(server).await.unwrap();
                    let _ = copy_bidirectional(&mut socket, &mut server).await;
                });
            }
        });
        Proxy { address, asked }
    }

    fn bot(&self, scheme: &str, server: &str) -> Bot {
        Bot::builder("42:secret")
            .server(server)
            .proxy(format!("{scheme}{}", self.address).parse().unwrap())
            .retry(Retry::none())
            .build()
            .unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn connect(socket: &mut TcpStream) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(char::from(socket.read_u8().await.unwrap()));
    }
    let to = head.split(' ').nth(1).unwrap().to_owned();
    let user = head
        .lines()
        .find_map(|line| line.strip_prefix("proxy-authorization: "));
    socket
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await
        .unwrap();
    format!("{to} {}", user.unwrap_or_default())
}

async fn text(socket: &mut TcpStream) -> String {
    let mut bytes = vec![0; usize::from(socket.read_u8().await.unwrap())];
    socket.read_exact(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

async fn socks(socket: &mut TcpStream) -> String {
    socket.read_u8().await.unwrap();
    let methods = text(socket).await;
    let mut user = String::new();
    if methods.contains('\u{2}') {
        socket.write_all(&[5, 2]).await.unwrap();
        socket.read_u8().await.unwrap();
        user = text(socket).await + ":" + &text(socket).await;
        socket.write_all(&[1, 0]).await.unwrap();
    } else {
        socket.write_all(&[5, 0]).await.unwrap();
    }
    let mut request = [0; 4];
    socket.read_exact(&mut request).await.unwrap();
    let host = match request[3] {
        1 => {
            let ip = socket.read_u32().await.unwrap();
            std::net::Ipv4Addr::from(ip).to_string()
        }
        _ => text(socket).await,
    };
    let port = socket.read_u16().await.unwrap();
    socket.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
    format!("{host}:{port} {user}")
}

#[tokio::test]
async fn calls_go_through_the_tunnel() {
    let server = Server::start().await;
    let at = server.address().replace("http://", "");
    let by_name = at.replace("127.0.0.1", "localhost");
    for (scheme, to, asked) in [
        ("http://", &at, format!("{at} ")),
        ("http://ann:pw@", &at, format!("{at} Basic YW5uOnB3")),
        ("socks5://", &at, format!("{at} ")),
        ("socks5h://ann:pw@", &at, format!("{at} ann:pw")),
        // It is the proxy that looks the name up.
        ("socks5://", &by_name, format!("{by_name} ")),
        ("http://", &by_name, format!("{by_name} ")),
    ] {
        let proxy = Proxy::start().await;
        let bot = proxy.bot(scheme, &format!("http://{to}"));
        for _ in 0..3 {
            assert_eq!(bot.send(GetMe::new()).await.unwrap().id, 42);
        }
        assert_eq!(proxy.asked(), [asked], "{scheme}");
    }
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn what_goes_to_https_is_encrypted_through_the_tunnel() {
    for scheme in ["http://", "socks5://"] {
        let proxy = Proxy::start().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let bot = proxy.bot(scheme, &format!("https://{at}"));
        let asking = tokio::spawn(async move { bot.send(GetMe::new()).await });
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut hello = [0; 6];
        socket.read_exact(&mut hello).await.unwrap();
        // A TLS record of the handshake, with a ClientHello in it.
        assert_eq!((hello[0], hello[5]), (22, 1));
        drop(socket);
        let error = asking.await.unwrap().unwrap_err();
        assert!(matches!(error, Error::Network { sent: false, .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_said() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    drop(listener);
    let server = Server::start().await;
    let bot = Bot::builder("42:secret")
        .server(server.address())
        .proxy(format!("socks5://ann:hidden@{at}").parse().unwrap())
        .retry(Retry::none())
        .build()
        .unwrap();
    let error = bot.send(GetMe::new()).await.unwrap_err();
    assert!(matches!(error, Error::Network { sent: false, .. }), "{error:?}");
    assert!(!format!("{error} {error:?} {bot:?}").contains("hidden"));
    assert_eq!(server.connections(), 0);
}
