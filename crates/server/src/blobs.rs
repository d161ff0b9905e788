//! The bytes of files, by what they are.

use redb::{Database, ReadableDatabase, TableDefinition};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

const BLOBS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("blobs");

/// Where the bytes of files are kept: in memory, or beside the world in its database.
#[derive(Debug)]
pub(crate) struct Blobs {
    memory: Mutex<HashMap<String, bytes::Bytes>>,
    database: Option<Arc<Database>>,
}

impl Blobs {
    pub(crate) fn new(database: Option<Arc<Database>>) -> Blobs {
        Blobs {
            memory: Mutex::default(),
            database,
        }
    }

    /// Keeps bytes and gives their name: the same bytes, the same name.
    pub(crate) fn put(&self, bytes: bytes::Bytes) -> Result<String, redb::Error> {
        let name = digest(&bytes);
        match &self.database {
            Some(database) => {
                let write = database.begin_write()?;
                write.open_table(BLOBS)?.insert(name.as_str(), &bytes[..])?;
                write.commit()?;
            }
            None => drop(
                self.memory
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(name.clone(), bytes),
            ),
        }
        Ok(name)
    }

    /// The bytes of that name.
    pub(crate) fn get(&self, name: &str) -> Result<Option<bytes::Bytes>, redb::Error> {
        match &self.database {
            Some(database) => match database.begin_read()?.open_table(BLOBS) {
                Ok(table) => Ok(table
                    .get(name)?
                    .map(|bytes| bytes::Bytes::copy_from_slice(bytes.value()))),
                Err(redb::TableError::TableDoesNotExist(_)) => Ok(None),
                Err(error) => Err(error.into()),
            },
            None => Ok(self
                .memory
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get(name)
                .cloned()),
        }
    }
}

/// Two keyed 64-bit hashes: not against attackers, who can only overwrite their own files here.
fn digest(bytes: &[u8]) -> String {
    let half = |seed: u64| ringback_world::Seed(seed).digest(bytes);
    format!("{:016x}{:016x}", half(1), half(2))
}
