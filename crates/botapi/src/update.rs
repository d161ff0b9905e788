//! Reading and writing [`Update`]; its kinds are generated.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::{UPDATE_KINDS, Update, UpdateKind};

impl Serialize for Update {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("update_id", &self.update_id)?;
        self.kind.write(&mut map)?;
        map.end()
    }
}

/// A field of an update.
enum Key {
    Id,
    /// A place in [`UPDATE_KINDS`].
    Kind(usize),
    Other(String),
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field of an update")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Key, E> {
                if name == "update_id" {
                    return Ok(Key::Id);
                }
                let kind = UPDATE_KINDS.iter().position(|kind| *kind == name);
                Ok(kind.map_or_else(|| Key::Other(name.to_owned()), Key::Kind))
            }
        }

        deserializer.deserialize_identifier(KeyVisitor)
    }
}

impl<'de> Deserialize<'de> for Update {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct UpdateVisitor;

        impl<'de> Visitor<'de> for UpdateVisitor {
            type Value = Update;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an update")
            }

            /// The first known kind counts; without one, the first unknown one.
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Update, A::Error> {
                let mut update_id = None;
                let (mut known, mut unknown) = (None, None);
                while let Some(key) = map.next_key()? {
                    match key {
                        Key::Id => update_id = Some(map.next_value()?),
                        Key::Kind(kind) if known.is_none() => known = UpdateKind::read(kind, &mut map)?,
                        Key::Other(name) if known.is_none() && unknown.is_none() => {
                            unknown = Some(UpdateKind::Unknown {
                                name,
                                value: map.next_value()?,
                            });
                        }
                        Key::Kind(_) | Key::Other(_) => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                let update_id = update_id.ok_or_else(|| de::Error::missing_field("update_id"))?;
                Ok(Update {
                    update_id,
                    kind: known.or(unknown).unwrap_or(UpdateKind::Empty),
                })
            }
        }

        deserializer.deserialize_map(UpdateVisitor)
    }
}
