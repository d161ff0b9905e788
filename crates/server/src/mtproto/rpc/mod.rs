//! Requests and their answers: one file for each group of calls.

mod account;
mod auth;
mod bots;
mod constant;
mod dialogs;
mod games;
mod history;
mod inline;
mod news;
mod people;
mod press;
mod send;
mod since;
mod updates;

pub(crate) use auth::login_code;

use super::Mtproto;
use super::session::{Refusal, Session};
use crate::app::App;
use crate::hub::Locked;
use ringback_tl::functions::Function;
use ringback_tl::{DecodeError, Encode, EncodeError, Layer, Request, types};
use ringback_world::calls::{Called, Remark, Responded, TakeFault};
use ringback_world::{Error, Seq, UserId};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a call gives.
type Answer = Result<Vec<u8>, Refusal>;

/// What a call gives, at once or later.
enum Reply {
    Now(Answer),
    Later(Pin<Box<dyn Future<Output = Answer> + Send>>),
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Reply {
        Reply::Now(answer)
    }
}

impl Refusal {
    fn new(code: i32, text: impl Into<String>) -> Refusal {
        Refusal {
            code,
            text: text.into(),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        match &error {
            // Faults are set in the Bot API's terms.
            Error::Fault {
                retry_after: Some(seconds),
                ..
            } => Refusal::new(420, format!("FLOOD_WAIT_{seconds}")),
            Error::Fault { code: 503, .. } => Refusal::new(-503, "Timeout"),
            _ => {
                let (code, text) = error.rpc();
                Refusal::new(code, text)
            }
        }
    }
}

/// Clients ask again for ever after a 500, so an answer that a layer has no form for is a 400.
impl From<EncodeError> for Refusal {
    fn from(error: EncodeError) -> Refusal {
        Refusal::new(400, format!("LAYER_INVALID: {error}"))
    }
}

/// Who asks, and how to answer.
struct Context<'a> {
    app: &'a Arc<App>,
    session: &'a Arc<Session>,
    request: i64,
    user: Option<UserId>,
    layer: Layer,
    /// The call's journal entry, if it is journaled.
    cause: Option<Seq>,
}

impl Context<'_> {
    /// Who is signed in.
    fn me(&self) -> Result<UserId, Error> {
        self.user.ok_or(Error::NotSignedIn)
    }

    /// The bot that is signed in.
    fn bot(&self) -> Result<UserId, Error> {
        let me = self.me()?;
        let is_bot = self.app.hub.lock().world().bot(me).is_some();
        is_bot.then_some(me).ok_or(Error::UserBotRequired)
    }

    /// The world; what happens in it now is not pushed to this session, which learns it from its answer.
    fn lock(&self) -> Locked<'_> {
        self.app.hub.lock_as((self.session.key_id, self.session.id))
    }

    fn mtproto(&self) -> &Mtproto {
        &self.app.hub.mtproto
    }

    /// An answer in the client's layer.
    fn give(&self, value: &impl Encode) -> Answer {
        Ok(ringback_tl::encode(value, self.layer)?)
    }
}

/// Answers one request, sooner or later.
pub(super) fn answer(app: &Arc<App>, session: &Arc<Session>, request: i64, body: &[u8]) {
    let peeled = match Request::peel(body) {
        Ok(peeled) => peeled,
        Err(error) => return session.reply(request, Err(unreadable(app, None, &error))),
    };
    let user = app.hub.mtproto.user_of(session.key_id);
    if let Some(announced) = peeled.layer {
        let chosen = Layer::pick(announced);
        if !chosen.exact && session.layer() != chosen.layer {
            let text = format!(
                "a client speaks layer {announced}, which this server does not have; it is served by {}, the nearest",
                chosen.layer.number()
            );
            remark(app, user, text);
        }
        session.set_layer(chosen.layer);
        app.hub.mtproto.note_layer(session.key_id, announced);
    }
    session.listen(!peeled.without_updates);
    let function = match peeled.function() {
        Ok(function) => function,
        Err(error) => return session.reply(request, Err(unreadable(app, user, &error))),
    };
    let arrived = Instant::now();
    let name = function.name();
    let (cause, fault) = arrive(app, user, name, &function, &peeled.call);
    if let Some(refusal) = fault.as_ref().and_then(|fault| fault.error.clone()) {
        let delay = fault.map_or(Duration::ZERO, |fault| fault.delay);
        let refusal = Refusal::from(refusal);
        let (app, session) = (Arc::clone(app), Arc::clone(session));
        tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            leave(&app, user, cause, arrived, Some(&refusal));
            session.reply(request, Err(refusal));
        });
        return;
    }
    let context = Context {
        app,
        session,
        request,
        user,
        layer: session.layer(),
        cause,
    };
    let reply = dispatch(&context, function);
    let delay = fault.map_or(Duration::ZERO, |fault| fault.delay);
    match reply {
        Reply::Now(answer) if delay.is_zero() => {
            leave(app, user, cause, arrived, answer.as_ref().err());
            session.reply(request, answer);
        }
        reply => {
            let (app, session) = (Arc::clone(app), Arc::clone(session));
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                let answer = match reply {
                    Reply::Now(answer) => answer,
                    Reply::Later(answer) => answer.await,
                };
                leave(&app, user, cause, arrived, answer.as_ref().err());
                session.reply(request, answer);
            });
        }
    }
}

