//! What MTProto keeps beside the world in its file: keys, who is signed in with them, passwords. All of it is secret, so
//! none of it is in the world, whose snapshots anyone may read.

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const KEYS: TableDefinition<'_, i64, &[u8]> = TableDefinition::new("mtproto_keys");
const PASSWORDS: TableDefinition<'_, i64, &[u8]> = TableDefinition::new("mtproto_passwords");
const SERVER: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("mtproto_server");

/// The file, if there is one.
pub(super) struct Vault {
    database: Option<Arc<Database>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

/// An authorization key as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedKey {
    pub key: Vec<u8>,
    /// Who is signed in.
    pub user: Option<i64>,
    /// For a temporary key: the permanent one.
    pub permanent: Option<i64>,
    /// For a temporary key: when it ends, in seconds since 1970.
    pub expires: Option<u64>,
    /// The layer that the key's latest session announced.
    pub layer: Option<i32>,
}

/// A password as it is kept: never the password itself.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SavedPassword {
    pub salt1: Vec<u8>,
    pub salt2: Vec<u8>,
    pub verifier: Vec<u8>,
    pub hint: Option<String>,
}

impl Vault {
    pub(super) fn new(database: Option<Arc<Database>>) -> Vault {
        Vault { database }
    }

    /// What all salts are made from.
    pub(super) fn salt_secret(&self) -> Result<[u8; 32], redb::Error> {
        if let Some(kept) = self.server("salts")?
            && let Ok(secret) = <[u8; 32]>::try_from(kept)
        {
            return Ok(secret);
        }
        let secret = super::random_array();
        self.save_server("salts", &secret)?;
        Ok(secret)
    }

    pub(super) fn rsa(&self) -> Result<Option<String>, redb::Error> {
        Ok(self.server("rsa")?.and_then(|pem| String::from_utf8(pem).ok()))
    }

    pub(super) fn save_rsa(&self, pem: &str) -> Result<(), redb::Error> {
        self.save_server("rsa", pem.as_bytes())
    }

    fn server(&self, name: &str) -> Result<Option<Vec<u8>>, redb::Error> {
        let Some(database) = &self.database else {
            return Ok(None);
        };
        match database.begin_read()?.open_table(SERVER) {
            Ok(table) => Ok(table.get(name)?.map(|bytes| bytes.value().to_vec())),
            Err(redb::TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn save_server(&self, name: &str, bytes: &[u8]) -> Result<(), redb::Error> {
        let Some(database) = &self.database else {
            return Ok(());
        };
        let write = database.begin_write()?;
        write.open_table(SERVER)?.insert(name, bytes)?;
        write.commit()?;
        Ok(())
    }

    pub(super) fn keys(&self) -> Result<Vec<(i64, SavedKey)>, redb::Error> {
        self.all(KEYS)
    }

    pub(super) fn passwords(&self) -> Result<Vec<(i64, SavedPassword)>, redb::Error> {
        self.all(PASSWORDS)
    }

    /// Keeps a key, or what has become of it; `None`: it is gone.
    pub(super) fn save_key(&self, id: i64, key: Option<&SavedKey>) {
        self.save(KEYS, id, key);
    }

    /// Keeps a password; `None`: there is none any more.
    pub(super) fn save_password(&self, user: i64, password: Option<&SavedPassword>) {
        self.save(PASSWORDS, user, password);
    }

    fn all<T: for<'de> Deserialize<'de>>(
        &self,
        table: TableDefinition<'_, i64, &[u8]>,
    ) -> Result<Vec<(i64, T)>, redb::Error> {
        let Some(database) = &self.database else {
            return Ok(Vec::new());
        };
        let table = match database.begin_read()?.open_table(table) {
            Ok(table) => table,
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut all = Vec::new();
        for row in table.iter()? {
            let (id, bytes) = row?;
            // What another version wrote is forgotten: its owner signs in again.
            if let Ok(value) = postcard::from_bytes(bytes.value()) {
                all.push((id.value(), value));
            }
        }
        Ok(all)
    }

    fn save<T: Serialize>(&self, table: TableDefinition<'_, i64, &[u8]>, id: i64, value: Option<&T>) {
        let Some(database) = &self.database else { return };
        let write = || -> Result<(), redb::Error> {
            let write = database.begin_write()?;
            {
                let mut table = write.open_table(table)?;
                // Writing to memory what serde derives: cannot fail.
                match value.map(|value| postcard::to_allocvec(value).unwrap_or_default()) {
                    Some(bytes) => drop(table.insert(id, &bytes[..])?),
                    None => drop(table.remove(id)?),
                }
            }
            write.commit()?;
            Ok(())
        };
        if let Err(error) = write() {
            tracing::error!(%error, "cannot keep a key; its owner has to sign in again after a restart");
        }
    }
}
