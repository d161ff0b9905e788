//! The second half of the key exchange: Diffie–Hellman. Source: <https://core.telegram.org/mtproto/auth_key>.

use super::wire::{Reader, WireError, put_bytes, put_i32, put_i64, put_u32};

/// `server_DH_params_ok` or `server_DH_params_fail`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerDhParams {
    /// The server's half of the exchange.
    Ok {
        /// The client's nonce.
        nonce: [u8; 16],
        /// The server's nonce.
        server_nonce: [u8; 16],
        /// SHA-1, [`ServerDhInner`] and padding, encrypted.
        encrypted_answer: Vec<u8>,
    },
    /// The server refuses.
    Fail {
        /// The client's nonce.
        nonce: [u8; 16],
        /// The server's nonce.
        server_nonce: [u8; 16],
        /// The low 128 bits of the SHA-1 of the new nonce.
        new_nonce_hash: [u8; 16],
    },
}

impl ServerDhParams {
    const OK: u32 = 0xd0e8_075c;
    const FAIL: u32 = 0x79cb_045d;

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(640);
        match self {
            Self::Ok {
                nonce,
                server_nonce,
                encrypted_answer,
            } => {
                put_u32(&mut out, Self::OK);
                out.extend(nonce);
                out.extend(server_nonce);
                put_bytes(&mut out, encrypted_answer);
            }
            Self::Fail {
                nonce,
                server_nonce,
                new_nonce_hash,
            } => {
                put_u32(&mut out, Self::FAIL);
                out.extend(nonce);
                out.extend(server_nonce);
                out.extend(new_nonce_hash);
            }
        }
        out
    }

    /// Reads one.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let id = reader.u32()?;
        let (nonce, server_nonce) = (reader.array()?, reader.array()?);
        match id {
            Self::OK => Ok(Self::Ok {
                nonce,
                server_nonce,
                encrypted_answer: reader.bytes()?.to_vec(),
            }),
            Self::FAIL => Ok(Self::Fail {
                nonce,
                server_nonce,
                new_nonce_hash: reader.array()?,
            }),
            other => Err(WireError::Constructor(other)),
        }
    }
}

/// `server_DH_inner_data`: the group, the server's public number and its clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerDhInner {
    /// The client's nonce.
    pub nonce: [u8; 16],
    /// The server's nonce.
    pub server_nonce: [u8; 16],
    /// The generator.
    pub g: i32,
    /// The prime, big-endian.
    pub dh_prime: Vec<u8>,
    /// The server's public number, big-endian.
    pub g_a: Vec<u8>,
    /// Seconds since the Unix epoch.
    pub server_time: i32,
}

impl ServerDhInner {
    const ID: u32 = 0xb589_0dba;

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(600);
        put_u32(&mut out, Self::ID);
        out.extend(self.nonce);
        out.extend(self.server_nonce);
        put_i32(&mut out, self.g);
        put_bytes(&mut out, &self.dh_prime);
        put_bytes(&mut out, &self.g_a);
        put_i32(&mut out, self.server_time);
        out
    }

    /// Reads one and says how many bytes it took.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<(Self, usize), WireError> {
        let mut reader = Reader::new(bytes);
        reader.expect(Self::ID)?;
        let data = Self {
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            g: reader.i32()?,
            dh_prime: reader.bytes()?.to_vec(),
            g_a: reader.bytes()?.to_vec(),
            server_time: reader.i32()?,
        };
        Ok((data, bytes.len() - reader.rest().len()))
    }
}

/// `client_DH_inner_data`: the client's public number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientDhInner {
    /// The client's nonce.
    pub nonce: [u8; 16],
    /// The server's nonce.
    pub server_nonce: [u8; 16],
    /// 0 the first time, then the previous key's auxiliary hash.
    pub retry_id: i64,
    /// The client's public number, big-endian.
    pub g_b: Vec<u8>,
}

