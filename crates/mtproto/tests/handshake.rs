//! Key exchanges: the known vectors, both ends against one another, and every check that a client must make.

// The helpers of tests may panic as the tests themselves do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use proptest::prelude::*;
use ringback_mtproto::crypto::{
    DhError, DhGroup, RsaPadding, RsaPrivateKey, RsaPublicKey, TELEGRAM_PRIME, handshake_aes, ige_decrypt,
    ige_encrypt, sha1,
};
use ringback_mtproto::handshake::{
    ClientHandshake, ClientKey, ClientOptions, HandshakeError, NewAuthKey, ServerHandshake, Step,
    unwrap_plain, wrap_plain,
};
use ringback_mtproto::service::{DhGen, DhGenKind, ReqPq, ResPq, ServerDhInner, ServerDhParams};

const NOW: Duration = Duration::from_millis(1_700_000_000_250);

static KEY: LazyLock<RsaPrivateKey> = LazyLock::new(|| RsaPrivateKey::generate(&mut common::random(77)));
static GROUP: LazyLock<DhGroup> = LazyLock::new(|| DhGroup::telegram(3).unwrap());

fn server() -> ServerHandshake {
    ServerHandshake::new(Arc::new([KEY.clone()]), GROUP.clone())
}

/// Runs an exchange; `bend` may change what the server sends, counted from 0.
fn exchange(
    options: ClientOptions,
    seed: u64,
    mut bend: impl FnMut(usize, Vec<u8>) -> Vec<u8>,
) -> Result<(ClientKey, NewAuthKey), HandshakeError> {
    let (mut random, mut server) = (common::random(seed), server());
    let (mut client, mut packet) =
        ClientHandshake::start(vec![KEY.public().clone()], options, NOW, &mut random);
    let mut created = None;
    for step in 0.. {
        let reply = server
            .receive(&packet, NOW + Duration::from_secs(9), &mut random, |_| false)
            .unwrap();
        created = created.or(reply.created);
        let (msg_id, body) = unwrap_plain(&reply.packet).unwrap();
        assert_eq!(msg_id % 4, 1);
        let bent = wrap_plain(msg_id, &bend(step, body.to_vec()));
        match client.receive(&bent, NOW, &mut random)? {
            Step::Send(next) => packet = next,
            Step::Done(key) => return Ok((*key, created.unwrap())),
        }
    }
    unreachable!()
}

fn vector(text: &str) -> impl Fn(&str) -> Vec<u8> + '_ {
    |name| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        common::hex(line.unwrap_or_else(|| panic!("no {name}")))
    }
}

/// Gives out the bytes of a vector, whatever pieces they are asked for in.
fn scripted(bytes: Vec<u8>) -> impl FnMut(&mut [u8]) {
    let mut rest = bytes.into_iter();
    move |out: &mut [u8]| out.iter_mut().for_each(|byte| *byte = rest.next().unwrap_or(0))
}

#[test]
fn a_recorded_exchange_comes_out_as_it_did() {
    let get = vector(include_str!("vectors/key_exchange.txt"));
    let key = RsaPublicKey::new(&get("modulus"), 65537).unwrap();
    assert_eq!(key.fingerprint(), -5_595_554_452_916_591_101);
    let now = Duration::from_secs(1_693_436_740);
    // The recording draws a block of padding and uses its beginning, then the key for the padding behind it.
    let step2 = get("step2_random");
    let padding = 192 - 96;
    let mut script = get("step1_random");
    script.extend(&step2[..32 + padding]);
    script.extend(&step2[32 + 192..]);
    script.extend(get("step3_random"));
    let mut random = scripted(script);
    let (mut client, packet) = ClientHandshake::start(vec![key], ClientOptions::default(), now, &mut random);
    assert_eq!(unwrap_plain(&packet).unwrap().1, get("step1_request"));
    for (answer, request) in [
        ("step1_response", "step2_request"),
        ("step2_response", "step3_request"),
    ] {
        let Step::Send(packet) = client
            .receive(&wrap_plain(1, &get(answer)), now, &mut random)
            .unwrap()
        else {
            panic!("{answer}")
        };
        assert_eq!(unwrap_plain(&packet).unwrap().1, get(request), "{request}");
    }
    let Step::Done(done) = client
        .receive(&wrap_plain(1, &get("step3_response")), now, &mut random)
        .unwrap()
    else {
        panic!("not done")
    };
    assert_eq!(done.key.as_bytes()[..], get("auth_key"));
    assert_eq!((done.salt, done.time_offset), (4_459_407_212_920_268_508, 0));
}

