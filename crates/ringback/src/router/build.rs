//! A router that was checked and is ready to dispatch.

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::{CallbackRoute, Router, UpdateRoute};
use crate::context::{Context, Need, States};
use crate::data::{Claim, Claims};
use crate::dispatch::ErrorHandler;
use crate::error::BoxError;
use crate::handler::{AnyUpdate, Offer, Takes};
use crate::middleware::AnyMiddleware;
use crate::query::Press;
use crate::session::AtState;

/// What is wrong with a [`Router`]: all of it at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError {
    problems: Vec<String>,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the router can't be used: {}", self.problems.join("; "))
    }
}

impl std::error::Error for BuildError {}

/// The routes, with what each press and update needs to find its own.
pub(crate) struct Routes {
    callbacks: Vec<CallbackRoute>,
    updates: Vec<UpdateRoute>,
    pub(crate) states: Arc<States>,
    pub(crate) allowed_updates: Vec<&'static str>,
    /// A prefix's place in `chains`.
    claims: Claims<usize>,
    /// For each claimed prefix, which routes are asked, in order.
    chains: Vec<Vec<usize>>,
    /// The same for data that has no claimed prefix, and for games.
    unclaimed: Vec<usize>,
    games: Vec<usize>,
    kinds: HashMap<&'static str, Vec<usize>>,
}

impl Routes {
    pub(crate) fn build(router: Router) -> Result<Self, BuildError> {
        let allowed_updates = router.allowed_updates();
        let Router {
            callbacks,
            updates,
            states,
            needs,
        } = router;
        let mut problems = Vec::new();

        for need in &needs.states {
            if !states.has(need) {
                let problem = format!(
                    "a handler takes State<{0}>, which .state({0}) has to give",
                    need.name
                );
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
        }

        sessions(&needs.sessions, &mut problems);

        for command in updates.iter().filter_map(|route| route.command.as_deref()) {
            if command.is_empty() || command.contains(|c: char| c.is_whitespace() || "/@".contains(c)) {
                problems.push(format!(
                    "no message is the command {command:?}: a command is one word, without `@` and `/`"
                ));
            }
        }

        // One chain for each type with a prefix; several handlers of one type share it.
        let mut claims = Claims::default();
        let mut owners: Vec<(TypeId, &'static str)> = Vec::new();
        for route in &callbacks {
            let Takes::Data(claim) = route.takes else {
                continue;
            };
            let owner = owners.len();
            if claim == Claim::Inspect || owners.iter().any(|(id, _)| *id == route.data.0) {
                continue;
            }
            owners.push(route.data);
            let parts = match claim {
                Claim::OneOf(parts) => parts,
                _ => std::slice::from_ref(&claim),
            };
            for part in parts {
                let (text, claimed) = match *part {
                    Claim::Prefix(text) => (text, claims.claim(text, owner)),
                    Claim::Exact(text) => (text, claims.claim_exact(text, owner)),
                    Claim::OneOf(_) | Claim::Inspect => continue,
                };
                if let Err(other) = claimed {
                    problems.push(format!(
                        "the prefix {text:?} of {} overlaps that of {}: a press could be either's",
                        route.data.1, owners[*other].1
                    ));
                }
            }
        }
        let chain = |takes: &dyn Fn(&CallbackRoute) -> bool| -> Vec<usize> {
            (0..callbacks.len()).filter(|at| takes(&callbacks[*at])).collect()
        };
        let any =
            |route: &CallbackRoute| matches!(route.takes, Takes::Everything | Takes::Data(Claim::Inspect));
        let chains = owners
            .iter()
            .map(|(id, _)| chain(&|route| any(route) || route.data.0 == *id))
            .collect();
        let unclaimed = chain(&any);
        let games = chain(&|route| matches!(route.takes, Takes::Everything | Takes::Games));

        let mut kinds: HashMap<_, Vec<_>> = HashMap::new();
        for (at, route) in updates.iter().enumerate() {
            kinds.entry(route.kind).or_default().push(at);
        }

        if !problems.is_empty() {
            return Err(BuildError { problems });
        }
        let states = Arc::new(states);
        Ok(Routes {
            callbacks,
            updates,
            states,
            allowed_updates,
            claims,
            chains,
            unclaimed,
            games,
            kinds,
        })
    }

    /// Whether a route takes commands.
    pub(crate) fn has_commands(&self) -> bool {
        self.updates.iter().any(|route| route.command.is_some())
    }

    /// The callback handlers to offer a press to, in order.
    pub(crate) fn callbacks(&self, data: Option<&str>) -> impl Iterator<Item = CallbackTurn<'_>> {
        let chain = match data {
            Some(data) => self
                .claims
                .find(data)
                .map_or(&self.unclaimed, |owner| &self.chains[*owner]),
            None => &self.games,
        };
        chain.iter().map(|at| {
            let route = &self.callbacks[*at];
            CallbackTurn { route }
        })
    }

    /// The handlers of a kind of update, in order.
    pub(crate) fn updates(&self, kind: &str) -> impl Iterator<Item = UpdateTurn<'_>> {
        self.kinds.get(kind).into_iter().flatten().map(|at| UpdateTurn {
            route: &self.updates[*at],
        })
    }
}

