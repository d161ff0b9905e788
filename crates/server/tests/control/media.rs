//! Pictures and files of bots, and what takes their place, as people see it.

use crate::client::Local;
use serde_json::{Value, json};

/// A picture of this size, and no other of the same bytes.
fn picture(width: u8, height: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0]);
    bytes
}

/// The largest size of the photo in a message.
fn photo(message: &Value) -> (i64, String) {
    let size = &message["photo"][0];
    (
        size["width"].as_i64().unwrap(),
        size["file_id"].as_str().unwrap().to_owned(),
    )
}

fn keyboard(label: &str) -> Value {
    json!({"inline_keyboard": [[{"text": label, "callback_data": label}]]})
}

async fn start(local: &Local) {
    let hello = json!({"from": local.ann, "chat": local.bot, "text": "/start"});
    local.post("/messages", hello).await;
}

/// The newest message that Ann sees in her chat with the bot.
async fn last(local: &Local) -> Value {
    let seen = local
        .get(&format!("/messages?chat={}&as={}", local.bot, local.ann))
        .await;
    seen.as_array().unwrap().last().unwrap().clone()
}

/// The bot's edit, with a file under `attach://picture`.
async fn edit_with(local: &Local, id: &Value, media: Value, content: &[u8]) -> Value {
    let fields = [
        ("message_id", id.to_string()),
        ("media", media.to_string()),
        ("reply_markup", keyboard("on").to_string()),
    ];
    local
        .upload_with("editMessageMedia", "picture", "two.png", content, &fields)
        .await
}

#[tokio::test]
async fn a_menu_of_pictures() {
    let local = Local::start().await;
    start(&local).await;
    let fields = [
        ("caption", "One".to_owned()),
        ("reply_markup", keyboard("next").to_string()),
    ];
    let sent = local
        .upload_with("sendPhoto", "photo", "one.png", &picture(1, 1), &fields)
        .await;
    let id = &sent["result"]["message_id"];
    let (width, first) = photo(&sent["result"]);
    assert_eq!(width, 1);

    let media = json!({"type": "photo", "media": "attach://picture", "caption": "Two"});
    let edited = edit_with(&local, id, media.clone(), &picture(2, 1)).await;
    assert_eq!(edited["ok"], true, "{edited}");
    let (width, second) = photo(&edited["result"]);
    assert_eq!((width, edited["result"]["caption"].as_str()), (2, Some("Two")));
    let seen = last(&local).await;
    assert_eq!(photo(&seen), (2, second));
    assert_eq!(seen["reply_markup"], keyboard("on"));
    assert_eq!(local.file(&photo(&seen).1).await.1, picture(2, 1));
    // The page hears of it.
    let events = local.get("/events?since=0").await;
    let events = events["events"].as_array().unwrap();
    let told = events.iter().find(|entry| entry["kind"] == "message_edited");
    assert_eq!(told.unwrap()["text"], "Two");

    // Back to the first, by its name; without a keyboard there is none any more.
    let back = json!({"type": "photo", "media": first, "show_caption_above_media": true, "caption": "One"});
    let call = json!({"chat_id": local.ann, "message_id": id, "media": back});
    let edited = local.call("editMessageMedia", call.clone()).await;
    assert_eq!(photo(&edited["result"]).1, first);
    let seen = last(&local).await;
    assert_eq!(
        (&seen["show_caption_above_media"], &seen["reply_markup"]),
        (&json!(true), &Value::Null)
    );
    let again = local.call("editMessageMedia", call).await;
    let text = again["description"].as_str().unwrap();
    assert!(text.starts_with("Bad Request: message is not modified"), "{text}");

    // A file in its place, and a picture in that of a text.
    let file = json!({"type": "document", "media": "attach://picture"});
    let edited = edit_with(&local, id, file, b"words").await;
    assert_eq!(edited["result"]["document"]["file_name"], "two.png");
    let text = local
        .call("sendMessage", json!({"chat_id": local.ann, "text": "A text"}))
        .await;
    let edited = edit_with(&local, &text["result"]["message_id"], media, &picture(3, 1)).await;
    assert_eq!(
        (photo(&edited["result"]).0, &edited["result"]["text"]),
        (3, &Value::Null)
    );
}

