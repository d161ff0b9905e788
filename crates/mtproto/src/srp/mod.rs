//! Two-step verification: a password proved without being sent.
//!
//! The server keeps a [`verifier`](PasswordAlgo::verifier), not the password. For each attempt it makes a
//! [`Challenge`]; the client answers with a [`Proof`]. All arithmetic with secrets takes the same time whatever they
//! are. Source: <https://core.telegram.org/api/srp>.

use std::fmt;

use crypto_bigint::{U512, U2048};
use thiserror::Error;
use zeroize::Zeroize;

use crate::Random;
use crate::crypto::{ConstantTimeEq, DhError, DhGroup, array, pbkdf2_sha512, sha256};

mod bytes;

use bytes::{field, from, to};

/// Rounds of PBKDF2.
const ROUNDS: u32 = 100_000;

/// Why a password was not accepted, or a proof not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SrpError {
    /// `A` is zero modulo the prime, or too long. The API's answer is 400 `PASSWORD_HASH_INVALID`.
    #[error("the client's public number is not acceptable")]
    ClientPublic,
    /// `B` is out of range.
    #[error("the server's public number is not acceptable: {0}")]
    ServerPublic(#[from] DhError),
    /// The proof does not fit: the password is wrong. The API's answer is 400 `PASSWORD_HASH_INVALID`.
    #[error("the password is wrong")]
    Password,
}

/// `passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow`: the salts and the group.
#[derive(Debug, Clone)]
pub struct PasswordAlgo {
    /// The longer salt; its end is the client's own choice.
    pub salt1: Vec<u8>,
    /// The shorter salt.
    pub salt2: Vec<u8>,
    /// The prime and the generator.
    pub group: DhGroup,
}

impl PasswordAlgo {
    /// The algorithm for a password that is being set: the server's salt with 32 random bytes after it.
    ///
    /// With its [`verifier`](Self::verifier) it makes up `account.passwordInputSettings`.
    #[must_use]
    pub fn for_new_password(&self, random: &mut dyn Random) -> Self {
        let mut salted = self.clone();
        salted.salt1.extend(array::<32>(random));
        salted
    }

    /// `x`: what the password comes to.
    fn hash(&self, password: &[u8]) -> [u8; 32] {
        let salted = |data: &[u8], salt: &[u8]| sha256(&[salt, data, salt]);
        let mut first = salted(&salted(password, &self.salt1), &self.salt2);
        let mut stretched = pbkdf2_sha512(&first, &self.salt1, ROUNDS);
        let hash = salted(&stretched, &self.salt2);
        first.zeroize();
        stretched.zeroize();
        hash
    }

    /// `v = g^x`: what the server keeps, and what a client sends as `new_password_hash`.
    #[must_use]
    pub fn verifier(&self, password: &[u8]) -> [u8; 256] {
        let mut x = self.hash(password);
        let mut exponent = [0; 256];
        exponent[224..].copy_from_slice(&x);
        let verifier = self.group.power_of_g(&exponent);
        x.zeroize();
        exponent.zeroize();
        verifier
    }

    fn g(&self) -> [u8; 256] {
        to(&U2048::from_u32(self.group.g()))
    }

    /// `k = H(p | g)`.
    fn k(&self) -> U2048 {
        field(&self.group).reduce(&U2048::from_be_slice(&wide(&sha256(&[
            &self.group.prime(),
            &self.g(),
        ]))))
    }

    /// `M1 = H(H(p) xor H(g) | H(salt1) | H(salt2) | A | B | K)`.
    fn m1(&self, a: &[u8; 256], b: &[u8; 256], shared: &[u8; 256]) -> [u8; 32] {
        let mut mixed = sha256(&[&self.group.prime()]);
        mixed
            .iter_mut()
            .zip(sha256(&[&self.g()]))
            .for_each(|(to, byte)| *to ^= byte);
        let (salt1, salt2) = (sha256(&[&self.salt1]), sha256(&[&self.salt2]));
        sha256(&[&mixed, &salt1, &salt2, a, b, &sha256(&[shared])])
    }
}

/// 32 bytes as the low end of 256.
fn wide(short: &[u8; 32]) -> [u8; 256] {
    let mut out = [0; 256];
    out[224..].copy_from_slice(short);
    out
}

/// What the server asks, once for each attempt.
pub struct Challenge {
    /// Names it: `srp_id` of `account.password`. Some clients use one again after a wrong password: keep it until a
    /// right one.
    pub srp_id: i64,
    /// `B`: `srp_B` of `account.password`, always 256 bytes, as some clients hash them as they come.
    pub public: [u8; 256],
    secret: [u8; 256],
    verifier: [u8; 256],
}

