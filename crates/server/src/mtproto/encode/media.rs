//! Pictures, files, games, dice, contacts and places.

use super::game_id;
use ringback_tl::{ctors, types};
use ringback_world::{Content, File, FileId, FileKind, GeoPoint, Media, MediaKind, Time, UserId, World};

/// What a message carries besides words; of a file that is not kept any more, that there was one.
pub(in crate::mtproto) fn media(
    world: &World,
    viewer: UserId,
    content: &Content,
    date: Time,
) -> Option<types::MessageMedia> {
    match content {
        Content::Game { bot, short_name, .. } => {
            let game = world.bot(*bot).and_then(|bot| bot.games.get(short_name));
            let own = types::Game {
                id: game_id(world, *bot, short_name),
                access_hash: world.seed().id("game hash", &[bot.0.cast_unsigned()]),
                short_name: short_name.clone(),
                title: game.map_or_else(|| short_name.clone(), |game| game.title.clone()),
                description: game.map(|game| game.description.clone()).unwrap_or_default(),
                ..Default::default()
            };
            Some(ctors::MessageMediaGame { game: own }.into())
        }
        Content::Photo { file, spoiler, .. } => Some(of_file(world, viewer, *file, date, *spoiler)),
        Content::Document { file, .. } => Some(of_file(world, viewer, *file, date, false)),
        Content::Media { file, spoiler, .. } => Some(of_file(world, viewer, *file, date, *spoiler)),
        Content::Text(_) | Content::Service(_) => None,
        Content::Dice { emoji, value } => Some(
            ctors::MessageMediaDice {
                value: i32::from(*value),
                emoticon: emoji.clone(),
                ..Default::default()
            }
            .into(),
        ),
        Content::Contact(contact) => Some(
            ctors::MessageMediaContact {
                phone_number: contact.phone.clone(),
                first_name: contact.first_name.clone(),
                last_name: contact.last_name.clone(),
                vcard: contact.vcard.clone(),
                user_id: contact.user.map_or(0, |user| user.0),
            }
            .into(),
        ),
        Content::Location(point) => Some(
            ctors::MessageMediaGeo {
                geo: geo_point(world, viewer, *point),
            }
            .into(),
        ),
        Content::Venue(venue) => Some(
            ctors::MessageMediaVenue {
                geo: geo_point(world, viewer, venue.point),
                title: venue.title.clone(),
                address: venue.address.clone(),
                provider: venue.provider.clone(),
                venue_id: venue.id.clone(),
                venue_type: venue.kind.clone(),
            }
            .into(),
        ),
    }
}

fn geo_point(world: &World, viewer: UserId, point: GeoPoint) -> types::GeoPoint {
    let (lat, long) = (point.latitude.0, point.longitude.0);
    let of = [viewer.0.cast_unsigned(), lat.to_bits(), long.to_bits()];
    ctors::GeoPoint {
        long,
        lat,
        access_hash: world.seed().id("geo point", &of),
        accuracy_radius: point.accuracy.map(i32::from),
    }
    .into()
}

/// A file as a message carries it.
pub(in crate::mtproto) fn of_file(
    world: &World,
    viewer: UserId,
    file: FileId,
    date: Time,
    spoiler: bool,
) -> types::MessageMedia {
    let Some(file) = world.file(file) else {
        return types::MessageMedia::Unsupported;
    };
    match &file.kind {
        FileKind::Photo { width, height } => ctors::MessageMediaPhoto {
            spoiler,
            photo: Some(photo(world, viewer, file, (*width, *height), date)),
            ..Default::default()
        }
        .into(),
        FileKind::Document { .. } | FileKind::Media(_) => {
            let kind = match &file.kind {
                FileKind::Media(media) => Some(media.kind),
                _ => None,
            };
            let own = ctors::MessageMediaDocument {
                spoiler,
                video: kind == Some(MediaKind::Video),
                round: kind == Some(MediaKind::VideoNote),
                voice: kind == Some(MediaKind::Voice),
                document: Some(document(world, viewer, file, date)),
                ..Default::default()
            };
            types::MessageMedia::Document(Box::new(own))
        }
    }
}

/// The number of a file, what it is worth nothing without, and what must come with it to get its bytes: each user has
/// their own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::mtproto) struct FileName {
    pub id: i64,
    pub access_hash: i64,
    pub reference: Vec<u8>,
}

