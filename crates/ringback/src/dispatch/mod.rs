//! From an update to its handler: the part that polling and webhooks share.
//!
//! # The order of things
//!
//! A *lane* keeps order: each user has one for presses (whatever chat or inline message the button hangs on), each
//! chat one for messages and what else happens in it. Lanes run side by side. In a lane,
//!
//! 1. an update's handlers begin when those of the update before have **ended**, and its answer, whoever gave it, has
//!    been **written**. Two handlers of one user never run at once;
//! 2. what the server says to the answer is waited for outside the lane. It is no part of what the user sees: a user
//!    who presses ten times is answered ten times in one round trip, not in ten;
//! 3. an update is *handled*, and may be confirmed, when that has come, too, and whatever went wrong was reported. A
//!    query whose answer was left to a task is handled when that, or the fallback in its place, has come.
//!
//! *Written* means that all of the request has been handed to a connection, which carries nothing else until its
//! response has come. So a user's answers go out one after the other, each over a connection of its own, and arrive in
//! that order: a server that takes from its connections what comes first has them in order. (A connection that was just
//! opened is given the server a moment to accept it, before it is used.) What no client can promise is the order between connections in a network that
//! loses a packet of one of them, or in a server whose threads race. To rule that out, a bot has to wait for each
//! response, one press in a round trip: [`strict_order`](crate::Polling::strict_order) does. By default a passing note
//! is not worth that; what changes a message is: any other call (an edit, a message) is over only when its response
//! has come, and while the handler waits for it, the lane does. So a handler may edit and then answer, or answer and
//! then edit, and the edits of one user's presses never overtake each other.
//!
//! Outside the order are, on purpose: an answer that is given [later](crate::Later), and the fallback answer at a
//! deadline, which comes when the user has waited for long enough, whatever the lane does.

mod desk;
mod hold;
mod idle;
mod lanes;
mod marks;
mod run;
mod settings;
mod watch;

pub(crate) use desk::{Desk, ErrorHandler};
pub use desk::{Failure, Reason, Report};
pub(crate) use hold::Hold;
pub(crate) use idle::{Busy, Idle};
pub(crate) use marks::{Mark, Marks};
pub(crate) use settings::{Settings, setters};

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Waker};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::join_all;
use serde::Deserialize;
use tokio::runtime::{Handle, RuntimeFlavor};
use tracing::Span;
use tracing::field::Empty;

use self::lanes::{Key, Lanes};
use self::watch::Watch;
use crate::meter;
use crate::poll::Done;
use crate::query::Press;
use crate::router::Routes;
use crate::update::{self, Content, Update};
use crate::webhook::Ride;

/// How long the answers may take that are given in the place of tasks when the program ends.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Runs each update's handlers: in order for one user's presses and for one chat's messages, side by side
/// otherwise.
pub(crate) struct Dispatcher {
    routes: Routes,
    desk: Arc<Desk>,
    lanes: Lanes<Job>,
    watch: Watch,
    settings: Settings,
    /// The bot's username, for commands that are addressed.
    me: OnceLock<String>,
    /// Whether a new task would run on this thread in any case.
    single_threaded: bool,
}

/// One update's work.
struct Job {
    update_id: i64,
    work: Work,
    span: Span,
    /// Dropped with the job: its handlers have ended, however that was.
    hold: Arc<Hold>,
}

/// How an update came.
pub(crate) enum Origin {
    /// By polling: it is confirmed when it is done.
    Poll(Done),
    /// By a webhook, whose response waits.
    Hook(Ride, Busy),
}

enum Work {
    Press(Arc<Press>),
    Other { kind: &'static str, json: Bytes },
    Unreadable(String),
}

impl Dispatcher {
    pub(crate) fn new(routes: Routes, desk: Desk, settings: Settings) -> Arc<Self> {
        let (desk, watch) = (Arc::new(desk), Watch::new(settings.answer_within));
        Arc::new(Dispatcher {
            routes,
            desk,
            lanes: Lanes::default(),
            watch,
            settings,
            me: OnceLock::new(),
            single_threaded: Handle::try_current()
                .is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::CurrentThread),
        })
    }

