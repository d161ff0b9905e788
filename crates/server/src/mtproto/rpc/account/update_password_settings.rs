//! `account.updatePasswordSettings`: a password is set, changed or removed.

use crate::mtproto::rpc::{Answer, Context};
use crate::mtproto::vault::SavedPassword;
use ringback_tl::{functions, types};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: functions::account::UpdatePasswordSettings,
) -> Answer {
    let user = context.me()?;
    context.mtproto().check_password(user, &call.password)?;
    let settings = call.new_settings;
    let saved = match (settings.new_algo, settings.new_password_hash) {
        (None | Some(types::PasswordKdfAlgo::Unknown), _) | (_, None) => None,
        (
            Some(types::PasswordKdfAlgo::SHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(algo)),
            Some(hash),
        ) => {
            let whole = hash.len() == 256;
            let saved = SavedPassword {
                salt1: algo.salt1,
                salt2: algo.salt2,
                verifier: hash,
                hint: settings.hint.filter(|hint| !hint.is_empty()),
            };
            Some(saved).filter(|_| whole)
        }
    };
    context.mtproto().keep_password(user, saved);
    context.give(&true)
}
