//! People, chats, messages, and the world as a whole.

use crate::client::Local;
use serde_json::{Value, json};

#[tokio::test]
async fn people_and_bots() {
    let local = Local::start().await;
    let ann = local.get("/users/@ANN").await;
    assert_eq!(
        ann,
        json!({"id": local.ann, "is_bot": false, "first_name": "Ann", "username": "ann"})
    );
    assert_eq!(local.get("/users").await["users"], json!([ann]));
    assert_eq!(local.get(&format!("/users/{}", local.bot)).await["is_bot"], true);
    let bots = local.get("/bots").await;
    assert_eq!(
        (&bots["bots"][0]["id"], &bots["bots"][0]["receives"]),
        (&json!(local.bot), &json!("nothing"))
    );
    local.call("getUpdates", json!({})).await;
    assert_eq!(local.get("/bots").await["bots"][0]["receives"], "polling");
    // The same bot again is no error; another with its name is.
    let made = json!({"username": "volume_bot", "token": bots["bots"][0]["token"]});
    assert_eq!(local.post("/bots", made).await["id"], local.bot);
    let (_, code, _) = local
        .refused("POST", "/bots", json!({"username": "volume_bot"}))
        .await;
    assert_eq!(code, "username_occupied");
    // Empty fields of a form are no fields.
    let bob = local
        .post(
            "/users",
            json!({"first_name": "Bob", "last_name": "", "username": "", "password": "secret"}),
        )
        .await;
    assert!(bob.get("username").is_none());
    // Who is blocked cannot write.
    local
        .post(
            "/messages",
            json!({"from": local.ann, "chat": local.bot, "text": "hi"}),
        )
        .await;
    local.post("/users/@ann/block", json!({"user": local.bot})).await;
    assert_eq!(
        local
            .call("sendMessage", json!({"chat_id": local.ann, "text": "hi"}))
            .await["error_code"],
        403
    );
    local
        .post("/users/@ann/unblock", json!({"user": "@volume_bot"}))
        .await;
    assert_eq!(
        local
            .call("sendMessage", json!({"chat_id": local.ann, "text": "hi"}))
            .await["ok"],
        true
    );
}

#[tokio::test]
async fn chats_and_messages() {
    let local = Local::start().await;
    let bob = local.post("/users", json!({"first_name": "Bob"})).await["id"].clone();
    let group = local
        .post(
            "/chats",
            json!({"type": "supergroup", "title": "Team", "members": [local.ann, "@volume_bot"]}),
        )
        .await;
    let chat = group["id"].as_i64().unwrap();
    assert_eq!(
        (group["type"].as_str(), chat < -1_000_000_000_000),
        (Some("supergroup"), true)
    );
    let hello = local
        .post(
            "/messages",
            json!({"from": local.ann, "chat": chat, "text": "hello"}),
        )
        .await;
    let id = hello["message_id"].clone();
    let reply = local
        .post(
            "/messages",
            json!({"from": local.ann, "chat": chat.to_string(), "text": "again", "reply_to": id}),
        )
        .await;
    assert_eq!(reply["reply_to_message"]["text"], "hello");
    let seen = local.get(&format!("/messages?chat={chat}&as=@ann")).await;
    let texts: Vec<_> = seen
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|message| message["text"].as_str())
        .collect();
    assert_eq!(texts, ["hello", "again"]);
    assert_eq!(
        local.get(&format!("/messages?chat={chat}&as=@ann&limit=1")).await[0]["text"],
        "again"
    );
    // Bob is not in it; then he is.
    let path = format!("/messages?chat={chat}&as={bob}");
    let (status, code, _) = local.refused("GET", &path, Value::Null).await;
    assert_eq!((status, code.as_str()), (403, "not_a_member"));
    local
        .post(
            &format!("/chats/{chat}/members"),
            json!({"user": bob, "status": "administrator"}),
        )
        .await;
    assert!(!local.get(&path).await.as_array().unwrap().is_empty());
    let member = local
        .call("getChatMember", json!({"chat_id": chat, "user_id": bob}))
        .await;
    assert_eq!(member["result"]["status"], "administrator");
    let (status, _) = local
        .ask("DELETE", &format!("/chats/{chat}/members/{bob}"), Value::Null)
        .await;
    assert_eq!(status, 200);
    assert_eq!(
        local
            .refused("DELETE", &format!("/chats/{chat}/members/{bob}"), Value::Null)
            .await
            .0,
        404
    );
    let edited = local
        .post(
            "/messages/edit",
            json!({"from": "@ann", "chat": chat, "message_id": id, "text": "hello!"}),
        )
        .await;
    assert_eq!(edited["text"], "hello!");
    let delete = json!({"from": "@ann", "chat": chat, "message_ids": [id, 999]});
    assert_eq!(
        local.post("/messages/delete", delete).await,
        json!({"deleted": 1})
    );
    // The latest news first.
    local
        .post(
            "/messages",
            json!({"from": local.ann, "chat": local.bot, "text": "hi"}),
        )
        .await;
    let chats = local.get("/chats?as=@ann").await;
    assert_eq!(chats["chats"][0]["chat"]["id"], local.bot);
    assert_eq!(chats["chats"][0]["last_message"]["text"], "hi");
    assert_eq!(chats["chats"][1]["chat"]["title"], "Team");
    assert_eq!(
        local.get(&format!("/messages?chat={}&as={bob}", local.bot)).await,
        json!([])
    );
}

