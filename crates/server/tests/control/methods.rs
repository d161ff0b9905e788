//! Methods of the Bot API as a bot calls them: what each answers, and what it refuses.

use crate::client::Local;
use serde_json::{Value, json};

/// A server where Ann has started the bot, and a supergroup of Ann, the bot, an administrator in it, and Bob.
struct Stage {
    local: Local,
    group: i64,
    bob: i64,
}

impl Stage {
    async fn new() -> Stage {
        let local = Local::start().await;
        let bob = local.post("/users", json!({"first_name": "Bob"})).await["id"].clone();
        let chat = json!({"type": "supergroup", "title": "Team", "members": [local.ann, local.bot, bob]});
        let group = local.post("/chats", chat).await["id"].as_i64().unwrap();
        let stage = Stage {
            local,
            group,
            bob: bob.as_i64().unwrap(),
        };
        stage.rank(group, "administrator").await;
        stage.say(json!(stage.local.bot), "/start").await;
        stage
    }

    async fn rank(&self, chat: i64, status: &str) {
        let member = json!({"user": self.local.bot, "status": status});
        self.local.post(&format!("/chats/{chat}/members"), member).await;
    }

    /// Ann writes; the number is hers.
    async fn say(&self, chat: Value, text: &str) -> i64 {
        let message = json!({"from": self.local.ann, "chat": chat, "text": text});
        self.local.post("/messages", message).await["message_id"]
            .as_i64()
            .unwrap()
    }

    /// The result of a call that must go well.
    async fn ok(&self, method: &str, params: Value) -> Value {
        let answer = self.local.call(method, params.clone()).await;
        assert_eq!(answer["ok"], true, "{method} {params}: {answer}");
        answer["result"].clone()
    }

    /// What a call is refused with, without what all begin with.
    async fn refused(&self, method: &str, params: Value) -> String {
        let answer = self.local.call(method, params.clone()).await;
        assert_eq!(answer["ok"], false, "{method} {params}: {answer}");
        let text = answer["description"].as_str().unwrap();
        text.strip_prefix("Bad Request: ").unwrap_or(text).to_owned()
    }

    /// Everything that waits for the bot; it is confirmed.
    async fn updates(&self) -> Vec<Value> {
        let given = self.ok("getUpdates", json!({})).await;
        let given = given.as_array().unwrap().clone();
        if let Some(last) = given.last() {
            let offset = last["update_id"].as_i64().unwrap() + 1;
            self.ok("getUpdates", json!({"offset": offset})).await;
        }
        given
    }
}

#[tokio::test]
async fn pins() {
    let stage = Stage::new().await;
    let (group, ann) = (stage.group, stage.local.ann);
    let first = stage.say(json!(group), "first").await;
    let second = stage.say(json!(group), "second").await;
    stage.updates().await;
    for id in [second, first] {
        let pinned = stage
            .ok("pinChatMessage", json!({"chat_id": group, "message_id": id}))
            .await;
        assert_eq!(pinned, true);
    }
    // The bot is told what the server says of it, and everybody sees it.
    let told = stage.updates().await;
    assert_eq!(told[0]["message"]["pinned_message"]["text"], "second");
    assert_eq!(told[0]["message"]["from"]["id"], stage.local.bot);
    let seen = stage.local.get(&format!("/messages?chat={group}&as=@ann")).await;
    let seen = seen.as_array().unwrap();
    assert_eq!(seen.last().unwrap()["pinned_message"]["message_id"], first);
    // The latest by its own date is the one on top.
    let chat = stage.ok("getChat", json!({"chat_id": group})).await;
    assert_eq!(chat["pinned_message"]["text"], "second");
    stage.ok("unpinChatMessage", json!({"chat_id": group})).await;
    let chat = stage.ok("getChat", json!({"chat_id": group})).await;
    assert_eq!(chat["pinned_message"]["text"], "first");
    stage
        .ok("unpinChatMessage", json!({"chat_id": group, "message_id": first}))
        .await;
    assert_eq!(
        stage.refused("unpinChatMessage", json!({"chat_id": group})).await,
        "message to unpin not found"
    );
    let by_text = json!({"chat_id": ann.to_string(), "message_id": "1", "disable_notification": "true"});
    stage.ok("pinChatMessage", by_text).await;
    stage.ok("unpinAllChatMessages", json!({"chat_id": ann})).await;
    let chat = stage.ok("getChat", json!({"chat_id": ann})).await;
    assert!(chat.get("pinned_message").is_none());
    for (params, expected) in [
        (json!({"chat_id": group}), "message to pin not found"),
        (
            json!({"chat_id": group, "message_id": 999}),
            "message to pin not found",
        ),
        (json!({"message_id": 1}), "chat_id is empty"),
        (json!({"chat_id": 5, "message_id": 1}), "chat not found"),
    ] {
        assert_eq!(stage.refused("pinChatMessage", params).await, expected);
    }
    stage.rank(group, "member").await;
    let forbidden = "not enough rights to manage pinned messages in the chat";
    for method in ["pinChatMessage", "unpinChatMessage", "unpinAllChatMessages"] {
        let params = json!({"chat_id": group, "message_id": first});
        assert_eq!(stage.refused(method, params).await, forbidden, "{method}");
    }
}

