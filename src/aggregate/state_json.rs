//! A state as JSON, with every number token as it was stored.

use super::state::{Field, Value};
use crate::record::json::raw;
use serde::ser::{Serialize, Serializer};

/// The object of a state's fields.
pub struct StateObject<'a>(pub &'a [Field]);

impl Serialize for StateObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|field| (&*field.name, Member(&field.value))))
    }
}

struct Member<'a>(&'a Value);

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Token(token) => raw(token).serialize(serializer),
            Value::Object(fields) => StateObject(fields).serialize(serializer),
        }
    }
}

/// On lines, as people read it.
pub fn state_json(fields: &[Field]) -> String {
    serde_json::to_string_pretty(&StateObject(fields)).unwrap_or_default()
}
