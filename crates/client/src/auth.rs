//! Signing in and out. <https://core.telegram.org/api/auth>, <https://core.telegram.org/api/srp>

use ringback_mtproto::crypto::DhGroup;
use ringback_mtproto::srp::{PasswordAlgo, Proof};
use ringback_tl::{ctors, functions, types};
use zeroize::Zeroizing;

use crate::client::Client;
use crate::error::Error;
use crate::peer::Peer;
use crate::system::random;

/// A code is on its way to this number.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SentCode {
    /// The number it was asked for.
    pub phone: String,
    hash: String,
}

impl Client {
    /// Asks for a code: by message to the account's other sessions, or by SMS. With it comes
    /// [`sign_in`](Self::sign_in).
    ///
    /// # Errors
    /// `PHONE_NUMBER_INVALID` and others of <https://core.telegram.org/method/auth.sendCode>.
    pub async fn send_code(&self, phone: &str) -> Result<SentCode, Error> {
        let settings = &self.shared.settings;
        let call = functions::auth::SendCode {
            phone_number: phone.to_owned(),
            api_id: settings.api_id,
            api_hash: settings.api_hash.clone(),
            settings: types::CodeSettings::default(),
        };
        match self.invoke(&call).await? {
            types::auth::SentCode::SentCode(sent) => Ok(SentCode {
                phone: phone.to_owned(),
                hash: sent.phone_code_hash,
            }),
            _ => Err(Error::Unexpected("no code was sent")),
        }
    }

    /// Signs in with the code that came.
    ///
    /// # Errors
    /// [`Error::PasswordNeeded`]: go on with [`check_password`](Self::check_password). [`Error::CodeWrong`].
    pub async fn sign_in(&self, sent: &SentCode, code: &str) -> Result<Peer, Error> {
        let call = functions::auth::SignIn {
            phone_number: sent.phone.clone(),
            phone_code_hash: sent.hash.clone(),
            phone_code: Some(code.trim().to_owned()),
            email_verification: None,
        };
        let authorization = self.invoke(&call).await?;
        self.authorized(&authorization)
    }

    /// The whole of it: `code` is asked for the code, and `password` for the password if there is one.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in) and [`check_password`](Self::check_password).
    pub async fn sign_in_with<C, P>(&self, phone: &str, code: C, password: P) -> Result<Peer, Error>
    where
        C: AsyncFnOnce() -> String,
        P: AsyncFnOnce() -> String,
    {
        let sent = self.send_code(phone).await?;
        match self.sign_in(&sent, &code().await).await {
            Err(Error::PasswordNeeded) => {
                let password = Zeroizing::new(password().await);
                self.check_password(&password).await
            }
            done => done,
        }
    }

    /// Proves the two-step verification password, without sending it.
    ///
    /// # Errors
    /// [`Error::PasswordWrong`]: try another one.
    pub async fn check_password(&self, password: &str) -> Result<Peer, Error> {
        let password = self.password_proof(password).await?;
        let authorization = self.invoke(&functions::auth::CheckPassword { password }).await?;
        self.authorized(&authorization)
    }

    /// Signs in as a bot.
    ///
    /// # Errors
    /// `ACCESS_TOKEN_INVALID`, `ACCESS_TOKEN_EXPIRED`.
    pub async fn sign_in_bot(&self, token: &str) -> Result<Peer, Error> {
        let settings = &self.shared.settings;
        let call = functions::auth::ImportBotAuthorization {
            flags: 0,
            api_id: settings.api_id,
            api_hash: settings.api_hash.clone(),
            bot_auth_token: token.to_owned(),
        };
        let authorization = self.invoke(&call).await?;
        self.authorized(&authorization)
    }

    /// The account that is signed in.
    ///
    /// # Errors
    /// 401 `AUTH_KEY_UNREGISTERED` if none is.
    pub async fn me(&self) -> Result<Peer, Error> {
        let id = vec![types::InputUser::Self_];
        let users = self.invoke(&functions::users::GetUsers { id }).await?;
        self.known().learn(&users, &[]);
        let me = users.first().and_then(Peer::of_user);
        me.ok_or(Error::Unexpected("nobody is signed in"))
    }

    /// Signs out: the session is worth nothing any more.
    ///
    /// # Errors
    /// When the server does not say so.
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.invoke(&functions::auth::LogOut).await?;
        self.signed_in(0)
    }

    fn authorized(&self, authorization: &types::auth::Authorization) -> Result<Peer, Error> {
        let types::auth::Authorization::Authorization(authorization) = authorization else {
            return Err(Error::SignUpRequired);
        };
        let types::User::User(user) = &authorization.user else {
            return Err(Error::Unexpected("an account that is nobody"));
        };
        self.signed_in(user.id)?;
        let me = Peer::of_user(&authorization.user);
        self.known().learn(std::slice::from_ref(&authorization.user), &[]);
        me.ok_or(Error::Unexpected("an account without an access hash"))
    }

    /// The proof of the account's password (SRP) for one raw call that wants it; each needs one of its own. Presses and
    /// [`check_password`](Self::check_password) make theirs themselves. <https://core.telegram.org/api/srp>
    ///
    /// Without a password on the account, it is the empty proof.
    ///
    /// # Errors
    /// [`Error::PasswordAlgorithm`], [`Error::Srp`], or what the server says.
    pub async fn password_proof(&self, password: &str) -> Result<types::InputCheckPasswordSRP, Error> {
        let asked = self.invoke(&functions::account::GetPassword).await?;
        let Some(algo) = asked.current_algo else {
            return Ok(types::InputCheckPasswordSRP::InputCheckPasswordEmpty);
        };
        let types::PasswordKdfAlgo::SHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(algo) = algo else {
            return Err(Error::PasswordAlgorithm);
        };
        let (Some(public), Some(srp_id)) = (asked.srp_b, asked.srp_id) else {
            return Err(Error::Unexpected("a password without a challenge"));
        };
        let password = Zeroizing::new(password.as_bytes().to_vec());
        // A tenth of a second of arithmetic.
        let proof = tokio::task::spawn_blocking(move || {
            let group =
                DhGroup::verify(&algo.p, algo.g.cast_unsigned()).map_err(|_| Error::PasswordAlgorithm)?;
            let algo = PasswordAlgo {
                salt1: algo.salt1,
                salt2: algo.salt2,
                group,
            };
            Ok::<_, Error>(Proof::new(&algo, &password, &public, &mut random)?)
        });
        let proof = proof.await.map_err(|_| Error::Closed)??;
        Ok(ctors::InputCheckPasswordSRP {
            srp_id,
            a: proof.a.to_vec(),
            m1: proof.m1.to_vec(),
        }
        .into())
    }
}