#[tokio::test]
async fn clock_settings_and_faults() {
    let local = Local::start().await;
    let before = local.get("/clock").await["now"].as_u64().unwrap();
    let after = local.post("/clock/advance", json!({"by": "1m30s"})).await;
    assert_eq!(after["now"], before + 90_000);
    assert_eq!(
        local.get("/clock").await,
        json!({"now": before + 90_000, "advanced_ms": 90_000})
    );
    let changed = json!({"answer_timeout_ms": 100, "second_answer": "reject", "strict": true});
    assert_eq!(
        local.ask("PATCH", "/settings", changed.clone()).await,
        (200, changed.clone())
    );
    assert_eq!(local.ask("PATCH", "/settings", json!({})).await.1, changed);
    local.post("/reset", Value::Null).await;
    assert_eq!(
        local.get("/settings").await,
        json!({"answer_timeout_ms": 9000, "second_answer": "accept", "strict": false})
    );

    let mut local = local;
    local.people().await;
    let faults = json!({"faults": [{"method": "getme", "retry_after": 7, "times": 1}]});
    let (_, set) = local.ask("PUT", "/faults", faults).await;
    assert_eq!(
        set["faults"][0]["description"],
        "Too Many Requests: retry after 7"
    );
    let failed = local.call("getMe", json!({})).await;
    assert_eq!(
        (&failed["error_code"], &failed["parameters"]["retry_after"]),
        (&json!(429), &json!(7))
    );
    assert_eq!(local.call("getMe", json!({})).await["ok"], true);
    assert_eq!(local.get("/faults").await["faults"][0]["times"], 0);
    assert_eq!(
        local.ask("DELETE", "/faults", Value::Null).await.1,
        json!({"faults": []})
    );
}

#[tokio::test]
async fn a_snapshot_and_back() {
    let local = Local::start().await;
    local
        .keyboard(json!([[{"text": "Up", "callback_data": "up"}]]))
        .await;
    local
        .post(
            "/presses",
            json!({"from": local.ann, "chat": local.bot, "button": {"text": "Up"}, "wait": false}),
        )
        .await;
    let snapshot = local.get("/snapshot").await;
    assert_eq!(
        (&snapshot["format"], &snapshot["version"]),
        (&json!("ringback-snapshot"), &json!(3))
    );
    let messages = format!("/messages?chat={}&as={}", local.bot, local.ann);
    let seen = local.get(&messages).await;
    local.post("/reset", Value::Null).await;
    assert_eq!(local.refused("GET", &messages, Value::Null).await.0, 404);
    assert_eq!(local.ask("PUT", "/snapshot", snapshot.clone()).await.0, 200);
    assert_eq!(local.get(&messages).await, seen);
    // What waited for the bot still waits.
    assert_eq!(local.next_press().await["data"], "up");
    for (bad, word) in [
        (json!({"format": "zip", "version": 1, "world": {}}), "“zip”"),
        (
            json!({"format": "ringback-snapshot", "version": 4, "world": {}}),
            "version 4",
        ),
        (
            json!({"format": "ringback-snapshot", "version": 3, "world": {}}),
            "missing field",
        ),
        (json!({"version": 1}), "missing field `format`"),
    ] {
        let (status, _, words) = local.refused("PUT", "/snapshot", bad).await;
        assert_eq!(status, 400);
        assert!(words.contains(word), "{words}");
    }
    assert_eq!(local.get(&messages).await, seen);
}

#[tokio::test]
async fn a_file_by_its_id() {
    let local = Local::start().await;
    local
        .post(
            "/messages",
            json!({"from": local.ann, "chat": local.bot, "text": "/start"}),
        )
        .await;
    let sent = local
        .upload(
            "sendDocument",
            "document",
            "note.html",
            b"<script>alert(1)</script>",
        )
        .await;
    let id = sent["result"]["document"]["file_id"].as_str().unwrap().to_owned();
    let (headers, bytes) = local.file(&id).await;
    assert_eq!(bytes, "<script>alert(1)</script>");
    // It cannot run as a page of this server.
    assert_eq!(headers["content-type"], "application/octet-stream");
    assert_eq!(headers["content-disposition"], "attachment");
    assert!(
        headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("sandbox")
    );
    // It is in a snapshot, too.
    let snapshot = local.get("/snapshot").await;
    let other = Local::start().await;
    assert_eq!(other.ask("PUT", "/snapshot", snapshot.clone()).await.0, 200);
    assert_eq!(other.file(&id).await.1, bytes);
    let mut broken = snapshot;
    broken["files"]
        .as_object_mut()
        .unwrap()
        .values_mut()
        .for_each(|file| *file = "AAAA".into());
    assert_eq!(other.refused("PUT", "/snapshot", broken).await.0, 400);
    let (status, code, _) = local.refused("GET", "/files/nothing", Value::Null).await;
    assert_eq!((status, code.as_str()), (404, "not_found"));
}
