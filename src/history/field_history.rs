//! The records that changed one field, and its values around them.

use super::segment::Segment;
use crate::aggregate::{Field, State, Value, leaves};
use std::ops::Range;
use std::sync::Arc;

/// The records of a range that changed a field, by their indexes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FieldScan {
    pub records: Range<usize>,
    pub changed: Vec<u32>,
}

/// A field before and after a record; `None` where it does not exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldChange {
    pub before: Option<Arc<str>>,
    pub after: Option<Arc<str>>,
}

/// The records from an index on that changed the field at this path, by what each chunk knows of it; only where a record set a
/// field more than once are states looked at.
pub fn field_changes(segment: &Segment, field: &str, from: usize) -> FieldScan {
    let mut changed = Vec::new();
    for (start, chunk) in segment.chunks_from(from) {
        for &at in chunk.setters(field) {
            let index = start + usize::from(at);
            let is_real = || segment.changes_at(index).iter().any(|change| *change.field == *field);
            if index >= from && (!chunk.repeats(at) || is_real()) {
                changed.push(u32::try_from(index).unwrap_or(u32::MAX));
            }
        }
    }
    FieldScan { records: from..segment.end().max(from), changed }
}

/// The field before and after each of these records, which are in order.
pub fn field_values(segment: &Segment, field: &str, records: &[u32]) -> Vec<(u32, FieldChange)> {
    let Some(mut walk) = segment.walk() else { return Vec::new() };
    let token = |state: &State| {
        let fields = segment.aggregate().fields(state)?;
        token_at(&fields, field)
    };
    let value = |&at: &u32| {
        walk.go_before(at as usize);
        let before = token(walk.state());
        walk.go_after(at as usize);
        (at, FieldChange { before, after: token(walk.state()) })
    };
    records.iter().map(value).collect()
}

/// The token at exactly this path; an object has none.
fn token_at(fields: &[Field], path: &str) -> Option<Arc<str>> {
    let outer = fields.iter().find(|field| {
        path.strip_prefix(&*field.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })?;
    match &outer.value {
        Value::Token(token) => (*outer.path == *path).then(|| token.clone()),
        Value::Object(inner) => {
            leaves(inner).into_iter().find(|(at, _)| ***at == *path).map(|(_, t)| t.clone())
        }
    }
}