fn remark(app: &App, about: Option<UserId>, text: String) {
    // Writing down a remark cannot be refused.
    let _ = app.hub.call(None, Remark { about, text });
}

/// A call that this server does not have, or that is broken. It says so in the journal too: the client's own log may
/// say only a code.
fn unreadable(app: &App, user: Option<UserId>, error: &DecodeError) -> Refusal {
    remark(app, user, format!("an MTProto call was refused: {error}"));
    match error {
        DecodeError::UnknownFunction { name: Some(name), .. } => not_here(name),
        DecodeError::UnknownFunction { id, name: None } => {
            Refusal::new(400, format!("METHOD_NOT_SUPPORTED: {id:#010x}"))
        }
        error => Refusal::new(400, format!("INPUT_FETCH_ERROR: {error}")),
    }
}

fn not_here(name: &str) -> Refusal {
    Refusal::new(400, format!("METHOD_NOT_SUPPORTED: {name}"))
}

/// A call has arrived: it is written down if it is a bot's, and it may be meant to fail.
fn arrive(
    app: &App,
    user: Option<UserId>,
    name: &str,
    function: &Function,
    body: &[u8],
) -> (Option<Seq>, Option<ringback_world::calls::Fault>) {
    let mut locked = app.hub.lock();
    let bot = user.filter(|user| locked.world().bot(*user).is_some() && news::is_news(name));
    if let Some(bot) = bot {
        let about = news::about(locked.world(), bot, function);
        let called = Called {
            bot,
            method: name.to_owned(),
            params: news::params(body),
            about,
        };
        return match locked.call(None, called) {
            Ok(started) => (Some(started.seq), started.fault),
            Err(_) => (None, None),
        };
    }
    if locked.world().faults().is_empty() {
        return (None, None);
    }
    let take = TakeFault {
        method: name.to_owned(),
    };
    (None, locked.call(None, take).ok().flatten())
}

/// A call that was written down has its answer.
fn leave(app: &App, user: Option<UserId>, cause: Option<Seq>, arrived: Instant, refusal: Option<&Refusal>) {
    if let Some((bot, call)) = user.zip(cause) {
        let responded = Responded {
            bot,
            call,
            ok: refusal.is_none(),
            error_code: refusal.map(|refusal| refusal.code),
            body: refusal.map_or_else(|| "true".to_owned(), |refusal| refusal.text.clone()),
            elapsed: arrived.elapsed(),
            warning: None,
        };
        // Writing down an answer cannot be refused.
        let _ = app.hub.call(Some(call), responded);
    }
}

