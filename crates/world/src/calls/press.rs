//! A button is pressed.

use super::Call;
use crate::query::{CallbackQuery, Outcome, Payload, Press, State};
use crate::world::{Effect, Timer};
use crate::{
    ButtonAction, Conversation, Error, InlineButton, Message, MessageId, Peer, PressId, QueryId, Seq, Update,
    UserId, World, journal,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Someone presses an inline button.
///
/// Every press ends in exactly one [`Outcome`]; what the server refuses ends at once as [`Outcome::Refused`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PressButton {
    /// Who.
    pub from: UserId,
    /// Where, as the presser sees it.
    pub peer: Peer,
    /// As the presser numbers it; the newest with an inline keyboard if not given.
    pub message: Option<MessageId>,
    /// Which button.
    pub button: Button,
    /// Send the data even if the keyboard, as it stands now, has no such button: what a bad client does.
    pub forge: bool,
    /// Let the client answer from what it keeps, as the official apps do.
    pub client_cache: bool,
    /// The account's password, already checked.
    pub proof: Proof,
}

/// Which button.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Button {
    /// By its label; the start of it or a part is enough if no other button has it too.
    Text(String),
    /// By what it carries.
    Data(Vec<u8>),
    /// By its place, from 0.
    At {
        /// From the top.
        row: usize,
        /// From the left.
        column: usize,
    },
    /// The game's button.
    Game,
}

/// Whether the presser has shown to know the account's password.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Proof {
    /// Nothing was shown.
    #[default]
    None,
    /// It was right.
    Right,
    /// It was wrong.
    Wrong,
}

/// The outcome is also in [`World::press`], at once if it is [`Outcome::Refused`] or [`Outcome::Cached`].
impl Call for PressButton {
    type Output = PressId;

    /// # Errors
    /// Only if the presser does not exist.
    fn apply(self, world: &mut World) -> Result<PressId, Error> {
        if !world.users.contains_key(&self.from) {
            return Err(Error::UserNotFound);
        }
        let count = world.count_asked(self.from);
        let id = PressId(world.seed.number("press", &[self.from.0.cast_unsigned(), count]) >> 12);
        let press = Press {
            id,
            from: self.from,
            pressed: world.now,
            query: None,
            end: None,
        };
        world.presses.insert(id, press);
        match world.find_target(&self) {
            Err(error) => {
                let seq = world.journal_press(id, &self, None);
                world.end_press(id, Outcome::Refused(error), seq);
            }
            Ok(target) => {
                let seq = world.journal_press(id, &self, Some(&target));
                let key = (target.message.key, self.from, target.payload.clone());
                let now = world.now;
                match world
                    .cache
                    .get(&key)
                    .filter(|(until, _)| self.client_cache && *until > now)
                {
                    Some((_, answer)) => {
                        let answer = answer.clone();
                        world.end_press(id, Outcome::Cached(answer), seq);
                    }
                    None => world.ask(id, self.from, count, target, seq),
                }
            }
        }
        Ok(id)
    }
}

/// What a press hits.
struct Hit {
    message: Arc<Message>,
    bot: UserId,
    payload: Payload,
    label: Option<String>,
    forged: bool,
}

impl World {
    fn find_target(&self, press: &PressButton) -> Result<Hit, Error> {
        self.readable(press.from, press.peer)?;
        let message = match press.message {
            Some(id) => self.message_at(press.from, press.peer, id),
            None => self
                .history(press.from, press.peer)
                .find(|message| message.keyboard().is_some()),
        };
        // Bots press too (method page of messages.getBotCallbackAnswer), where they may know of the message.
        let message = message
            .filter(|message| self.may_hear(press.from, message))
            .ok_or(Error::MessageIdInvalid)?;
        let bot = message
            .author()
            .filter(|author| self.bots.contains_key(author))
            .ok_or(Error::DataInvalid)?;
        let (payload, button) = pick(message, &press.button)?;
        if button.is_none() && !press.forge {
            return Err(Error::DataInvalid);
        }
        let needs_password = button.is_some_and(|button| {
            matches!(
                button.action,
                ButtonAction::Callback {
                    requires_password: true,
                    ..
                }
            )
        });
        match press.proof {
            Proof::Wrong => return Err(Error::PasswordHashInvalid),
            Proof::None if needs_password => return Err(Error::PasswordMissing),
            _ => {}
        }
        Ok(Hit {
            bot,
            payload,
            label: button.map(|button| button.text.clone()),
            forged: button.is_none(),
            message: Arc::clone(message),
        })
    }

    fn journal_press(&mut self, press: PressId, call: &PressButton, hit: Option<&Hit>) -> Seq {
        let asked = match &call.button {
            Button::Data(data) => Some(Payload::Data(data.clone())),
            _ => None,
        };
        let message = hit.and_then(|hit| hit.message.id_for(call.from)).or(call.message);
        let actor = self.actor(call.from);
        self.journal(
            actor,
            journal::Kind::Press {
                press,
                from: call.from,
                bot: hit.map(|hit| hit.bot),
                conversation: Some(Conversation::of(call.from, call.peer)),
                message,
                inline_id: hit.and_then(|hit| hit.message.inline_id),
                payload: hit.map(|hit| hit.payload.clone()).or(asked),
                button: hit.and_then(|hit| hit.label.clone()),
                forged: hit.is_some_and(|hit| hit.forged),
            },
        )
    }

