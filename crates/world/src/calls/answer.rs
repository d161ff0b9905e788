//! A bot answers a callback query.

use super::Call;
use crate::query::{Answer, MAX_ANSWER, MAX_CACHE_TIME, Outcome, Payload, State};
use crate::{Actor, Error, MessageKey, QueryId, SecondAnswer, UserId, World, journal};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Fewer kept answers than these are not worth a search for stale ones.
const MIN_SWEEP: usize = 4096;

/// A bot answers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AnswerCallbackQuery {
    /// Who.
    pub bot: UserId,
    /// What.
    pub query: QueryId,
    /// What the presser is to read.
    pub text: Option<String>,
    /// In a box to be closed.
    pub show_alert: bool,
    /// What the presser's client is to open.
    pub url: Option<String>,
    /// Seconds for which the client may give this answer again; out of range is brought into it.
    pub cache_time: i64,
}

impl Call for AnswerCallbackQuery {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        let query = world
            .queries
            .get(&self.query)
            .filter(|query| query.bot == self.bot)
            .ok_or(Error::QueryIdInvalid)?;
        let second = match query.state {
            State::TimedOut | State::Expired => return Err(Error::QueryIdInvalid),
            State::Answered if world.settings.second_answer == SecondAnswer::Reject => {
                return Err(Error::QueryIdInvalid);
            }
            State::Answered => true,
            State::Pressed | State::Queued(_) | State::Delivered => false,
        };
        let text = self.text.filter(|text| !text.is_empty());
        if text
            .as_ref()
            .is_some_and(|text| text.chars().count() > MAX_ANSWER)
        {
            return Err(Error::AnswerTooLong);
        }
        let url = self.url.filter(|url| !url.is_empty());
        if url.as_ref().is_some_and(|url| !may_open(url, &query.payload)) {
            return Err(Error::UrlInvalid);
        }
        let (press, trail) = (query.press, query.trail);
        if second {
            let text = format!("second answer to callback query {}: ignored", self.query);
            world.journal(Actor::Bot(self.bot), journal::Kind::Warning(text));
            return Ok(());
        }
        let cache_time = u32::try_from(self.cache_time.clamp(0, i64::from(MAX_CACHE_TIME))).unwrap_or(0);
        let answer = Answer {
            text,
            show_alert: self.show_alert,
            url,
            cache_time,
        };
        let key = (query.message, query.from, query.payload.clone());
        if cache_time > 0 && world.messages.contains_key(&key.0) {
            world.keep_answer(key, &answer);
        }
        let cause = world.cause.or(Some(trail));
        let seq = world.journal_after(
            cause,
            Actor::Bot(self.bot),
            journal::Kind::Answered {
                press,
                answer: answer.clone(),
            },
        );
        if let Some(query) = world.queries.get_mut(&self.query) {
            query.state = State::Answered;
            query.trail = seq;
        }
        world.close(self.query);
        world.end_press(press, Outcome::Answered(answer), seq);
        Ok(())
    }
}

impl World {
    fn keep_answer(&mut self, key: (MessageKey, UserId, Payload), answer: &Answer) {
        let now = self.now;
        if self.cache.len() >= self.cache_sweep.max(MIN_SWEEP) {
            self.cache.retain(|_, (until, _)| *until > now);
            // Twice what is left: then each answer pays for a bounded share of the searches.
            self.cache_sweep = 2 * self.cache.len();
        }
        let until = now + Duration::from_secs(answer.cache_time.into());
        self.cache.insert(key, (until, answer.clone()));
    }
}

/// A game's answer may open any web address; any other only a link that starts a bot.
fn may_open(url: &str, payload: &Payload) -> bool {
    let lower = url.to_ascii_lowercase();
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    if matches!(payload, Payload::Game(_)) {
        return rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace));
    }
    let rest = rest.unwrap_or(&lower);
    let path = ["t.me/", "telegram.me/", "telegram.dog/"]
        .iter()
        .find_map(|host| rest.strip_prefix(host));
    let Some((name, query)) = path.and_then(|path| path.split_once('?')) else {
        return false;
    };
    let name = name.trim_end_matches('/');
    let named = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    named
        && query
            .split('&')
            .any(|part| part.split('=').next() == Some("start"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_may_open() {
        let (data, game) = (Payload::Data(b"x".to_vec()), Payload::Game("g".into()));
        for start in [
            "https://t.me/volumebot?start=x",
            "t.me/volumebot?start=",
            "http://telegram.me/volumebot?start=x",
        ] {
            assert!(may_open(start, &data), "{start}");
        }
        for other in [
            "https://example.org",
            "https://t.me/volumebot",
            "t.me/?start=x",
            "https://evil.t.me/x?start=1",
            "javascript:x",
            "",
        ] {
            assert!(!may_open(other, &data), "{other}");
        }
        assert!(may_open("https://example.org/game", &game));
        assert!(!may_open("javascript:alert(1)", &game));
    }
}
