//! Users and bots come to be.

use super::Call;
use crate::{Actor, Bot, Error, Peer, UpdateId, UpdateQueue, User, UserId, World, journal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Ids above 2³¹, as new accounts have: so that a program that keeps them in 32 bits is found out here.
const FIRST_USER: i64 = 5_000_000_000;
const FIRST_BOT: i64 = 7_000_000_000;
const SECRET_LEN: usize = 35;

/// A person signs up.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct CreateUser {
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub phone: Option<String>,
    pub language_code: Option<String>,
}

impl Call for CreateUser {
    type Output = UserId;

    fn apply(self, world: &mut World) -> Result<UserId, Error> {
        if self.first_name.trim().is_empty() {
            return Err(Error::TitleInvalid);
        }
        let phone = self
            .phone
            .map(|phone| phone.chars().filter(char::is_ascii_digit).collect::<String>());
        let phone = phone.filter(|phone| !phone.is_empty());
        if phone
            .as_ref()
            .is_some_and(|phone| world.phones.contains_key(phone))
        {
            return Err(Error::PhoneOccupied);
        }
        world.check_username(self.username.as_deref(), false)?;
        // A bot may have come with any id.
        let id = loop {
            world.counters.users += 1;
            let id = UserId(FIRST_USER + world.counters.users);
            if !world.users.contains_key(&id) {
                break id;
            }
        };
        let user = User {
            id,
            is_bot: false,
            first_name: self.first_name,
            last_name: self.last_name,
            username: self.username,
            phone,
            language_code: self.language_code,
            blocked: Vec::new(),
        };
        world.add_user(user);
        world.journal(Actor::Server, journal::Kind::UserCreated(id));
        Ok(id)
    }
}

/// A bot is made, as BotFather makes them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct CreateBot {
    /// Must end in `bot`, in any letter case.
    pub username: String,
    /// The username if empty.
    pub first_name: Option<String>,
    /// `<id>:<secret>`; one is made if it is not given.
    pub token: Option<String>,
}

impl Call for CreateBot {
    type Output = UserId;

    fn apply(self, world: &mut World) -> Result<UserId, Error> {
        let username = self
            .username
            .strip_prefix('@')
            .unwrap_or(&self.username)
            .to_owned();
        world.check_username(Some(&username), true)?;
        let (id, token) = match self.token {
            Some(token) => (parse_token(&token).ok_or(Error::TokenInvalid)?, token),
            None => {
                let id = loop {
                    world.counters.bots += 1;
                    let id = UserId(FIRST_BOT + world.counters.bots);
                    if !world.users.contains_key(&id) {
                        break id;
                    }
                };
                (
                    id,
                    format!(
                        "{id}:{}",
                        world.seed.text("token", &[id.0.cast_unsigned()], SECRET_LEN)
                    ),
                )
            }
        };
        if world.users.contains_key(&id) {
            return Err(Error::TokenInvalid);
        }
        Ok(world.add_bot(
            id,
            token,
            username.clone(),
            self.first_name
                .filter(|name| !name.is_empty())
                .unwrap_or(username),
        ))
    }
}

/// A token is used: a bot that nobody made is made now.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UseToken {
    /// `<id>:<secret>`.
    pub token: String,
}

impl Call for UseToken {
    type Output = UserId;

    fn apply(self, world: &mut World) -> Result<UserId, Error> {
        if let Some(id) = world.bot_by_token(&self.token) {
            return Ok(id);
        }
        let id = parse_token(&self.token).ok_or(Error::TokenInvalid)?;
        if world.users.contains_key(&id) {
            return Err(Error::Unauthorized);
        }
        let mut username = format!("ringback_{id}_bot");
        for other in 2_u32.. {
            if world.resolve(&username).is_none() {
                break;
            }
            username = format!("ringback_{id}_{other}_bot");
        }
        Ok(world.add_bot(id, self.token, username, format!("Bot {id}")))
    }
}

/// The bot's id, if the token has the right form: digits, a colon, and a secret of letters, digits, `-` and `_`.
fn parse_token(token: &str) -> Option<UserId> {
    let (id, secret) = token.split_once(':')?;
    let id_ok = !id.is_empty()
        && id.len() <= 15
        && id.bytes().all(|byte| byte.is_ascii_digit())
        && !id.starts_with('0');
    let secret_ok = !secret.is_empty()
        && secret.len() <= 80
        && secret
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if id_ok && secret_ok {
        id.parse().ok().map(UserId)
    } else {
        None
    }
}

impl World {
    fn add_bot(&mut self, id: UserId, token: String, username: String, first_name: String) -> UserId {
        // TQueue.cpp:163 picks the first id between 2,000,001 and 10⁹.
        let first = 2_000_001
            + self.seed.number("first update", &[id.0.cast_unsigned()]) % (1_000_000_000 - 2_000_001);
        let bot = Bot {
            id,
            token: token.clone(),
            queue: UpdateQueue::new(UpdateId(i32::try_from(first).unwrap_or(2_000_001))),
            webhook: None,
            poll: None,
            has_polled: false,
            logged_out: None,
            reads_all_messages: false,
            commands: BTreeMap::new(),
            info: BTreeMap::new(),
            games: BTreeMap::new(),
            heard: BTreeMap::new(),
        };
        self.tokens.insert(token, id);
        self.bots.insert(id, bot);
        self.add_user(User {
            id,
            is_bot: true,
            first_name,
            last_name: None,
            username: Some(username),
            phone: None,
            language_code: None,
            blocked: Vec::new(),
        });
        self.journal(Actor::Server, journal::Kind::BotCreated(id));
        id
    }

    fn add_user(&mut self, user: User) {
        if let Some(name) = &user.username {
            self.usernames
                .insert(name.to_ascii_lowercase(), Peer::User(user.id));
        }
        if let Some(phone) = &user.phone {
            self.phones.insert(phone.clone(), user.id);
        }
        self.users.insert(user.id, user);
    }

    pub(crate) fn check_username(&self, name: Option<&str>, bot: bool) -> Result<(), Error> {
        let Some(name) = name else { return Ok(()) };
        let shape = (1..=32).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && name.starts_with(|first: char| first.is_ascii_alphabetic());
        if !shape || (bot && !name.to_ascii_lowercase().ends_with("bot")) {
            return Err(Error::UsernameInvalid);
        }
        if self.resolve(name).is_some() {
            return Err(Error::UsernameOccupied);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        assert_eq!(parse_token("123:abc-DEF_1"), Some(UserId(123)));
        for bad in [
            "",
            ":",
            "123",
            "123:",
            ":abc",
            "12x:abc",
            "0123:abc",
            "123:a b",
            "123:a/b",
            "9999999999999999:abc",
            "1:ä",
        ] {
            assert_eq!(parse_token(bad), None, "{bad}");
        }
    }
}
