//! Which field of the streams a name may mean that none of them has.

use crate::aggregate::{FieldPath, Registry, leaves};
use crate::store::StreamRow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Streams whose fields are looked at.
const SAMPLE: usize = 20;

/// `None` where no field is near enough.
pub fn nearest_field(field: &FieldPath, rows: &[StreamRow], registry: &Registry) -> Option<Arc<str>> {
    let fields = |row: &StreamRow| registry.for_stream(&row.stream).fields(row.state.as_ref()?);
    let mut known = BTreeSet::new();
    for fields in rows.iter().filter_map(fields).take(SAMPLE) {
        known.extend(leaves(&fields).into_iter().map(|(path, _)| path.clone()));
    }
    field.nearest(known)
}
