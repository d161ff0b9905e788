// What the HTTP Bot API itself costs: hyper on plain connections that stay open, and a search for the two fields
// instead of a parser. No way to write bots. CONNS: connections that answer, 16.
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1, service::service_fn, Request, Response};
use hyper_util::rt::TokioIo;
use memchr::memmem;
use std::{convert::Infallible, env::var, sync::Arc};
use tokio::{net::{TcpListener, TcpStream}, sync::mpsc};

type Tx = http1::SendRequest<Full<Bytes>>;

async fn connect(addr: &str) -> Tx {
    let s = TcpStream::connect(addr).await.unwrap();
    s.set_nodelay(true).unwrap();
    let (tx, conn) = http1::handshake(TokioIo::new(s)).await.unwrap();
    tokio::spawn(async move { let _ = conn.await; });
    tx
}

async fn post(tx: &mut Tx, host: &str, path: &str, body: Bytes) -> Bytes {
    tx.ready().await.unwrap();
    let r = Request::post(path).header("host", host).header("content-type", "application/json").body(Full::new(body)).unwrap();
    tx.send_request(r).await.unwrap().into_body().collect().await.unwrap().to_bytes()
}

/// (callback id, number) of every update in a getUpdates body or a webhook body.
fn presses(b: &[u8], mut f: impl FnMut(&[u8], &[u8])) -> Option<i64> {
    let mut last = None;
    let mut at = 0;
    let find_u = memmem::Finder::new(b"\"update_id\":");
    let find_q = memmem::Finder::new(b"\"callback_query\":{\"id\":\"");
    let find_d = memmem::Finder::new(b",\"data\":\"");
    while let Some(p) = find_u.find(&b[at..]) {
        at += p + 12;
        let e = b[at..].iter().position(|c| !c.is_ascii_digit()).unwrap();
        last = std::str::from_utf8(&b[at..at + e]).unwrap().parse().ok();
        let Some(q) = find_q.find(&b[at..]) else { break };
        let q = at + q + 24;
        let qe = q + memchr::memchr(b'"', &b[q..]).unwrap();
        let Some(d) = find_d.find(&b[qe..]) else { break };
        let d = qe + d + 9;
        let de = d + memchr::memchr(b'"', &b[d..]).unwrap();
        let mut p = b[d..de].split(|c| *c == b':');
        if let (Some(b"vol"), Some(_), Some(n)) = (p.next(), p.next(), p.next()) { f(&b[q..qe], n) }
        at = de;
    }
    last
}

fn answer(id: &[u8], n: &[u8], method: bool) -> Bytes {
    let mut v = Vec::with_capacity(96);
    v.extend_from_slice(if method { b"{\"method\":\"answerCallbackQuery\",\"callback_query_id\":\"" } else { b"{\"callback_query_id\":\"" });
    v.extend_from_slice(id);
    v.extend_from_slice(b"\",\"text\":\"Volume ");
    v.extend_from_slice(n);
    v.extend_from_slice(b"\"}");
    v.into()
}

async fn poll(host: String, path: String) {
    let conns: usize = var("CONNS").ok().and_then(|c| c.parse().ok()).unwrap_or(16);
    let apath: Arc<str> = format!("{path}/answerCallbackQuery").into();
    let mut pool = vec![];
    for _ in 0..conns {
        let (tx, mut rx) = mpsc::channel::<Bytes>(64);
        let (host, apath) = (host.clone(), apath.clone());
        tokio::spawn(async move {
            let mut c = connect(&host).await;
            while let Some(b) = rx.recv().await { post(&mut c, &host, &apath, b).await; }
        });
        pool.push(tx);
    }
    let mut c = connect(&host).await;
    let upath = format!("{path}/getUpdates");
    let (mut offset, mut k) = (0i64, 0usize);
    let mut todo = Vec::with_capacity(100);
    loop {
        let b = post(&mut c, &host, &upath, format!("{{\"offset\":{offset},\"timeout\":30}}").into()).await;
        if let Some(l) = presses(&b, |id, n| todo.push(answer(id, n, false))) { offset = l + 1 }
        for a in todo.drain(..) { k += 1; let _ = pool[k % conns].send(a).await; }
    }
}

async fn hook(req: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let b = req.into_body().collect().await.map(|b| b.to_bytes()).unwrap_or_default();
    let mut out = Bytes::new();
    presses(&b, |id, n| out = answer(id, n, true));
    Ok(Response::builder().header("content-type", "application/json").body(Full::new(out)).unwrap())
}

async fn run() {
    let host = var("API_BASE").unwrap().replace("http://", "");
    let path = format!("/bot{}", var("TOKEN").unwrap());
    if var("MODE").as_deref() == Ok("webhook") {
        let l = TcpListener::bind(format!("127.0.0.1:{}", var("WEBHOOK_PORT").unwrap())).await.unwrap();
        loop {
            let (s, _) = l.accept().await.unwrap();
            let _ = s.set_nodelay(true);
            tokio::spawn(async move { let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(s), service_fn(hook)).await; });
        }
    }
    poll(host, path).await;
}

// One thread is enough, and leaves the other core to the presser.
fn main() {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run());
}
