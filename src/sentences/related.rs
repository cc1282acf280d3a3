//! Where the events that belong together come from, and what is not among them.

use crate::record::{json, plural};
use crate::store::{RelatedEnd, RelatedSource};

/// Where they were found, for a correlation.
pub fn related_source(source: &RelatedSource, correlation: &str, looked: u64) -> String {
    let id = json::one_line(correlation.as_bytes(), 80);
    match source {
        RelatedSource::Links => {
            format!("Found through $bc-{id}, the links of the projection $by_correlation_id.")
        }
        RelatedSource::NoLinks => {
            format!("There are no links in $bc-{id}: the projection $by_correlation_id may be off or behind.")
        }
        RelatedSource::Log => {
            format!("Found in $all, of which {} were read; $bc-{id} has no links.", plural(looked, "event"))
        }
        RelatedSource::OneStream(stream) => {
            let stream = json::one_line(stream.as_str().as_bytes(), 80);
            format!("Found in {stream} alone: this user may read neither $bc-{id} nor $all.")
        }
    }
}

/// What is not shown; `None` where that is nothing.
pub fn related_rest(end: &RelatedEnd) -> Option<String> {
    let more = (end.more > 0).then(|| format!("{} more are not shown.", plural(end.more, "event")));
    let gone = (end.gone > 0).then(|| format!("{} to events that are gone.", plural(end.gone, "link")));
    let system = (end.system > 0)
        .then(|| format!("{} of the database itself are left out.", plural(end.system, "event")));
    let rest: Vec<_> = [more, gone, system].into_iter().flatten().collect();
    (!rest.is_empty()).then(|| rest.join(" "))
}
