//! Two-step verification: each account's verifier, and the challenges that are open.

use super::vault::SavedPassword;
use super::{Mtproto, random, random_array};
use ringback_mtproto::crypto::DhGroup;
use ringback_mtproto::srp::{Challenge, PasswordAlgo};
use ringback_tl::types::InputCheckPasswordSRP;
use ringback_tl::{ctors, types};
use ringback_world::calls::Proof;
use ringback_world::{Error, UserId};
use std::collections::{HashMap, VecDeque};

/// Challenges of one account that can be answered at a time.
const MAX_CHALLENGES: usize = 32;

/// All passwords.
#[derive(Default)]
pub(super) struct Passwords {
    accounts: HashMap<UserId, Account>,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passwords")
            .field("accounts", &self.accounts.len())
            .finish_non_exhaustive()
    }
}

struct Account {
    saved: SavedPassword,
    /// A challenge stays good after a wrong answer: some libraries use it again.
    challenges: VecDeque<Challenge>,
}

impl Passwords {
    pub(super) fn new(saved: Vec<(i64, SavedPassword)>) -> Passwords {
        let accounts = saved.into_iter().map(|(user, saved)| {
            let challenges = VecDeque::new();
            (UserId(user), Account { saved, challenges })
        });
        Passwords {
            accounts: accounts.collect(),
        }
    }

    /// Forgets the passwords of those for whom `stays` is false; says whose.
    pub(super) fn retain(&mut self, stays: impl Fn(UserId) -> bool) -> Vec<UserId> {
        let gone: Vec<UserId> = self
            .accounts
            .keys()
            .copied()
            .filter(|user| !stays(*user))
            .collect();
        for user in &gone {
            self.accounts.remove(user);
        }
        gone
    }
}

fn algo(saved: &SavedPassword, group: &DhGroup) -> PasswordAlgo {
    PasswordAlgo {
        salt1: saved.salt1.clone(),
        salt2: saved.salt2.clone(),
        group: group.clone(),
    }
}

fn to_tl(algo: &PasswordAlgo) -> types::PasswordKdfAlgo {
    ctors::PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow {
        salt1: algo.salt1.clone(),
        salt2: algo.salt2.clone(),
        g: algo.group.g().cast_signed(),
        p: algo.group.prime().to_vec(),
    }
    .into()
}

impl Mtproto {
    fn fresh_algo(&self) -> Option<PasswordAlgo> {
        let group = self.group.clone()?;
        Some(PasswordAlgo {
            salt1: random_array::<8>().to_vec(),
            salt2: random_array::<16>().to_vec(),
            group,
        })
    }

    /// Gives an account a password, or takes it away. This is slow on purpose, as the algorithm is.
    pub(crate) fn set_password(&self, user: UserId, password: Option<&str>) {
        let saved = password.zip(self.fresh_algo()).map(|(password, algo)| {
            let algo = algo.for_new_password(&mut random);
            SavedPassword {
                verifier: algo.verifier(password.as_bytes()).to_vec(),
                salt1: algo.salt1,
                salt2: algo.salt2,
                hint: None,
            }
        });
        self.keep_password(user, saved);
    }

    /// Gives an account the password that its client made a verifier of, or (with `None`) takes it away.
    pub(super) fn keep_password(&self, user: UserId, saved: Option<SavedPassword>) {
        self.vault.save_password(user.0, saved.as_ref());
        let mut passwords = self.passwords();
        match saved {
            Some(saved) => {
                let challenges = VecDeque::new();
                passwords.accounts.insert(user, Account { saved, challenges });
            }
            None => drop(passwords.accounts.remove(&user)),
        }
    }

    /// Whether a verifier and its algorithm are such that a password can be checked by them: of this server's group, and
    /// within it.
    pub(super) fn can_verify(
        &self,
        algo: &ctors::PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow,
        verifier: &[u8],
    ) -> bool {
        self.group.as_ref().is_some_and(|group| {
            algo.g.cast_unsigned() == group.g()
                && algo.p == group.prime()
                && verifier.len() == 256
                && group.check_public(verifier).is_ok()
        })
    }

    pub(crate) fn has_password(&self, user: UserId) -> bool {
        self.passwords().accounts.contains_key(&user)
    }

    /// Whether this is the account's password, of a caller that says it outright.
    pub(crate) fn is_password(&self, user: UserId, password: &str) -> Proof {
        let passwords = self.passwords();
        let Some((account, group)) = passwords.accounts.get(&user).zip(self.group.as_ref()) else {
            return Proof::Wrong;
        };
        let algo = algo(&account.saved, group);
        let kept = account.saved.verifier.clone();
        drop(passwords);
        if algo.verifier(password.as_bytes())[..] == kept {
            Proof::Right
        } else {
            Proof::Wrong
        }
    }

    /// `account.getPassword`: with a fresh challenge, if there is a password.
    pub(super) fn ask_password(&self, user: UserId) -> types::account::Password {
        let mut told = types::account::Password {
            new_algo: self
                .fresh_algo()
                .as_ref()
                .map_or(types::PasswordKdfAlgo::Unknown, to_tl),
            new_secure_algo: ctors::SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000 {
                salt: random_array::<8>().to_vec(),
            }
            .into(),
            secure_random: random_array::<256>().to_vec(),
            ..Default::default()
        };
        let mut passwords = self.passwords();
        if let Some((account, group)) = passwords.accounts.get_mut(&user).zip(self.group.as_ref())
            && let Ok(verifier) = <&[u8; 256]>::try_from(account.saved.verifier.as_slice())
        {
            let algo = algo(&account.saved, group);
            let challenge = Challenge::new(&algo, verifier, &mut random);
            told.has_password = true;
            told.current_algo = Some(to_tl(&algo));
            told.srp_b = Some(challenge.public.to_vec());
            told.srp_id = Some(challenge.srp_id);
            told.hint.clone_from(&account.saved.hint);
            account.challenges.push_back(challenge);
            if account.challenges.len() > MAX_CHALLENGES {
                account.challenges.pop_front();
            }
        }
        told
    }

    /// Checks a proof. Of an account without a password none is right.
    pub(super) fn check_password(&self, user: UserId, proof: &InputCheckPasswordSRP) -> Result<(), Error> {
        let InputCheckPasswordSRP::InputCheckPasswordSRP(proof) = proof else {
            return if self.has_password(user) {
                Err(Error::PasswordHashInvalid)
            } else {
                Ok(())
            };
        };
        let mut passwords = self.passwords();
        let Some((account, group)) = passwords.accounts.get_mut(&user).zip(self.group.as_ref()) else {
            return Err(Error::PasswordHashInvalid);
        };
        let algo = algo(&account.saved, group);
        let at = account
            .challenges
            .iter()
            .position(|challenge| challenge.srp_id == proof.srp_id);
        let at = at.ok_or(Error::SrpIdInvalid)?;
        let right = account.challenges[at].check(&algo, &proof.a, &proof.m1).is_ok();
        if right {
            account.challenges.remove(at);
            Ok(())
        } else {
            Err(Error::PasswordHashInvalid)
        }
    }
}
