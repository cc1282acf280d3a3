//! Whether a row of a list meets what was typed to filter it; the window and the terminal filter alike.

use crate::aggregate::{Aggregate, Condition, FieldPath, Registry, Within, leaves};
use crate::record::Created;
use crate::store::StreamRow;
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// What is known of a stream beside its state, by the name under which a condition asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowField {
    Events,
    Revision,
    Problems,
    Last,
    Status,
}

impl RowField {
    /// A field of the state of the same name goes before it.
    pub fn named(path: &FieldPath) -> Option<Self> {
        let [name] = path.parts() else { return None };
        let known = [
            ("events", Self::Events),
            ("revision", Self::Revision),
            ("problems", Self::Problems),
            ("last", Self::Last),
            ("status", Self::Status),
        ];
        known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, field)| field)
    }

    fn token(self, row: &StreamRow) -> Option<Cow<'static, str>> {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let token = match self {
            Self::Events => row.events.to_string(),
            Self::Revision => row.revision?.to_string(),
            Self::Problems => row.problems.to_string(),
            Self::Last => text(&row.last_event?.date_time(&TimeZone::system())),
            Self::Status => text(row.word()),
        };
        Some(token.into())
    }
}

/// Whether the name or a field contains the word, which is in lower case, or a word of the status begins so.
pub fn has_word(row: &StreamRow, word: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(word);
    has(row.stream.as_str())
        || row.cells.iter().any(|cell| has(&cell.text))
        || has_word_beginning(&status_text(row).to_lowercase(), word)
}

/// The words of a row's status, as scripts read them and as they are shown.
pub fn status_text(row: &StreamRow) -> Cow<'_, str> {
    let word = row.word();
    let label = row.status.as_ref().map(|status| &*status.label);
    let label = label.filter(|label| row.is_live() && !label.eq_ignore_ascii_case(word));
    match (label, row.is_truncated()) {
        (None, false) => word.into(),
        (label, truncated) => {
            let truncated = truncated.then_some("truncated");
            let words = std::iter::once(word).chain(label).chain(truncated);
            words.collect::<Vec<_>>().join(" ").into()
        }
    }
}

/// Whether the text holds the other one where a word begins.
pub fn has_word_beginning(text: &str, beginning: &str) -> bool {
    let begins = |at: usize| !text[..at].ends_with(char::is_alphanumeric);
    text.match_indices(beginning).any(|(at, _)| begins(at))
}

/// Whether a field of that name contains the text; `id`, `stream` and `status` are of every row.
pub fn has_within(within: &Within, registry: &Registry, row: &StreamRow) -> bool {
    let Within { name, text } = within;
    let has = |own: &str| own.to_lowercase().contains(text);
    let of_row = match &**name {
        "id" => has(row.stream.id()),
        "stream" | "name" => has(row.stream.as_str()),
        "status" => has_word_beginning(&status_text(row).to_lowercase(), text),
        _ => false,
    };
    let is_named = |path: &str| path.to_lowercase().contains(name);
    if of_row || row.cells.iter().any(|cell| is_named(&cell.path) && has(&cell.text)) {
        return true;
    }
    let aggregate = registry.for_stream(&row.stream);
    let Some(fields) = row.state.as_ref().and_then(|state| aggregate.fields(state)) else { return false };
    leaves(&fields).into_iter().any(|(path, token)| is_named(path) && has(token))
}

/// Whether the condition holds of the row at this time.
pub fn meets(condition: &Condition, aggregate: &dyn Aggregate, row: &StreamRow, now: Created) -> bool {
    let state = row.state.as_ref();
    let is_of_row = |field: &FieldPath| RowField::named(field).is_some();
    // Nothing is said of a state that cannot be read.
    if state.is_none() && !condition.fields().iter().all(is_of_row) {
        return false;
    }
    let fields = |path: &FieldPath| {
        let of_state = state.and_then(|state| aggregate.field(state, path));
        of_state.or_else(|| RowField::named(path)?.token(row))
    };
    condition.holds_of(&fields, row.last_event.map(|last| now.0.saturating_sub(last.0)))
}