    pub(crate) fn allowed_updates(&self) -> &[&'static str] {
        &self.routes.allowed_updates
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Whether a handler takes commands, which may be addressed to another bot.
    pub(crate) fn has_commands(&self) -> bool {
        self.routes.has_commands()
    }

    pub(crate) fn set_username(&self, name: String) {
        let _ = self.me.set(name);
    }

    /// An update's mark, if marks are kept.
    pub(crate) fn mark(&self, update: &Update) -> Option<Arc<Mark>> {
        let marks = self.settings.dedupe.as_ref()?;
        Some(marks.mark(update, &self.desk))
    }

    /// Takes up an update. From here the time for a press's answer runs, whatever it has to wait for.
    pub(crate) fn submit(self: &Arc<Self>, update: Update, origin: Origin, mark: Option<Arc<Mark>>) {
        let kind = match &update.content {
            Content::Callback(_) => "callback_query",
            Content::Other { kind, .. } => kind,
            Content::Unreadable(_) => "unreadable",
        };
        meter::update(kind);
        let span = tracing::info_span!(
            "update",
            id = update.id,
            kind,
            user = Empty,
            answer = Empty,
            answer_us = Empty
        );
        // A webhook's request is a task already. What polls takes up a hundred updates in one: on several threads their
        // handlers run side by side from the beginning.
        let at_once = match &origin {
            Origin::Hook(..) => true,
            Origin::Poll(_) => self.single_threaded,
        };
        let mut hold = Hold::new(origin, mark);
        // The response waits for the answer, not for the handler's end.
        let ride = match &update.content {
            Content::Callback(_) => hold.take_ride(),
            _ => None,
        };
        let hold = Arc::new(hold);
        let (key, work) = match update.content {
            Content::Callback(query) => {
                let key = Key::User(query.from.id);
                span.record("user", query.from.id);
                let desk = Arc::clone(&self.desk);
                let press = Press::new(update.id, query, desk, ride, span.clone(), Arc::downgrade(&hold));
                self.watch.over(&press);
                (Some(key), Work::Press(press))
            }
            Content::Other { kind, json } => (lane(&json), Work::Other { kind, json }),
            Content::Unreadable(why) => (None, Work::Unreadable(why)),
        };
        let job = Job {
            update_id: update.id,
            work,
            span,
            hold,
        };
        // A lane that is at work takes the job itself.
        let first = match key {
            Some(key) => self.lanes.enter(key, job),
            None => Some(job),
        };
        if let Some(first) = first {
            self.run(key, first, at_once);
        }
    }

    /// Runs a lane. Most handlers answer and end without having to wait for anything: a task of its own is for those
    /// that wait.
    fn run(self: &Arc<Self>, key: Option<Key>, first: Job, at_once: bool) {
        let mut lane = Box::pin(Arc::clone(self).lane(key, first));
        // The task that goes on with it polls it again, so it misses nothing that happens meanwhile.
        let mut nobody = Context::from_waker(Waker::noop());
        if !at_once || lane.as_mut().poll(&mut nobody).is_pending() {
            tokio::spawn(lane);
        }
    }

    /// The end has come for answers that were left to a task: gives the fallback for each, and waits for the server, and
    /// for what is being marked.
    pub(crate) async fn answer_owed(&self) {
        let presses = self.watch.owed();
        let answers = presses.iter().map(|press| {
            let answer = self
                .desk
                .give_up(press, Reason::Late, Some(Failure::Stopped), None);
            AssertUnwindSafe(answer).catch_unwind()
        });
        if tokio::time::timeout(LAST_ANSWERS, join_all(answers))
            .await
            .is_err()
        {
            tracing::warn!("not all answers that were owed could be given");
        }
        drop(presses);
        if let Some(marks) = &self.settings.dedupe {
            marks.written().await;
        }
    }
}

/// Whose order an update is part of: its chat's, or its user's.
fn lane(json: &Bytes) -> Option<Key> {
    #[derive(Deserialize)]
    struct Head {
        chat: Option<Id>,
        from: Option<Id>,
        user: Option<Id>,
    }
    #[derive(Deserialize)]
    struct Id {
        id: i64,
    }
    let head = update::read::<Head>(json).ok()?;
    match (head.chat, head.from.or(head.user)) {
        (Some(chat), _) => Some(Key::Chat(chat.id)),
        (None, Some(user)) => Some(Key::User(user.id)),
        (None, None) => None,
    }
}
