//! Pictures and files, in both directions, and between MTProto and the Bot API.

use ringback_client::tl::{ctors, functions, types};
use ringback_client::{Client, Peer};
use serde_json::Value;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::chats::{newest, sent};
use crate::tell::{Outcome, control, http, number, refused_call, say, variable};

pub(crate) async fn user(client: &Client) -> Outcome {
    let group = client.resolve(&variable("GROUP")?).await?;
    let picture = std::fs::read(variable("PHOTO")?)?;
    let photo = photos(client, &group, &picture).await?;
    files(client, &group).await?;
    refusals(client, &group, &photo).await?;
    shared(client, &group, &picture).await
}

async fn photos(client: &Client, group: &Peer, picture: &[u8]) -> Outcome<ctors::Photo> {
    let file = client
        .upload("picture.png", picture.len() as u64, picture)
        .await?;
    let message = sent(send(client, group, uploaded_photo(file), "mine").await?)?;
    let photo = photo_of(&message)?;
    let size = largest(&photo)?;
    let fits = message.message == "mine" && (size.w, size.h) == (20, 10);
    say("send photo", fits, &format!("{}×{}", size.w, size.h));
    let fetched = fetched(client, &location(&photo)?).await?;
    say("download photo", fetched == picture, &fetched.len().to_string());
    let id = ctors::InputPhoto {
        id: photo.id,
        access_hash: photo.access_hash,
        file_reference: photo.file_reference.clone(),
    };
    let media = ctors::InputMediaPhoto {
        id: id.into(),
        ..Default::default()
    };
    let again = sent(send(client, group, media.into(), "").await?)?;
    say("send it again", photo_of(&again)?.id == photo.id, "");
    Ok(photo)
}

async fn files(client: &Client, group: &Peer) -> Outcome {
    // No two parts of it are the same.
    let large: Vec<u8> = (0_u32..(11 << 20) / 4).flat_map(u32::to_le_bytes).collect();
    let large = [large.as_slice(), b"end"].concat();
    let file = client
        .upload("large.bin", large.len() as u64, large.as_slice())
        .await?;
    let name = ctors::DocumentAttributeFilename {
        file_name: "large.bin".into(),
    };
    let media = ctors::InputMediaUploadedDocument {
        force_file: true,
        file,
        mime_type: "application/octet-stream".into(),
        attributes: vec![name.clone().into()],
        nosound_video: false,
        spoiler: false,
        thumb: None,
        stickers: None,
        video_cover: None,
        video_timestamp: None,
        ttl_seconds: None,
    };
    let message = sent(send(client, group, media.into(), "").await?)?;
    let Some(types::MessageMedia::Document(media)) = message.media else {
        return Err("the file is not in the message".into());
    };
    let Some(types::Document::Document(document)) = media.document else {
        return Err("the file is not in the message".into());
    };
    let named = document.attributes.contains(&name.into());
    let fits = named && usize::try_from(document.size) == Ok(large.len());
    say("send file", fits, &document.size.to_string());
    let location: types::InputFileLocation = ctors::InputDocumentFileLocation {
        id: document.id,
        access_hash: document.access_hash,
        file_reference: document.file_reference,
        thumb_size: String::new(),
    }
    .into();
    let all = fetched(client, &location).await?;
    say("download file", all == large, &all.len().to_string());
    let part = part(client, location, 5 << 20, 64 << 10).await?;
    let types::upload::File::File(part) = part else {
        return Err("the part is elsewhere".into());
    };
    let fits = large.get(5 << 20..(5 << 20) + (64 << 10)) == Some(&part.bytes);
    say("download from the middle", fits, &part.bytes.len().to_string());
    Ok(())
}

async fn refusals(client: &Client, group: &Peer, photo: &ctors::Photo) -> Outcome {
    let stale = ctors::Photo {
        file_reference: b"other".to_vec(),
        ..photo.clone()
    };
    let answer = part(client, location(&stale)?, 0, 4096).await;
    refused_call("stale reference", answer, "FILE_REFERENCE_INVALID");
    let foreign = ctors::Photo {
        access_hash: 1,
        ..photo.clone()
    };
    let answer = part(client, location(&foreign)?, 0, 4096).await;
    refused_call("foreign hash", answer, "LOCATION_INVALID");
    let answer = part(client, location(photo)?, 0, 1000).await;
    refused_call("odd limit", answer, "LIMIT_INVALID");
    let file = client.upload("text.png", 10, b"no picture".as_slice()).await?;
    let answer = send(client, group, uploaded_photo(file), "").await;
    refused_call("no picture", answer, "IMAGE_PROCESS_FAILED");
    let never = ctors::InputFile {
        id: 77,
        parts: 2,
        name: "x".into(),
        md5_checksum: String::new(),
    };
    let answer = send(client, group, uploaded_photo(never.into()), "").await;
    refused_call("missing parts", answer, "FILE_PART_0_MISSING");
    let short = client.upload("short", 11, b"no picture".as_slice()).await;
    let fits = matches!(short, Err(ringback_client::Error::File(_)));
    say("less than was said", fits, "");
    Ok(())
}

