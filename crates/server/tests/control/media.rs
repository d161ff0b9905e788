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
