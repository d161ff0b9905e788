//! Moderation in a group, for administrators, after a question.
//!
//! `/moderate` in reply to somebody's message asks what to do with them. The buttons are the administrator's own: sealed
//! for this user in this chat, so that nobody else can press them or make them up. What was chosen is asked once more,
//! and that button holds for a minute and for one press. Before each step the administrator's rights are looked up
//! anew: buttons stay in chats longer than people in office.

mod rights;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rights::OnlyModerators;
use ringback::api::{
    BanChatMember, ButtonStyle, ChatMember, ChatPermissions, GetChatMember, RestrictChatMember,
};
use ringback::data::{Keys, Part, Stash};
use ringback::menu::{DoubleTap, Page};
use ringback::{
    BoxError, CallbackData, CallbackQuery, Error, Incoming, Outcome, Reason, Router, State, filter,
};

const AN_HOUR: Duration = Duration::from_secs(3600);

#[derive(Part, Clone, Copy)]
enum Measure {
    Mute,
    Ban,
}

/// A choice that one administrator was given.
#[derive(CallbackData)]
#[callback_data(prefix = "%", codec = "sealed", bind(user, chat))]
struct Choice {
    measure: Measure,
    member: i64,
}

/// Nothing shall happen.
#[derive(CallbackData)]
#[callback_data(prefix = "~", codec = "sealed", bind(user, chat))]
struct Leave;

/// The last word, which is used up by the press.
#[derive(CallbackData)]
#[callback_data(prefix = "!", codec = "stored", bind(user, chat))]
struct Sentence {
    measure: Measure,
    member: i64,
    name: String,
}

/// How long the last word can be spoken.
#[derive(Debug, Clone, Copy)]
pub struct ConfirmWithin(pub Duration);

impl Default for ConfirmWithin {
    fn default() -> Self {
        ConfirmWithin(Duration::from_secs(60))
    }
}

async fn moderate(message: Incoming, keys: State<Keys>) -> Result<(), BoxError> {
    let (chat, Some(admin)) = (message.chat.id, &message.from) else {
        return Ok(()); // written in a channel's name
    };
    if !rights::may_restrict(message.bot(), chat, admin.id).await? {
        message
            .reply("Only for administrators who may ban users.")
            .await?;
        return Ok(());
    }
    let about = message
        .reply_to_message
        .as_ref()
        .and_then(|about| about.from.as_ref());
    let Some(member) = about else {
        message
            .reply("Send it in reply to a message of whom it is about.")
            .await?;
        return Ok(());
    };
    let choice = |measure| Choice {
        measure,
        member: member.id,
    };
    let (mute, ban) = (choice(Measure::Mute), choice(Measure::Ban));
    let page = Page::new(format!("What shall happen to {}?", member.first_name))
        .button("Mute for an hour", &keys.seal(&mute).user(admin.id).chat(chat))
        .button("Ban", &keys.seal(&ban).user(admin.id).chat(chat))
        .with(|keyboard| keyboard.style(ButtonStyle::Danger))
        .button("Nothing", &keys.seal(&Leave).user(admin.id).chat(chat));
    page.send(&message)?.await?;
    Ok(())
}

async fn choose(
    query: CallbackQuery<Choice>,
    keys: State<Keys>,
    stash: State<Stash>,
    within: State<ConfirmWithin>,
) -> Result<Outcome, BoxError> {
    let (admin, Some(chat)) = (query.from(), query.chat_id()) else {
        return Ok(query.answer().await);
    };
    let Choice { measure, member } = *query.data();
    let found = query.bot().send(GetChatMember::new(chat, member)).await?;
    let Some(name) = found.user().map(|user| user.first_name.clone()) else {
        return Ok(query.answer().alert("Nobody knows them any more.").await);
    };
    if matches!(found, ChatMember::Owner(_) | ChatMember::Administrator(_)) {
        return Ok(query.answer().alert(format!("{name} is an administrator.")).await);
    }
    let (question, yes) = match measure {
        Measure::Mute => (format!("Mute {name} for an hour?"), format!("Mute {name}")),
        Measure::Ban => (format!("Ban {name} for ever?"), format!("Ban {name}")),
    };
    let sentence = Sentence {
        measure,
        member,
        name,
    };
    let sentence = stash
        .put(&sentence)
        .user(admin.id)
        .chat(chat)
        .keep(within.0)
        .once()
        .await?;
    let leave = keys.seal(&Leave).user(admin.id).chat(chat);
    Page::confirm(question, (&yes, &sentence), ("No", &leave))
        .show(&query)
        .await?;
    Ok(query.answer().await)
}

async fn carry_out(query: CallbackQuery<Sentence>) -> Result<Outcome, BoxError> {
    let (bot, admin, Some(chat)) = (query.bot().clone(), query.from(), query.chat_id()) else {
        return Ok(query.answer().await);
    };
    let Sentence {
        measure,
        member,
        name,
    } = query.data();
    let (done, text) = match measure {
        Measure::Mute => {
            let until = SystemTime::now().duration_since(UNIX_EPOCH)? + AN_HOUR;
            let silent = ChatPermissions::new().can_send_messages(false);
            let mute = RestrictChatMember::new(chat, *member, silent).until_date(until.as_secs() as i64);
            (
                bot.send(mute).await,
                format!("{} has muted {name} for an hour.", admin.first_name),
            )
        }
        Measure::Ban => {
            let ban = BanChatMember::new(chat, *member);
            (
                bot.send(ban).await,
                format!("{} has banned {name}.", admin.first_name),
            )
        }
    };
    match done {
        Ok(_) => {}
        // Mostly the bot's own rights.
        Err(Error::Api(refusal)) => return Ok(query.answer().alert(refusal.description.as_str()).await),
        Err(error) => return Err(error.into()),
    }
    let message = query.editor();
    let outcome = query.answer().text("Done.").await;
    message.edit_text(text).await?;
    Ok(outcome)
}

async fn leave(query: CallbackQuery<Leave>) -> Result<Outcome, BoxError> {
    let message = query.editor();
    let outcome = query.answer().await;
    message.edit_text("So be it: nothing.").await?;
    Ok(outcome)
}

/// The bot's handlers, for groups. A double tap is one press.
pub fn router(keys: Keys, stash: Stash, confirm: ConfirmWithin) -> Router {
    let taps = DoubleTap::within(Duration::from_millis(800));
    let moderation = Router::new()
        .callback(taps.guard(choose))
        .callback(taps.guard(carry_out))
        .wrap(OnlyModerators) // around those above
        .callback(taps.guard(leave))
        .command("moderate", moderate);
    Router::new()
        .nest(filter::group(), moderation)
        .state(keys)
        .state(stash)
        .state(confirm)
}

/// What a press is answered with that no handler got.
pub fn fallback(reason: Reason) -> &'static str {
    match reason {
        Reason::Refused => "These buttons are another administrator's.",
        Reason::Outdated => "Too late, or done already. Send /moderate again.",
        Reason::Unclaimed | Reason::Malformed => "This button is out of date.",
        _ => "That did not work. Please try again.",
    }
}
