//! AES-256 in IGE mode.
//!
//! Each block depends on the one before in both directions, so nothing can be done in parallel and the speed
//! is the latency of fourteen AES rounds. Source: <https://core.telegram.org/mtproto/description>.

use aes::Aes256;
use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};

type Block = [u8; 16];

fn xor(to: &mut Block, with: &Block) {
    to.iter_mut().zip(with).for_each(|(to, with)| *to ^= with);
}

fn halves(iv: &[u8; 32]) -> (Block, Block) {
    let (mut first, mut second) = ([0; 16], [0; 16]);
    first.copy_from_slice(&iv[..16]);
    second.copy_from_slice(&iv[16..]);
    (first, second)
}

/// Encrypts blocks in place.
pub fn ige_encrypt(key: &[u8; 32], iv: &[u8; 32], blocks: &mut [Block]) {
    #[cfg(target_arch = "x86_64")]
    if super::ige_x86::encrypt(key, iv, blocks) {
        return;
    }
    ige_encrypt_portable(key, iv, blocks);
}

/// Decrypts blocks in place.
pub fn ige_decrypt(key: &[u8; 32], iv: &[u8; 32], blocks: &mut [Block]) {
    #[cfg(target_arch = "x86_64")]
    if super::ige_x86::decrypt(key, iv, blocks) {
        return;
    }
    ige_decrypt_portable(key, iv, blocks);
}

/// [`ige_encrypt`] without the processor's help: what other machines run, and what the fast path is checked against.
pub fn ige_encrypt_portable(key: &[u8; 32], iv: &[u8; 32], blocks: &mut [Block]) {
    let cipher = Aes256::new(key.into());
    let (mut last_out, mut last_in) = halves(iv);
    for block in blocks {
        let plain = *block;
        xor(block, &last_out);
        cipher.encrypt_block(Array::cast_from_core_mut(block));
        xor(block, &last_in);
        (last_in, last_out) = (plain, *block);
    }
}

/// [`ige_decrypt`] without the processor's help.
pub fn ige_decrypt_portable(key: &[u8; 32], iv: &[u8; 32], blocks: &mut [Block]) {
    let cipher = Aes256::new(key.into());
    let (mut last_in, mut last_out) = halves(iv);
    for block in blocks {
        let secret = *block;
        xor(block, &last_out);
        cipher.decrypt_block(Array::cast_from_core_mut(block));
        xor(block, &last_in);
        (last_in, last_out) = (secret, *block);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COUNTING: [u8; 32] = {
        let mut bytes = [0; 32];
        let mut i = 0;
        while i < 32 {
            bytes[i] = i as u8;
            i += 1;
        }
        bytes
    };

    fn blocks(bytes: &[u8]) -> Vec<Block> {
        bytes.as_chunks::<16>().0.to_vec()
    }

    #[test]
    fn known_answers() {
        // The key encrypted and decrypted with itself.
        let encrypted = [
            226, 129, 18, 165, 62, 92, 137, 199, 177, 234, 128, 113, 193, 51, 105, 159, 212, 232, 107, 38,
            196, 186, 201, 252, 90, 241, 171, 140, 226, 122, 68, 164,
        ];
        let decrypted = [
            229, 119, 122, 250, 205, 123, 44, 22, 247, 172, 64, 202, 230, 30, 246, 3, 254, 230, 9, 143, 184,
            168, 134, 10, 185, 238, 103, 44, 215, 229, 186, 204,
        ];
        for (run, expected) in [
            (ige_encrypt as fn(&[u8; 32], &[u8; 32], &mut [Block]), encrypted),
            (ige_encrypt_portable, encrypted),
            (ige_decrypt, decrypted),
            (ige_decrypt_portable, decrypted),
        ] {
            let mut data = blocks(&COUNTING);
            run(&COUNTING, &COUNTING, &mut data);
            assert_eq!(data.as_flattened(), expected);
        }
    }

    proptest! {
        #[test]
        fn both_implementations_agree_and_invert(
            key: [u8; 32], iv: [u8; 32], data in prop::collection::vec(any::<[u8; 16]>(), 0..40),
        ) {
            let (mut fast, mut slow) = (data.clone(), data.clone());
            ige_encrypt(&key, &iv, &mut fast);
            ige_encrypt_portable(&key, &iv, &mut slow);
            prop_assert_eq!(&fast, &slow);
            ige_decrypt(&key, &iv, &mut fast);
            ige_decrypt_portable(&key, &iv, &mut slow);
            prop_assert_eq!(&fast, &data);
            prop_assert_eq!(&slow, &data);
        }
    }
}
