//! Ids that are opaque text: of files, and of messages sent through inline mode.

use ringback_world::{File, FileId, FileKind, InlineMessageId, MediaKind};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What a `file_id` was given out for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FileIdKind {
    /// A picture.
    Photo,
    /// Any file.
    Document,
    /// A film, a recording or a sticker.
    Media(MediaKind),
}

impl FileIdKind {
    const ALL: [FileIdKind; 8] = [
        FileIdKind::Photo,
        FileIdKind::Document,
        FileIdKind::Media(MediaKind::Video),
        FileIdKind::Media(MediaKind::Animation),
        FileIdKind::Media(MediaKind::Audio),
        FileIdKind::Media(MediaKind::Voice),
        FileIdKind::Media(MediaKind::VideoNote),
        FileIdKind::Media(MediaKind::Sticker),
    ];

    /// The kind of a file.
    pub(crate) fn of(file: &File) -> FileIdKind {
        match &file.kind {
            FileKind::Photo { .. } => FileIdKind::Photo,
            FileKind::Document { .. } => FileIdKind::Document,
            FileKind::Media(media) => FileIdKind::Media(media.kind),
        }
    }

    /// As the first byte of a `file_id`; the same as Telegram's, so that they begin alike (TD `FileType`).
    fn byte(self) -> u8 {
        match self {
            FileIdKind::Photo => 2,
            FileIdKind::Media(MediaKind::Voice) => 3,
            FileIdKind::Media(MediaKind::Video) => 4,
            FileIdKind::Document => 5,
            FileIdKind::Media(MediaKind::Sticker) => 8,
            FileIdKind::Media(MediaKind::Audio) => 9,
            FileIdKind::Media(MediaKind::Animation) => 10,
            FileIdKind::Media(MediaKind::VideoNote) => 13,
        }
    }
}

/// A file's `file_id`: its kind and number, and a checksum that garbage does not have.
pub(crate) fn file_id(file: &File) -> String {
    let mut bytes = vec![FileIdKind::of(file).byte(), 0, 2];
    bytes.extend(file.id.0.to_le_bytes());
    let sum = checksum(&bytes).to_le_bytes();
    bytes.extend(&sum[..4]);
    to_base64(&bytes)
}

/// Reads a `file_id`; `None` if it is not one of ours.
pub(crate) fn read_file_id(text: &str) -> Option<(FileIdKind, FileId)> {
    let bytes: [u8; 15] = from_base64(text)?.try_into().ok()?;
    let (body, sum) = bytes.split_at(11);
    if checksum(body).to_le_bytes()[..4] != *sum || body[1..3] != [0, 2] {
        return None;
    }
    let kind = FileIdKind::ALL.into_iter().find(|kind| kind.byte() == body[0])?;
    let number = u64::from_le_bytes(body[3..].try_into().ok()?);
    Some((kind, FileId(number)))
}

/// A file's `file_unique_id`: the same for the same bytes, and of no use to get them.
pub(crate) fn file_unique_id(file: &File) -> String {
    let mut bytes = vec![
        match file.kind {
            FileKind::Photo { .. } => 1,
            FileKind::Document { .. } | FileKind::Media(_) => 2,
        },
        0,
        3,
    ];
    bytes.extend(checksum(file.digest.as_bytes()).to_le_bytes());
    to_base64(&bytes)
}

/// The data centre that all is in.
const DC: i32 = 2;

/// An `inline_message_id`: the fields of MTProto's `inputBotInlineMessageID64`, as clients of MTProto write it too.
pub(crate) fn inline_message_id(id: InlineMessageId) -> String {
    let mut bytes = Vec::with_capacity(24);
    bytes.extend(DC.to_le_bytes());
    bytes.extend(id.owner.to_le_bytes());
    bytes.extend(id.id.to_le_bytes());
    bytes.extend(id.access_hash.to_le_bytes());
    to_base64(&bytes)
}

/// Reads an `inline_message_id`; `None` if it is not one of ours.
pub(crate) fn read_inline_message_id(text: &str) -> Option<InlineMessageId> {
    let bytes: [u8; 24] = from_base64(text)?.try_into().ok()?;
    let (dc, rest) = bytes.split_first_chunk::<4>()?;
    let (owner, rest) = rest.split_first_chunk::<8>()?;
    let (id, rest) = rest.split_first_chunk::<4>()?;
    let access_hash = rest.first_chunk::<8>()?;
    (i32::from_le_bytes(*dc) == DC).then_some(InlineMessageId {
        owner: i64::from_le_bytes(*owner),
        id: i32::from_le_bytes(*id),
        access_hash: i64::from_le_bytes(*access_hash),
    })
}

