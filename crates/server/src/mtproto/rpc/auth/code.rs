//! Login codes.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, types};
use ringback_world::{Error, World};

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

pub(in crate::mtproto::rpc) fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// Ties a code to the number that it was asked for.
pub(in crate::mtproto::rpc) fn code_hash(world: &World, phone: &str) -> String {
    let seed = world.seed();
    format!(
        "{:016x}",
        seed.number("phone code", &[seed.digest(digits(phone).as_bytes())])
    )
}

pub(in crate::mtproto::rpc) fn sent_code(context: &Context<'_>, phone: &str) -> Answer {
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
pub(in crate::mtproto::rpc) fn check_code(
    world: &World,
    phone: &str,
    hash: &str,
    code: Option<&str>,
) -> Result<(), Error> {
    if hash != code_hash(world, phone) {
        return Err(Error::PhoneCodeExpired);
    }
    match code {
        Some(code) if code.trim() == login_code(phone) => Ok(()),
        _ => Err(Error::PhoneCodeInvalid),
    }
}