impl FileName {
    pub(in crate::mtproto) fn new(world: &World, viewer: UserId, file: FileId) -> FileName {
        let of = [viewer.0.cast_unsigned(), file.0];
        let reference = world.seed().number("file reference", &of).to_le_bytes();
        FileName {
            id: file.0.cast_signed(),
            access_hash: world.seed().id("file access hash", &of),
            reference: [&[0], &reference[..]].concat(),
        }
    }
}

fn photo(world: &World, viewer: UserId, file: &File, (w, h): (u32, u32), date: Time) -> types::Photo {
    let name = FileName::new(world, viewer, file.id);
    let size = ctors::PhotoSize {
        r#type: size_type(w.max(h)).to_owned(),
        w: w.try_into().unwrap_or(i32::MAX),
        h: h.try_into().unwrap_or(i32::MAX),
        size: file.size.try_into().unwrap_or(i32::MAX),
    };
    ctors::Photo {
        id: name.id,
        access_hash: name.access_hash,
        file_reference: name.reference,
        date: super::date(date),
        sizes: vec![size.into()],
        dc_id: crate::mtproto::DC,
        ..Default::default()
    }
    .into()
}

/// What Telegram calls a size, by its longer side (<https://core.telegram.org/api/files#image-thumbnail-types>). There
/// is one of each picture: this server makes no smaller ones.
fn size_type(longer: u32) -> &'static str {
    match longer {
        0..=100 => "s",
        101..=320 => "m",
        321..=800 => "x",
        801..=1280 => "y",
        _ => "w",
    }
}

fn document(world: &World, viewer: UserId, file: &File, date: Time) -> types::Document {
    let named = FileName::new(world, viewer, file.id);
    let (name, mime_type) = file.kind.described();
    let mut attributes = match &file.kind {
        FileKind::Media(media) => attributes(media),
        FileKind::Photo { .. } | FileKind::Document { .. } => Vec::new(),
    };
    attributes.extend(name.map(|name| {
        let file_name = name.to_owned();
        ctors::DocumentAttributeFilename { file_name }.into()
    }));
    ctors::Document {
        id: named.id,
        access_hash: named.access_hash,
        file_reference: named.reference,
        date: super::date(date),
        mime_type: mime_type.unwrap_or("application/octet-stream").to_owned(),
        size: file.size.try_into().unwrap_or(i64::MAX),
        dc_id: crate::mtproto::DC,
        attributes,
        ..Default::default()
    }
    .into()
}

/// What makes a document a film, a recording or a sticker.
fn attributes(media: &Media) -> Vec<types::DocumentAttribute> {
    let size = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let video = |round_message, nosound| -> types::DocumentAttribute {
        ctors::DocumentAttributeVideo {
            round_message,
            supports_streaming: media.streaming,
            nosound,
            duration: media.duration.into(),
            w: size(media.width),
            h: size(media.height),
            ..Default::default()
        }
        .into()
    };
    let audio = |voice| -> types::DocumentAttribute {
        ctors::DocumentAttributeAudio {
            voice,
            duration: size(media.duration),
            title: media.title.clone(),
            performer: media.performer.clone(),
            waveform: None,
        }
        .into()
    };
    let image = || -> types::DocumentAttribute {
        let (w, h) = (size(media.width), size(media.height));
        ctors::DocumentAttributeImageSize { w, h }.into()
    };
    match media.kind {
        MediaKind::Video => vec![video(false, false)],
        MediaKind::VideoNote => vec![video(true, false)],
        MediaKind::Animation if media.mime_type.as_deref() == Some("image/gif") => {
            vec![image(), types::DocumentAttribute::Animated]
        }
        MediaKind::Animation => vec![video(false, true), types::DocumentAttribute::Animated],
        MediaKind::Audio => vec![audio(false)],
        MediaKind::Voice => vec![audio(true)],
        MediaKind::Sticker => {
            let sticker = ctors::DocumentAttributeSticker {
                alt: media.emoji.clone().unwrap_or_default(),
                stickerset: types::InputStickerSet::Empty,
                ..Default::default()
            };
            vec![image(), sticker.into()]
        }
    }
}
