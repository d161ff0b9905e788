//! `account.updatePasswordSettings`: a password is set, changed or removed.

use crate::mtproto::rpc::{Answer, Context, Refusal};
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
        // Only an address is changed, or the like: there is nothing of that kind here.
        (None, None) => return context.give(&true),
        // Libraries that take a password away name any algorithm, or none, with an empty verifier.
        (_, Some(hash)) if hash.is_empty() => None,
        (
            Some(types::PasswordKdfAlgo::SHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(algo)),
            Some(verifier),
        ) if context.mtproto().can_verify(&algo, &verifier) => Some(SavedPassword {
            salt1: algo.salt1,
            salt2: algo.salt2,
            verifier,
            hint: settings.hint.filter(|hint| !hint.is_empty()),
        }),
        // Whatever else it is, no password would fit it.
        _ => return Err(Refusal::new(400, "NEW_SETTINGS_INVALID")),
    };
    context.mtproto().keep_password(user, saved);
    context.give(&true)
}
