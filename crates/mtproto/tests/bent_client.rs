//! Key exchanges with a client that does not play by the rules: every check that a server makes of it.

// The helpers of tests may panic as the tests themselves do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ringback_mtproto::crypto::{
    DhError, DhGroup, RsaPadding, RsaPrivateKey, TELEGRAM_PRIME, factorize, handshake_aes, ige_encrypt, sha1,
};
use ringback_mtproto::handshake::{HandshakeError, ServerHandshake, unwrap_plain, wrap_plain};
use ringback_mtproto::service::{ClientDhInner, PqInnerData, ReqDhParams, ReqPq, ResPq, SetClientDhParams};

const NOW: Duration = Duration::from_millis(1_700_000_000_250);

static KEY: LazyLock<RsaPrivateKey> = LazyLock::new(|| RsaPrivateKey::generate(&mut common::random(77)));
static GROUP: LazyLock<DhGroup> = LazyLock::new(|| DhGroup::telegram(3).unwrap());

/// What the client says, before it is encrypted and sent.
struct Said<'a> {
    inner: Box<dyn FnMut(&mut PqInnerData) + 'a>,
    request: Box<dyn FnMut(&mut ReqDhParams) + 'a>,
    client: Box<dyn FnMut(&mut ClientDhInner) + 'a>,
    last: Box<dyn FnMut(&mut SetClientDhParams) + 'a>,
    /// Bytes after the client's numbers, which no padding needs.
    more: usize,
}

/// Runs an exchange with this client to its end; whether a key came of it.
fn exchange(mut said: Said<'_>) -> Result<bool, HandshakeError> {
    let (nonce, new_nonce) = ([1; 16], [2; 32]);
    let mut random = common::random(8);
    let mut server = ServerHandshake::new(Arc::new([KEY.clone()]), GROUP.clone());
    let mut tell = |body: &[u8]| server.receive(&wrap_plain(4, body), NOW, &mut random, |_| false);
    let reply = tell(&ReqPq { nonce, multi: true }.encode())?;
    let answer = ResPq::decode(unwrap_plain(&reply.packet)?.1)?;
    let (p, q) = factorize(answer.pq).unwrap();
    let mut inner = PqInnerData {
        pq: answer.pq,
        p,
        q,
        nonce,
        server_nonce: answer.server_nonce,
        new_nonce,
        dc: None,
        expires_in: None,
    };
    (said.inner)(&mut inner);
    let encrypted = KEY
        .public()
        .encrypt(&inner.encode(), RsaPadding::RsaPad, &mut common::random(9));
    let mut request = ReqDhParams {
        nonce,
        server_nonce: answer.server_nonce,
        p: p.into(),
        q: q.into(),
        fingerprint: KEY.public().fingerprint(),
        encrypted_data: encrypted.unwrap().to_vec(),
    };
    (said.request)(&mut request);
    tell(&request.encode())?;
    let mut client = ClientDhInner {
        nonce,
        server_nonce: answer.server_nonce,
        retry_id: 0,
        g_b: GROUP.power_of_g(&[7; 256]).to_vec(),
    };
    (said.client)(&mut client);
    let data = client.encode();
    let mut encrypted_data = sha1(&[&data]).to_vec();
    encrypted_data.extend(data);
    encrypted_data.resize(encrypted_data.len().next_multiple_of(16) + said.more, 0);
    let (key, iv) = handshake_aes(&answer.server_nonce, &new_nonce);
    ige_encrypt(&key, &iv, encrypted_data.as_chunks_mut().0);
    let mut last = SetClientDhParams {
        nonce,
        server_nonce: answer.server_nonce,
        encrypted_data,
    };
    (said.last)(&mut last);
    Ok(tell(&last.encode())?.created.is_some())
}

fn honest<'a>() -> Said<'a> {
    Said {
        inner: Box::new(|_| ()),
        request: Box::new(|_| ()),
        client: Box::new(|_| ()),
        last: Box::new(|_| ()),
        more: 0,
    }
}

fn inner(bend: impl FnMut(&mut PqInnerData)) -> Result<bool, HandshakeError> {
    let inner = Box::new(bend);
    exchange(Said { inner, ..honest() })
}

fn request(bend: impl FnMut(&mut ReqDhParams)) -> Result<bool, HandshakeError> {
    let request = Box::new(bend);
    exchange(Said { request, ..honest() })
}

fn client(bend: impl FnMut(&mut ClientDhInner)) -> Result<bool, HandshakeError> {
    let client = Box::new(bend);
    exchange(Said { client, ..honest() })
}

fn last(bend: impl FnMut(&mut SetClientDhParams)) -> Result<bool, HandshakeError> {
    let last = Box::new(bend);
    exchange(Said { last, ..honest() })
}

#[test]
fn an_honest_one_gets_its_key() {
    assert_eq!(exchange(honest()), Ok(true));
}

#[test]
fn every_nonce_must_be_echoed_in_the_open_and_within() {
    let (own, servers) = (
        Err(HandshakeError::Nonce("nonce")),
        Err(HandshakeError::Nonce("server nonce")),
    );
    assert_eq!(request(|said| said.nonce[0] ^= 1), own);
    assert_eq!(request(|said| said.server_nonce[15] ^= 1), servers);
    assert_eq!(inner(|said| said.nonce[15] ^= 1), own);
    assert_eq!(inner(|said| said.server_nonce[0] ^= 1), servers);
    assert_eq!(last(|said| said.nonce[0] ^= 1), own);
    assert_eq!(last(|said| said.server_nonce[0] ^= 1), servers);
    assert_eq!(client(|said| said.nonce[0] ^= 1), own);
    assert_eq!(client(|said| said.server_nonce[15] ^= 1), servers);
}

#[test]
fn the_factors_must_be_right_both_times() {
    let wrong = Err(HandshakeError::Factors);
    assert_eq!(request(|said| said.p += 2), wrong);
    assert_eq!(request(|said| std::mem::swap(&mut said.p, &mut said.q)), wrong);
    assert_eq!(inner(|said| said.pq += 2), wrong);
    assert_eq!(inner(|said| said.p += 2), wrong);
    assert_eq!(inner(|said| std::mem::swap(&mut said.p, &mut said.q)), wrong);
}

#[test]
fn the_clients_number_must_keep_its_distance_from_both_ends() {
    let unsafe_number = Err(HandshakeError::Dh(DhError::PublicRange));
    let mut short = [0; 256];
    short[8..].fill(0xff);
    let mut long = TELEGRAM_PRIME;
    long[255] -= 1;
    for number in [vec![], vec![1], short.to_vec(), long.to_vec(), vec![0xff; 256]] {
        let bent = client(|said| said.g_b.clone_from(&number));
        assert_eq!(bent, unsafe_number, "{number:x?}");
    }
}

#[test]
fn what_is_encrypted_ends_where_its_hash_says() {
    let more = exchange(Said { more: 16, ..honest() });
    assert_eq!(more, Err(HandshakeError::Hash));
    let bent = last(|said| said.encrypted_data[40] ^= 1);
    assert_eq!(bent, Err(HandshakeError::Hash));
}
