//! Pictures, files, games, dice, contacts and places as clients send them.

use crate::hub::Locked;
use crate::mtproto::decode;
use crate::mtproto::encode::FileName;
use crate::mtproto::rpc::{Context, Refusal, remark};
use ringback_tl::types;
use ringback_world::calls::AddFile;
use ringback_world::{
    Contact, Content, Error, FileId, FileKind, FormattedText, GeoPoint, UserId, Venue, World,
};
use types::InputMedia as Media;

/// What came, before the world is held.
pub(in crate::mtproto::rpc) enum Brought {
    /// New bytes, kept by now.
    New { file: AddFile, spoiler: bool },
    /// A file that was sent before: its name as the client gave it.
    Known {
        id: i64,
        access_hash: i64,
        reference: Vec<u8>,
        is_photo: bool,
        spoiler: bool,
    },
    /// A game.
    Game(types::InputGame),
    /// Dice, a contact or a place.
    Shared(Content),
    /// Nothing but the words: a preview of a link is made by who shows it.
    Words,
}

/// Takes what a client sends. Bytes are put away, which may take a while.
pub(in crate::mtproto::rpc) fn bring(
    context: &Context<'_>,
    me: UserId,
    method: &str,
    media: &Media,
) -> Result<Brought, Refusal> {
    let refuse = |name: &str| {
        remark(
            context.app,
            context.user,
            format!("{method} with {name} is not supported: nothing was done"),
        );
        Err(Refusal::new(400, "MEDIA_INVALID"))
    };
    match media {
        Media::Empty => Err(Refusal::new(400, "MEDIA_EMPTY")),
        Media::UploadedPhoto(own) => {
            let upload = context.mtproto().upload(me, &own.file)?;
            let size = imagesize::blob_size(&upload.content).ok();
            let size =
                size.and_then(|size| Some((size.width.try_into().ok()?, size.height.try_into().ok()?)));
            let (width, height) = size.ok_or_else(|| Refusal::new(400, "IMAGE_PROCESS_FAILED"))?;
            let kind = FileKind::Photo { width, height };
            let file = keep(context, upload.content, kind)?;
            let spoiler = own.spoiler;
            Ok(Brought::New { file, spoiler })
        }
        Media::UploadedDocument(own) => {
            let upload = context.mtproto().upload(me, &own.file)?;
            let kind = decode::file_kind(own, &upload.name);
            let file = keep(context, upload.content, kind)?;
            let spoiler = own.spoiler;
            Ok(Brought::New { file, spoiler })
        }
        Media::Photo(own) => match &own.id {
            types::InputPhoto::Empty => Err(Refusal::new(400, "PHOTO_INVALID")),
            types::InputPhoto::InputPhoto(photo) => Ok(Brought::Known {
                id: photo.id,
                access_hash: photo.access_hash,
                reference: photo.file_reference.clone(),
                is_photo: true,
                spoiler: own.spoiler,
            }),
        },
        Media::Document(own) => match &own.id {
            types::InputDocument::Empty => Err(Refusal::new(400, "MEDIA_EMPTY")),
            types::InputDocument::InputDocument(document) => Ok(Brought::Known {
                id: document.id,
                access_hash: document.access_hash,
                reference: document.file_reference.clone(),
                is_photo: false,
                spoiler: own.spoiler,
            }),
        },
        Media::Game(own) => Ok(Brought::Game(own.id.clone())),
        Media::WebPage(_) => Ok(Brought::Words),
        Media::GeoPoint(own) => Ok(Brought::Shared(Content::Location(point(&own.geo_point)?))),
        Media::GeoLive(_) => refuse("inputMediaGeoLive"),
        Media::Contact(own) => Ok(Brought::Shared(Content::Contact(Contact {
            phone: own.phone_number.clone(),
            first_name: own.first_name.clone(),
            last_name: own.last_name.clone(),
            vcard: own.vcard.clone(),
            user: None,
        }))),
        Media::Venue(own) => Ok(Brought::Shared(Content::Venue(Venue {
            point: point(&own.geo_point)?,
            title: own.title.clone(),
            address: own.address.clone(),
            provider: own.provider.clone(),
            id: own.venue_id.clone(),
            kind: own.venue_type.clone(),
        }))),
        Media::PhotoExternal(_) => refuse("inputMediaPhotoExternal"),
        Media::DocumentExternal(_) => refuse("inputMediaDocumentExternal"),
        Media::Invoice(_) => refuse("inputMediaInvoice"),
        Media::Poll(_) => refuse("inputMediaPoll"),
        Media::Dice(own) => Ok(Brought::Shared(Content::Dice {
            emoji: own.emoticon.clone(),
            value: 0,
        })),
        Media::Other(_) => refuse("what this server has no name for"),
    }
}

