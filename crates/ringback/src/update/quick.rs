//! The quick way to read updates that are as they should be: a walk over their text that stops only where routing needs
//! something. `None` means that `serde_json` shall read them.

use std::sync::OnceLock;

use bytes::Bytes;
use ringback_botapi::UPDATE_KINDS;

use super::scan::Cursor;
use super::{Content, Presser, Query, Update};

/// A response with `ok` and updates, and nothing else.
pub(super) fn batch(body: &Bytes) -> Option<Vec<Update>> {
    let mut cursor = Cursor::new(std::str::from_utf8(body).ok()?);
    cursor.eat(b'{')?;
    let (mut ok, mut updates) = (false, None);
    let mut first = true;
    while cursor.part(first, b'}')? {
        first = false;
        match cursor.key()? {
            "ok" if !ok && cursor.skip()? == "true" => ok = true,
            "result" if updates.is_none() => updates = Some(list(&mut cursor, body)?),
            _ => return None,
        }
    }
    updates.filter(|_| ok && cursor.is_at_end())
}

/// One update by itself.
pub(super) fn single(body: &Bytes) -> Option<Update> {
    let mut cursor = Cursor::new(std::str::from_utf8(body).ok()?);
    update(&mut cursor, body).filter(|_| cursor.is_at_end())
}

fn list(cursor: &mut Cursor<'_>, body: &Bytes) -> Option<Vec<Update>> {
    cursor.eat(b'[')?;
    // A press is about a kilobyte; a hundred come at most.
    let mut updates = Vec::with_capacity((body.len() / 1024 + 1).min(100));
    while cursor.part(updates.is_empty(), b']')? {
        updates.push(update(cursor, body)?);
    }
    Some(updates)
}

fn update(cursor: &mut Cursor<'_>, body: &Bytes) -> Option<Update> {
    cursor.eat(b'{')?;
    let (mut id, mut content) = (None, None);
    let mut first = true;
    while cursor.part(first, b'}')? {
        first = false;
        match cursor.key()? {
            "update_id" => put(&mut id, cursor.integer()?)?,
            "callback_query" => put(&mut content, Content::Callback(query(cursor, body)?))?,
            name => {
                let kind = UPDATE_KINDS.iter().find(|kind| **kind == name)?;
                let json = body.slice_ref(cursor.skip()?.as_bytes());
                put(&mut content, Content::Other { kind, json })?;
            }
        }
    }
    Some(Update {
        id: id?,
        content: content?,
    })
}

fn query(cursor: &mut Cursor<'_>, body: &Bytes) -> Option<Box<Query>> {
    cursor.eat(b'{')?;
    let (mut id, mut from, mut chat_instance) = (None, None, None);
    let (mut message, mut inline_message_id, mut data, mut game_short_name) = (None, None, None, None);
    let mut first = true;
    while cursor.part(first, b'}')? {
        first = false;
        match cursor.key()? {
            "id" => put(&mut id, cursor.string()?)?,
            "from" => put(&mut from, presser(cursor.skip()?, body)?)?,
            "message" => put(&mut message, cursor.skip()?)?,
            "inline_message_id" => put(&mut inline_message_id, cursor.optional_string()?)?,
            "chat_instance" => put(&mut chat_instance, cursor.string()?)?,
            "data" => put(&mut data, cursor.optional_string()?)?,
            "game_short_name" => put(&mut game_short_name, cursor.optional_string()?)?,
            _ => drop(cursor.skip()?),
        }
    }
    Some(Box::new(Query {
        id: id?,
        from: from?,
        message: message
            .filter(|json| *json != "null")
            .map(|json| body.slice_ref(json.as_bytes())),
        inline_message_id: inline_message_id.flatten(),
        chat_instance: chat_instance?,
        data: data.flatten(),
        game_short_name: game_short_name.flatten(),
    }))
}

fn presser(json: &str, body: &Bytes) -> Option<Presser> {
    Some(Presser {
        id: id(json)?,
        json: body.slice_ref(json.as_bytes()),
        user: OnceLock::new(),
    })
}

/// The `id` of an object.
fn id(json: &str) -> Option<i64> {
    let mut cursor = Cursor::new(json);
    cursor.eat(b'{')?;
    let mut first = true;
    while cursor.part(first, b'}')? {
        first = false;
        if cursor.key()? == "id" {
            return cursor.integer();
        }
        cursor.skip()?;
    }
    None
}

/// The chat and the number of a message. The official server writes both at the start.
pub(super) fn place(message: &Bytes) -> Option<(i64, i64)> {
    let mut cursor = Cursor::new(std::str::from_utf8(message).ok()?);
    cursor.eat(b'{')?;
    let (mut chat, mut number) = (None, None);
    let mut first = true;
    while cursor.part(first, b'}')? {
        first = false;
        match cursor.key()? {
            "message_id" => put(&mut number, cursor.integer()?)?,
            "chat" => put(&mut chat, id(cursor.skip()?)?)?,
            _ => drop(cursor.skip()?),
        }
        if let (Some(chat), Some(number)) = (chat, number) {
            return Some((chat, number));
        }
    }
    None
}

/// Twice the same field is not for here.
fn put<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}