#[tokio::test]
async fn refusals() {
    let local = Local::start().await;
    start(&local).await;
    let sent = local
        .upload("sendPhoto", "photo", "one.png", &picture(1, 1))
        .await;
    let id = sent["result"]["message_id"].clone();
    let file_id = photo(&sent["result"]).1;
    let game = local
        .call("sendGame", json!({"chat_id": local.ann, "game_short_name": "x"}))
        .await;
    let game = game["result"]["message_id"].clone();
    let known = json!({"type": "photo", "media": file_id});
    let as_file = json!({"type": "document", "media": file_id});
    let unknown = json!({"type": "photo", "media": "AgAC"});
    let fetched = json!({"type": "photo", "media": "https://example.org/x.png"});
    for (target, media, expected) in [
        (json!({}), &known, "message identifier is not specified"),
        (
            json!({"chat_id": local.ann, "message_id": 99}),
            &known,
            "message to edit not found",
        ),
        (
            json!({"chat_id": local.ann, "message_id": 1}),
            &known,
            "message can't be edited",
        ),
        (
            json!({"chat_id": local.ann, "message_id": game}),
            &known,
            "there is no media in the message to edit",
        ),
        (
            json!({"chat_id": local.ann, "message_id": id}),
            &as_file,
            "can't use file of type Photo as Document",
        ),
        (
            json!({"chat_id": local.ann, "message_id": id}),
            &unknown,
            "wrong file identifier/HTTP URL specified",
        ),
        (
            json!({"chat_id": local.ann, "message_id": id}),
            &fetched,
            "failed to get HTTP URL content: this local server fetches nothing",
        ),
    ] {
        let mut call = target;
        call["media"] = media.clone();
        let answer = local.call("editMessageMedia", call).await;
        assert_eq!(answer["description"], format!("Bad Request: {expected}"));
    }
    let picture = json!({"type": "photo", "media": "attach://picture"});
    let answer = edit_with(&local, &id, picture, b"no picture").await;
    assert_eq!(answer["description"], "Bad Request: IMAGE_PROCESS_FAILED");
    let other = json!({"type": "photo", "media": "attach://other"});
    let answer = edit_with(&local, &id, other, b"x").await;
    assert_eq!(
        answer["description"],
        "Bad Request: can't parse InputMedia: media not found"
    );
}

/// A picture that begins as a WebP file of this size does.
fn webp(width: u8, height: u8) -> Vec<u8> {
    let mut bytes = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
    // A WebP file has its canvas less one.
    bytes.extend([width - 1, 0, 0, height - 1, 0, 0]);
    bytes
}

