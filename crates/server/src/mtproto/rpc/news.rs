//! What the journal says of a bot's calls.

use crate::bot_api::encode::to_base64;
use crate::mtproto::decode;
use ringback_tl::functions::Function;
use ringback_tl::{Described, types};
use ringback_world::calls::About;
use ringback_world::{InlineQueryId, MessageId, QueryId, UserId, World};
use serde_json::{Map, Value, json};

/// Whether a bot's call is news for the journal. What people do is told by what comes of it.
pub(super) fn is_news(name: &str) -> bool {
    let (group, rest) = name.split_once('.').unwrap_or_default();
    let doing = ["send", "set", "edit", "delete", "forward", "reset"];
    matches!(group, "messages" | "channels" | "bots") && doing.iter().any(|verb| rest.starts_with(verb))
}

/// The parameters of a call as JSON, for people to read: under their names in TL, flags only where they are set.
pub(super) fn params(call: &[u8]) -> String {
    let value = match ringback_tl::describe(call) {
        Ok(Described::Object(_, fields)) => Value::Object(object(fields)),
        // A call that can be carried out can be described.
        _ => json!({}),
    };
    value.to_string()
}

fn object(fields: Vec<(&'static str, Described)>) -> Map<String, Value> {
    let fields = fields.into_iter();
    // What opens a door is not written down.
    let fields = fields.filter(|(name, _)| !matches!(*name, "access_hash" | "file_reference" | "password"));
    fields
        .map(|(name, value)| (name.to_owned(), to_json(value)))
        .collect()
}

fn to_json(value: Described) -> Value {
    match value {
        // Readers in JavaScript know no larger numbers.
        Described::Number(number) if number.unsigned_abs() < 1 << 53 => number.into(),
        Described::Number(number) => number.to_string().into(),
        Described::Real(number) => number.into(),
        Described::Yes(yes) => yes.into(),
        Described::Text(text) => text.into(),
        Described::Bytes(bytes) => match String::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(error) => to_base64(error.as_bytes()).into(),
        },
        Described::List(values) => values.into_iter().map(to_json).collect(),
        Described::Object(name, fields) => {
            let mut own = Map::from_iter([("_".to_owned(), name.into())]);
            own.extend(object(fields));
            Value::Object(own)
        }
        Described::Unknown => Value::Null,
    }
}

/// What a call is about: from that follows what it is a consequence of.
pub(super) fn about(world: &World, bot: UserId, call: &Function) -> About {
    use Function as F;
    let chat = |peer: &types::InputPeer, message: Option<i32>| {
        decode::peer(world, bot, peer)
            .map_or(About::Nothing, |peer| About::Chat(peer, message.map(MessageId)))
    };
    match call {
        F::MessagesSetBotCallbackAnswer(call) => About::Query(QueryId(call.query_id)),
        F::MessagesSetInlineBotResults(call) => About::InlineQuery(InlineQueryId(call.query_id)),
        F::MessagesEditInlineBotMessage(call) => About::Inline(decode::inline_message_id(&call.id)),
        F::MessagesSetInlineGameScore(call) => About::Inline(decode::inline_message_id(&call.id)),
        F::MessagesSendMessage(call) => chat(&call.peer, None),
        F::MessagesSendMedia(call) => chat(&call.peer, None),
        F::MessagesForwardMessages(call) => chat(&call.to_peer, None),
        F::MessagesEditMessage(call) => chat(&call.peer, Some(call.id)),
        F::MessagesSetGameScore(call) => chat(&call.peer, Some(call.id)),
        F::MessagesSetTyping(call) => chat(&call.peer, None),
        _ => About::Nothing,
    }
}