/// The parts of what was used are not needed any more.
pub(in crate::mtproto::rpc) fn used(context: &Context<'_>, me: UserId, media: &Media) {
    match media {
        Media::UploadedPhoto(own) => context.mtproto().drop_upload(me, &own.file),
        Media::UploadedDocument(own) => context.mtproto().drop_upload(me, &own.file),
        _ => {}
    }
}

fn keep(context: &Context<'_>, content: bytes::Bytes, kind: FileKind) -> Result<AddFile, Refusal> {
    let size = content.len() as u64;
    let digest = context.app.hub.blobs.put(content).map_err(|error| {
        tracing::error!(%error, "cannot keep a file");
        Refusal::new(400, "MEDIA_INVALID")
    })?;
    Ok(AddFile { digest, size, kind })
}

/// The file that a client names by number, access hash and file reference.
pub(in crate::mtproto::rpc) fn known_file(
    world: &World,
    me: UserId,
    (id, access_hash, reference): (i64, i64, &[u8]),
    is_photo: bool,
    invalid: impl Fn() -> Refusal,
) -> Result<FileId, Refusal> {
    let file = world.file(FileId(id.cast_unsigned())).ok_or_else(&invalid)?;
    let name = FileName::new(world, me, file.id);
    if name.access_hash != access_hash || is_photo != file.kind.is_photo() {
        return Err(invalid());
    }
    if reference.is_empty() {
        return Err(Refusal::new(400, "FILE_REFERENCE_EMPTY"));
    }
    if name.reference != reference {
        return Err(Refusal::new(400, "FILE_REFERENCE_INVALID"));
    }
    Ok(file.id)
}

impl Brought {
    /// The file, and whether it is covered until tapped; none if there is none in it.
    pub(in crate::mtproto::rpc) fn file(
        &self,
        locked: &mut Locked<'_>,
        me: UserId,
    ) -> Result<Option<(FileId, bool)>, Refusal> {
        match self {
            Brought::New { file, spoiler } => Ok(Some((locked.call(None, file.clone())?, *spoiler))),
            Brought::Known {
                id,
                access_hash,
                reference,
                is_photo,
                spoiler,
            } => {
                let invalid = || {
                    Refusal::new(
                        400,
                        if *is_photo {
                            "PHOTO_INVALID"
                        } else {
                            "DOCUMENT_INVALID"
                        },
                    )
                };
                let name = (*id, *access_hash, reference.as_slice());
                let file = known_file(locked.world(), me, name, *is_photo, invalid)?;
                Ok(Some((file, *spoiler)))
            }
            Brought::Game(_) | Brought::Shared(_) | Brought::Words => Ok(None),
        }
    }

    /// What a message with it says.
    pub(in crate::mtproto::rpc) fn content(
        &self,
        locked: &mut Locked<'_>,
        me: UserId,
        caption: FormattedText,
        caption_above: bool,
    ) -> Result<Content, Refusal> {
        let Some((file, spoiler)) = self.file(locked, me)? else {
            return match self {
                Brought::Game(input) => Ok(game(locked.world(), me, input)?),
                Brought::Shared(content) => Ok(content.clone()),
                _ => Ok(Content::Text(caption)),
            };
        };
        let file = locked.world().file(file).ok_or(Error::FileIdInvalid)?;
        Ok(Content::of_file(file, caption, caption_above, spoiler))
    }

    /// Whether its bytes came for this call.
    pub(in crate::mtproto::rpc) fn is_new(&self) -> bool {
        matches!(self, Brought::New { .. })
    }
}

/// A point that there is.
fn point(input: &types::InputGeoPoint) -> Result<GeoPoint, Refusal> {
    let types::InputGeoPoint::InputGeoPoint(own) = input else {
        return Err(Refusal::new(400, "MEDIA_EMPTY"));
    };
    let accuracy = own.accuracy_radius.map_or(0.0, f64::from);
    GeoPoint::new(own.lat, own.long, accuracy).ok_or_else(|| Refusal::new(400, "MEDIA_INVALID"))
}

fn game(world: &World, me: UserId, input: &types::InputGame) -> Result<Content, Error> {
    let (bot, short_name) = match input {
        types::InputGame::ShortName(own) => (decode::user(world, me, &own.bot_id)?, own.short_name.clone()),
        types::InputGame::ID(_) => return Err(Error::GameNotFound),
    };
    Ok(Content::Game {
        bot,
        short_name,
        text: String::new(),
    })
}