#[tokio::test]
async fn films_recordings_and_stickers() {
    let local = Local::start().await;
    start(&local).await;
    let fields = [
        ("caption", "words".to_owned()),
        ("width", "4".to_owned()),
        ("height", "3".to_owned()),
        ("length", "5".to_owned()),
        ("duration", "7".to_owned()),
        ("performer", "P".to_owned()),
        ("title", "T".to_owned()),
        ("emoji", "👍".to_owned()),
    ];
    for (method, field, folder, content, expected) in [
        (
            "sendVideo",
            "video",
            "videos",
            b"\0\0\0\x18ftypisom".to_vec(),
            json!({"width": 4, "height": 3, "duration": 7, "mime_type": "video/mp4"}),
        ),
        (
            "sendAnimation",
            "animation",
            "animations",
            b"\0\0\0\x18ftypisom".to_vec(),
            json!({"width": 4, "height": 3, "duration": 7, "mime_type": "video/mp4"}),
        ),
        (
            "sendAudio",
            "audio",
            "music",
            b"ID3".to_vec(),
            json!({"duration": 7, "performer": "P", "title": "T", "mime_type": "audio/mpeg"}),
        ),
        (
            "sendVoice",
            "voice",
            "voice",
            b"OggS".to_vec(),
            json!({"duration": 7, "mime_type": "audio/ogg"}),
        ),
        (
            "sendVideoNote",
            "video_note",
            "video_notes",
            b"\0\0\0\x18ftypisom".to_vec(),
            json!({"length": 5, "duration": 7}),
        ),
        (
            "sendSticker",
            "sticker",
            "stickers",
            webp(6, 2),
            json!({"type": "regular", "width": 6, "height": 2, "emoji": "👍", "is_video": false}),
        ),
    ] {
        let sent = local.upload_with(method, field, "a.bin", &content, &fields).await;
        assert_eq!(sent["ok"], true, "{method}: {sent}");
        let sent = &sent["result"];
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&sent[field][name], value, "{method}: {name} in {sent}");
        }
        assert_eq!(sent["document"].is_object(), field == "animation", "{sent}");
        let captioned = !matches!(field, "video_note" | "sticker");
        assert_eq!(sent["caption"] == "words", captioned, "{sent}");
        let seen = last(&local).await;
        assert_eq!(seen[field], sent[field], "what Ann sees");

        // Its bytes, by both APIs.
        let id = sent[field]["file_id"].as_str().unwrap();
        let found = local.call("getFile", json!({"file_id": id})).await;
        let path = found["result"]["file_path"].as_str().unwrap();
        assert!(path.starts_with(&format!("{folder}/")), "{path}");
        assert_eq!(local.download(path).await, content);
        let (headers, bytes) = local.file(id).await;
        assert_eq!(bytes, content);
        // The page plays it, rather than save it.
        assert!(headers.get("content-disposition").is_none(), "{headers:?}");

        // Again by its name, also as another file: it stays what it is, and is no picture.
        let mut again = json!({"chat_id": local.ann, field: id});
        let copy = local.call(method, again.clone()).await;
        assert_eq!(copy["result"][field], sent[field], "{copy}");
        again["document"] = id.into();
        let as_file = local.call("sendDocument", again.clone()).await;
        assert_eq!(as_file["result"][field], sent[field], "{as_file}");
        again["photo"] = id.into();
        let refused = local.call("sendPhoto", again).await;
        let refused = refused["description"].as_str().unwrap();
        assert!(
            refused.starts_with("Bad Request: can't use file of type "),
            "{refused}"
        );
        assert!(refused.ends_with(" as Photo"), "{refused}");

        // Other words below it.
        let edit = json!({"chat_id": local.ann, "message_id": sent["message_id"], "caption": "other"});
        let edited = local.call("editMessageCaption", edit).await;
        if captioned {
            assert_eq!(edited["result"]["caption"], "other", "{edited}");
        } else {
            assert_eq!(
                edited["description"],
                "Bad Request: there is no caption in the message to edit"
            );
        }
        // In the place of a picture, and forwarded.
        let text = local
            .call("sendMessage", json!({"chat_id": local.ann, "text": "x"}))
            .await;
        let media = json!({"type": "document", "media": id});
        let edit = json!({"chat_id": local.ann, "message_id": text["result"]["message_id"], "media": media});
        let edited = local.call("editMessageMedia", edit).await;
        if matches!(field, "video" | "animation" | "audio") {
            assert_eq!(edited["result"][field], sent[field], "{edited}");
        } else {
            assert_eq!(
                edited["description"],
                "Bad Request: unsupported input message content type"
            );
        }
        let forward =
            json!({"chat_id": local.ann, "from_chat_id": local.ann, "message_id": sent["message_id"]});
        let forwarded = local.call("forwardMessage", forward).await;
        assert_eq!(forwarded["result"][field], sent[field], "{forwarded}");
    }
    // All of it in a snapshot, and out of it again.
    let seen = local
        .get(&format!("/messages?chat={}&as={}", local.bot, local.ann))
        .await;
    let snapshot = local.get("/snapshot").await;
    let other = Local::start().await;
    assert_eq!(other.ask("PUT", "/snapshot", snapshot).await.0, 200);
    let path = format!("/messages?chat={}&as={}", local.bot, local.ann);
    assert_eq!(other.get(&path).await, seen);
}

