//! Files in parts, to a server that takes down what it was given.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

mod common;

use std::sync::{Arc, Mutex};

use common::{KEY, Peer as Scripted, Reply, bytes};
use ringback_client::tl::functions::Function;
use ringback_client::tl::{ctors, types};
use ringback_client::{Client, Error, Session};
use ringback_mtproto::AuthKey;

const PART: usize = 512 << 10;
const MIB: usize = 1 << 20;

/// The number of a part, how many there are if that was said, and its bytes.
type Part = (i32, Option<i32>, Vec<u8>);

#[derive(Default)]
struct Store {
    parts: Mutex<Vec<(i64, Part)>>,
    /// What is fetched.
    content: Mutex<Vec<u8>>,
    /// This part is not taken.
    refused: Option<i32>,
    /// So much more than was asked for is given.
    more: usize,
}

impl Store {
    fn keep(&self, file: i64, part: Part) -> Reply {
        let taken = self.refused != Some(part.0);
        self.parts.lock().unwrap().push((file, part));
        bytes(&taken)
    }

    async fn client(self) -> (Arc<Self>, Client) {
        let store = Arc::new(self);
        let own = Arc::clone(&store);
        let server = Scripted::start(move |call| match call.function {
            Function::UploadSaveFilePart(call) => own.keep(call.file_id, (call.file_part, None, call.bytes)),
            Function::UploadSaveBigFilePart(call) => {
                let total = Some(call.file_total_parts);
                own.keep(call.file_id, (call.file_part, total, call.bytes))
            }
            Function::UploadGetFile(call) => {
                assert_eq!((call.precise, call.cdn_supported), (false, false));
                let content = own.content.lock().unwrap();
                let first = usize::try_from(call.offset).unwrap();
                let end = first + usize::try_from(call.limit).unwrap() + own.more;
                bytes(&types::upload::File::from(ctors::upload::File {
                    r#type: types::storage::FileType::FileUnknown,
                    mtime: 0,
                    bytes: content[first..end.min(content.len())].to_vec(),
                }))
            }
            other => panic!("{}", other.name()),
        })
        .await;
        let session = Session {
            address: server.address,
            dc: 2,
            user: 1,
            key: AuthKey::from_bytes(KEY),
        };
        let client = Client::builder().session(session).connect().await.unwrap();
        (store, client)
    }
}

/// No two parts of it are the same.
fn content(length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..=length as u32 / 4).flat_map(u32::to_le_bytes).collect();
    bytes.truncate(length);
    bytes
}

fn somewhere() -> types::InputFileLocation {
    types::InputFileLocation::InputTakeoutFileLocation
}

#[tokio::test]
async fn a_file_goes_up_in_parts() {
    for length in [0, 1, PART, PART + 1, 10 * MIB, 10 * MIB + 1] {
        let (store, client) = Store::default().client().await;
        let whole = content(length);
        let file = client
            .upload("a.bin", length as u64, whole.as_slice())
            .await
            .unwrap();
        let (id, parts, name, big) = match file {
            types::InputFile::InputFile(file) => (file.id, file.parts, file.name, false),
            types::InputFile::Big(file) => (file.id, file.parts, file.name, true),
            other => panic!("{other:?}"),
        };
        assert_eq!((name.as_str(), big), ("a.bin", length > 10 * MIB));
        let mut kept = std::mem::take(&mut *store.parts.lock().unwrap());
        kept.sort_by_key(|(_, (number, ..))| *number);
        assert_eq!(kept.len(), parts as usize);
        for (at, (file, (number, total, bytes))) in kept.iter().enumerate() {
            assert_eq!((*file, *number as usize), (id, at));
            assert_eq!(*total, big.then_some(parts));
            assert_eq!(bytes.len(), PART.min(length - at * PART));
        }
        let together: Vec<u8> = kept.into_iter().flat_map(|(_, (_, _, bytes))| bytes).collect();
        assert!(together == whole, "{length}");
    }
}

#[tokio::test]
async fn a_part_that_is_not_taken_or_not_there_ends_an_upload() {
    let refusing = Store {
        refused: Some(1),
        ..Store::default()
    };
    let (_, client) = refusing.client().await;
    let whole = content(3 * PART);
    let refused = client.upload("a", whole.len() as u64, whole.as_slice()).await;
    assert!(matches!(refused, Err(Error::Unexpected(_))), "{refused:?}");
    let (_, client) = Store::default().client().await;
    let short = client.upload("a", whole.len() as u64 + 1, whole.as_slice()).await;
    assert!(matches!(short, Err(Error::File(_))), "{short:?}");
    let endless = client.upload("a", u64::MAX, whole.as_slice()).await;
    assert!(matches!(endless, Err(Error::File(_))), "{endless:?}");
}

#[tokio::test]
async fn a_file_comes_down_whole() {
    let (store, client) = Store::default().client().await;
    for length in [0, 1, PART, 2 * PART, 2 * PART + 1] {
        *store.content.lock().unwrap() = content(length);
        let mut to = Vec::new();
        let fetched = client.download(&somewhere(), &mut to).await.unwrap();
        assert_eq!(fetched, length as u64);
        assert!(to == content(length), "{length}");
    }
    // A place with too little room.
    let mut room = [0; 1000];
    let full = client
        .download(&somewhere(), std::io::Cursor::new(&mut room[..]))
        .await;
    assert!(matches!(full, Err(Error::File(_))), "{full:?}");
}

#[tokio::test]
async fn more_than_was_asked_for_is_not_taken() {
    let giving = Store {
        content: Mutex::new(content(2 * PART)),
        more: 1,
        ..Store::default()
    };
    let (_, client) = giving.client().await;
    let much = client.download(&somewhere(), &mut Vec::new()).await;
    assert!(matches!(much, Err(Error::Unexpected(_))), "{much:?}");
}
