//! MTProto within a WebSocket (RFC 6455): binary frames of an obfuscated stream, at `/apiws`.

use super::connection;
use crate::app::App;
use crate::bot_api::encode::to_base64;
use crate::http::{Body, full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderMap, HeaderName, HeaderValue, UPGRADE};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use ringback_mtproto::crypto::sha1;
use ringback_mtproto::transport::{Detected, Detector};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};

/// What the RFC has the server prove that it read the key with.
const MAGIC: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// The longest frame.
const MAX_FRAME: u64 = 4 << 20;
/// How much may wait between the frames and the stream within.
const PIPE: usize = 64 << 10;

fn has(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| part.trim().eq_ignore_ascii_case(word))
}

/// Answers `GET /apiws`, and goes on with MTProto on the same connection.
pub(crate) fn upgrade(app: &Arc<App>, mut request: Request<Incoming>) -> Response<Body> {
    let headers = request.headers();
    let key = headers
        .get("sec-websocket-key")
        .map(|key| key.as_bytes().to_vec());
    let wanted = has(headers, UPGRADE, "websocket") && has(headers, CONNECTION, "upgrade");
    let protocol = HeaderName::from_static("sec-websocket-protocol");
    let binary = has(headers, protocol.clone(), "binary");
    let Some(key) = key.filter(|_| wanted) else {
        let text = "This is where MTProto's WebSocket is: ask for an upgrade.\n";
        return full(StatusCode::UPGRADE_REQUIRED, "text/plain; charset=utf-8", text);
    };
    let accept = to_base64(&sha1(&[&key, MAGIC]));
    // Twenty bytes make twenty-seven characters, and a filling one.
    let accept = HeaderValue::from_str(&format!("{accept}="));
    let app = Arc::clone(app);
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        if let Ok(stream) = upgraded.await {
            serve(&app, TokioIo::new(stream)).await;
        }
    });
    let mut response = full(StatusCode::SWITCHING_PROTOCOLS, "text/plain", "");
    let headers = response.headers_mut();
    headers.clear();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    if let Ok(accept) = accept {
        headers.insert("sec-websocket-accept", accept);
    }
    if binary {
        headers.insert(protocol, HeaderValue::from_static("binary"));
    }
    response
}

/// Unpacks frames on one side, packs them on the other, until either ends.
async fn serve<S: AsyncRead + AsyncWrite + Send + 'static>(app: &Arc<App>, stream: S) {
    let (mut from, mut to) = tokio::io::split(stream);
    let (mut inner, outer) = tokio::io::duplex(PIPE);
    let (mut plain_from, mut plain_to) = tokio::io::split(outer);
    let (control, mut controls) = tokio::sync::mpsc::channel(4);
    let unpack = async move {
        while let Some(frame) = Frame::read(&mut from).await {
            let done = match frame.opcode {
                // Text, binary, and what continues them.
                0..=2 => plain_to.write_all(&frame.payload).await.is_err(),
                8 => {
                    let _ = control.send((8, frame.payload)).await;
                    true
                }
                9 => control.send((10, frame.payload)).await.is_err(),
                _ => false,
            };
            if done {
                break;
            }
        }
        let _ = plain_to.shutdown().await;
    };
    let pack = async move {
        let mut buffer = vec![0; 16 << 10];
        loop {
            let (opcode, payload) = tokio::select! {
                read = plain_from.read(&mut buffer) => match read {
                    Ok(count) if count > 0 => (2, buffer[..count].to_vec()),
                    _ => break,
                },
                Some((opcode, payload)) = controls.recv() => (opcode, payload),
            };
            if to.write_all(&packed(opcode, &payload)).await.is_err() || opcode == 8 {
                break;
            }
        }
        let _ = to.shutdown().await;
    };
    let within = async {
        if let Some((Detected::Mtproto(transport), _)) =
            connection::detect(&mut inner, Detector::obfuscated()).await
        {
            connection::serve::<DuplexStream>(app, inner, *transport).await;
        }
    };
    tokio::select! {
        () = within => {}
        ((), ()) = async { tokio::join!(unpack, pack) } => {}
    }
}

/// For the fuzzer: reads frames to the end of these bytes, and gives back what they carried.
pub(crate) async fn frames(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    while let Some(frame) = Frame::read(&mut bytes).await {
        frames.push((frame.opcode, frame.payload));
    }
    frames
}

struct Frame {
    opcode: u8,
    payload: Vec<u8>,
}

impl Frame {
    /// The next frame of a client; `None` at the end, and for what a client must not send.
    async fn read<R: AsyncRead + Unpin>(from: &mut R) -> Option<Frame> {
        let mut head = [0; 2];
        from.read_exact(&mut head).await.ok()?;
        let opcode = head[0] & 0x0f;
        let masked = head[1] & 0x80 != 0;
        let length = match head[1] & 0x7f {
            126 => u64::from(from.read_u16().await.ok()?),
            127 => from.read_u64().await.ok()?,
            short => u64::from(short),
        };
        // Clients must mask, and control frames are short.
        if !masked || length > MAX_FRAME || (opcode >= 8 && length > 125) {
            return None;
        }
        let mut mask = [0; 4];
        from.read_exact(&mut mask).await.ok()?;
        let mut payload = Vec::new();
        // No more is allocated than comes.
        from.take(length).read_to_end(&mut payload).await.ok()?;
        if payload.len() as u64 != length {
            return None;
        }
        for (at, byte) in payload.iter_mut().enumerate() {
            *byte ^= mask[at % 4];
        }
        Some(Frame { opcode, payload })
    }
}

/// A whole frame from the server, which does not mask.
fn packed(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len() + 10);
    out.push(0x80 | opcode);
    match payload.len() {
        length @ 0..=125 => out.push(length as u8),
        length @ 126..=0xffff => {
            out.push(126);
            out.extend((length as u16).to_be_bytes());
        }
        length => {
            out.push(127);
            out.extend((length as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
    out
}
