//! RSA as the key exchange uses it: both paddings, both directions.
//!
//! Source: <https://core.telegram.org/mtproto/auth_key#41-rsa-paddata-server-public-key-mentioned-above-is-implemented-as-follows>.

use std::fmt;

use crypto_bigint::{NonZero, U1024, U2048};
use crypto_primes::{Flavor, random_prime};
use thiserror::Error;
use zeroize::Zeroize;

use super::modpow::{Field, from_bytes, to_bytes};
use super::random::{Lent, array};
use super::{ConstantTimeEq, PemError, Random, ige_decrypt, ige_encrypt, pem, sha1, sha256};

const PUBLIC_LABEL: &str = "RSA PUBLIC KEY";
const PRIVATE_LABEL: &str = "RSA PRIVATE KEY";

/// How the secret part of a key exchange is padded before RSA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RsaPadding {
    /// `RSA_PAD`: what the documentation asks for.
    #[default]
    RsaPad,
    /// SHA-1, the data and random bytes: what older libraries still send.
    Sha1,
}

/// Why data was not encrypted or decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RsaError {
    /// More than 144 bytes (`RSA_PAD`) or 235 (SHA-1) to encrypt.
    #[error("too much data for one RSA block")]
    TooLong,
    /// The ciphertext is not below the modulus or not of at most 256 bytes.
    #[error("the ciphertext is not a number below the modulus")]
    Ciphertext,
    /// Neither padding's hash fits.
    #[error("the decrypted data fits neither padding")]
    Padding,
}

/// A server's public key.
#[derive(Clone)]
pub struct RsaPublicKey {
    n: Field<{ U2048::LIMBS }>,
    e: u32,
}

impl RsaPublicKey {
    /// A key from its numbers; `modulus` is big-endian and of exactly 2048 bits.
    #[must_use]
    pub fn new(modulus: &[u8], exponent: u32) -> Option<Self> {
        let n: U2048 = from_bytes(modulus)?;
        if n.bits_vartime() != 2048 || exponent < 3 || exponent.is_multiple_of(2) {
            return None;
        }
        Some(Self {
            n: Field::new(&n)?,
            e: exponent,
        })
    }

    /// Reads a `BEGIN RSA PUBLIC KEY` block.
    ///
    /// # Errors
    /// [`PemError`] says what the text is not.
    pub fn from_pem(text: &str) -> Result<Self, PemError> {
        let integers = pem::read(PUBLIC_LABEL, text)?;
        let [n, e] = integers.as_slice() else {
            return Err(PemError::Der);
        };
        let e: U2048 = from_bytes(e).ok_or(PemError::Key)?;
        let e = u32::try_from(e.as_words()[0])
            .ok()
            .filter(|low| U2048::from_u32(*low) == e);
        Self::new(n, e.ok_or(PemError::Key)?).ok_or(PemError::Key)
    }

    /// Writes a `BEGIN RSA PUBLIC KEY` block.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::write(PUBLIC_LABEL, &[&self.modulus(), &self.e.to_be_bytes()])
    }

    /// The modulus, big-endian.
    #[must_use]
    pub fn modulus(&self) -> [u8; 256] {
        to_bytes(self.n.modulus())
    }

    /// The public exponent.
    #[must_use]
    pub fn exponent(&self) -> u32 {
        self.e
    }

    /// What names the key on the wire: the low 64 bits of the SHA-1 of its two numbers as TL strings.
    #[must_use]
    pub fn fingerprint(&self) -> i64 {
        let mut wire = Vec::with_capacity(268);
        crate::service::wire::put_bytes(&mut wire, &self.modulus());
        let e = self.e.to_be_bytes();
        let zeros = e.iter().take_while(|byte| **byte == 0).count();
        crate::service::wire::put_bytes(&mut wire, &e[zeros..]);
        let mut low = [0; 8];
        low.copy_from_slice(&sha1(&[&wire])[12..]);
        i64::from_le_bytes(low)
    }

    fn raw(&self, block: &U2048) -> [u8; 256] {
        to_bytes(&self.n.pow(block, &U2048::from_u32(self.e)))
    }

    /// Encrypts for the holder of the private key.
    ///
    /// # Errors
    /// [`RsaError::TooLong`].
    pub fn encrypt(
        &self,
        data: &[u8],
        padding: RsaPadding,
        random: &mut dyn Random,
    ) -> Result<[u8; 256], RsaError> {
        match padding {
            RsaPadding::RsaPad => self.encrypt_rsa_pad(data, random),
            RsaPadding::Sha1 => {
                let mut block = [0; 256];
                let room = block.get_mut(21..21 + data.len()).ok_or(RsaError::TooLong)?;
                room.copy_from_slice(data);
                block[1..21].copy_from_slice(&sha1(&[data]));
                random.fill(&mut block[21 + data.len()..]);
                Ok(self.raw(&U2048::from_be_slice(&block)))
            }
        }
    }

    fn encrypt_rsa_pad(&self, data: &[u8], random: &mut dyn Random) -> Result<[u8; 256], RsaError> {
        if data.len() > 144 {
            return Err(RsaError::TooLong);
        }
        let mut padded = [0; 192];
        padded[..data.len()].copy_from_slice(data);
        random.fill(&mut padded[data.len()..]);
        loop {
            let temp_key: [u8; 32] = array(random);
            let mut block = [0; 256];
            let (head, secret) = block.split_at_mut(32);
            secret[..192].copy_from_slice(&padded);
            secret[..192].reverse();
            secret[192..].copy_from_slice(&sha256(&[&temp_key, &padded]));
            ige_encrypt(&temp_key, &[0; 32], secret.as_chunks_mut().0);
            let mask = sha256(&[secret]);
            head.iter_mut()
                .zip(temp_key)
                .zip(mask)
                .for_each(|((to, key), mask)| *to = key ^ mask);
            let number = U2048::from_be_slice(&block);
            // A block that is not below the modulus cannot be encrypted: another temp_key gives another block.
            if number < *self.n.modulus() {
                return Ok(self.raw(&number));
            }
        }
    }
}

