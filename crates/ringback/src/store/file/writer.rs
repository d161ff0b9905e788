//! The thread that writes: it takes what has come up meanwhile, writes it in one transaction, and then replies.

use redb::{Database, ReadableTable, Table, TableHandle};
use tokio::sync::{mpsc, oneshot};

use super::{ABOUT, ENDS, FORMAT, VALUES, unharmed};
use crate::error::BoxError;

/// How many writes share a transaction, at most.
const TOGETHER: usize = 512;
/// How many expired values a transaction removes besides. More than are written: the file does not grow by them.
const CLEARED: usize = 2 * TOGETHER;

pub(super) enum Condition {
    Always,
    Absent,
    Present,
    Is(Vec<u8>),
}

pub(super) enum Write {
    /// The end, as in the table, and the value.
    Set(u64, Vec<u8>),
    Remove,
}

/// A write, and where to say whether its condition was met.
pub(super) struct Job {
    pub(super) key: String,
    pub(super) condition: Condition,
    pub(super) write: Write,
    pub(super) reply: oneshot::Sender<Result<bool, String>>,
}

/// Makes the tables in a new file. The file's format; `None` if it is somebody else's.
pub(super) fn prepare(database: &Database) -> Result<Option<u64>, BoxError> {
    let transaction = database.begin_write()?;
    let tables: Vec<String> = transaction
        .list_tables()?
        .map(|table| table.name().to_owned())
        .collect();
    let found = match tables.iter().any(|name| name == ABOUT.name()) {
        true => transaction
            .open_table(ABOUT)?
            .get("format")?
            .map(|format| format.value()),
        false => None,
    };
    if found.is_some() || !tables.is_empty() {
        transaction.abort()?;
        return Ok(found);
    }
    transaction.open_table(ABOUT)?.insert("format", FORMAT)?;
    transaction.open_table(VALUES)?;
    transaction.open_table(ENDS)?;
    transaction.commit()?;
    Ok(Some(FORMAT))
}

pub(super) fn run(database: &Database, mut queue: mpsc::Receiver<Job>, clock: &dyn Fn() -> u64) {
    let mut jobs = Vec::new();
    while queue.blocking_recv_many(&mut jobs, TOGETHER) > 0 {
        match unharmed(|| write(database, &jobs, clock())) {
            Ok(met) => {
                for (job, met) in jobs.drain(..).zip(met) {
                    let _ = job.reply.send(Ok(met));
                }
            }
            Err(error) => {
                let error = error.to_string();
                for job in jobs.drain(..) {
                    let _ = job.reply.send(Err(error.clone()));
                }
            }
        }
    }
}

type Values<'t> = Table<'t, &'static str, (u64, &'static [u8])>;
type Ends<'t> = Table<'t, (u64, &'static str), ()>;

/// Does the jobs in their order: all of them, or on an error none.
fn write(database: &Database, jobs: &[Job], now: u64) -> Result<Vec<bool>, BoxError> {
    let transaction = database.begin_write()?;
    let mut met = Vec::with_capacity(jobs.len());
    {
        let mut values = transaction.open_table(VALUES)?;
        let mut ends = transaction.open_table(ENDS)?;
        for job in jobs {
            met.push(carry_out(&mut values, &mut ends, job, now)?);
        }
        clear(&mut values, &mut ends, now)?;
    }
    transaction.commit()?;
    Ok(met)
}

fn carry_out(values: &mut Values<'_>, ends: &mut Ends<'_>, job: &Job, now: u64) -> Result<bool, BoxError> {
    let key = job.key.as_str();
    let (met, ended) = match values.get(key)? {
        None => (
            matches!(job.condition, Condition::Always | Condition::Absent),
            None,
        ),
        Some(found) => {
            let (until, value) = found.value();
            let live = until == 0 || until > now;
            let met = match &job.condition {
                Condition::Always => true,
                Condition::Absent => !live,
                Condition::Present => live,
                Condition::Is(wanted) => live && wanted == value,
            };
            (met, (until != 0).then_some(until))
        }
    };
    if !met {
        return Ok(false);
    }
    if let Some(ended) = ended {
        ends.remove((ended, key))?;
    }
    match &job.write {
        Write::Remove => {
            values.remove(key)?;
        }
        Write::Set(until, value) => {
            values.insert(key, (*until, value.as_slice()))?;
            if *until != 0 {
                ends.insert((*until, key), ())?;
            }
        }
    }
    Ok(true)
}

/// Removes values whose time is over.
fn clear(values: &mut Values<'_>, ends: &mut Ends<'_>, now: u64) -> Result<(), BoxError> {
    for _ in 0..CLEARED {
        let Some((end, _)) = ends.first()? else { break };
        let (until, key) = end.value();
        if until > now {
            break;
        }
        let key = key.to_owned();
        drop(end);
        values.remove(key.as_str())?;
        ends.remove((until, key.as_str()))?;
    }
    Ok(())
}