#[tokio::test]
async fn several_at_once() {
    let stage = Stage::new().await;
    let (group, ann) = (stage.group, stage.local.ann);
    stage.say(json!(stage.local.bot), "two").await;
    let params = |ids: Value| json!({"chat_id": group, "from_chat_id": ann, "message_ids": ids});
    let sent = stage.ok("forwardMessages", params(json!([1, 2, 99]))).await;
    let ids: Vec<i64> = sent
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["message_id"].as_i64())
        .collect();
    assert_eq!(ids.len(), 2);
    let copied = stage.ok("copyMessages", params(json!("[2]"))).await;
    assert_eq!(copied, json!([{"message_id": ids[1] + 1}]));
    let seen = stage.local.get(&format!("/messages?chat={group}&as=@ann")).await;
    let texts: Vec<_> = seen
        .as_array()
        .unwrap()
        .iter()
        .filter(|message| message["text"].is_string())
        .map(|message| (message["text"].clone(), message["forward_origin"].is_object()))
        .collect();
    assert_eq!(
        texts,
        [
            (json!("/start"), true),
            (json!("two"), true),
            (json!("two"), false)
        ]
    );
    for method in ["forwardMessages", "copyMessages"] {
        for (ids, expected) in [
            (json!([]), "message identifiers are not specified"),
            (json!([50]), "there are no messages to forward"),
            (
                json!([2, 1]),
                "message identifiers must be in a strictly increasing order",
            ),
            (json!({}), "expected an Array of message identifiers"),
        ] {
            assert_eq!(stage.refused(method, params(ids)).await, expected);
        }
    }
}

#[tokio::test]
async fn chats_are_changed_and_left() {
    let stage = Stage::new().await;
    let (group, ann) = (stage.group, stage.local.ann);
    stage.updates().await;
    let titled = json!({"chat_id": group, "title": format!(" {} ", "x".repeat(200))});
    stage.ok("setChatTitle", titled.clone()).await;
    // The same again changes nothing.
    stage.ok("setChatTitle", titled).await;
    let told = stage.updates().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["message"]["new_chat_title"], "x".repeat(128));
    let described = json!({"chat_id": group, "description": "For all."});
    stage.ok("setChatDescription", described.clone()).await;
    assert_eq!(
        stage.refused("setChatDescription", described).await,
        "chat description is not modified"
    );
    let chat = stage.ok("getChat", json!({"chat_id": group})).await;
    assert_eq!(chat["description"], "For all.");
    let link = stage.ok("exportChatInviteLink", json!({"chat_id": group})).await;
    assert_ne!(link, chat["invite_link"]);
    assert!(link.as_str().unwrap().starts_with("https://t.me/+"));
    stage.ok("setChatDescription", json!({"chat_id": group})).await;
    let chat = stage.ok("getChat", json!({"chat_id": group})).await;
    assert_eq!(
        (chat.get("description"), &chat["invite_link"]),
        (None, &link),
        "{chat}"
    );
    let private = json!({"chat_id": ann, "title": "x", "description": "x"});
    for (method, expected) in [
        ("setChatTitle", "can't change private chat title"),
        ("setChatDescription", "can't change private chat description"),
        ("exportChatInviteLink", "can't invite members to a private chat"),
        ("leaveChat", "can't leave private chats"),
    ] {
        assert_eq!(stage.refused(method, private.clone()).await, expected);
    }
    assert_eq!(
        stage
            .refused("setChatTitle", json!({"chat_id": group, "title": " "}))
            .await,
        "title must be non-empty"
    );
    stage.rank(group, "member").await;
    let changed = json!({"chat_id": group, "title": "y", "description": "y"});
    for (method, expected) in [
        ("setChatTitle", "not enough rights to change chat title"),
        ("setChatDescription", "not enough rights to set chat description"),
        (
            "exportChatInviteLink",
            "not enough rights to manage chat invite link",
        ),
    ] {
        assert_eq!(stage.refused(method, changed.clone()).await, expected);
    }
    stage.updates().await;
    stage.ok("leaveChat", json!({"chat_id": group})).await;
    let told = stage.updates().await;
    assert_eq!(told[0]["my_chat_member"]["new_chat_member"]["status"], "left");
    assert_eq!(
        stage.refused("leaveChat", json!({"chat_id": group})).await,
        "Forbidden: bot is not a member of the supergroup chat"
    );
}

