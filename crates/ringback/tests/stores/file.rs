//! The file: the suite, and ends that nobody has prepared.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use ringback::store::{FileStore, Store, When};

/// A path of this test's own, whose file is removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        let name = format!("ringback-stores-{}-{name}.redb", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_file(&path);
        Temporary(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_conforms() {
    let file = Temporary::new("suite");
    let store: Arc<dyn Store> = Arc::new(FileStore::open(&file.0).unwrap());
    super::suite::conforms(Arc::clone(&store), store).await;
}

/// Where the writer that will be killed writes; without it this is no writer.
const WRITER: &str = "RINGBACK_TEST_WRITER";

fn number(value: Option<Vec<u8>>) -> u64 {
    String::from_utf8(value.unwrap()).unwrap().parse().unwrap()
}

/// Not a test: counts in the file for ever, and says each number that is safe.
#[tokio::test]
#[ignore = "the writer of the next test, in a process of its own"]
async fn the_writer_that_is_killed() {
    let Some(path) = std::env::var_os(WRITER) else {
        return;
    };
    let store = FileStore::open(path).unwrap();
    let mut at = match store.get("n").await.unwrap() {
        None => 0,
        found => number(found),
    };
    loop {
        at += 1;
        // Two keys that belong together, and one that grows: pages of all kinds are being written.
        let text = at.to_string();
        store.set("n", text.as_bytes(), None, When::Always).await.unwrap();
        store
            .set(&format!("page/{}", at % 50), &vec![7; 5000], None, When::Always)
            .await
            .unwrap();
        println!("\nsafe {at}");
    }
}

#[tokio::test]
async fn what_was_written_survives_sigkill() {
    let file = Temporary::new("kill");
    let mut safe = 0;
    for round in 0..8 {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "file::the_writer_that_is_killed",
                "--ignored",
                "--nocapture",
            ])
            .env(WRITER, &file.0)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Killed after this many writes, in the middle of one.
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let said: Vec<u64> = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("safe ")?.parse().ok())
            .take(3 + round * 7)
            .collect();
        writer.kill().unwrap();
        writer.wait().unwrap();
        assert_eq!(said.len(), 3 + round * 7, "the writer ended by itself");
        assert_eq!(said[0], safe + 1, "it went on where it was");
        let store = FileStore::open(&file.0).unwrap();
        let found = number(store.get("n").await.unwrap());
        assert!(found >= *said.last().unwrap(), "{found} of {said:?}");
        safe = found;
    }
}

#[tokio::test]
async fn a_torn_end_is_as_if_it_had_not_been_written() {
    let (file, torn) = (Temporary::new("whole"), Temporary::new("torn"));
    let store = FileStore::open(&file.0).unwrap();
    for n in 0..20_u32 {
        let key = format!("key {n}");
        assert!(
            store
                .set(&key, &vec![n as u8; 3000], None, When::Absent)
                .await
                .unwrap()
        );
    }
    // As a power cut would leave it: open, and its last pages never on the disk.
    let open = std::fs::read(&file.0).unwrap();
    drop(store);
    for lost in [1, 4096, 40_000] {
        let mut bytes = open.clone();
        let end = bytes.len() - lost;
        bytes[end..].fill(0);
        std::fs::write(&torn.0, &bytes).unwrap();
        // It opens with whole values, or says that it is damaged; it does not make values up.
        let Ok(store) = FileStore::open(&torn.0) else {
            continue;
        };
        for n in 0..20_u32 {
            if let Ok(Some(value)) = store.get(&format!("key {n}")).await {
                assert!(value == vec![n as u8; 3000], "key {n}");
            }
        }
    }
}
