//! The statements. One that writes gives a row if it has changed something. Time is the server's: several processes need not agree on theirs.

use crate::error::Error;

/// The statements for one table.
pub(super) struct Sql {
    pub(super) table: String,
    pub(super) create: String,
    pub(super) get: String,
    pub(super) put: String,
    pub(super) insert: String,
    pub(super) swap: String,
    pub(super) remove: String,
    pub(super) remove_only: String,
    pub(super) clear: String,
}

/// Whoever makes tables for Ringback holds this advisory lock: two that make the same one at once would fail.
const LOCK: i64 = 0x7269_6e67_6261_636b;

impl Sql {
    pub(super) fn new(table: &str) -> Result<Self, Error> {
        if !is_name(table) {
            return Err(Error::Config(format!(
                "{table:?} is no name for a table: small letters, digits and underscores, up to 50"
            )));
        }
        let index = format!("{}_ends", table.rsplit('.').next().unwrap_or(table));
        let live = "(ends IS NULL OR ends > clock_timestamp())";
        let ends = "clock_timestamp() + $3 * interval '1 millisecond'";
        let upsert = format!(
            "INSERT INTO {table} AS held (key, value, ends) VALUES ($1, $2, {ends}) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, ends = excluded.ends"
        );
        Ok(Sql {
            // One implicit transaction. Collating is not needed to find a key.
            create: format!(
                "SELECT pg_advisory_xact_lock({LOCK}); \
                 CREATE TABLE IF NOT EXISTS {table} \
                 (key text COLLATE \"C\" PRIMARY KEY, value bytea NOT NULL, ends timestamptz); \
                 CREATE INDEX IF NOT EXISTS {index} ON {table} (ends) WHERE ends IS NOT NULL"
            ),
            get: format!("SELECT value FROM {table} WHERE key = $1 AND {live}"),
            insert: format!("{upsert} WHERE held.ends <= clock_timestamp() RETURNING 1"),
            put: format!("{upsert} RETURNING 1"),
            swap: format!(
                "UPDATE {table} SET value = $2, ends = {ends} WHERE key = $1 AND value = $4 AND {live} RETURNING 1"
            ),
            remove: format!("DELETE FROM {table} WHERE key = $1 AND {live} RETURNING 1"),
            remove_only: format!("DELETE FROM {table} WHERE key = $1 AND value = $2 AND {live} RETURNING 1"),
            clear: format!(
                "DELETE FROM {table} WHERE key IN (SELECT key FROM {table} WHERE ends <= clock_timestamp() \
                 ORDER BY ends LIMIT 10000 FOR UPDATE SKIP LOCKED)"
            ),
            table: table.to_owned(),
        })
    }
}

/// Names that need no quotes, so that none can be anything but a name.
fn is_name(table: &str) -> bool {
    let part = |part: &str| {
        let letter = |c: u8| c.is_ascii_lowercase() || c == b'_';
        part.len() <= 50
            && part.bytes().next().is_some_and(letter)
            && part.bytes().all(|c| letter(c) || c.is_ascii_digit())
    };
    match table.split_once('.') {
        Some((schema, table)) => part(schema) && part(table),
        None => part(table),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_a_name() {
        assert!(is_name("ringback_store") && is_name("bot.kept_2") && is_name("_x"));
        for wrong in [
            "",
            "a b",
            "a;b",
            "a\"b",
            "Tab",
            "1a",
            "a.b.c",
            ".a",
            "a.",
            &"a".repeat(51),
        ] {
            assert!(Sql::new(wrong).is_err(), "{wrong}");
        }
    }
}