fn dispatch(context: &Context<'_>, function: Function) -> Reply {
    use Function as F;
    match function {
        F::AuthSendCode(call) => auth::send_code(context, &call).into(),
        F::AuthResendCode(call) => auth::resend_code(context, &call).into(),
        F::AuthCancelCode(_) => context.give(&true).into(),
        F::AuthSignIn(call) => auth::sign_in(context, &call).into(),
        F::AuthSignUp(call) => auth::sign_up(context, call).into(),
        F::AuthCheckPassword(call) => auth::check_password(context, &call).into(),
        F::AuthImportBotAuthorization(call) => auth::import_bot(context, call).into(),
        F::AuthLogOut(_) => auth::log_out(context).into(),
        F::AuthBindTempAuthKey(call) => auth::bind_temp_key(context, &call).into(),
        F::AuthDropTempAuthKeys(_) => context.give(&true).into(),
        F::AccountGetPassword(_) => account::get_password(context).into(),
        F::AccountUpdatePasswordSettings(call) => account::update_password(context, *call).into(),
        F::UsersGetUsers(call) => people::get_users(context, &call).into(),
        F::UsersGetFullUser(call) => people::get_full_user(context, &call).into(),
        F::ContactsResolveUsername(call) => people::resolve_username(context, &call).into(),
        F::ContactsResolvePhone(call) => people::resolve_phone(context, &call).into(),
        F::ChannelsGetChannels(call) => people::get_channels(context, &call).into(),
        F::MessagesGetChats(call) => people::get_chats(context, &call).into(),
        F::MessagesGetDialogs(call) => dialogs::get_dialogs(context, &call).into(),
        F::MessagesGetPinnedDialogs(_) => dialogs::get_pinned(context).into(),
        F::MessagesGetPeerDialogs(call) => dialogs::get_peer_dialogs(context, &call).into(),
        F::MessagesGetHistory(call) => history::get_history(context, &call).into(),
        F::MessagesGetMessages(call) => history::get_messages(context, &call).into(),
        F::ChannelsGetMessages(call) => history::get_channel_messages(context, &call).into(),
        F::MessagesReadHistory(call) => history::read(context, &call).into(),
        F::ChannelsReadHistory(call) => history::read_channel(context, &call).into(),
        F::MessagesSendMessage(call) => send::send_message(context, *call).into(),
        F::MessagesEditMessage(call) => send::edit_message(context, *call).into(),
        F::MessagesDeleteMessages(call) => send::delete_messages(context, &call).into(),
        F::ChannelsDeleteMessages(call) => send::delete_channel_messages(context, &call).into(),
        F::MessagesForwardMessages(call) => send::forward_messages(context, &call).into(),
        F::MessagesSetTyping(call) => send::set_typing(context, &call).into(),
        F::UpdatesGetState(_) => updates::get_state(context).into(),
        F::UpdatesGetDifference(call) => updates::get_difference(context, &call).into(),
        F::UpdatesGetChannelDifference(call) => updates::get_channel_difference(context, &call).into(),
        F::MessagesGetBotCallbackAnswer(call) => press::get_bot_callback_answer(context, call),
        F::MessagesSetBotCallbackAnswer(call) => press::set_bot_callback_answer(context, call).into(),
        F::MessagesGetInlineBotResults(call) => inline::get_inline_bot_results(context, call),
        F::MessagesSetInlineBotResults(call) => inline::set_inline_bot_results(context, call).into(),
        F::MessagesSendInlineBotResult(call) => inline::send_inline_bot_result(context, *call).into(),
        F::MessagesEditInlineBotMessage(call) => inline::edit_inline_bot_message(context, *call).into(),
        F::MessagesSendMedia(call) if matches!(call.media, types::InputMedia::Game(_)) => {
            games::send_game(context, *call).into()
        }
        F::MessagesSetGameScore(call) => games::set_game_score(context, &call).into(),
        F::MessagesSetInlineGameScore(call) => games::set_inline_game_score(context, &call).into(),
        F::MessagesGetGameHighScores(call) => games::get_game_high_scores(context, &call).into(),
        F::MessagesGetInlineGameHighScores(call) => games::get_inline_game_high_scores(context, &call).into(),
        F::BotsSetBotCommands(call) => bots::set_bot_commands(context, call).into(),
        F::BotsGetBotCommands(call) => bots::get_bot_commands(context, call).into(),
        F::BotsResetBotCommands(call) => bots::reset_bot_commands(context, call).into(),
        F::BotsSetBotInfo(call) => bots::set_bot_info(context, call).into(),
        F::BotsGetBotInfo(call) => bots::get_bot_info(context, call).into(),
        F::MessagesStartBot(call) => bots::start_bot(context, call).into(),
        other => constant::answer(context, &other)
            .unwrap_or_else(|| {
                let name = other.name();
                remark(
                    context.app,
                    context.user,
                    format!("{name} is not supported: nothing was done"),
                );
                Err(not_here(name))
            })
            .into(),
    }
}
