//! Files that are read while they are sent.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use ringback::api::{InputFile, SendDocument};
use ringback::{Bot, Error, upload};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const LARGE: u64 = 50 << 20;

/// So many bytes, made as they are asked for.
struct Made {
    left: u64,
    read: Arc<AtomicU64>,
    largest: Arc<AtomicUsize>,
}

impl AsyncRead for Made {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.largest.fetch_max(buf.remaining(), Ordering::Relaxed);
        let size = (buf.remaining() as u64).min(self.left);
        buf.put_slice(&vec![b'z'; size as usize]);
        self.left -= size;
        self.read.fetch_add(size, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

async fn listen() -> (TcpListener, Bot) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let bot = Bot::builder("42:secret").server(address).build().unwrap();
    (listener, bot)
}

/// Reads a head; it, and what came after it.
async fn head(socket: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = bytes.split_off(at + 4);
            return (String::from_utf8(bytes).unwrap(), rest);
        }
        assert!(socket.read_buf(&mut bytes).await.unwrap() > 0);
    }
}

const SENT: &str = r#"{"ok":true,"result":{"message_id":9,"date":1,"chat":{"id":1,"type":"private"}}}"#;

async fn say(socket: &mut TcpStream, status: &str, body: &str) {
    let text = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(text.as_bytes()).await.unwrap();
}

/// How many there are; mostly all.
fn zs(bytes: &[u8]) -> u64 {
    const Z: &[u8] = &[b'z'; 4096];
    let count = |part: &[u8]| match part == &Z[..part.len()] {
        true => part.len(),
        false => part.iter().filter(|byte| **byte == b'z').count(),
    };
    bytes.chunks(Z.len()).map(count).sum::<usize>() as u64
}

/// A stream whose reader is only as far ahead of a server that does not read as the sockets are wide.
async fn streams(sized: bool) {
    let (listener, bot) = listen().await;
    let (read, largest) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicUsize::new(0)));
    let made = Made {
        left: LARGE,
        read: Arc::clone(&read),
        largest: Arc::clone(&largest),
    };
    let file = match sized {
        true => upload::sized("z", LARGE, made),
        false => upload::reader("z", made),
    };
    let sending = tokio::spawn(async move { bot.send(SendDocument::new(1, file)).await });
    let (mut socket, _) = listener.accept().await.unwrap();
    let (head, rest) = head(&mut socket).await;
    assert_eq!(head.contains("content-length: "), sized, "{head}");
    assert_eq!(head.contains("transfer-encoding: chunked"), !sized, "{head}");
    // The server does not read on: the reader comes to a stop, with most of the file still to come.
    let mut before = u64::MAX;
    loop {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = read.load(Ordering::Relaxed);
        if now == before {
            break;
        }
        before = now;
    }
    assert!(before < LARGE / 2, "{before} bytes were read ahead");
    // Then it does, to the end.
    let end: &[u8] = if sized { b"--\r\n" } else { b"--\r\n\r\n0\r\n\r\n" };
    let mut total = zs(&rest);
    let mut tail = rest;
    while !tail.ends_with(end) {
        tail.drain(..tail.len().saturating_sub(16));
        tail.reserve(64 * 1024);
        let at = tail.len();
        assert!(socket.read_buf(&mut tail).await.unwrap() > 0);
        total += zs(&tail[at..]);
    }
    assert_eq!(read.load(Ordering::Relaxed), LARGE);
    // One is the file's name.
    assert_eq!(total, LARGE + 1);
    assert!(largest.load(Ordering::Relaxed) <= 64 * 1024);
    say(&mut socket, "200 OK", SENT).await;
    assert_eq!(sending.await.unwrap().unwrap().message_id, 9);
}

#[tokio::test]
async fn a_large_stream_is_not_held_in_memory() {
    streams(false).await;
}

#[tokio::test]
async fn a_large_stream_of_known_length_is_not_held_in_memory() {
    streams(true).await;
}

#[tokio::test]
async fn a_server_that_refuses_an_upload_is_heard() {
    let (listener, bot) = listen().await;
    let (read, largest) = Default::default();
    let made = Made {
        left: LARGE,
        read: Arc::clone(&read),
        largest,
    };
    let sending =
        tokio::spawn(async move { bot.send(SendDocument::new(1, upload::reader("z", made))).await });
    let (mut socket, _) = listener.accept().await.unwrap();
    head(&mut socket).await;
    say(&mut socket, "413 Request Entity Too Large", "<html>").await;
    let error = sending.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Response { status: 413, .. }), "{error:?}");
    assert!(read.load(Ordering::Relaxed) < LARGE);
}

#[tokio::test]
async fn a_path_is_sent_again_and_a_stream_is_not() {
    let path = std::env::temp_dir().join(format!("ringback-upload-{}.txt", std::process::id()));
    std::fs::write(&path, "from the disk").unwrap();
    let flood = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 0","parameters":{"retry_after":0}}"#;
    for (file, tries) in [
        (InputFile::path(&path), 2),
        (InputFile::bytes("a.txt", "from the disk"), 2),
        (upload::reader("a.txt", &b"from the disk"[..]), 1),
    ] {
        let (listener, bot) = listen().await;
        let sending = tokio::spawn(async move { bot.send(SendDocument::new(1, file)).await });
        let (mut socket, _) = listener.accept().await.unwrap();
        for again in 0..tries {
            let (_, mut body) = head(&mut socket).await;
            while !body.ends_with(b"--\r\n") && !body.ends_with(b"0\r\n\r\n") {
                assert!(socket.read_buf(&mut body).await.unwrap() > 0);
            }
            let body = String::from_utf8(body).unwrap();
            assert!(body.contains("from the disk"), "{body}");
            match again {
                0 => say(&mut socket, "429 Too Many Requests", flood).await,
                _ => say(&mut socket, "200 OK", SENT).await,
            }
        }
        assert_eq!(sending.await.unwrap().is_ok(), tries == 2);
    }
    std::fs::remove_file(&path).unwrap();

    // What can't be opened is said before anything is sent, and the connection is still good.
    let (listener, bot) = listen().await;
    let error = bot
        .send(SendDocument::new(1, InputFile::path(&path)))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::File { .. }), "{error:?}");
    let sending =
        tokio::spawn(async move { bot.send(SendDocument::new(1, InputFile::bytes("a", "x"))).await });
    let (mut socket, _) = listener.accept().await.unwrap();
    head(&mut socket).await;
    say(&mut socket, "200 OK", SENT).await;
    sending.await.unwrap().unwrap();
    let second = tokio::time::timeout(Duration::from_millis(20), listener.accept()).await;
    assert!(second.is_err(), "another connection was opened");
}
