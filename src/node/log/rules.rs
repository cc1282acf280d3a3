//! Stream metadata: which events it hides, and the edit that undeletes.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Value, value::RawValue};
use std::{fmt, sync::Arc};

/// `$tb` of a soft-deleted stream.
pub const DELETED: i64 = i64::MAX;

/// What the metadata of a stream hides, and from whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    pub max_count: Option<i64>,
    /// Seconds.
    pub max_age: Option<i64>,
    pub truncate_before: Option<i64>,
    pub acl: Option<Arc<Acl>>,
}

/// Users and groups that may do something; where none are named, the default holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acl {
    pub read: Option<Vec<String>>,
    pub write: Option<Vec<String>>,
    pub delete: Option<Vec<String>>,
    pub meta_read: Option<Vec<String>>,
    pub meta_write: Option<Vec<String>>,
}

/// The stream whose newest event says who may do what where a stream says nothing.
pub const SETTINGS: &str = "$settings";

/// What that event says of ordinary and of system streams.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    pub user: Acl,
    pub system: Acl,
}

impl Defaults {
    /// What cannot be read is as if nothing were said.
    pub fn parse(body: &[u8]) -> Defaults {
        let said: Option<Value> = serde_json::from_slice(body).ok();
        let of = |key: &str| said.as_ref()?.get(key).and_then(acl);
        Defaults {
            user: of("$userStreamAcl").unwrap_or_default(),
            system: of("$systemStreamAcl").unwrap_or_default(),
        }
    }
}

impl Rules {
    /// All or nothing: one known key of a wrong type makes the whole metadata count as empty.
    pub fn parse(body: &[u8]) -> Rules {
        strict(body).unwrap_or_default()
    }

    pub fn deleted(&self) -> bool {
        self.truncate_before == Some(DELETED)
    }
}

fn strict(body: &[u8]) -> Option<Rules> {
    let Ok(Value::Object(keys)) = serde_json::from_slice(body) else { return None };
    let mut rules = Rules::default();
    for (key, value) in &keys {
        match key.as_str() {
            "$maxCount" => rules.max_count = Some(value.as_i64()?).filter(|n| *n > 0),
            "$maxAge" => rules.max_age = Some(value.as_i64()?).filter(|n| *n > 0),
            "$tb" => rules.truncate_before = Some(value.as_i64()?).filter(|n| *n >= 0),
            "$cacheControl" => drop(value.as_i64()?),
            "$tmp" => drop(value.as_bool()?),
            "$acl" => rules.acl = Some(acl(value)?.into()),
            _ => {}
        }
    }
    Some(rules)
}

fn acl(value: &Value) -> Option<Acl> {
    let mut acl = Acl::default();
    for (key, value) in value.as_object()? {
        let roles = match value {
            Value::String(role) => vec![role.clone()],
            other => serde_json::from_value(other.clone()).ok()?,
        };
        let place = match key.as_str() {
            "$r" => &mut acl.read,
            "$w" => &mut acl.write,
            "$d" => &mut acl.delete,
            "$mr" => &mut acl.meta_read,
            "$mw" => &mut acl.meta_write,
            _ => return None,
        };
        *place = Some(roles);
    }
    Some(acl)
}

/// The correlation id that an event's metadata names: text, or a number as text.
pub fn correlation(metadata: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Metadata {
        #[serde(rename = "$correlationId")]
        id: Value,
    }
    const KEY: &[u8] = b"$correlationId";
    metadata.windows(KEY.len()).any(|part| part == KEY).then_some(())?;
    match serde_json::from_slice::<Metadata>(metadata).ok()?.id {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The object with `$tb` set, every other key kept in its order; `None` when it is no object.
pub fn with_truncate_before(body: &[u8], revision: i64) -> Option<String> {
    let mut source = serde_json::Deserializer::from_slice(body);
    let pairs = source.deserialize_map(Pairs).ok()?;
    source.end().ok()?;
    let mut kept: Vec<(String, String)> = Vec::with_capacity(pairs.len() + 1);
    let mut put = |key: String, value: String| match kept.iter_mut().find(|(k, _)| *k == key) {
        Some(known) => known.1 = value,
        None => kept.push((key, value)),
    };
    for (key, value) in pairs {
        put(key, compact(value.get()));
    }
    put("$tb".into(), revision.to_string());
    let fields: Vec<_> =
        kept.iter().map(|(key, value)| format!("{}:{value}", Value::from(key.as_str()))).collect();
    Some(format!("{{{}}}", fields.join(",")))
}

/// JSON without the spaces between its tokens.
fn compact(json: &str) -> String {
    let (mut out, mut quoted, mut escaped) = (String::with_capacity(json.len()), false, false);
    for c in json.chars() {
        if quoted || !c.is_ascii_whitespace() {
            out.push(c);
        }
        quoted = if c == '"' && !escaped { !quoted } else { quoted };
        escaped = c == '\\' && !escaped;
    }
    out
}

/// An object as a list, in the order of the text.
struct Pairs;
impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(String, Box<RawValue>)>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_type_empties_everything() {
        assert_eq!(Rules::parse(br#"{"$tb":3,"$maxCount":1.5}"#), Rules::default());
        assert_eq!(Rules::parse(br#"{"$tb":3,"$acl":{"$x":"a"}}"#), Rules::default());
        assert_eq!(Rules::parse(br#"{"$tb":3,"$maxCount":0}"#).truncate_before, Some(3));
    }

    #[test]
    fn undeleting_keeps_order_and_drops_spaces() {
        let edited = with_truncate_before(br#"{ "b": [1, "x y"], "$tb": 9, "a": {"k" : 1.50} }"#, 3);
        assert_eq!(edited.as_deref(), Some(r#"{"b":[1,"x y"],"$tb":3,"a":{"k":1.50}}"#));
        assert_eq!(with_truncate_before(b"{}", 3).as_deref(), Some(r#"{"$tb":3}"#));
        assert_eq!(with_truncate_before(b"[]", 3), None);
    }
}