impl Challenge {
    /// Makes one for an account whose password has this verifier.
    #[must_use]
    pub fn new(algo: &PasswordAlgo, verifier: &[u8; 256], random: &mut dyn Random) -> Self {
        let field = field(&algo.group);
        let blinded = field.mul(&algo.k(), &field.reduce(&from(verifier)));
        loop {
            let secret = array(random);
            let public = to(&field.add(&blinded, &field.reduce(&from(&algo.group.power_of_g(&secret)))));
            // Clients check it as they check the server's number in a key exchange.
            if algo.group.check_public(&public).is_ok() {
                let srp_id = i64::from_le_bytes(array(random));
                return Self {
                    srp_id,
                    public,
                    secret,
                    verifier: *verifier,
                };
            }
        }
    }

    /// Checks a client's answer: `A` and `M1` of `inputCheckPasswordSRP`.
    ///
    /// # Errors
    /// [`SrpError::ClientPublic`] or [`SrpError::Password`].
    pub fn check(&self, algo: &PasswordAlgo, a: &[u8], m1: &[u8]) -> Result<(), SrpError> {
        let field = field(&algo.group);
        let a: U2048 = crate::crypto::number(a).ok_or(SrpError::ClientPublic)?;
        let reduced = field.reduce(&a);
        if reduced == U2048::ZERO {
            return Err(SrpError::ClientPublic);
        }
        let a: [u8; 256] = to(&a);
        let u = from(&wide(&sha256(&[&a, &self.public])));
        let verifier = field.reduce(&from(&self.verifier));
        let base = field.mul(&reduced, &field.pow(&verifier, &u));
        let mut shared: [u8; 256] = to(&field.pow(&base, &from(&self.secret)));
        let expected = algo.m1(&a, &self.public, &shared);
        shared.zeroize();
        if bool::from(expected.ct_eq(m1)) {
            Ok(())
        } else {
            Err(SrpError::Password)
        }
    }
}

impl Drop for Challenge {
    fn drop(&mut self) {
        self.secret.zeroize();
        self.verifier.zeroize();
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenge")
            .field("srp_id", &self.srp_id)
            .finish_non_exhaustive()
    }
}

/// What a client answers: `A` and `M1` of `inputCheckPasswordSRP`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// `A`.
    pub a: [u8; 256],
    /// `M1`.
    pub m1: [u8; 32],
}

impl Proof {
    /// Proves a password to a server that sent `server_public` (`srp_B`).
    ///
    /// # Errors
    /// [`SrpError::ServerPublic`] when `B` is not what an honest server sends.
    pub fn new(
        algo: &PasswordAlgo,
        password: &[u8],
        server_public: &[u8],
        random: &mut dyn Random,
    ) -> Result<Self, SrpError> {
        let server_public = algo.group.check_public(server_public)?;
        loop {
            let mut secret = array(random);
            let proof = Self::with_secret(algo, password, &server_public, &secret);
            secret.zeroize();
            if let Some(proof) = proof.filter(|proof| algo.group.check_public(&proof.a).is_ok()) {
                return Ok(proof);
            }
        }
    }

    /// The proof for one secret number; `None` in the one case of 2^256 that the protocol forbids.
    fn with_secret(
        algo: &PasswordAlgo,
        password: &[u8],
        server_public: &[u8; 256],
        secret: &[u8; 256],
    ) -> Option<Self> {
        let field = field(&algo.group);
        let a = algo.group.power_of_g(secret);
        let u_bytes = sha256(&[&a, server_public]);
        if u_bytes == [0; 32] {
            return None;
        }
        let mut x = algo.hash(password);
        let verifier = from(&algo.group.power_of_g(&wide(&x)));
        let blinded = field.mul(&algo.k(), &verifier);
        let base = field.sub(&field.reduce(&from(server_public)), &blinded);
        // (B - k·v)^(a + u·x), as two powers: the sum may need one bit more than there is room for.
        let product: U512 = crypto_bigint::U256::from_be_slice(&u_bytes)
            .concatenating_mul(&crypto_bigint::U256::from_be_slice(&x));
        let mut shared: [u8; 256] = to(&field.mul(
            &field.pow(&base, &from(secret)),
            &field.pow(&base, &product.resize()),
        ));
        x.zeroize();
        let m1 = algo.m1(&a, server_public, &shared);
        shared.zeroize();
        Some(Self { a, m1 })
    }
}

#[cfg(test)]
mod tests;
