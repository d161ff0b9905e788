//! A router that was checked and is ready to dispatch.

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::{CallbackRoute, Filter, Router, UpdateRoute};
use crate::context::{Context, States};
use crate::data::{Claim, Claims};
use crate::dispatch::ErrorHandler;
use crate::handler::{AnyCallback, AnyUpdate, Takes};
use crate::middleware::AnyMiddleware;

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

        for need in &needs.0 {
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
            CallbackTurn {
                handler: &*route.handler,
                filters: &route.filters,
                around: &route.around,
                on_error: route.on_error.as_ref(),
            }
        })
    }

    /// The handlers of a kind of update, in order.
    pub(crate) fn updates(&self, kind: &str) -> impl Iterator<Item = UpdateTurn<'_>> {
        self.kinds.get(kind).into_iter().flatten().map(|at| UpdateTurn {
            route: &self.updates[*at],
        })
    }
}

/// A route that a press may take.
pub(crate) struct CallbackTurn<'a> {
    pub(crate) handler: &'a dyn AnyCallback,
    filters: &'a [Filter],
    pub(crate) around: &'a [Arc<dyn AnyMiddleware>],
    pub(crate) on_error: Option<&'a ErrorHandler>,
}

impl CallbackTurn<'_> {
    pub(crate) fn lets(&self, context: &Context) -> bool {
        self.filters.iter().all(|filter| filter(context))
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