#[test]
fn rsa_pad_is_that_of_the_known_vector() {
    let get = vector(include_str!("vectors/rsa_pad.txt"));
    let key = RsaPublicKey::new(&get("modulus"), 65537).unwrap();
    let (data, random) = (get("data"), get("random"));
    let mut script = random[..192 - data.len()].to_vec();
    // The recording counts its key up until the block is below the modulus.
    for more in 0..8 {
        script.extend(&random[192..]);
        *script.last_mut().unwrap() += more;
    }
    let encrypted = key
        .encrypt(&data, RsaPadding::RsaPad, &mut scripted(script))
        .unwrap();
    assert_eq!(encrypted[..], get("encrypted"));
}

#[test]
fn both_ends_agree_in_every_form() {
    for (seed, padding) in [RsaPadding::RsaPad, RsaPadding::Sha1].into_iter().enumerate() {
        for dc in [None, Some(2), Some(-10002)] {
            for expires_in in [None, Some(86400)] {
                let options = ClientOptions {
                    dc,
                    expires_in,
                    padding,
                };
                let (client, server) = exchange(options, seed as u64, |_, body| body).unwrap();
                assert_eq!(client.key, server.key);
                assert_eq!(client.salt, server.salt);
                assert_eq!(client.time_offset, 9);
                assert_eq!(server.dc, dc);
                let expires = expires_in.map(|life| 1_700_000_009 + life as u64);
                assert_eq!(server.expires_at.map(|at| at.as_secs()), expires);
                assert_eq!(client.expires_at, expires.map(u64::cast_signed));
            }
        }
    }
}

#[test]
fn a_client_may_begin_again_on_the_same_connection() {
    let (mut random, mut server) = (common::random(1), server());
    for abandoned in 0..3 {
        let options = ClientOptions::default();
        let (mut client, mut packet) =
            ClientHandshake::start(vec![KEY.public().clone()], options, NOW, &mut random);
        for step in 0.. {
            let reply = server.receive(&packet, NOW, &mut random, |_| false).unwrap();
            if step == abandoned {
                break;
            }
            match client.receive(&reply.packet, NOW, &mut random).unwrap() {
                Step::Send(next) => packet = next,
                Step::Done(_) => break,
            }
        }
    }
    // The older opening is answered too.
    let old = ReqPq {
        nonce: [1; 16],
        multi: false,
    }
    .encode();
    assert!(
        server
            .receive(&wrap_plain(4, &old), NOW, &mut random, |_| false)
            .is_ok()
    );
}

#[test]
fn a_taken_key_is_tried_again_with_another_number() {
    let (mut random, mut server) = (common::random(5), server());
    let (mut client, mut packet) = ClientHandshake::start(
        vec![KEY.public().clone()],
        ClientOptions::default(),
        NOW,
        &mut random,
    );
    let mut refusals = 0;
    loop {
        let reply = server
            .receive(&packet, NOW, &mut random, |_| {
                refusals += 1;
                refusals <= 2
            })
            .unwrap();
        match client.receive(&reply.packet, NOW, &mut random).unwrap() {
            Step::Send(next) => packet = next,
            Step::Done(done) => {
                assert_eq!(done.key, reply.created.unwrap().key);
                assert_eq!(refusals, 3);
                return;
            }
        }
    }
}