#[tokio::test]
async fn ranks() {
    let stage = Stage::new().await;
    let (group, ann, bob) = (stage.group, stage.local.ann, stage.bob);
    let member = |user: i64| json!({"chat_id": group, "user_id": user});
    let granted = |user: i64, rights: &[&str]| {
        let mut params = member(user);
        for right in rights {
            params[*right] = json!(true);
        }
        params
    };
    stage
        .ok("promoteChatMember", granted(bob, &["can_pin_messages"]))
        .await;
    let titled = |title: &str| json!({"chat_id": group, "user_id": bob, "custom_title": title});
    stage.ok("setChatAdministratorCustomTitle", titled("boss")).await;
    let known = stage.ok("getChatMember", member(bob)).await;
    // One right is as good as all.
    for right in ["can_pin_messages", "can_promote_members", "can_delete_messages"] {
        assert_eq!(known[right], true, "{known}");
    }
    assert_eq!(
        (&known["status"], &known["custom_title"]),
        (&json!("administrator"), &json!("boss"))
    );
    // Whoever wanted less reads of it in the journal.
    let events = stage.local.get("/events?since=0&limit=1000").await.to_string();
    assert!(
        events.contains("promoteChatMember with some of the rights"),
        "{events}"
    );
    stage.ok("promoteChatMember", granted(bob, &[])).await;
    let known = stage.ok("getChatMember", member(bob)).await;
    assert_eq!(known["status"], "member");
    let all = granted(bob, &["can_manage_chat"]);
    for (user, rights, expected) in [
        (ann, &["can_manage_chat"][..], "can't remove chat owner"),
        (stage.local.bot, &["can_manage_chat"], "can't promote self"),
        (0, &[], "invalid user_id specified"),
        (5, &["can_manage_chat"], "user not found"),
    ] {
        let params = granted(user, rights);
        assert_eq!(stage.refused("promoteChatMember", params).await, expected);
    }
    let mut private = all.clone();
    private["chat_id"] = json!(ann);
    assert_eq!(
        stage.refused("promoteChatMember", private).await,
        "method is available for supergroup and channel chats only"
    );
    assert_eq!(
        stage
            .refused("setChatAdministratorCustomTitle", titled("x"))
            .await,
        "user is not an administrator"
    );
    stage.rank(group, "member").await;
    assert_eq!(stage.refused("promoteChatMember", all).await, "not enough rights");
}

#[tokio::test]
async fn what_bots_say_of_themselves() {
    let stage = Stage::new().await;
    for (set, get, field, most, long) in [
        ("setMyName", "getMyName", "name", 64, "BOT_TITLE_INVALID"),
        (
            "setMyDescription",
            "getMyDescription",
            "description",
            512,
            "DESCRIPTION_TOO_LONG",
        ),
        (
            "setMyShortDescription",
            "getMyShortDescription",
            "short_description",
            120,
            "ABOUT_TOO_LONG",
        ),
    ] {
        stage.ok(set, json!({field: "for all"})).await;
        stage
            .ok(set, json!({field: "für alle", "language_code": "de"}))
            .await;
        for (language, expected) in [("", "for all"), ("de", "für alle"), ("fr", "for all")] {
            let got = stage.ok(get, json!({"language_code": language})).await;
            assert_eq!(got, json!({field: expected}));
        }
        stage.ok(set, json!({field: "ü".repeat(most)})).await;
        let over = json!({field: "x".repeat(most + 1)});
        assert_eq!(stage.refused(set, over).await, long);
        for method in [set, get] {
            let spoken = json!({field: "x", "language_code": "english"});
            assert_eq!(
                stage.refused(method, spoken).await,
                "invalid language code specified"
            );
        }
    }
    let me = stage.ok("getMe", json!({})).await;
    assert_eq!(me["first_name"], "ü".repeat(64));
}

