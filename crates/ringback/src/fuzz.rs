//! Entry points for fuzzing: one for each way in which bytes from outside reach the framework. Each takes any bytes,
//! and panics only if a promise was broken.
//!
//! They are compiled for the fuzzer and for this crate's tests alone; `fuzz/` has their targets. Callback data is read
//! through the public API: its entry point stands with its tests, in `tests/data/any.rs`.

#![allow(clippy::expect_used, reason = "panics are what it is for")]

pub use crate::poll::fuzz::inbox;
pub use crate::update::fuzz::updates;
#[cfg(unix)]
pub use {
    crate::net::fuzz::{proxy, response},
    crate::webhook::fuzz::webhook,
};

#[cfg(feature = "file")]
pub use crate::store::fuzz::store_file;

/// Runs something on a socket whose other end has sent these bytes; gives back what came to the other end.
///
/// The other end is closed when nothing more happens, so that whoever waits for more is told that there is none.
#[cfg(unix)]
pub(crate) fn heard<F: Future<Output = ()>>(
    sent: &[u8],
    listen: impl FnOnce(tokio::net::TcpStream) -> F,
) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;
    use tokio::runtime::{Builder, Runtime};

    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    }
    /// What a socket's buffer holds for certain.
    const MOST: usize = 64 * 1024;
    /// The turns that whoever listens is given; one is a read.
    const TURNS: usize = 16;

    let (mut here, there) = UnixStream::pair().expect("a pair of sockets");
    here.write_all(&sent[..sent.len().min(MOST)]).expect("room");
    there.set_nonblocking(true).expect("a socket's setting");
    RUNTIME.with(|runtime| {
        runtime.block_on(async {
            let there = std::net::TcpStream::from(OwnedFd::from(there));
            let there = tokio::net::TcpStream::from_std(there).expect("a socket");
            let silence = async {
                for _ in 0..TURNS {
                    tokio::task::yield_now().await;
                }
                here.shutdown(std::net::Shutdown::Write).expect("an open socket");
            };
            tokio::join!(listen(there), silence);
        });
    });
    let mut answers = Vec::new();
    // Cut off behind all that was written, where whoever listened left something unread.
    let _ = here.read_to_end(&mut answers);
    answers
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    /// Bytes that look like something here and there.
    fn likely() -> impl Strategy<Value = Vec<u8>> {
        let word = prop_oneof![
            "HTTP/1.1 200 OK\r\n|POST /a HTTP/1.1\r\n|\r\n|\r\n\r\n".prop_map(String::into_bytes),
            "(content-length|transfer-encoding|connection|expect): (0|2|[0-9]{1,20}|chunked|close|100-continue)\r\n"
                .prop_map(String::into_bytes),
            "[0-9a-f]{1,4}\r\n|[\\[\\]{},:\" ]{1,5}|\"(ok|result|update_id|callback_query|message)\":"
                .prop_map(String::into_bytes),
            prop::collection::vec(any::<u8>(), 0..20),
        ];
        prop::collection::vec(word, 0..12).prop_map(|words| words.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_panics(bytes in likely()) {
            super::updates(&bytes);
            super::inbox(&bytes);
            #[cfg(unix)]
            {
                super::response(&bytes);
                super::proxy(&bytes);
                super::webhook(&bytes);
            }
        }
    }
}
