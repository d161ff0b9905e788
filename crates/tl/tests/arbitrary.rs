//! Any bytes at all: what fuzzing does for hours, for a moment.

use proptest::collection::vec;
use proptest::prelude::*;
use ringback_tl::{Layer, catalogue, fuzz};

/// Bytes that start like something: ids that exist, small counts and lengths, then anything.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let ids = prop_oneof![
        Just(0x1cb5_c415_u32),
        Just(0x9972_75b5),
        Just(0x3072_cfa1),
        Just(0xda9b_0d0d),
        Just(0x9342_ca07),
        Just(0x3658_5ea4),
        Just(0x74ae_4240),
        Just(0x7600_b9d3),
        Just(0x48a3_0254),
        Just(0x77608b83),
        0..40_u32,
        any::<u32>(),
    ];
    vec(ids, 0..60).prop_map(|words| words.into_iter().flat_map(u32::to_le_bytes).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn never_panics(data in prop_oneof![likely(), vec(any::<u8>(), 0..200)]) {
        fuzz::decode_any(&data);
        fuzz::decode_function(&data);
        fuzz::inflate(&data);
    }

    #[test]
    fn gzip_comes_back(object in vec(any::<u8>(), 0..5000)) {
        let mut out = Vec::new();
        let mut w = ringback_tl::Writer::new(&mut out, Layer::NEWEST);
        prop_assert_eq!(ringback_tl::gzip::deflate(&object, &mut w), Ok(()));
        let mut r = ringback_tl::Reader::new(&out[4..]);
        prop_assert_eq!(ringback_tl::gzip::inflate(&mut r, object.len()), Ok(object));
    }
}

/// Every type and call, given nothing, too little, and an id that it has not.
#[test]
fn every_decoder_refuses_what_is_nothing() {
    for any in catalogue::TYPES.iter().chain(catalogue::FUNCTIONS) {
        for bytes in [&[][..], &[0; 3], &[0; 4], &[0xff; 64]] {
            assert!(any.decode(bytes).is_err(), "{}", any.name);
        }
    }
}
