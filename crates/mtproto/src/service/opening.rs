//! The first half of the key exchange: nonces and the number to split. Source: <https://core.telegram.org/mtproto/auth_key>.

use super::wire::{Reader, WireError, put_bytes, put_i32, put_i64, put_longs, put_u32};

/// A big-endian number of at most eight bytes in a TL string.
fn number(reader: &mut Reader<'_>) -> Result<u64, WireError> {
    let bytes = reader.bytes()?;
    if bytes.len() > 8 {
        return Err(WireError::Value);
    }
    Ok(bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn put_number(out: &mut Vec<u8>, number: u64) {
    let bytes = number.to_be_bytes();
    put_bytes(out, &bytes[(number.leading_zeros() / 8).min(7) as usize..]);
}

/// `req_pq` or `req_pq_multi`: the client's opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReqPq {
    /// The client's nonce, echoed in everything that follows.
    pub nonce: [u8; 16],
    /// Whether it was `req_pq_multi`, as it should be; the other one is older.
    pub multi: bool,
}

impl ReqPq {
    const OLD: u32 = 0x6046_9778;
    const MULTI: u32 = 0xbe7e_8ef1;

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_u32(&mut out, if self.multi { Self::MULTI } else { Self::OLD });
        out.extend(self.nonce);
        out
    }

    /// Reads one.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let multi = match reader.u32()? {
            Self::MULTI => true,
            Self::OLD => false,
            other => return Err(WireError::Constructor(other)),
        };
        Ok(Self {
            nonce: reader.array()?,
            multi,
        })
    }
}

/// `resPQ`: the server's number to split and the keys that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResPq {
    /// The client's nonce.
    pub nonce: [u8; 16],
    /// The server's nonce.
    pub server_nonce: [u8; 16],
    /// A product of two primes.
    pub pq: u64,
    /// Fingerprints of the server's RSA keys.
    pub fingerprints: Vec<i64>,
}

impl ResPq {
    const ID: u32 = 0x0516_2463;

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_u32(&mut out, Self::ID);
        out.extend(self.nonce);
        out.extend(self.server_nonce);
        put_number(&mut out, self.pq);
        put_longs(&mut out, &self.fingerprints);
        out
    }

    /// Reads one.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        reader.expect(Self::ID)?;
        Ok(Self {
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            pq: number(&mut reader)?,
            fingerprints: reader.longs()?,
        })
    }
}

/// `p_q_inner_data` in its four forms: what the client encrypts with RSA.
#[derive(Clone, PartialEq, Eq)]
pub struct PqInnerData {
    /// The server's number.
    pub pq: u64,
    /// Its smaller factor.
    pub p: u32,
    /// Its larger factor.
    pub q: u32,
    /// The client's nonce.
    pub nonce: [u8; 16],
    /// The server's nonce.
    pub server_nonce: [u8; 16],
    /// The secret that the rest of the exchange is encrypted with.
    pub new_nonce: [u8; 32],
    /// The data centre the client thinks it talks to: plus 10000 for test ones, negative for media ones.
    pub dc: Option<i32>,
    /// For a temporary key: how many seconds it is to live.
    pub expires_in: Option<i32>,
}

impl PqInnerData {
    const PLAIN: u32 = 0x83c9_5aec;
    const DC: u32 = 0xa9f5_5f95;
    const TEMP: u32 = 0x3c6a_84d4;
    const TEMP_DC: u32 = 0x56fd_df88;

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(112);
        put_u32(
            &mut out,
            match (self.dc, self.expires_in) {
                (None, None) => Self::PLAIN,
                (Some(_), None) => Self::DC,
                (None, Some(_)) => Self::TEMP,
                (Some(_), Some(_)) => Self::TEMP_DC,
            },
        );
        for value in [self.pq, self.p.into(), self.q.into()] {
            put_number(&mut out, value);
        }
        out.extend(self.nonce);
        out.extend(self.server_nonce);
        out.extend(self.new_nonce);
        for value in [self.dc, self.expires_in].into_iter().flatten() {
            put_i32(&mut out, value);
        }
        out
    }

    /// Reads one and says how many bytes it took.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<(Self, usize), WireError> {
        let mut reader = Reader::new(bytes);
        let (dc, temp) = match reader.u32()? {
            Self::PLAIN => (false, false),
            Self::DC => (true, false),
            Self::TEMP => (false, true),
            Self::TEMP_DC => (true, true),
            other => return Err(WireError::Constructor(other)),
        };
        let pq = number(&mut reader)?;
        let mut factor = || u32::try_from(number(&mut reader)?).map_err(|_| WireError::Value);
        let (p, q) = (factor()?, factor()?);
        let data = Self {
            pq,
            p,
            q,
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            new_nonce: reader.array()?,
            dc: if dc { Some(reader.i32()?) } else { None },
            expires_in: if temp { Some(reader.i32()?) } else { None },
        };
        Ok((data, bytes.len() - reader.rest().len()))
    }
}

impl std::fmt::Debug for PqInnerData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PqInnerData")
            .field("pq", &self.pq)
            .field("dc", &self.dc)
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

/// `req_DH_params`: the client shows its work and sends its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReqDhParams {
    /// The client's nonce.
    pub nonce: [u8; 16],
    /// The server's nonce.
    pub server_nonce: [u8; 16],
    /// The smaller factor.
    pub p: u64,
    /// The larger factor.
    pub q: u64,
    /// The RSA key that was used.
    pub fingerprint: i64,
    /// [`PqInnerData`], padded and encrypted with it.
    pub encrypted_data: Vec<u8>,
}

impl ReqDhParams {
    const ID: u32 = 0xd712_e4be;

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(320);
        put_u32(&mut out, Self::ID);
        out.extend(self.nonce);
        out.extend(self.server_nonce);
        put_number(&mut out, self.p);
        put_number(&mut out, self.q);
        put_i64(&mut out, self.fingerprint);
        put_bytes(&mut out, &self.encrypted_data);
        out
    }

    /// Reads one.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        reader.expect(Self::ID)?;
        Ok(Self {
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            p: number(&mut reader)?,
            q: number(&mut reader)?,
            fingerprint: reader.i64()?,
            encrypted_data: reader.bytes()?.to_vec(),
        })
    }
}
