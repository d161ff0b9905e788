//! `auth.importBotAuthorization`: a bot signs in with its token.

use super::signed_in::signed_in;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::Error;
use ringback_world::calls::UseToken;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: functions::auth::ImportBotAuthorization,
) -> Answer {
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
