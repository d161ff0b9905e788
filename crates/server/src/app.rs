//! What every edge works with.

use crate::hub::Hub;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

/// The running server, as its edges see it.
#[derive(Debug)]
pub(crate) struct App {
    /// The world.
    pub hub: Arc<Hub>,
    /// Where the server listens.
    pub addr: SocketAddr,
}

impl App {
    /// Where programs reach the server.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Figures for a scraper, in Prometheus's text form.
    pub(crate) fn metrics(&self) -> String {
        let locked = self.hub.lock();
        let world = locked.world();
        let waiting: usize = world.bots().map(|bot| bot.queue.len()).sum();
        let mut text = String::new();
        for (name, help, value) in [
            ("ringback_users", "Users, bots among them.", world.users().count()),
            ("ringback_bots", "Bots.", world.bots().count()),
            (
                "ringback_updates_waiting",
                "Updates that bots have not confirmed.",
                waiting,
            ),
        ] {
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"
            );
        }
        let _ = write!(
            text,
            "# HELP ringback_journal_entries_total Journal entries so far.\n# TYPE ringback_journal_entries_total counter\nringback_journal_entries_total {}\n",
            world.next_seq().0 - 1
        );
        text
    }
}
