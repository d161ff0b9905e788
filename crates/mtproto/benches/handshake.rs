//! Key exchanges: `cargo bench -p ringback-mtproto --bench handshake`.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use ringback_mtproto::Random;
use ringback_mtproto::crypto::{DhGroup, RsaPrivateKey};
use ringback_mtproto::handshake::{ClientHandshake, ClientOptions, ServerHandshake, Step};
use ringback_mtproto::srp::{Challenge, PasswordAlgo, Proof};

const NOW: Duration = Duration::from_secs(1_700_000_000);

static KEYS: LazyLock<Arc<[RsaPrivateKey]>> =
    LazyLock::new(|| Arc::new([RsaPrivateKey::generate(&mut random(1))]));
static GROUP: LazyLock<DhGroup> = LazyLock::new(|| DhGroup::telegram(3).unwrap_or_else(|_| unreachable!()));

fn main() {
    divan::main();
}

fn random(mut state: u64) -> impl FnMut(&mut [u8]) {
    move |out: &mut [u8]| {
        for byte in out {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = (state >> 56) as u8;
        }
    }
}

/// Runs one exchange and gives what the client sent.
fn exchange(random: &mut dyn Random) -> Vec<Vec<u8>> {
    let mut server = ServerHandshake::new(KEYS.clone(), GROUP.clone());
    let keys = vec![KEYS[0].public().clone()];
    let (mut client, packet) = ClientHandshake::start(keys, ClientOptions::default(), NOW, random);
    let mut sent = vec![packet];
    while let Ok(reply) = server.receive(&sent[sent.len() - 1], NOW, random, |_| false) {
        match client.receive(&reply.packet, NOW, random) {
            Ok(Step::Send(packet)) => sent.push(packet),
            _ => break,
        }
    }
    sent
}

#[divan::bench]
fn both_halves(bencher: Bencher<'_, '_>) {
    let mut random = random(2);
    bencher
        .counter(ItemsCount::new(1usize))
        .bench_local(|| exchange(black_box(&mut random)));
}

/// The same exchange each time: the client's messages are recorded, and the server's randomness repeats.
#[divan::bench]
fn server_half(bencher: Bencher<'_, '_>) {
    let mut server_random = random(7);
    let mut server = ServerHandshake::new(KEYS.clone(), GROUP.clone());
    let mut client_random = random(8);
    let keys = vec![KEYS[0].public().clone()];
    let (mut client, mut packet) =
        ClientHandshake::start(keys, ClientOptions::default(), NOW, &mut client_random);
    let mut sent = Vec::new();
    loop {
        sent.push(packet.clone());
        let Ok(reply) = server.receive(&packet, NOW, &mut server_random, |_| false) else {
            return;
        };
        match client.receive(&reply.packet, NOW, &mut client_random) {
            Ok(Step::Send(next)) => packet = next,
            _ => break,
        }
    }
    bencher.counter(ItemsCount::new(1usize)).bench_local(|| {
        let mut server_random = random(7);
        let mut server = ServerHandshake::new(KEYS.clone(), GROUP.clone());
        let mut created = None;
        for packet in &sent {
            created = server
                .receive(packet, NOW, &mut server_random, |_| false)
                .map_or(None, |reply| reply.created);
        }
        assert!(created.is_some());
    });
}

#[divan::bench]
fn rsa_decrypt(bencher: Bencher<'_, '_>) {
    let key = &KEYS[0];
    let secret = key
        .public()
        .encrypt(&[5; 100], Default::default(), &mut random(3))
        .unwrap_or_else(|_| unreachable!());
    bencher.bench_local(|| key.decrypt(black_box(&secret), |_| None));
}

#[divan::bench(sample_count = 10)]
fn rsa_generate(bencher: Bencher<'_, '_>) {
    let mut random = random(4);
    bencher.bench_local(|| RsaPrivateKey::generate(&mut random));
}

fn algo() -> PasswordAlgo {
    PasswordAlgo {
        salt1: vec![1; 40],
        salt2: vec![2; 16],
        group: GROUP.clone(),
    }
}

#[divan::bench]
fn password_check_server(bencher: Bencher<'_, '_>) {
    let algo = algo();
    let challenge = Challenge::new(&algo, &algo.verifier(b"password"), &mut random(5));
    let proof =
        Proof::new(&algo, b"password", &challenge.public, &mut random(6)).unwrap_or_else(|_| unreachable!());
    bencher.bench_local(|| challenge.check(&algo, black_box(&proof.a), &proof.m1));
}

#[divan::bench]
fn password_proof_client(bencher: Bencher<'_, '_>) {
    let algo = algo();
    let challenge = Challenge::new(&algo, &algo.verifier(b"password"), &mut random(5));
    let mut random = random(6);
    bencher.bench_local(|| Proof::new(&algo, black_box(b"password"), &challenge.public, &mut random));
}