#[tokio::test]
async fn menu_buttons_and_wishes() {
    let stage = Stage::new().await;
    let ann = stage.local.ann;
    let default = json!({"type": "default"});
    assert_eq!(stage.ok("getChatMenuButton", json!({})).await, default);
    let open = json!({"type": "web_app", "text": "Open", "web_app": {"url": "https://app.example/"}});
    let params = json!({"chat_id": ann, "menu_button": open});
    stage.ok("setChatMenuButton", params).await;
    stage
        .ok(
            "setChatMenuButton",
            json!({"menu_button": "{\"type\": \"commands\"}"}),
        )
        .await;
    let hers = json!({"chat_id": ann});
    assert_eq!(stage.ok("getChatMenuButton", hers.clone()).await, open);
    assert_eq!(
        stage.ok("getChatMenuButton", json!({})).await,
        json!({"type": "commands"})
    );
    stage.ok("setChatMenuButton", hers.clone()).await;
    assert_eq!(stage.ok("getChatMenuButton", hers).await, default);
    for (params, expected) in [
        (
            json!({"menu_button": {"type": "moon"}}),
            "can't parse menu button: MenuButton has unsupported type",
        ),
        (json!({"chat_id": -5}), "invalid chat_id specified"),
        (json!({"chat_id": 5}), "user not found"),
    ] {
        assert_eq!(stage.refused("setChatMenuButton", params).await, expected);
    }
    let rights = json!({"can_manage_chat": true, "can_post_messages": true});
    stage
        .ok(
            "setMyDefaultAdministratorRights",
            json!({"rights": rights, "for_channels": true}),
        )
        .await;
    let in_channels = stage
        .ok("getMyDefaultAdministratorRights", json!({"for_channels": true}))
        .await;
    assert_eq!(in_channels["can_manage_chat"], true);
    assert_eq!(in_channels["can_post_messages"], true);
    assert!(in_channels.get("can_pin_messages").is_none());
    let in_groups = stage.ok("getMyDefaultAdministratorRights", json!({})).await;
    assert_eq!(in_groups["can_manage_chat"], false);
    assert_eq!(in_groups["can_pin_messages"], false);
    assert_eq!(
        stage
            .refused("setMyDefaultAdministratorRights", json!({"rights": []}))
            .await,
        "can't parse ChatAdministratorRights: ChatAdministratorRights must be an Object"
    );
    assert_eq!(
        stage.ok("getUserProfilePhotos", json!({"user_id": ann})).await,
        json!({"total_count": 0, "photos": []})
    );
    assert_eq!(
        stage.refused("getUserProfilePhotos", json!({"user_id": 5})).await,
        "user not found"
    );
}

#[tokio::test]
async fn dice_contacts_and_places() {
    let stage = Stage::new().await;
    let ann = stage.local.ann;
    let dice = stage.ok("sendDice", json!({"chat_id": ann})).await;
    let value = dice["dice"]["value"].as_i64().unwrap();
    assert!(
        (1..=6).contains(&value) && dice["dice"]["emoji"] == "🎲",
        "{dice}"
    );
    let keyboard = json!({"inline_keyboard": [[{"text": "again", "callback_data": "again"}]]});
    let slot = json!({"chat_id": ann, "emoji": "🎰", "reply_markup": keyboard, "disable_notification": true});
    let slot = stage.ok("sendDice", slot).await;
    assert_eq!(slot["reply_markup"], keyboard);
    assert!((1..=64).contains(&slot["dice"]["value"].as_i64().unwrap()));
    assert_eq!(
        stage
            .refused("sendDice", json!({"chat_id": ann, "emoji": "x"}))
            .await,
        "EMOTICON_INVALID"
    );

    let contact = json!({"phone_number": "+1 555", "first_name": "Dan", "last_name": "D."});
    let mut params = contact.clone();
    params["chat_id"] = json!(ann);
    let sent = stage.ok("sendContact", params).await;
    assert_eq!(sent["contact"], contact);
    let seen = stage
        .local
        .get(&format!("/messages?chat={}&as=@ann", stage.local.bot))
        .await;
    assert_eq!(seen.as_array().unwrap().last().unwrap()["contact"], contact);
    assert_eq!(
        stage
            .refused("sendContact", json!({"chat_id": ann, "phone_number": "1"}))
            .await,
        "parameter \"first_name\" is required"
    );

    let place =
        json!({"chat_id": ann, "latitude": 52.520008, "longitude": "13.404954", "horizontal_accuracy": 9.5});
    let sent = stage.ok("sendLocation", place).await;
    assert_eq!(
        sent["location"],
        json!({"latitude": 52.520008, "longitude": 13.404954, "horizontal_accuracy": 10.0})
    );
    let at = |latitude: Value, more: Value| {
        let mut params = json!({"chat_id": ann, "latitude": latitude, "longitude": 0});
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        params
    };
    for (method, params, expected) in [
        (
            "sendLocation",
            at(json!(91), json!({})),
            "wrong location specified",
        ),
        ("sendLocation", at(json!(""), json!({})), "latitude is empty"),
        (
            "sendLocation",
            at(json!(1), json!({"live_period": 60})),
            "this local server does not support live_period",
        ),
        (
            "sendVenue",
            at(json!(-91), json!({})),
            "wrong venue location specified",
        ),
    ] {
        assert_eq!(stage.refused(method, params).await, expected);
    }
    let venue = at(
        json!(1.5),
        json!({"title": "Café", "address": "Here 1", "foursquare_id": "f1", "foursquare_type": "food"}),
    );
    let sent = stage.ok("sendVenue", venue).await;
    assert_eq!(
        sent["venue"],
        json!({
            "location": {"latitude": 1.5, "longitude": 0.0}, "title": "Café", "address": "Here 1",
            "foursquare_id": "f1", "foursquare_type": "food",
        })
    );
    assert_eq!(sent["location"], sent["venue"]["location"]);
    // They can be sent on, like anything that somebody said.
    let id = sent["message_id"].clone();
    let params = json!({"chat_id": stage.group, "from_chat_id": ann, "message_id": id});
    let forwarded = stage.ok("forwardMessage", params).await;
    assert_eq!(forwarded["venue"], sent["venue"]);
}

