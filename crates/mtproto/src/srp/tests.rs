use proptest::prelude::*;

use super::*;
use crate::crypto::TELEGRAM_PRIME;

fn hex(digits: &str) -> Vec<u8> {
    (0..digits.len() / 2)
        .map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

fn padded(bytes: &[u8]) -> [u8; 256] {
    let mut out = [0; 256];
    out[256 - bytes.len()..].copy_from_slice(bytes);
    out
}

fn random(seed: u8) -> impl FnMut(&mut [u8]) {
    let mut state = u64::from(seed) + 1;
    move |out: &mut [u8]| {
        for byte in out {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = (state >> 56) as u8;
        }
    }
}

fn algo() -> PasswordAlgo {
    PasswordAlgo {
        salt1: vec![1; 40],
        salt2: vec![2; 16],
        group: DhGroup::telegram(3).unwrap(),
    }
}

#[test]
fn the_known_vector_with_toy_numbers() {
    let algo = PasswordAlgo {
        salt1: vec![1],
        salt2: vec![2],
        group: DhGroup::unchecked(&[47], 3),
    };
    let proof = Proof::with_secret(&algo, &[7], &padded(&[5]), &padded(&[6])).unwrap();
    assert_eq!(proof.a, padded(&[24]));
    assert_eq!(
        proof.m1[..],
        hex("9d83c46700b874e807c455e711241ede9eea62583b3847d7b77b7a32132036ce")
    );
}

#[test]
fn the_known_vector_with_telegrams_prime() {
    let algo = PasswordAlgo {
        salt1: hex("5f483c38bd0986e7cdc95ae138ef4f49b951c1f81c713fecdef3af692cec4b4716ac9b770a195ebe"),
        salt2: hex("b616fc6bbedf511119c5ed34629527f1"),
        group: DhGroup::telegram(3).unwrap(),
    };
    let server = hex(
        "93f70ebd50f6426aca2568769599f91f24d01284cc51a449e62dcc1527dfe50126b2aa44238e4fb2331419ed4aeb\
        f1a0ae15e03abd18bfc52ca6baec564c13b5a1d2e357799897757bb736fdc2ceb1b56aacf19ab3548d6d922a522f\
        0b51f40124c3bc9936aff3e1dcfbea39ac9ad2addc6af0ad30783278bbb84cab0ed8464b0ffeb2b0c93a39a5d97d\
        ba0105672ca5475373d8d23e54a6ac9bed9519e8bef4f00719f5ad56151be5537648df2f8e3e7265cb57fb94a054\
        ce2a82b8cc664ad060e0d6c6df1879345440eb977fa0f2d36f31a253d8917732f133d40033a34b6152969b600d59\
        cdabfea2ab2393ad659e56d66e13605b1f61e48e3cd65c0f58ac",
    );
    let secret = hex(
        "bf31574f34fce1e53891c59b7f62468a0ca682da8585df8de0a18873359755fbb1818878a9ee919bb1e94d20c5f0\
        607e02a33176199bf3220256c9ea1a69f395a515d20539d88cda750a5252fb864f573f2b032f3b467d08b34fd9c8\
        9d1c5d06278e113e51d4e893c1c027455af4653f096607a4156d94fb8e1dc7cee5bfe32850982f941ae4414e83bf\
        22df56270b43b7ccc44c26d40886464da8e344a8540795b8f69b8f508552a723cd6931e1d69204e8e9dc056f0a2a\
        10a0d7951e355f3edef5a5e18a9091295a51eb9db10b8b0d30489c8d29bc0cd86e97781f5e30c5b6bfe7caf4aae8\
        1b282e653ac48aa1a8fde789722bc04f4320cd9f86849fe05ca4",
    );
    let public = hex(
        "0fa12bc655b1187a28296a69ae565d682782e0ceb05a089c0c41c1dce983dc7f4a53434ea78e065d9e1cb60e427b\
        4468a4780609feba2f55654ee2efe0aeb72edafde2652e26ed5b4d4baad9d2a381806af63416bf6263df45a43d85\
        be5401bc223ebfac09421caddd7e260bd6b86542133c048d6cd54b38d8e2ccdf6b550e875b1353a4acfe3292ffb5\
        6a0f58b2a39027c9bfdd91fd4c531d23c77d6e8f7d583eaeea316dedded69935296ce7ea34e9be6ef2fbd829eac4\
        c9bd646dc1563e47f77b91431ca002cf79fc149d968272835c15ca1c6b2c5e03712a2e1b5d52f5e4faa1c16cb177\
        fafd96a6aa5b4b3f4c649915644b63855cfb38561ff17fedfb8a",
    );
    let proof = Proof::with_secret(&algo, b"234567", &padded(&server), &padded(&secret)).unwrap();
    assert_eq!(proof.a[..], public);
    assert_eq!(
        proof.m1[..],
        hex("4d7af412c5a2e7b15467376bd118b853604e687b31f51c4980c4d7c1876613e3")
    );
}

#[test]
fn a_right_password_is_accepted_and_a_wrong_one_is_not() {
    let algo = algo().for_new_password(&mut random(1));
    assert_eq!(algo.salt1.len(), 72);
    let verifier = algo.verifier(b"hunter2");
    let challenge = Challenge::new(&algo, &verifier, &mut random(2));
    let right = Proof::new(&algo, b"hunter2", &challenge.public, &mut random(3)).unwrap();
    assert_eq!(challenge.check(&algo, &right.a, &right.m1), Ok(()));
    assert_eq!(
        challenge.check(&algo, &right.a, &right.m1),
        Ok(()),
        "the same challenge may be used again"
    );
    let wrong = Proof::new(&algo, b"hunter3", &challenge.public, &mut random(3)).unwrap();
    assert_eq!(
        challenge.check(&algo, &wrong.a, &wrong.m1),
        Err(SrpError::Password)
    );
    let mut flipped = right.m1;
    flipped[31] ^= 1;
    assert_eq!(
        challenge.check(&algo, &right.a, &flipped),
        Err(SrpError::Password)
    );
    assert_eq!(
        challenge.check(&algo, &right.a, &right.m1[..31]),
        Err(SrpError::Password)
    );
    let other = Challenge::new(&algo, &verifier, &mut random(9));
    assert_eq!(other.check(&algo, &right.a, &right.m1), Err(SrpError::Password));
    assert_ne!(other.srp_id, challenge.srp_id);
}

#[test]
fn multiples_of_the_prime_are_refused() {
    // With A = 0 the shared secret is 0 whatever the password: anybody could prove it.
    let algo = algo();
    let challenge = Challenge::new(&algo, &algo.verifier(b"secret"), &mut random(2));
    for a in [&[][..], &[0], &[0; 256], &TELEGRAM_PRIME] {
        let m1 = algo.m1(
            &padded(&a[a.len().saturating_sub(256)..]),
            &challenge.public,
            &[0; 256],
        );
        assert_eq!(challenge.check(&algo, a, &m1), Err(SrpError::ClientPublic));
    }
    assert_eq!(
        challenge.check(&algo, &[1; 257], &[0; 32]),
        Err(SrpError::ClientPublic)
    );
}

#[test]
fn a_client_refuses_a_servers_number_out_of_range() {
    for bad in [&[][..], &[1], &[0xff; 256], &TELEGRAM_PRIME] {
        let proof = Proof::new(&algo(), b"x", bad, &mut random(1));
        assert_eq!(proof, Err(SrpError::ServerPublic(DhError::PublicRange)));
    }
}

#[test]
fn nothing_secret_is_printed() {
    let algo = algo();
    let challenge = Challenge::new(&algo, &algo.verifier(b"secret"), &mut random(2));
    assert_eq!(
        format!("{challenge:?}"),
        format!("Challenge {{ srp_id: {}, .. }}", challenge.srp_id)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn any_answer_is_survived(a: Vec<u8>, m1: Vec<u8>) {
        let algo = algo();
        let challenge = Challenge::new(&algo, &[3; 256], &mut random(1));
        prop_assert!(challenge.check(&algo, &a, &m1).is_err());
    }
}
