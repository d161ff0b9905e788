//! Redis and PostgreSQL: the suite, and servers that go away. `cargo xtask test --only stores` starts the servers.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ringback::store::{PostgresStore, RedisStore, Store, When};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

use super::suite::{Keys, conforms};

pub(crate) fn redis() -> String {
    std::env::var("RINGBACK_TEST_REDIS").expect("the address of a Redis server")
}

pub(crate) fn postgres() -> String {
    std::env::var("RINGBACK_TEST_POSTGRES").expect("the address of a PostgreSQL server")
}

/// Where the server listens that a URL names.
pub(crate) fn server_of(url: &str) -> SocketAddr {
    let place = url.rsplit('@').next().unwrap();
    place.split('/').next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis: cargo xtask test --only stores"]
async fn redis_conforms() {
    let store = || Arc::new(RedisStore::new(&redis()).unwrap());
    conforms(store(), store()).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: cargo xtask test --only stores"]
async fn postgres_conforms() {
    let store = || Arc::new(PostgresStore::new(&postgres()).unwrap());
    conforms(store(), store()).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: cargo xtask test --only stores"]
async fn postgres_makes_a_table_once_however_many_want_it() {
    let table = format!("made_{}", std::process::id());
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = PostgresStore::builder(&postgres())
                .table(&table)
                .connections(1)
                .build()
                .unwrap();
            tokio::spawn(async move {
                let key = format!("k{n}");
                assert!(store.set(&key, b"1", None, When::Absent).await.unwrap());
                assert!(store.get(&key).await.unwrap().is_some());
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: cargo xtask test --only stores"]
async fn postgres_removes_what_has_expired() {
    let table = format!("cleared_{}", std::process::id());
    let store = || PostgresStore::builder(&postgres()).table(&table).build().unwrap();
    let first = store();
    assert!(
        first
            .set("old", b"1", Some(Duration::ZERO), When::Always)
            .await
            .unwrap()
    );
    // The first write of a process is one after which it is done.
    assert!(store().set("new", b"1", None, When::Always).await.unwrap());
    let (client, connection) = tokio_postgres::connect(&postgres(), tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let gone = async {
        let count = format!("SELECT count(*) FROM {table}");
        while client.query_one(&count, &[]).await.unwrap().get::<_, i64>(0) != 1 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), gone).await.unwrap();
}

/// What is said of a wrong password or database must not hold them.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs both servers: cargo xtask test --only stores"]
async fn a_refusal_of_both_says_why_and_no_secret() {
    let address = server_of(&redis());
    let wrong = RedisStore::new(&format!("redis://:hush-hush@{address}")).unwrap();
    let error = wrong.get("a").await.unwrap_err().to_string();
    assert!(
        error.contains("Redis") && !error.contains("hush"),
        "{error} {wrong:?}"
    );
    assert!(!format!("{wrong:?}").contains("hush"));

    let wrong = PostgresStore::new(&format!("{}_no_such", postgres())).unwrap();
    let error = wrong.get("a").await.unwrap_err().to_string();
    assert!(error.contains("does not exist"), "{error}");
}

/// A way to a server that can be cut: a server that was restarted looks so.
struct Way {
    from: SocketAddr,
    to: SocketAddr,
    open: Mutex<Option<JoinHandle<()>>>,
}

impl Way {
    async fn to(server: SocketAddr) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let from = free.local_addr().unwrap();
        drop(free);
        let way = Way {
            from,
            to: server,
            open: Mutex::default(),
        };
        way.open().await;
        way
    }

    async fn open(&self) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(self.from).unwrap();
        let (listener, server) = (socket.listen(16).unwrap(), self.to);
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                connections.spawn(async move {
                    let mut far = TcpStream::connect(server).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
        *self.open.lock().unwrap() = Some(task);
    }

    /// All connections break, and new ones are refused.
    async fn cut(&self) {
        let task = self.open.lock().unwrap().take().unwrap();
        task.abort();
        let _ = task.await;
    }
}

async fn comes_back(store: Arc<dyn Store>, way: Way) {
    let key = Keys::new().next();
    assert!(store.set(&key, b"1", None, When::Absent).await.unwrap());
    for round in 0..3_u8 {
        way.cut().await;
        assert!(store.get(&key).await.is_err(), "there is no server");
        assert!(store.set(&key, b"x", None, When::Always).await.is_err());
        way.open().await;
        let back = async {
            while store.get(&key).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), back).await.unwrap();
        let found = store.get(&key).await.unwrap().unwrap();
        assert!(store.set(&key, &[round], None, When::Is(&found)).await.unwrap());
        assert_eq!(store.get(&key).await.unwrap(), Some(vec![round]));
    }
    // Cut and back again while nobody asks: the first that does notices nothing, if it only reads.
    for _ in 0..5 {
        way.cut().await;
        way.open().await;
        assert!(store.get(&key).await.unwrap().is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis: cargo xtask test --only stores"]
async fn redis_may_go_away_and_come_back() {
    let address = redis();
    let server = server_of(&address);
    let way = Way::to(server).await;
    let url = address.replace(&server.to_string(), &way.from.to_string());
    comes_back(Arc::new(RedisStore::new(&url).unwrap()), way).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: cargo xtask test --only stores"]
async fn postgres_may_go_away_and_come_back() {
    let address = postgres();
    let server = server_of(&address);
    let way = Way::to(server).await;
    let url = address.replace(&server.to_string(), &way.from.to_string());
    let store = PostgresStore::builder(&url).connections(1).build().unwrap();
    comes_back(Arc::new(store), way).await;
}

/// A server that takes connections and says nothing.
#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_is_not_waited_for_for_ever() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let store = RedisStore::new(&format!("redis://{address}")).unwrap();
    let error = store.get("a").await.unwrap_err().to_string();
    assert!(error.contains("within 5s"), "{error}");
    let store = PostgresStore::new(&format!("postgres://a@{address}/a")).unwrap();
    let error = store.get("a").await.unwrap_err().to_string();
    assert!(error.contains("within 5s"), "{error}");
}

/// A server that is something else.
#[tokio::test]
async fn a_server_that_is_another_is_an_error() {
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = other.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = other.accept().await.unwrap();
            let said = b"HTTP/1.1 400 Bad Request\r\n\r\n";
            socket.write_all(said).await.unwrap();
        }
    });
    let redis = RedisStore::new(&format!("redis://{address}")).unwrap();
    assert!(redis.get("a").await.is_err());
    let postgres = PostgresStore::new(&format!("postgres://a@{address}/a")).unwrap();
    assert!(postgres.get("a").await.is_err());
}

/// What a server sends may quote a command, and is shown nowhere then; and nothing that it sends does harm.
#[tokio::test]
async fn replies_that_are_none_are_errors_without_their_text() {
    let replies: [(&[u8], &str); 9] = [
        (
            b"-ERR unknown command 'EVAL', with args beginning with: 'ringback:a' 'hush' \r\n",
            "ERR unknown command 'EVAL'",
        ),
        (b"-NOAUTH Authentication required.\r\n", "NOAUTH Authentication"),
        (b"$4\r\nhush\r\n", "another command's"),
        (b"*1\r\n$4\r\nhush\r\n", "another command's"),
        (b"+hush\r\n", "another command's"),
        (b"hush\r\n", "is it Redis?"),
        (b":hush\r\n", "is it Redis?"),
        (b"$4\r\nhush-hush", "is it Redis?"),
        (b"*9223372036854775807\r\nhush", "is it Redis?"),
    ];
    for (reply, expected) in replies {
        let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = other.local_addr().unwrap();
        let server = tokio::spawn(async move {
            loop {
                let (mut socket, _) = other.accept().await.unwrap();
                let mut command = [0; 4096];
                let _ = socket.read(&mut command).await;
                let _ = socket.write_all(reply).await;
                // Until the client has had enough.
                let _ = socket.read(&mut command).await;
            }
        });
        let store = RedisStore::new(&format!("redis://{address}")).unwrap();
        let swap = store.set("a", b"b", None, When::Is(b"hush"));
        let error = swap.await.unwrap_err().to_string();
        assert!(error.contains(expected) && !error.contains("hush"), "{error}");
        server.abort();
    }
}