#[tokio::test]
async fn old_names_of_methods() {
    let stage = Stage::new().await;
    let count = stage
        .ok("getChatMembersCount", json!({"chat_id": stage.group}))
        .await;
    assert_eq!(count, 3);
    let kicked = json!({"chat_id": stage.group, "user_id": stage.bob});
    stage.ok("kickChatMember", kicked.clone()).await;
    assert_eq!(stage.ok("getChatMember", kicked).await["status"], "kicked");
}

#[tokio::test]
async fn links_beside_the_chats_own() {
    let stage = Stage::new().await;
    let chat = json!({"chat_id": stage.group});
    let with = |more: Value| {
        let mut params = chat.clone();
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        params
    };
    let terms = json!({"name": "guests", "member_limit": 2, "expire_date": 4_000_000_000_i64});
    let made = stage.ok("createChatInviteLink", with(terms)).await;
    let link = made["invite_link"].clone();
    assert!(link.as_str().unwrap().starts_with("https://t.me/+"));
    let mut expected = json!({
        "invite_link": link, "creates_join_request": false, "is_primary": false, "is_revoked": false,
        "name": "guests", "member_limit": 2, "expire_date": 4_000_000_000_i64, "creator": made["creator"],
    });
    assert_eq!(made, expected);
    assert_eq!(made["creator"]["id"], stage.local.bot);
    let edited = json!({"invite_link": link, "member_limit": 7});
    let edited = stage.ok("editChatInviteLink", with(edited)).await;
    expected["member_limit"] = json!(7);
    for gone in ["name", "expire_date"] {
        expected.as_object_mut().unwrap().remove(gone);
    }
    assert_eq!(edited, expected);
    let named = json!({"invite_link": link});
    let revoked = stage.ok("revokeChatInviteLink", with(named.clone())).await;
    expected["is_revoked"] = json!(true);
    assert_eq!(revoked, expected);
    // The chat's own is revoked, too, and another takes its place.
    let own = stage.ok("exportChatInviteLink", chat.clone()).await;
    let revoked = stage
        .ok("revokeChatInviteLink", with(json!({"invite_link": own})))
        .await;
    assert_eq!(
        (&revoked["is_primary"], &revoked["is_revoked"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(revoked["creator"]["id"], stage.local.ann);
    for (method, params, expected) in [
        (
            "createChatInviteLink",
            with(json!({"creates_join_request": true})),
            "this local server does not support creates_join_request",
        ),
        (
            "createChatInviteLink",
            with(json!({"expire_date": 5})),
            "EXPIRE_DATE_INVALID",
        ),
        (
            "createChatInviteLink",
            json!({"chat_id": stage.local.ann}),
            "can't invite members to a private chat",
        ),
        ("editChatInviteLink", with(named.clone()), "INVITE_HASH_EXPIRED"),
        ("revokeChatInviteLink", with(named), "INVITE_HASH_EXPIRED"),
    ] {
        assert_eq!(stage.refused(method, params).await, expected, "{method}");
    }
}