#[test]
fn a_server_that_always_wants_another_number_is_left() {
    let (mut random, mut server) = (common::random(5), server());
    let (mut client, mut packet) = ClientHandshake::start(
        vec![KEY.public().clone()],
        ClientOptions::default(),
        NOW,
        &mut random,
    );
    let error = loop {
        let reply = server.receive(&packet, NOW, &mut random, |_| true).unwrap();
        match client.receive(&reply.packet, NOW, &mut random) {
            Ok(Step::Send(next)) => packet = next,
            Ok(Step::Done(_)) => panic!("done"),
            Err(error) => break error,
        }
    };
    assert_eq!(error, HandshakeError::Retries);
}

#[test]
fn a_client_insists_on_its_nonces() {
    for (step, at, name) in [
        (0, 4, "nonce"),
        (1, 4, "nonce"),
        (1, 20, "server nonce"),
        (2, 4, "nonce"),
        (2, 20, "server nonce"),
    ] {
        let error = exchange(ClientOptions::default(), 1, |now, mut body| {
            if now == step {
                body[at] ^= 1;
            }
            body
        });
        assert_eq!(error.unwrap_err(), HandshakeError::Nonce(name), "{step}");
    }
}

#[test]
fn a_client_insists_on_two_primes_and_on_a_key_that_it_knows() {
    for pq in [
        0,
        7,
        49,
        15 * 7,
        1 << 62,
        (1 << 61) - 1,
        0x7fff_fff1u64 * 0x1_0000_000f,
    ] {
        let error = exchange(ClientOptions::default(), 1, |step, body| match step {
            0 => ResPq {
                pq,
                ..ResPq::decode(&body).unwrap()
            }
            .encode(),
            _ => body,
        });
        assert_eq!(error.unwrap_err(), HandshakeError::Pq, "{pq}");
    }
    let error = exchange(ClientOptions::default(), 1, |_, body| {
        ResPq {
            fingerprints: vec![1, 2],
            ..ResPq::decode(&body).unwrap()
        }
        .encode()
    });
    assert_eq!(error.unwrap_err(), HandshakeError::UnknownKey(vec![1, 2]));
}

/// A server that is honest up to the numbers within its encrypted answer: those are the test's.
fn with_inner(bend: impl Fn(&mut ServerDhInner), break_hash: bool) -> HandshakeError {
    // The server's random bytes are known, and with them the client's secret: the answer can be made anew.
    let (mut random, mut server) = (common::random(3), server());
    let new_nonce = std::cell::Cell::new([0; 32]);
    let mut spied = |out: &mut [u8]| {
        random(out);
        if let Ok(nonce) = <[u8; 32]>::try_from(&*out)
            && new_nonce.get() == [0; 32]
        {
            new_nonce.set(nonce);
        }
    };
    let (mut client, packet) = ClientHandshake::start(
        vec![KEY.public().clone()],
        ClientOptions::default(),
        NOW,
        &mut spied,
    );
    let reply = server
        .receive(&packet, NOW, &mut common::random(8), |_| false)
        .unwrap();
    let Step::Send(packet) = client.receive(&reply.packet, NOW, &mut spied).unwrap() else {
        panic!()
    };
    let reply = server
        .receive(&packet, NOW, &mut common::random(9), |_| false)
        .unwrap();
    let Ok(ServerDhParams::Ok {
        nonce,
        server_nonce,
        encrypted_answer,
    }) = ServerDhParams::decode(unwrap_plain(&reply.packet).unwrap().1)
    else {
        panic!()
    };
    let (key, iv) = handshake_aes(&server_nonce, &new_nonce.get());
    let mut plain = encrypted_answer;
    ige_decrypt(&key, &iv, plain.as_chunks_mut().0);
    let (mut inner, _) = ServerDhInner::decode(&plain[20..]).unwrap();
    bend(&mut inner);
    let data = inner.encode();
    let mut encrypted_answer = sha1(&[&data]).to_vec();
    encrypted_answer[0] ^= u8::from(break_hash);
    encrypted_answer.extend(data);
    encrypted_answer.resize(encrypted_answer.len().next_multiple_of(16), 0);
    ige_encrypt(&key, &iv, encrypted_answer.as_chunks_mut().0);
    let bent = ServerDhParams::Ok {
        nonce,
        server_nonce,
        encrypted_answer,
    }
    .encode();
    match client.receive(&wrap_plain(5, &bent), NOW, &mut spied) {
        Ok(Step::Send(_)) => panic!("accepted"),
        Ok(Step::Done(_)) => unreachable!(),
        Err(error) => error,
    }
}

