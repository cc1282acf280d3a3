//! What a new log begins with.

use super::{
    expected::Expected,
    index::{Delta, Index},
    proposed::Proposed,
    recent_event_ids::Recent,
    samples,
    transaction::Batch,
};
use rusqlite::Connection;

/// Metadata of the streams that tell of scavenges: the first event of every log.
pub const HISTORY_METADATA: &str =
    r#"{"$maxAge":2592000,"$acl":{"$r":"$ops","$w":[],"$d":[],"$mr":[],"$mw":[]}}"#;

/// What a new log begins with, beside that.
#[derive(Debug, Clone, Default)]
pub struct Beginning {
    /// Each with the stream it is for.
    pub events: Vec<(String, Proposed)>,
    pub samples: bool,
}

/// Stages it in an empty file.
pub fn seed(db: &Connection, recent: &mut Recent, beginning: &Beginning) -> rusqlite::Result<Delta> {
    let empty = Index::default();
    let mut batch = Batch::new(db, &empty, recent);
    let now = batch.staged.now;
    if beginning.samples {
        // Before the samples, so that time never goes back in the log.
        batch.staged.now = now - samples::SPAN;
    }
    batch.append("$$$scavenges", Expected::Any, &[Proposed::metadata(HISTORY_METADATA.to_owned())])?;
    batch.staged.now = now;
    if beginning.samples {
        samples::write(&mut batch)?;
        batch.staged.now = now;
    }
    for (stream, event) in &beginning.events {
        batch.append(stream, Expected::Any, std::slice::from_ref(event))?;
    }
    Ok(batch.finish())
}