/// What a bot sends on the Bot API is the same here.
async fn shared(client: &Client, group: &Peer, picture: &[u8]) -> Outcome {
    let given = bot_sends_photo("from the bot", picture).await?;
    let types::Message::Message(theirs) = newest(client, group).await? else {
        return Err("the newest message is none".into());
    };
    let photo = photo_of(&theirs)?;
    say("bot's photo", theirs.message == "from the bot", &theirs.message);
    let fetched = fetched(client, &location(&photo)?).await?;
    say(
        "download bot's photo",
        fetched == picture,
        &fetched.len().to_string(),
    );
    let (chat, me) = (number("GROUP_ID")?, number("USER_ID")?);
    let shown = control("GET", &format!("/messages?chat={chat}&as={me}"), &Value::Null).await?;
    let unique = |message: &Value| {
        let sizes = message["photo"].as_array()?;
        Some(sizes.last()?["file_unique_id"].clone())
    };
    let wanted = unique(&given).ok_or("the bot's photo has no sizes")?;
    let all = shown.as_array().ok_or("there are no messages")?.iter();
    let same = all.filter_map(unique).filter(|one| *one == wanted).count();
    say("the same picture on both APIs", same == 3, &same.to_string());
    Ok(())
}

async fn bot_sends_photo(caption: &str, picture: &[u8]) -> Outcome<Value> {
    const BOUNDARY: &str = "a-boundary-that-is-in-no-picture";
    let chat = variable("GROUP_ID")?;
    let mut body = Vec::new();
    for (name, value) in [("chat_id", chat.as_str()), ("caption", caption)] {
        let field =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(field.into_bytes());
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"p.png\"\r\nContent-Type: image/png\r\n\r\n"
    );
    body.extend(head.into_bytes());
    body.extend(picture);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    let url = variable("BOT_API")? + "sendPhoto";
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let mut answer = http("POST", &url, &kind, &body).await?;
    Ok(answer["result"].take())
}

fn uploaded_photo(file: types::InputFile) -> types::InputMedia {
    ctors::InputMediaUploadedPhoto {
        spoiler: false,
        live_photo: false,
        file,
        stickers: None,
        ttl_seconds: None,
        video: None,
    }
    .into()
}

async fn send(
    client: &Client,
    to: &Peer,
    media: types::InputMedia,
    caption: &str,
) -> Result<types::Updates, ringback_client::Error> {
    static SENT: AtomicI64 = AtomicI64::new(1);
    let call = functions::messages::SendMedia {
        peer: to.input(),
        media,
        message: caption.to_owned(),
        random_id: SENT.fetch_add(1, Ordering::Relaxed),
        ..Default::default()
    };
    client.invoke(&call).await
}

async fn part(
    client: &Client,
    location: types::InputFileLocation,
    offset: i64,
    limit: i32,
) -> Result<types::upload::File, ringback_client::Error> {
    let call = functions::upload::GetFile {
        precise: false,
        cdn_supported: false,
        location,
        offset,
        limit,
    };
    client.invoke(&call).await
}

async fn fetched(client: &Client, location: &types::InputFileLocation) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let length = client.download(location, &mut bytes).await?;
    if length != bytes.len() as u64 {
        return Err("the length is another one".into());
    }
    Ok(bytes)
}

fn photo_of(message: &ctors::Message) -> Outcome<ctors::Photo> {
    match &message.media {
        Some(types::MessageMedia::Photo(media)) => match &media.photo {
            Some(types::Photo::Photo(photo)) => Ok(photo.clone()),
            _ => Err("the photo is gone".into()),
        },
        _ => Err("the message has no photo".into()),
    }
}

/// The sizes go from small to large.
fn largest(photo: &ctors::Photo) -> Outcome<&ctors::PhotoSize> {
    match photo.sizes.last() {
        Some(types::PhotoSize::PhotoSize(size)) => Ok(size),
        _ => Err("the photo has no size".into()),
    }
}

fn location(photo: &ctors::Photo) -> Outcome<types::InputFileLocation> {
    Ok(ctors::InputPhotoFileLocation {
        id: photo.id,
        access_hash: photo.access_hash,
        file_reference: photo.file_reference.clone(),
        thumb_size: largest(photo)?.r#type.clone(),
    }
    .into())
}