#[test]
fn a_client_checks_what_the_server_encrypted() {
    assert_eq!(with_inner(|_| (), true), HandshakeError::Hash);
    assert_eq!(
        with_inner(|inner| inner.nonce[0] ^= 1, false),
        HandshakeError::Nonce("nonce")
    );
    assert_eq!(
        with_inner(|inner| inner.server_nonce[0] ^= 1, false),
        HandshakeError::Nonce("server nonce")
    );
}

#[test]
fn a_client_checks_the_group_and_the_servers_number() {
    let dh = |bend: &dyn Fn(&mut ServerDhInner)| match with_inner(bend, false) {
        HandshakeError::Dh(error) => error,
        other => panic!("{other}"),
    };
    assert_eq!(dh(&|inner| inner.g = 2), DhError::Generator(2));
    assert_eq!(dh(&|inner| inner.g = -3), DhError::Generator(0xffff_fffd));
    assert_eq!(dh(&|inner| inner.dh_prime = vec![23]), DhError::PrimeSize);
    assert_eq!(dh(&|inner| inner.dh_prime[0] = 0x7f), DhError::PrimeSize);
    // Not prime, though every residue that a generator asks for is right: only a primality test finds out.
    let composite = |inner: &mut ServerDhInner| {
        let low = u32::from_be_bytes(inner.dh_prime[252..].try_into().unwrap()) + 2 * 2520;
        inner.dh_prime[252..].copy_from_slice(&low.to_be_bytes());
    };
    assert_eq!(dh(&composite), DhError::NotSafePrime);
    let mut low = vec![0; 256];
    low[8] = 0xff;
    let high = TELEGRAM_PRIME.to_vec();
    for g_a in [vec![], vec![1], low, high, vec![0xff; 256], vec![1; 300]] {
        assert_eq!(dh(&|inner| inner.g_a.clone_from(&g_a)), DhError::PublicRange);
    }
}

#[test]
fn a_client_wants_proof_of_the_same_key() {
    for kind in [DhGenKind::Ok, DhGenKind::Retry, DhGenKind::Fail] {
        let error = exchange(ClientOptions::default(), 1, |step, body| match step {
            // The hash of another answer does not serve.
            2 if kind != DhGenKind::Ok => DhGen {
                kind,
                ..DhGen::decode(&body).unwrap()
            }
            .encode(),
            2 => {
                let answer = DhGen::decode(&body).unwrap();
                DhGen {
                    new_nonce_hash: [0; 16],
                    ..answer
                }
                .encode()
            }
            _ => body,
        });
        assert_eq!(error.unwrap_err(), HandshakeError::NewNonceHash, "{kind:?}");
    }
}

#[test]
fn a_forged_refusal_is_not_believed() {
    let error = exchange(ClientOptions::default(), 1, |step, body| {
        match (step, ServerDhParams::decode(&body)) {
            (
                1,
                Ok(ServerDhParams::Ok {
                    nonce, server_nonce, ..
                }),
            ) => ServerDhParams::Fail {
                nonce,
                server_nonce,
                new_nonce_hash: [0; 16],
            }
            .encode(),
            _ => body,
        }
    });
    assert_eq!(error.unwrap_err(), HandshakeError::NewNonceHash);
    // Nor one that answers somebody else, whatever its proof.
    for (at, name) in [(4, "nonce"), (20, "server nonce")] {
        let error = exchange(ClientOptions::default(), 1, |step, body| {
            match (step, ServerDhParams::decode(&body)) {
                (
                    1,
                    Ok(ServerDhParams::Ok {
                        nonce, server_nonce, ..
                    }),
                ) => {
                    let fail = ServerDhParams::Fail {
                        nonce,
                        server_nonce,
                        new_nonce_hash: [0; 16],
                    };
                    let mut fail = fail.encode();
                    fail[at] ^= 1;
                    fail
                }
                _ => body,
            }
        });
        assert_eq!(error.unwrap_err(), HandshakeError::Nonce(name));
    }
}

