//! Signing in and out.

use super::{Answer, Context};
use crate::mtproto::encode;
use ringback_mtproto::service::BindAuthKeyInner;
use ringback_mtproto::session::open_bind_message;
use ringback_tl::{ctors, functions, types};
use ringback_world::calls::{CreateUser, UseToken};
use ringback_world::{Error, UserId, World};
use std::time::Duration;

/// The code with which a number signs in. Numbers of the form 99966XYYYY, as on Telegram's test servers, have XXXXX;
/// of every other it is the last five digits. A rule, so that programs need not ask; it is also to be had from the
/// control API.
pub(crate) fn login_code(phone: &str) -> String {
    let digits = digits(phone);
    if let Some(rest) = digits.strip_prefix("99966")
        && rest.len() == 5
        && let Some(first) = rest.get(..1)
    {
        return first.repeat(5);
    }
    let padded = format!("{digits:0>5}");
    padded.get(padded.len() - 5..).unwrap_or("00000").to_owned()
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// Ties a code to the number that it was asked for.
fn code_hash(world: &World, phone: &str) -> String {
    let seed = world.seed();
    format!(
        "{:016x}",
        seed.number("phone code", &[seed.digest(digits(phone).as_bytes())])
    )
}

pub(super) fn send_code(context: &Context<'_>, call: &functions::auth::SendCode) -> Answer {
    sent_code(context, &call.phone_number)
}

pub(super) fn resend_code(context: &Context<'_>, call: &functions::auth::ResendCode) -> Answer {
    sent_code(context, &call.phone_number)
}

fn sent_code(context: &Context<'_>, phone: &str) -> Answer {
    if !(5..=20).contains(&digits(phone).len()) {
        return Err(Error::PhoneNumberInvalid.into());
    }
    let sent = ctors::auth::SentCode {
        r#type: ctors::auth::SentCodeTypeApp { length: 5 }.into(),
        phone_code_hash: code_hash(context.lock().world(), phone),
        next_type: None,
        timeout: None,
    };
    context.give(&types::auth::SentCode::from(sent))
}

/// Whether the code is the number's.
fn check_code(world: &World, phone: &str, hash: &str, code: Option<&str>) -> Result<(), Error> {
    if hash != code_hash(world, phone) {
        return Err(Error::PhoneCodeExpired);
    }
    match code {
        Some(code) if code.trim() == login_code(phone) => Ok(()),
        _ => Err(Error::PhoneCodeInvalid),
    }
}

pub(super) fn sign_in(context: &Context<'_>, call: &functions::auth::SignIn) -> Answer {
    let user = {
        let locked = context.lock();
        let world = locked.world();
        let phone = &call.phone_number;
        check_code(world, phone, &call.phone_code_hash, call.phone_code.as_deref())?;
        world.user_by_phone(phone)
    };
    let Some(user) = user else {
        let sign_up = ctors::auth::AuthorizationSignUpRequired::default();
        return context.give(&types::auth::Authorization::from(sign_up));
    };
    if context.mtproto().has_password(user) {
        context.mtproto().await_password(context.session.key_id, user);
        return Err(Error::SessionPasswordNeeded.into());
    }
    signed_in(context, user)
}

pub(super) fn sign_up(context: &Context<'_>, call: functions::auth::SignUp) -> Answer {
    let user = {
        let mut locked = context.lock();
        if call.phone_code_hash != code_hash(locked.world(), &call.phone_number) {
            return Err(Error::PhoneCodeExpired.into());
        }
        let new = CreateUser {
            first_name: call.first_name,
            last_name: Some(call.last_name).filter(|name| !name.is_empty()),
            phone: Some(call.phone_number),
            ..Default::default()
        };
        locked.call(None, new)?
    };
    signed_in(context, user)
}

pub(super) fn check_password(context: &Context<'_>, call: &functions::auth::CheckPassword) -> Answer {
    let user = context.mtproto().half_or_whole(context.session.key_id);
    let user = user.ok_or(Error::NotSignedIn)?;
    context.mtproto().check_password(user, &call.password)?;
    signed_in(context, user)
}

pub(super) fn import_bot(context: &Context<'_>, call: functions::auth::ImportBotAuthorization) -> Answer {
    let bot = {
        let mut locked = context.lock();
        let token = call.bot_auth_token;
        match locked.world().bot_by_token(&token) {
            Some(bot) => bot,
            None if context.app.hub.is_strict() => return Err(Error::TokenInvalid.into()),
            None => locked
                .call(None, UseToken { token })
                .map_err(|_| Error::TokenInvalid)?,
        }
    };
    signed_in(context, bot)
}

fn signed_in(context: &Context<'_>, user: UserId) -> Answer {
    context.mtproto().sign_in(context.session.key_id, Some(user));
    let own = encode::user(context.lock().world(), user, user);
    let authorization = ctors::auth::Authorization {
        user: own,
        ..Default::default()
    };
    context.give(&types::auth::Authorization::from(authorization))
}

pub(super) fn log_out(context: &Context<'_>) -> Answer {
    context.me()?;
    context.mtproto().sign_in(context.session.key_id, None);
    context.give(&types::auth::LoggedOut::default())
}

/// The proof lies within a message that only the permanent key can have made.
pub(super) fn bind_temp_key(context: &Context<'_>, call: &functions::auth::BindTempAuthKey) -> Answer {
    let invalid = || super::Refusal::from(Error::EncryptedMessageInvalid);
    let permanent = context.mtproto().key(call.perm_auth_key_id).ok_or_else(invalid)?;
    let expected = BindAuthKeyInner {
        nonce: call.nonce,
        temp_auth_key_id: context.session.key_id,
        perm_auth_key_id: call.perm_auth_key_id,
        temp_session_id: context.session.id,
        expires_at: call.expires_at,
    };
    open_bind_message(&permanent, &call.encrypted_message, &expected, context.request)
        .map_err(|_| invalid())?;
    let until = Duration::from_secs(u64::try_from(call.expires_at).unwrap_or(0));
    context
        .mtproto()
        .bind(context.session.key_id, call.perm_auth_key_id, until);
    context.give(&true)
}