impl PartialEq for RsaPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.n.modulus() == other.n.modulus() && self.e == other.e
    }
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey({:016x})", self.fingerprint())
    }
}

/// What a client encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RsaDecrypted {
    /// The padding that it used.
    pub padding: RsaPadding,
    /// The data; with [`RsaPadding::RsaPad`] followed by what the client padded with.
    pub data: Vec<u8>,
}

/// A server's private key.
#[derive(Clone)]
pub struct RsaPrivateKey {
    public: RsaPublicKey,
    p: Field<{ U1024::LIMBS }>,
    q: Field<{ U1024::LIMBS }>,
    d_p: U1024,
    d_q: U1024,
    q_inverse: U1024,
}

impl RsaPrivateKey {
    /// Makes a key of 2048 bits.
    ///
    /// The top four bits of its fingerprint are never all zero: some clients compare it as unpadded hexadecimal.
    #[must_use]
    pub fn generate(random: &mut dyn Random) -> Self {
        loop {
            let p: U1024 = random_prime(&mut Lent(random), Flavor::Any, 1024);
            let q: U1024 = random_prime(&mut Lent(random), Flavor::Any, 1024);
            if let Some(key) = Self::from_primes(&p, &q, 65537)
                && key.public.fingerprint() as u64 >> 60 != 0
            {
                return key;
            }
        }
    }

    fn from_primes(p: &U1024, q: &U1024, e: u32) -> Option<Self> {
        let one = U1024::ONE;
        let n: U2048 = p.concatenating_mul(q);
        let public = RsaPublicKey::new(&to_bytes::<_, 256>(&n), e)?;
        let exponent = |prime: &U1024| -> Option<U1024> {
            let order: Option<NonZero<U1024>> = NonZero::new(prime.wrapping_sub(&one)).into();
            U1024::from_u32(e).invert_mod(&order?).into()
        };
        let modulus: Option<NonZero<U1024>> = NonZero::new(*p).into();
        let q_inverse: Option<U1024> = q.rem(&modulus?).invert_mod(&modulus?).into();
        Some(Self {
            public,
            p: Field::new(p)?,
            q: Field::new(q)?,
            d_p: exponent(p)?,
            d_q: exponent(q)?,
            q_inverse: q_inverse?,
        })
    }

    /// The half that clients get.
    #[must_use]
    pub fn public(&self) -> &RsaPublicKey {
        &self.public
    }