#[test]
fn a_server_takes_nothing_out_of_turn_and_nothing_bent() {
    let mut random = common::random(4);
    let (mut client, first) = ClientHandshake::start(
        vec![KEY.public().clone()],
        ClientOptions::default(),
        NOW,
        &mut random,
    );
    let mut server1 = server();
    let reply = server1.receive(&first, NOW, &mut random, |_| false).unwrap();
    let Step::Send(second) = client.receive(&reply.packet, NOW, &mut random).unwrap() else {
        panic!()
    };
    assert_eq!(
        server()
            .receive(&second, NOW, &mut random, |_| false)
            .unwrap_err(),
        HandshakeError::Step
    );
    // Each byte of the second message matters; a fresh server each time would have another nonce.
    for at in (24..second.len()).step_by(7) {
        let mut bent = second.clone();
        bent[at] ^= 1;
        let mut server = server();
        let mut replay = common::random(4);
        replay(&mut [0; 16]);
        server.receive(&first, NOW, &mut replay, |_| false).unwrap();
        assert!(
            server
                .receive(&bent, NOW, &mut common::random(1), |_| false)
                .is_err(),
            "{at}"
        );
    }
    let reply = server1.receive(&second, NOW, &mut random, |_| false).unwrap();
    let Step::Send(third) = client.receive(&reply.packet, NOW, &mut random).unwrap() else {
        panic!()
    };
    let mut bent = third.clone();
    *bent.last_mut().unwrap() ^= 1;
    assert!(server1.receive(&bent, NOW, &mut random, |_| false).is_err());
    assert_eq!(
        server1.receive(&third, NOW, &mut random, |_| false).unwrap_err(),
        HandshakeError::Step
    );
}

#[test]
fn a_made_key_is_as_clients_want_it() {
    let key = &*KEY;
    assert_ne!(key.public().fingerprint() as u64 >> 60, 0);
    let pem = key.public().to_pem();
    assert!(pem.starts_with("-----BEGIN RSA PUBLIC KEY-----\n"));
    assert_eq!(RsaPublicKey::from_pem(&pem).unwrap(), *key.public());
    let private = key.to_pem();
    assert!(private.starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
    let back = RsaPrivateKey::from_pem(&private).unwrap();
    assert_eq!(back.public(), key.public());
    assert_eq!(back.to_pem(), private);
    assert!(!format!("{key:?}").contains(&private[40..60]));
    assert!(RsaPrivateKey::from_pem(&pem).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_bytes_are_survived(packets in prop::collection::vec(any::<Vec<u8>>(), 1..4), ids in 0usize..5) {
        let constructor: [u32; 5] = [0xbe7e_8ef1, 0xd712_e4be, 0xf504_5f1f, 0x0516_2463, 0xd0e8_075c];
        let (mut random, mut server) = (common::random(1), server());
        let (mut client, _) =
            ClientHandshake::start(vec![KEY.public().clone()], ClientOptions::default(), NOW, &mut random);
        for packet in packets {
            let _ = server.receive(&packet, NOW, &mut random, |_| false);
            let body = [&constructor[ids].to_le_bytes()[..], &packet].concat();
            let _ = server.receive(&wrap_plain(4, &body), NOW, &mut random, |_| false);
            let _ = client.receive(&wrap_plain(1, &body), NOW, &mut random);
        }
    }
}
