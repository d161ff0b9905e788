//! A finger on a button, and what comes of it.

use crate::client::Local;
use serde_json::{Value, json};

fn volume() -> Value {
    json!([
        [{"text": "Up", "callback_data": "up"}, {"text": "Up, much", "callback_data": "much"}],
        [{"text": "Docs", "url": "https://example.org/docs"}]
    ])
}

#[tokio::test]
async fn answered_by_the_bot() {
    let local = Local::start().await;
    local.keyboard(volume()).await;
    let bot = async {
        let query = local.next_press().await;
        assert_eq!(query["data"], "up");
        let answer =
            json!({"callback_query_id": query["id"], "text": "Louder", "show_alert": true, "cache_time": 5});
        assert_eq!(local.call("answerCallbackQuery", answer).await["result"], true);
        query
    };
    let (press, query) = tokio::join!(local.press(json!({"text": "Up"})), bot);
    assert_eq!(press["outcome"], "answered");
    assert_eq!(press["callback_query_id"], query["id"]);
    assert_eq!(
        press["answer"],
        json!({"text": "Louder", "show_alert": true, "cache_time": 5})
    );
    assert_eq!(press["elapsed_ms"], 0);
    // The client has it now, unless it forgets.
    let again = local.press(json!({"data": "up"})).await;
    assert_eq!(
        (&again["outcome"], &again["callback_query_id"]),
        (&json!("cached"), &Value::Null)
    );
    let forgetful = json!({"from": "@ann", "chat": "@volume_bot", "button": {"row": 0, "column": 0}, "cache": false, "wait": false});
    let forgetful = local.post("/presses", forgetful).await;
    assert_eq!(forgetful["outcome"], "pending");
    let id = forgetful["id"].as_u64().unwrap();
    assert_eq!(local.get(&format!("/presses/{id}")).await, forgetful);
    let query = local.next_press().await;
    assert_eq!(query["id"], forgetful["callback_query_id"]);
    local
        .call("answerCallbackQuery", json!({"callback_query_id": query["id"]}))
        .await;
    assert_eq!(local.get(&format!("/presses/{id}")).await["outcome"], "answered");
}

#[tokio::test]
async fn nobody_answers() {
    let local = Local::start().await;
    let message = local.keyboard(volume()).await;
    let press = async {
        let press = local.press(json!({"text": "Up"})).await;
        assert_eq!(press["outcome"], "timeout");
        assert_eq!(press["error"]["code"], 400);
        assert_eq!(press["error"]["message"], "BOT_RESPONSE_TIMEOUT");
        assert!(
            press["error"]["hint"]
                .as_str()
                .unwrap()
                .contains("receives nothing"),
            "{press}"
        );
        assert_eq!(press["elapsed_ms"], 9000);
        assert!(press.get("edited").is_none());
    };
    let time = async {
        until_pressed(&local).await;
        local.post("/clock/advance", json!({"by": "8999ms"})).await;
        local.post("/clock/advance", json!({"by": 0.001})).await
    };
    tokio::join!(press, time);
    // The bot changed the message instead: nobody shows an error then.
    let press = local
        .post(
            "/presses",
            json!({"from": local.ann, "chat": local.bot, "button": {"text": "Up"}, "wait": false}),
        )
        .await;
    let edit = json!({"chat_id": local.ann, "message_id": message["message_id"], "text": "Louder"});
    assert_eq!(local.call("editMessageText", edit).await["ok"], true);
    local.post("/clock/advance", json!({"by": "9s"})).await;
    let press = local.get(&format!("/presses/{}", press["id"])).await;
    assert_eq!(
        (&press["outcome"], &press["edited"]),
        (&json!("timeout"), &json!(true))
    );
}