#[tokio::test]
async fn media_in_the_place_of_a_picture() {
    let local = Local::start().await;
    start(&local).await;
    let sent = local
        .upload("sendPhoto", "photo", "one.png", &picture(1, 1))
        .await;
    let id = sent["result"]["message_id"].clone();
    let video = json!({
        "type": "video", "media": "attach://picture", "width": 8, "height": 6, "duration": 2, "caption": "A film",
        "show_caption_above_media": true, "has_spoiler": true,
    });
    let edited = edit_with(&local, &id, video, b"\0\0\0\x18ftypisom").await;
    let edited = &edited["result"];
    assert_eq!(
        (&edited["video"]["width"], &edited["video"]["duration"]),
        (&json!(8), &json!(2))
    );
    assert_eq!(edited["photo"], Value::Null, "{edited}");
    assert_eq!(
        (&edited["show_caption_above_media"], &edited["has_media_spoiler"]),
        (&json!(true), &json!(true))
    );
    let music = json!({"type": "audio", "media": "attach://picture", "title": "T", "performer": "P"});
    let edited = edit_with(&local, &id, music, b"ID3").await;
    assert_eq!(edited["result"]["audio"]["title"], "T", "{edited}");
    let moving = json!({"type": "animation", "media": "attach://picture"});
    let gif = b"GIF89a\x09\0\x08\0\0\0\0";
    let edited = edit_with(&local, &id, moving, gif).await;
    // How large a GIF is, its bytes say.
    assert_eq!(edited["result"]["animation"]["width"], 9, "{edited}");
    assert_eq!(last(&local).await["animation"], edited["result"]["animation"]);
}

#[tokio::test]
async fn what_is_missing_or_not_taken() {
    let local = Local::start().await;
    start(&local).await;
    for (method, said) in [
        ("sendVideo", "video"),
        ("sendAnimation", "animation"),
        ("sendAudio", "audio"),
        ("sendVoice", "voice"),
        ("sendVideoNote", "video note"),
        ("sendSticker", "sticker"),
    ] {
        let answer = local.call(method, json!({"chat_id": local.ann})).await;
        let expected = format!("Bad Request: there is no {said} in the request");
        assert_eq!(answer["description"], expected);
    }
    let moving = local.upload("sendSticker", "sticker", "a.tgs", b"\x1f\x8b").await;
    assert_eq!(
        moving["description"],
        "Bad Request: this local server takes only static stickers in .WEBP format"
    );
    let empty = local.upload("sendVideo", "video", "a.mp4", b"").await;
    assert_eq!(empty["description"], "Bad Request: file must be non-empty");
}

#[tokio::test]
async fn an_album() {
    let local = Local::start().await;
    start(&local).await;
    let sent = local
        .upload("sendPhoto", "photo", "one.png", &picture(1, 1))
        .await;
    let one = photo(&sent["result"]).1;
    let group = |media: Value| json!({"chat_id": local.ann, "media": media});
    let media = json!([
        {"type": "photo", "media": one, "caption": "First"},
        {"type": "video", "media": "attach://film", "width": 8},
    ]);
    let fields = [("media", media.to_string())];
    let sent = local
        .upload_with("sendMediaGroup", "film", "a.mp4", b"\0\0\0\x18ftypisom", &fields)
        .await;
    let sent = sent["result"].as_array().unwrap().clone();
    assert_eq!(sent.len(), 2);
    assert_eq!(
        (&sent[0]["caption"], &sent[1]["video"]["width"]),
        (&json!("First"), &json!(8))
    );
    let album = sent[0]["media_group_id"].as_str().unwrap();
    assert_eq!(sent[1]["media_group_id"], album);
    assert_eq!(last(&local).await["media_group_id"], album);
    // One alone is none.
    let single = local
        .call("sendMediaGroup", group(json!([{"type": "photo", "media": one}])))
        .await;
    assert_eq!(single["result"][0]["media_group_id"], Value::Null);
    let before = last(&local).await;
    let photo = json!({"type": "photo", "media": one});
    for (media, expected) in [
        (json!([]), "there are no messages to send"),
        (
            json!(vec![photo.clone(); 11]),
            "too many messages to send as an album",
        ),
        (
            json!([photo, {"type": "document", "media": one}]),
            "can't use file of type Photo as Document",
        ),
        (
            json!([photo, {"type": "photo", "media": "AgAC"}]),
            "failed to send message #2 with the error message \"Wrong file identifier/HTTP URL specified\"",
        ),
    ] {
        let refused = local.call("sendMediaGroup", group(media)).await;
        assert_eq!(refused["description"], format!("Bad Request: {expected}"));
    }
    assert_eq!(last(&local).await, before, "nothing was sent");
    // A picture of an album cannot become a file.
    let file = json!({"type": "document", "media": "attach://picture"});
    let refused = edit_with(&local, &sent[0]["message_id"], file, b"words").await;
    assert_eq!(
        refused["description"],
        "Bad Request: can't change media type in the album"
    );
}