/// FNV-1a, with its bits mixed once more: no secret, only a guard against accidents.
fn checksum(bytes: &[u8]) -> u64 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Base64 for URLs, without padding.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for at in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * at) & 63) as usize]));
        }
    }
    text
}

/// What a digit of [`ALPHABET`] stands for.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

/// The reverse of [`to_base64`]; padding does not matter.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=').as_bytes();
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.chunks(4) {
        let mut bits = 0_u32;
        for byte in chunk {
            bits = bits << 6 | u32::from(digit(*byte)?);
        }
        bits <<= 6 * (4 - chunk.len());
        let [_, all @ ..] = bits.to_be_bytes();
        let (own, rest) = all.split_at(chunk.len() * 3 / 4);
        // A single digit holds no byte, and no bits may be left over.
        if own.is_empty() || rest.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend(own);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(id: u64, kind: FileKind) -> File {
        File {
            id: FileId(id),
            digest: "abc".into(),
            size: 1,
            kind,
        }
    }

    #[test]
    fn file_ids_go_both_ways_and_look_like_telegrams() {
        let photo = file(7, FileKind::Photo { width: 1, height: 1 });
        let document = file(
            u64::MAX,
            FileKind::Document {
                name: None,
                mime_type: None,
            },
        );
        let media = |kind| file(9, FileKind::Media(ringback_world::Media::new(kind)));
        for (file, kind, start) in [
            (&photo, FileIdKind::Photo, "AgAC"),
            (&document, FileIdKind::Document, "BQAC"),
            (
                &media(MediaKind::Voice),
                FileIdKind::Media(MediaKind::Voice),
                "AwAC",
            ),
            (
                &media(MediaKind::Video),
                FileIdKind::Media(MediaKind::Video),
                "BAAC",
            ),
            (
                &media(MediaKind::Sticker),
                FileIdKind::Media(MediaKind::Sticker),
                "CAAC",
            ),
            (
                &media(MediaKind::Audio),
                FileIdKind::Media(MediaKind::Audio),
                "CQAC",
            ),
            (
                &media(MediaKind::Animation),
                FileIdKind::Media(MediaKind::Animation),
                "CgAC",
            ),
            (
                &media(MediaKind::VideoNote),
                FileIdKind::Media(MediaKind::VideoNote),
                "DQAC",
            ),
        ] {
            let text = file_id(file);
            assert!(text.starts_with(start), "{text}");
            assert_eq!(read_file_id(&text), Some((kind, file.id)));
            let other = text.replacen(&text[10..11], if &text[10..11] == "A" { "B" } else { "A" }, 1);
            assert_eq!(read_file_id(&other), None, "{other}");
        }
        assert_eq!(
            file_unique_id(&photo),
            file_unique_id(&file(8, photo.kind.clone()))
        );
    }

    #[test]
    fn inline_message_ids_go_both_ways() {
        let id = InlineMessageId {
            owner: 1 << 40,
            id: -3,
            access_hash: i64::MIN,
        };
        let text = inline_message_id(id);
        assert_eq!(text.len(), 32);
        assert!(text.starts_with("AgAAA"), "{text}");
        assert_eq!(read_inline_message_id(&text), Some(id));
    }

    #[test]
    fn known_base64() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
        ] {
            assert_eq!(to_base64(bytes.as_bytes()), text);
            assert_eq!(from_base64(text).unwrap(), bytes.as_bytes());
        }
        for bad in ["A", "Zh", "Z g", "é", "Zm9vY"] {
            assert_eq!(from_base64(bad), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn garbage_is_no_id(text in "\\PC{0,40}|[A-Za-z0-9_-]{20}|[A-Za-z0-9_-]{32}") {
            let _ = read_inline_message_id(&text);
            proptest::prop_assert_eq!(read_file_id(&text), None);
        }

        #[test]
        fn base64_goes_both_ways(bytes in proptest::collection::vec(0..=255_u8, 0..40)) {
            proptest::prop_assert_eq!(from_base64(&to_base64(&bytes)), Some(bytes));
        }
    }
}
