//! What a connection costs that does nothing.

use std::error::Error;
use std::time::Duration;

use ringback_client::Client;
use tokio::task::JoinSet;

use crate::stage::Stage;

/// How many connect at once.
const AT_ONCE: usize = 32;

/// The server's memory, in KiB for each.
pub(crate) struct Idle {
    /// A connected client that has called once.
    pub(crate) connection: f64,
    /// A session that is kept, without a connection.
    pub(crate) key: f64,
}

pub(crate) async fn measure(stage: &Stage, count: usize) -> Result<Idle, Box<dyn Error>> {
    let user = *stage.people.first().ok_or("there is nobody")?;
    let at_rest = stage.server.memory().unwrap_or_default();
    let mut sessions = Vec::with_capacity(count);
    for _ in 0..count {
        sessions.push(stage.session(user).await?);
    }
    let before = stage.server.memory().unwrap_or_default();
    let mut clients = Vec::with_capacity(count);
    let mut under_way = JoinSet::new();
    for session in sessions {
        if under_way.len() >= AT_ONCE
            && let Some(done) = under_way.join_next().await
        {
            clients.push(done??);
        }
        // So long that nothing is sent while it is measured.
        let builder = Client::builder()
            .session(session)
            .ping_every(Duration::from_secs(3600));
        under_way.spawn(builder.connect());
    }
    while let Some(done) = under_way.join_next().await {
        clients.push(done??);
    }
    // What was acknowledged late has gone by then.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let after = stage.server.memory().unwrap_or_default();
    let each = |bytes: u64| bytes as f64 / 1024.0 / count.max(1) as f64;
    drop(clients);
    Ok(Idle {
        connection: each(after.saturating_sub(before)),
        key: each(before.saturating_sub(at_rest)),
    })
}
