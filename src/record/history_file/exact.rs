//! Bytes and times as members of a line, so that they are read back as they were.

use crate::record::Created;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt;

/// Text that is valid UTF-8 as a JSON string, other bytes as `{"base64": …}`.
pub struct Exact<'a>(pub &'a [u8]);

impl Serialize for Exact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Ok(text) = std::str::from_utf8(self.0) {
            return serializer.serialize_str(text);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("base64", &STANDARD.encode(self.0))?;
        map.end()
    }
}

/// The same, read.
pub struct ExactBytes(pub Box<[u8]>);

impl<'de> Deserialize<'de> for ExactBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExactVisitor).map(Self)
    }
}

struct ExactVisitor;

impl<'de> Visitor<'de> for ExactVisitor {
    type Value = Box<[u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or {\"base64\": a text}")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(text.as_bytes().into())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(text.into_bytes().into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Some((key, text)) = map.next_entry::<String, String>()? else {
            return Err(de::Error::missing_field("base64"));
        };
        if key != "base64" || map.next_key::<String>()?.is_some() {
            return Err(de::Error::custom("bytes are {\"base64\": a text} and nothing else"));
        }
        STANDARD.decode(text).map(Vec::into).map_err(|error| de::Error::custom(format!("base64: {error}")))
    }
}

/// RFC 3339 with seven digits; the number of 100-ns ticks since 1970 where that cannot say it.
pub struct CreatedText(pub Created);

fn parsed(text: &str) -> Option<Created> {
    let nanoseconds = text.parse::<Timestamp>().ok()?.as_nanosecond();
    let ticks = (nanoseconds % 100 == 0).then_some(nanoseconds / 100)?;
    i64::try_from(ticks).ok().map(Created)
}

impl Serialize for CreatedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.rfc3339();
        if parsed(&text) == Some(self.0) {
            serializer.serialize_str(&text)
        } else {
            serializer.serialize_i64(self.0.0)
        }
    }
}

impl<'de> Deserialize<'de> for CreatedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CreatedVisitor).map(Self)
    }
}

struct CreatedVisitor;

impl Visitor<'_> for CreatedVisitor {
    type Value = Created;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time like 2026-03-01T14:05:02.9100000Z")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Created, E> {
        parsed(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_i64<E: de::Error>(self, ticks: i64) -> Result<Created, E> {
        Ok(Created(ticks))
    }

    fn visit_u64<E: de::Error>(self, ticks: u64) -> Result<Created, E> {
        i64::try_from(ticks).map(Created).map_err(|_| E::custom("the time is out of range"))
    }
}
