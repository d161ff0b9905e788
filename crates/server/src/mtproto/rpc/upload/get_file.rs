//! `upload.getFile`: a piece of a picture or file.

use crate::mtproto::rpc::messages::media::known_file;
use crate::mtproto::rpc::{Answer, Context, Refusal};
use ringback_tl::{ctors, functions, types};
use ringback_world::File;
use types::InputFileLocation as Location;
use types::storage::FileType;

const KIB: i64 = 1024;
const MIB: i64 = 1024 * KIB;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::upload::GetFile) -> Answer {
    let me = context.me()?;
    check_bounds(call)?;
    let file = {
        let locked = context.lock();
        let (id, hash, reference, is_photo) = match &call.location {
            Location::InputPhotoFileLocation(own) => (own.id, own.access_hash, &own.file_reference, true),
            Location::InputDocumentFileLocation(own) => (own.id, own.access_hash, &own.file_reference, false),
            _ => return Err(Refusal::new(400, "LOCATION_INVALID")),
        };
        let invalid = || Refusal::new(400, "LOCATION_INVALID");
        let id = known_file(locked.world(), me, (id, hash, reference), is_photo, invalid)?;
        locked.world().file(id).ok_or_else(invalid)?.clone()
    };
    let content = context.app.hub.blobs.get(&file.digest).map_err(|error| {
        tracing::error!(%error, "cannot read a file");
        Refusal::new(400, "LOCATION_INVALID")
    })?;
    let content = content.ok_or_else(|| Refusal::new(400, "LOCATION_INVALID"))?;
    let first = usize::try_from(call.offset)
        .unwrap_or(usize::MAX)
        .min(content.len());
    let limit = usize::try_from(call.limit).unwrap_or(0);
    let end = first.saturating_add(limit).min(content.len());
    context.give(&types::upload::File::File(ctors::upload::File {
        r#type: file_type(&file, &content),
        mtime: 0,
        bytes: content.slice(first..end).to_vec(),
    }))
}

/// The rules of <https://core.telegram.org/api/files#downloading-files>: pieces lie on a grid of 4 KiB within one MiB; or,
/// when they are precise, on one of 1 KiB.
fn check_bounds(call: &functions::upload::GetFile) -> Result<(), Refusal> {
    let (offset, limit) = (call.offset, i64::from(call.limit));
    let grid = if call.precise { KIB } else { 4 * KIB };
    if limit <= 0 || limit > MIB || limit % grid != 0 || (!call.precise && MIB % limit != 0) {
        return Err(Refusal::new(400, "LIMIT_INVALID"));
    }
    let last = offset.saturating_add(limit - 1);
    if offset < 0 || offset % grid != 0 || (!call.precise && offset / MIB != last / MIB) {
        return Err(Refusal::new(400, "OFFSET_INVALID"));
    }
    Ok(())
}

/// What the bytes are, by how they begin.
fn file_type(file: &File, content: &[u8]) -> FileType {
    const KNOWN: [(&[u8], FileType); 6] = [
        (b"\xff\xd8\xff", FileType::FileJpeg),
        (b"\x89PNG", FileType::FilePng),
        (b"GIF8", FileType::FileGif),
        (b"%PDF", FileType::FilePdf),
        (b"ID3", FileType::FileMp3),
        (b"RIFF", FileType::FileWebp),
    ];
    let known = KNOWN.iter().find(|(start, _)| content.starts_with(start));
    let is_mp4 = content.get(4..8) == Some(b"ftyp");
    match known {
        Some((_, kind)) => *kind,
        None if is_mp4 => FileType::FileMp4,
        None if file.kind.is_photo() => FileType::FileJpeg,
        None => FileType::FileUnknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(offset: i64, limit: i32, precise: bool) -> Result<(), String> {
        let call = functions::upload::GetFile {
            precise,
            cdn_supported: false,
            location: Location::InputTakeoutFileLocation,
            offset,
            limit,
        };
        check_bounds(&call).map_err(|refusal| refusal.text)
    }

    #[test]
    fn pieces_lie_on_a_grid() {
        for (offset, limit) in [
            (0, 4096),
            (0, 1 << 20),
            (512 << 10, 512 << 10),
            (1 << 20, 64 << 10),
        ] {
            assert_eq!(bounds(offset, limit, false), Ok(()), "{offset} {limit}");
        }
        for limit in [0, -4096, 1000, 1024, 12 << 10, 2 << 20] {
            assert_eq!(
                bounds(0, limit, false),
                Err("LIMIT_INVALID".to_owned()),
                "{limit}"
            );
        }
        for (offset, limit) in [(1, 4096), (-4096, 4096), (1024, 4096), (768 << 10, 512 << 10)] {
            assert_eq!(
                bounds(offset, limit, false),
                Err("OFFSET_INVALID".to_owned()),
                "{offset} {limit}"
            );
        }
        assert_eq!(bounds(1024, 3 * 1024, true), Ok(()));
        assert_eq!(bounds(768 << 10, 512 << 10, true), Ok(()));
        assert_eq!(bounds(512, 1024, true), Err("OFFSET_INVALID".to_owned()));
    }
}