/// What is wrong with the names of what is kept.
fn sessions(kept: &[(&'static str, Need)], problems: &mut Vec<String>) {
    let mut named: HashMap<&str, &Need> = HashMap::new();
    for (name, need) in kept {
        let letter = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
        let problem = match named.insert(name, need) {
            Some(other) if other.id != need.id => {
                format!("{} and {} are both kept as {name:?}", other.name, need.name)
            }
            Some(_) => continue,
            None if name.is_empty() || name.len() > 64 || !name.bytes().all(letter) => {
                format!(
                    "{} is kept as {name:?}, which is not 1 to 64 letters, digits, - and _",
                    need.name
                )
            }
            None => continue,
        };
        problems.push(problem);
    }
}

/// Whether the kept states are as a route's `at` wants them.
async fn is_at(at: &[Arc<dyn AtState>], context: &Context) -> Result<bool, BoxError> {
    for state in at {
        if !state.lets(context).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A route that a press may take.
pub(crate) struct CallbackTurn<'a> {
    route: &'a CallbackRoute,
}

impl<'a> CallbackTurn<'a> {
    pub(crate) fn around(&self) -> &'a [Arc<dyn AnyMiddleware>] {
        &self.route.around
    }

    pub(crate) fn on_error(&self) -> Option<&'a ErrorHandler> {
        self.route.on_error.as_ref()
    }

    /// Offers it the press.
    pub(crate) fn offer(&self, press: &Arc<Press>, context: &Context) -> Offer {
        let route = self.route;
        if !route.filters.iter().all(|filter| filter(context)) {
            return Offer::NotMine;
        }
        if route.at.is_empty() {
            return route.handler.offer(press, context);
        }
        let (at, handler) = (route.at.clone(), Arc::clone(&route.handler));
        let (press, context) = (Arc::clone(press), context.clone());
        Offer::Asking(Box::pin(async move {
            if !is_at(&at, &context).await? {
                return Ok(Offer::NotMine);
            }
            match handler.offer(&press, &context) {
                Offer::Asking(next) => next.await,
                offer => Ok(offer),
            }
        }))
    }
}

/// A route that another update may take.
pub(crate) struct UpdateTurn<'a> {
    route: &'a UpdateRoute,
}

impl<'a> UpdateTurn<'a> {
    pub(crate) fn handler(&self) -> &'a dyn AnyUpdate {
        &*self.route.handler
    }

    pub(crate) fn on_error(&self) -> Option<&'a ErrorHandler> {
        self.route.on_error.as_ref()
    }

    pub(crate) fn around(&self) -> &'a [Arc<dyn AnyMiddleware>] {
        &self.route.around
    }

    pub(crate) fn parse(&self) -> super::Parse {
        self.route.parse
    }

    /// Whether its handler depends on a kept state, which [`is_at`](Self::is_at) asks for.
    pub(crate) fn has_state(&self) -> bool {
        !self.route.at.is_empty()
    }

    pub(crate) async fn is_at(&self, context: &Context) -> Result<bool, BoxError> {
        is_at(&self.route.at, context).await
    }

    /// `me` is the bot's username, once it is known.
    pub(crate) fn lets(&self, context: &Context, me: Option<&str>) -> bool {
        let text = || {
            context
                .message()
                .and_then(|message| message.text.as_deref())
                .unwrap_or_default()
        };
        self.route
            .command
            .as_deref()
            .is_none_or(|command| is_command(text(), command, me))
            && self.route.filters.iter().all(|filter| filter(context))
    }
}

fn is_command(text: &str, command: &str, me: Option<&str>) -> bool {
    let Some(word) = text
        .strip_prefix('/')
        .and_then(|text| text.split(char::is_whitespace).next())
    else {
        return false;
    };
    let (name, to) = word
        .split_once('@')
        .map_or((word, None), |(name, to)| (name, Some(to)));
    let for_me = match (to, me) {
        (Some(to), Some(me)) => to.eq_ignore_ascii_case(me),
        _ => true,
    };
    for_me && name.eq_ignore_ascii_case(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_told_from_text() {
        let me = Some("KnobBot");
        assert!(is_command("/start", "start", me));
        assert!(is_command("/Start abc", "start", me));
        assert!(is_command("/start@knobbot", "start", me));
        assert!(!is_command("/start@otherbot", "start", me));
        assert!(!is_command("/started", "start", me));
        assert!(!is_command("start", "start", me));
        assert!(!is_command("/ start", "start", me));
        assert!(!is_command("", "start", me));
    }
}