    /// The press goes to the bot.
    fn ask(&mut self, press: PressId, from: UserId, count: u64, hit: Hit, seq: Seq) {
        let id = QueryId(self.seed.id("callback query", &[from.0.cast_unsigned(), count]));
        let deadline = self.now + self.settings.answer_timeout;
        let chat_instance = self.chat_instance(hit.message.conversation);
        let inline_id = hit.message.inline_id;
        let update = Update::CallbackQuery {
            query: id,
            press,
            from,
            message: Arc::clone(&hit.message),
            inline_id,
            payload: hit.payload.clone(),
            chat_instance,
        };
        if let Some(press) = self.presses.get_mut(&press) {
            press.query = Some(id);
        }
        self.timers.insert((deadline, Timer::Press(id)));
        self.open.entry(hit.message.key).or_default().push(id);
        let query = CallbackQuery {
            id,
            press,
            from,
            bot: hit.bot,
            message: hit.message.key,
            inline_id,
            payload: hit.payload,
            chat_instance,
            pressed: self.now,
            deadline,
            state: State::Pressed,
            edited: false,
            trail: seq,
        };
        self.queries.insert(id, query);
        if let Some(update) = self.tell(hit.bot, update, seq)
            && let Some(query) = self.queries.get_mut(&id)
            && query.state == State::Pressed
        {
            query.state = State::Queued(update);
        }
    }

    /// The bot did not answer in time.
    pub(crate) fn press_timed_out(&mut self, id: QueryId) {
        let Some(query) = self.queries.get_mut(&id).filter(|query| query.state.is_open()) else {
            return;
        };
        query.state = State::TimedOut;
        let (press, edited, trail) = (query.press, query.edited, query.trail);
        self.close(id);
        self.end_press(press, Outcome::TimedOut { edited }, trail);
    }

    /// The presser waits for this query no longer.
    pub(crate) fn close(&mut self, id: QueryId) {
        let Some(query) = self.queries.get(&id) else {
            return;
        };
        self.timers.remove(&(query.deadline, Timer::Press(id)));
        if let Some(open) = self.open.get_mut(&query.message) {
            open.retain(|other| *other != id);
            if open.is_empty() {
                self.open.remove(&query.message);
            }
        }
    }

    /// A press has its outcome: the presser is told, and one day it is forgotten.
    pub(crate) fn end_press(&mut self, id: PressId, outcome: Outcome, cause: Seq) {
        let now = self.now;
        let Some(press) = self.presses.get_mut(&id) else {
            return;
        };
        press.end = Some((now, outcome.clone()));
        let (from, elapsed) = (press.from, now.since(press.pressed));
        self.journal_after(
            Some(cause),
            self.actor(from),
            journal::Kind::PressFinished {
                press: id,
                outcome,
                elapsed,
            },
        );
        self.effects.push(Effect::PressEnded(id));
        self.ended.push_back(id);
    }

    /// Forgets the oldest ended presses. Only before the next event: whoever carries out [`Effect::PressEnded`]
    /// finds the press, even where a leap in time ended more of them at once than are kept.
    pub(crate) fn forget_presses(&mut self) {
        while self.ended.len() > self.settings.keep_presses {
            if let Some(query) = self
                .ended
                .pop_front()
                .and_then(|id| self.presses.remove(&id))
                .and_then(|press| press.query)
            {
                self.queries.remove(&query);
            }
        }
    }
}

/// What the button carries, and the button itself if the keyboard has it.
fn pick<'a>(message: &'a Message, button: &Button) -> Result<(Payload, Option<&'a InlineButton>), Error> {
    let none = Error::DataInvalid;
    let keyboard = message.keyboard();
    let found = match button {
        Button::Data(data) => {
            return Ok((
                Payload::Data(data.clone()),
                keyboard.and_then(|keyboard| keyboard.callback(data)),
            ));
        }
        Button::Game => keyboard.and_then(|keyboard| keyboard.game()).ok_or(none)?,
        Button::At { row, column } => keyboard
            .and_then(|keyboard| keyboard.rows.get(*row)?.get(*column))
            .ok_or(none)?,
        Button::Text(text) => {
            let buttons = || keyboard.into_iter().flat_map(|keyboard| keyboard.buttons());
            let only = |fits: &dyn Fn(&str) -> bool| {
                let mut fitting = buttons().filter(|button| fits(&button.text));
                fitting.next().filter(|_| fitting.next().is_none())
            };
            let exact = buttons().find(|button| button.text == *text);
            exact
                .or_else(|| only(&|label| label.starts_with(text.as_str())))
                .or_else(|| only(&|label| label.contains(text.as_str())))
                .ok_or(none)?
        }
    };
    match &found.action {
        ButtonAction::Callback { data, .. } => Ok((Payload::Data(data.clone()), Some(found))),
        ButtonAction::Game => match &message.content {
            crate::Content::Game { short_name, .. } => Ok((Payload::Game(short_name.clone()), Some(found))),
            _ => Err(Error::DataInvalid),
        },
        _ => Err(Error::DataInvalid),
    }
}
