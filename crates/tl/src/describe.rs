//! Calls as people read them: each field with its name.

use crate::codec::{FALSE, Reader, TRUE, VECTOR};
use crate::error::DecodeError;
use crate::generated::described::FIELDS;
use crate::raw::step_over;

/// A value with the names of its fields.
#[derive(Clone, Debug, PartialEq)]
pub enum Described {
    /// `int` or `long`.
    Number(i64),
    /// `double`.
    Real(f64),
    /// `Bool`, or a flag that is set.
    Yes(bool),
    /// `string`.
    Text(String),
    /// `bytes`, and integers of 128 bits and more.
    Bytes(Vec<u8>),
    /// A vector.
    List(Vec<Described>),
    /// A constructor or function: its name in TL, and the fields that it has, in their order.
    Object(&'static str, Vec<(&'static str, Described)>),
    /// Something that this crate carries without knowing it.
    Unknown,
}

/// Describes a call, in whatever layer's form it is.
///
/// # Errors
/// When the bytes are not one call, or hold what this crate can read in no layer.
pub fn describe(call: &[u8]) -> Result<Described, DecodeError> {
    let mut r = Reader::new(call);
    let described = boxed(&mut r)?;
    r.finish()?;
    Ok(described)
}

fn boxed(r: &mut Reader<'_>) -> Result<Described, DecodeError> {
    let id = r.u32()?;
    if id == TRUE || id == FALSE {
        return Ok(Described::Yes(id == TRUE));
    }
    match FIELDS.binary_search_by_key(&id, |(id, _)| *id) {
        Ok(at) => r.nested(|r| object(FIELDS[at].1, r)),
        Err(_) => step_over(id, r).map(|()| Described::Unknown),
    }
}

/// Reads by a line of the table: the name, then for each field `#` for flags, or its name, `:`, if it is optional the
/// flags' place, `.`, its bit and `?`, and its type in letters.
fn object(line: &'static str, r: &mut Reader<'_>) -> Result<Described, DecodeError> {
    let mut words = line.split(' ');
    let name = words.next().unwrap_or_default();
    let mut flags = Vec::new();
    let mut fields = Vec::new();
    for word in words {
        let Some((field, mut ty)) = word.split_once(':') else {
            flags.push(r.u32()?);
            continue;
        };
        if let Some((place, rest)) = ty.split_once('?') {
            ty = rest;
            let (slot, bit) = place.split_once('.').unwrap_or_default();
            let slot: usize = slot.parse().unwrap_or_default();
            let bit: u32 = bit.parse().unwrap_or_default();
            let bits = flags.get(slot).copied().unwrap_or_default();
            if bits.checked_shr(bit).unwrap_or_default() & 1 == 0 {
                continue;
            }
        }
        fields.push((field, value(ty, r)?));
    }
    Ok(Described::Object(name, fields))
}

fn value(ty: &str, r: &mut Reader<'_>) -> Result<Described, DecodeError> {
    Ok(match ty {
        "t" => Described::Yes(true),
        "i" => Described::Number(r.u32()?.cast_signed().into()),
        "l" => Described::Number(i64::from_le_bytes(r.array()?)),
        "d" => Described::Real(f64::from_le_bytes(r.array()?)),
        "x" => Described::Bytes(r.take(16)?.to_vec()),
        "y" => Described::Bytes(r.take(32)?.to_vec()),
        "s" => Described::Text(String::from_utf8_lossy(r.bytes()?).into_owned()),
        "b" => Described::Bytes(r.bytes()?.to_vec()),
        "r" => {
            let rest = r.rest().len();
            r.take(rest)?;
            Described::Unknown
        }
        ty => match ty.strip_prefix('v') {
            Some(of) => {
                if r.u32()? != VECTOR {
                    return Err(r.unexpected(0, "Vector"));
                }
                let count = r.count(4)?;
                let values: Result<_, _> = (0..count).map(|_| value(of, r)).collect();
                Described::List(values?)
            }
            None => boxed(r)?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Layer;
    use crate::{Encode, ctors, functions, types};

    fn told(call: &impl Encode, layer: Layer) -> Described {
        describe(&crate::encode(call, layer).unwrap()).unwrap()
    }

    #[test]
    fn a_call_is_told_with_the_names_of_its_fields() {
        let call = functions::messages::SetBotCallbackAnswer {
            alert: true,
            query_id: -7,
            message: Some("hi".into()),
            url: None,
            cache_time: 3,
        };
        let expected = Described::Object(
            "messages.setBotCallbackAnswer",
            vec![
                ("alert", Described::Yes(true)),
                ("query_id", Described::Number(-7)),
                ("message", Described::Text("hi".into())),
                ("cache_time", Described::Number(3)),
            ],
        );
        assert_eq!(told(&call, Layer::NEWEST), expected);
        let call = functions::bots::SetBotCommands {
            scope: types::BotCommandScope::Default,
            lang_code: String::new(),
            commands: vec![types::BotCommand {
                command: "start".into(),
                description: "Start".into(),
                ..Default::default()
            }],
        };
        let command = Described::Object(
            "botCommand",
            vec![
                ("command", Described::Text("start".into())),
                ("description", Described::Text("Start".into())),
            ],
        );
        let expected = Described::Object(
            "bots.setBotCommands",
            vec![
                ("scope", Described::Object("botCommandScopeDefault", vec![])),
                ("lang_code", Described::Text(String::new())),
                ("commands", Described::List(vec![command])),
            ],
        );
        assert_eq!(told(&call, Layer::NEWEST), expected);
    }

    #[test]
    fn older_layers_have_their_own_forms() {
        let button = types::KeyboardInlineButton {
            text: "Up".into(),
            r#type: ctors::InlineButtonTypeCallback {
                data: b"up".to_vec(),
                ..Default::default()
            }
            .into(),
            ..Default::default()
        };
        let row = types::KeyboardInlineButtonRow {
            buttons: vec![button],
        };
        let markup = ctors::ReplyInlineMarkup {
            rows: vec![row],
            ..Default::default()
        };
        let call = functions::messages::SendMessage {
            peer: types::InputPeer::Self_,
            message: "Menu".into(),
            reply_markup: Some(markup.into()),
            ..Default::default()
        };
        for &layer in Layer::ALL {
            let Described::Object("messages.sendMessage", fields) = told(&call, layer) else {
                panic!("not the call")
            };
            let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, ["peer", "message", "random_id", "reply_markup"]);
            let markup = format!("{:?}", fields[3].1);
            assert!(
                markup.contains("Callback") && markup.contains("[117, 112]"),
                "{markup}"
            );
        }
    }

    #[test]
    fn cut_bytes_are_an_error() {
        let call = functions::messages::SendMessage {
            peer: types::InputPeer::Self_,
            message: "Menu".into(),
            ..Default::default()
        };
        let bytes = crate::encode(&call, Layer::NEWEST).unwrap();
        for end in 0..bytes.len() {
            assert!(describe(&bytes[..end]).is_err(), "{end} bytes");
        }
    }
}