impl ClientDhInner {
    const ID: u32 = 0x6643_b654;

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(320);
        put_u32(&mut out, Self::ID);
        out.extend(self.nonce);
        out.extend(self.server_nonce);
        put_i64(&mut out, self.retry_id);
        put_bytes(&mut out, &self.g_b);
        out
    }

    /// Reads one and says how many bytes it took.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<(Self, usize), WireError> {
        let mut reader = Reader::new(bytes);
        reader.expect(Self::ID)?;
        let data = Self {
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            retry_id: reader.i64()?,
            g_b: reader.bytes()?.to_vec(),
        };
        Ok((data, bytes.len() - reader.rest().len()))
    }
}

/// `set_client_DH_params`: [`ClientDhInner`], encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetClientDhParams {
    /// The client's nonce.
    pub nonce: [u8; 16],
    /// The server's nonce.
    pub server_nonce: [u8; 16],
    /// SHA-1, [`ClientDhInner`] and padding, encrypted.
    pub encrypted_data: Vec<u8>,
}

impl SetClientDhParams {
    const ID: u32 = 0xf504_5f1f;

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(400);
        put_u32(&mut out, Self::ID);
        out.extend(self.nonce);
        out.extend(self.server_nonce);
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
            encrypted_data: reader.bytes()?.to_vec(),
        })
    }
}

/// How a key exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DhGenKind {
    /// `dh_gen_ok`: the key is made.
    Ok,
    /// `dh_gen_retry`: this key is taken, the client is to choose another number.
    Retry,
    /// `dh_gen_fail`: there is no key.
    Fail,
}

/// `dh_gen_ok`, `dh_gen_retry` or `dh_gen_fail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DhGen {
    /// Which of the three.
    pub kind: DhGenKind,
    /// The client's nonce.
    pub nonce: [u8; 16],
    /// The server's nonce.
    pub server_nonce: [u8; 16],
    /// Proof that the server has the same key: `new_nonce_hash1`, `2` or `3`.
    pub new_nonce_hash: [u8; 16],
}

impl DhGenKind {
    /// The number that goes into the hash.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Ok => 1,
            Self::Retry => 2,
            Self::Fail => 3,
        }
    }
}

impl DhGen {
    const IDS: [(u32, DhGenKind); 3] = [
        (0x3bcb_f734, DhGenKind::Ok),
        (0x46dc_1fb9, DhGenKind::Retry),
        (0xa69d_ae02, DhGenKind::Fail),
    ];

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(52);
        put_u32(&mut out, Self::IDS[usize::from(self.kind.number() - 1)].0);
        out.extend(self.nonce);
        out.extend(self.server_nonce);
        out.extend(self.new_nonce_hash);
        out
    }

    /// Reads one.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let id = reader.u32()?;
        let kind = Self::IDS
            .iter()
            .find(|(known, _)| *known == id)
            .ok_or(WireError::Constructor(id))?
            .1;
        Ok(Self {
            kind,
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            new_nonce_hash: reader.array()?,
        })
    }
}

/// `bind_auth_key_inner`: what ties a temporary key to a permanent one.
///
/// Source: <https://core.telegram.org/method/auth.bindTempAuthKey>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BindAuthKeyInner {
    /// A random number, repeated in the request.
    pub nonce: i64,
    /// The temporary key.
    pub temp_auth_key_id: i64,
    /// The permanent key.
    pub perm_auth_key_id: i64,
    /// The session that the request is made in.
    pub temp_session_id: i64,
    /// When the binding ends, in seconds since the Unix epoch.
    pub expires_at: i32,
}

impl BindAuthKeyInner {
    const ID: u32 = 0x75a3_f765;

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(40);
        put_u32(&mut out, Self::ID);
        for value in [
            self.nonce,
            self.temp_auth_key_id,
            self.perm_auth_key_id,
            self.temp_session_id,
        ] {
            put_i64(&mut out, value);
        }
        put_i32(&mut out, self.expires_at);
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
            nonce: reader.i64()?,
            temp_auth_key_id: reader.i64()?,
            perm_auth_key_id: reader.i64()?,
            temp_session_id: reader.i64()?,
            expires_at: reader.i32()?,
        })
    }
}