/// Waits until a press is in the journal.
async fn until_pressed(local: &Local) {
    loop {
        let events = local.get("/events?since=0").await;
        if events["events"]
            .as_array()
            .unwrap()
            .iter()
            .any(|entry| entry["kind"] == "press")
        {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_running_clock_that_is_turned() {
    let local = Local::start_with(|_| {}).await;
    local.keyboard(volume()).await;
    let turn = async {
        until_pressed(&local).await;
        // Nearly there: the rest passes by itself, and no later than it should.
        local.post("/clock/advance", json!({"by": "8900ms"})).await;
        std::time::Instant::now()
    };
    let (press, turned) = tokio::join!(local.press(json!({"text": "Up"})), turn);
    assert_eq!(press["outcome"], "timeout");
    assert!(turned.elapsed().as_secs() < 5);
}

#[tokio::test]
async fn buttons_that_are_not_there() {
    let local = Local::start().await;
    let press = |button: Value| json!({"from": local.ann, "chat": local.bot, "button": button});
    let (status, code, _) = local
        .refused("POST", "/presses", press(json!({"text": "Up"})))
        .await;
    assert_eq!((status, code.as_str()), (400, "button_not_found"));
    local.keyboard(volume()).await;
    for button in [
        json!({"text": "Down"}),
        json!({"row": 1, "column": 1}),
        json!({"game": true}),
    ] {
        let (status, code, words) = local.refused("POST", "/presses", press(button)).await;
        assert_eq!((status, code.as_str()), (400, "button_not_found"));
        assert!(
            words.contains("“Up” (data “up”), “Up, much” (data “much”); “Docs” (a link)"),
            "{words}"
        );
    }
    let (_, code, words) = local
        .refused("POST", "/presses", press(json!({"text": "Docs"})))
        .await;
    assert_eq!(code, "not_a_callback_button");
    assert!(words.contains("opens https://example.org/docs"), "{words}");
    // No press was made of these.
    let events = local.get("/events?since=0").await;
    assert!(
        events["events"]
            .as_array()
            .unwrap()
            .iter()
            .all(|entry| entry["kind"] != "press")
    );
    // Data that is not there is the server's affair.
    let stale = local.press(json!({"data": "down"})).await;
    assert_eq!(
        (&stale["outcome"], &stale["callback_query_id"]),
        (&json!("error"), &Value::Null)
    );
    assert_eq!(
        (&stale["error"]["code"], &stale["error"]["message"]),
        (&json!(400), &json!("DATA_INVALID"))
    );
    assert!(
        stale["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("“Up” (data “up”)"),
        "{stale}"
    );
    let forged = json!({"from": local.ann, "chat": local.bot, "button": {"data": "down"}, "forge": true, "wait": false});
    assert_eq!(local.post("/presses", forged).await["outcome"], "pending");
    assert_eq!(local.next_press().await["data"], "down");
    let (status, code, _) = local
        .refused(
            "POST",
            "/presses",
            json!({"from": local.bot, "chat": local.ann, "button": {"text": "Up"}}),
        )
        .await;
    assert_eq!((status, code.as_str()), (400, "bad_request"));
}

#[tokio::test]
async fn who_hangs_up_changes_nothing() {
    let local = Local::start().await;
    local.keyboard(volume()).await;
    {
        let press = local.press(json!({"text": "Up"}));
        tokio::select! {
            _ = press => panic!("nobody answered"),
            () = until_pressed(&local) => {}
        }
    }
    let query = local.next_press().await;
    let answered = local
        .call("answerCallbackQuery", json!({"callback_query_id": query["id"]}))
        .await;
    assert_eq!(answered["result"], true);
}

#[tokio::test]
async fn a_reset_lets_who_waits_go() {
    let local = Local::start().await;
    local.keyboard(volume()).await;
    let press = local.refused(
        "POST",
        "/presses",
        json!({"from": local.ann, "chat": local.bot, "button": {"text": "Up"}}),
    );
    let reset = async {
        until_pressed(&local).await;
        local.post("/reset", Value::Null).await
    };
    let ((status, code, _), _) = tokio::join!(press, reset);
    assert_eq!((status, code.as_str()), (404, "not_found"));
    assert_eq!(local.get("/users").await, json!({"users": []}));
}

#[tokio::test]
async fn inline_mode() {
    let local = Local::start().await;
    let bot = async {
        let updates = local.call("getUpdates", json!({"timeout": 5})).await;
        let query = updates["result"][0]["inline_query"].clone();
        assert_eq!(query["query"], "cats");
        let result = json!({"type": "article", "id": "1", "title": "Cat", "input_message_content": {"message_text": "Meow"}});
        local
            .call(
                "answerInlineQuery",
                json!({"inline_query_id": query["id"], "results": [result], "next_offset": "1"}),
            )
            .await
    };
    let ask = json!({"from": local.ann, "bot": "@volume_bot", "query": "cats"});
    let (offered, answered) = tokio::join!(local.post("/inline_queries", ask.clone()), bot);
    assert_eq!(answered["result"], true, "{answered}");
    assert_eq!(
        (&offered["outcome"], &offered["next_offset"]),
        (&json!("answered"), &json!("1"))
    );
    assert_eq!(
        (&offered["results"][0]["type"], &offered["results"][0]["title"]),
        (&json!("article"), &json!("Cat"))
    );
    let choose =
        json!({"from": local.ann, "chat": local.bot, "inline_query_id": offered["id"], "result_id": "1"});
    assert_eq!(local.post("/inline_messages", choose).await["text"], "Meow");
    let late = async {
        while local.get("/events?since=0").await["events"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["kind"] == "inline_query")
            .count()
            < 2
        {}
        local.post("/clock/advance", json!({"by": "9s"})).await
    };
    let (offered, _) = tokio::join!(local.post("/inline_queries", ask), late);
    assert_eq!(offered["outcome"], "timeout");
}
