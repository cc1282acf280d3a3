//! The members of a JSON object, without loss.

use crate::record::json;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// In the order of the text.
pub type Members<'a> = Vec<Member<'a>>;

/// A name and a value that is still text.
pub type Member<'a> = (Cow<'a, str>, &'a RawValue);

/// The members where the data is an object, `None` where it is another JSON value.
pub fn scan(data: &[u8]) -> Result<Option<Members<'_>>, String> {
    let text = std::str::from_utf8(data).map_err(|_| "it is not UTF-8 text".to_owned())?;
    let mut json = serde_json::Deserializer::from_str(text);
    let members = if text.starts_with('{') {
        json.deserialize_map(MembersVisitor).map(Some)
    } else {
        serde::Deserialize::deserialize(&mut json).map(|_: IgnoredAny| None)
    };
    members.and_then(|members| json.end().map(|()| members)).map_err(|error| error.to_string())
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(8);
        // A name may hold half of a surrogate pair, which no text can: its escape stands for it.
        while let Some(name) = map.next_key::<&RawValue>()? {
            members.push((json::name(name), map.next_value()?));
        }
        Ok(members)
    }
}