    /// Reads a `BEGIN RSA PRIVATE KEY` block.
    ///
    /// # Errors
    /// [`PemError`] says what the text is not.
    pub fn from_pem(text: &str) -> Result<Self, PemError> {
        let integers = pem::read(PRIVATE_LABEL, text)?;
        let [_, n, e, _, p, q, _, _, _] = integers.as_slice() else {
            return Err(PemError::Der);
        };
        let (p, q) = from_bytes(p).zip(from_bytes(q)).ok_or(PemError::Key)?;
        let e: U2048 = from_bytes(e).ok_or(PemError::Key)?;
        let e = u32::try_from(e.as_words()[0]).map_err(|_| PemError::Key)?;
        let key = Self::from_primes(&p, &q, e).ok_or(PemError::Key)?;
        let same = from_bytes(n).is_some_and(|n: U2048| n == *key.public.n.modulus());
        // Two numbers that are not primes give exponents that undo nothing.
        let probe = U2048::from_u8(2);
        let there = key.public.n.pow(&probe, &U2048::from_u32(e));
        if same && key.power(&there) == probe {
            Ok(key)
        } else {
            Err(PemError::Key)
        }
    }

    /// Writes a `BEGIN RSA PRIVATE KEY` block, for the server's own storage.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let (p, q) = (self.p.modulus(), self.q.modulus());
        let order: U2048 = p
            .wrapping_sub(&U1024::ONE)
            .concatenating_mul(&q.wrapping_sub(&U1024::ONE));
        let order: Option<NonZero<U2048>> = NonZero::new(order).into();
        let d: Option<U2048> =
            order.and_then(|order| U2048::from_u32(self.public.e).invert_mod(&order).into());
        let mut d: [u8; 256] = to_bytes(&d.unwrap_or(U2048::ZERO));
        let half = |number: &U1024| to_bytes::<_, 128>(number);
        let text = pem::write(
            PRIVATE_LABEL,
            &[
                &[0],
                &self.public.modulus(),
                &self.public.e.to_be_bytes(),
                &d,
                &half(p),
                &half(q),
                &half(&self.d_p),
                &half(&self.d_q),
                &half(&self.q_inverse),
            ],
        );
        d.zeroize();
        text
    }

    /// The private power, by the two halves of the modulus (a quarter of the work).
    fn power(&self, block: &U2048) -> U2048 {
        let by_p = self.p.pow(&self.p.reduce(block), &self.d_p);
        let by_q = self.q.pow(&self.q.reduce(block), &self.d_q);
        let difference = self.p.sub(&by_p, &self.p.reduce(&by_q));
        let times = self.p.mul(&difference, &self.q_inverse);
        let high: U2048 = times.concatenating_mul(self.q.modulus());
        high.wrapping_add(&by_q.resize())
    }

    /// Decrypts what a client sent, whichever padding it used.
    ///
    /// The older padding does not say how long the data is: `measure` does, given everything after the hash.
    ///
    /// # Errors
    /// [`RsaError::Ciphertext`] or [`RsaError::Padding`].
    pub fn decrypt(
        &self,
        secret: &[u8],
        measure: impl FnOnce(&[u8]) -> Option<usize>,
    ) -> Result<RsaDecrypted, RsaError> {
        let number: U2048 = from_bytes(secret).ok_or(RsaError::Ciphertext)?;
        if number >= *self.public.n.modulus() {
            return Err(RsaError::Ciphertext);
        }
        let block: [u8; 256] = to_bytes(&self.power(&number));
        if let Some(data) = open_rsa_pad(&block) {
            return Ok(RsaDecrypted {
                padding: RsaPadding::RsaPad,
                data,
            });
        }
        let length = measure(&block[21..])
            .filter(|_| block[0] == 0)
            .ok_or(RsaError::Padding)?;
        let data = block[21..].get(..length).ok_or(RsaError::Padding)?;
        if sha1(&[data]).ct_eq(&block[1..21]).into() {
            Ok(RsaDecrypted {
                padding: RsaPadding::Sha1,
                data: data.to_vec(),
            })
        } else {
            Err(RsaError::Padding)
        }
    }
}

fn open_rsa_pad(block: &[u8; 256]) -> Option<Vec<u8>> {
    let mut secret = [0; 224];
    secret.copy_from_slice(&block[32..]);
    let mut temp_key = sha256(&[&secret]);
    temp_key
        .iter_mut()
        .zip(block)
        .for_each(|(key, byte)| *key ^= byte);
    ige_decrypt(&temp_key, &[0; 32], secret.as_chunks_mut().0);
    let (data, hash) = secret.split_at_mut(192);
    data.reverse();
    bool::from(sha256(&[&temp_key, data]).ct_eq(hash)).then(|| data.to_vec())
}

impl Drop for RsaPrivateKey {
    fn drop(&mut self) {
        for secret in [&mut self.d_p, &mut self.d_q, &mut self.q_inverse] {
            *secret = U1024::ZERO;
            core::hint::black_box(secret);
        }
    }
}

impl fmt::Debug for RsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPrivateKey({:016x})", self.public.fingerprint())
    }
}
