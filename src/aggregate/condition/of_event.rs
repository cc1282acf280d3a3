//! A condition that is asked of one event by itself: of its own fields, without any state.

use super::Condition;
use super::expression::{Beside, EventFacts, Expression};
use crate::aggregate::FieldPath;
use crate::aggregate::field_path::token_within;
use crate::record::RecordRef;
use std::borrow::Cow;

impl Condition {
    /// Whether an event by itself can answer it: neither what it changed nor whether it follows.
    pub fn is_of_event(&self) -> bool {
        let mut is_of_event = true;
        self.root.visit(&mut |part| {
            is_of_event &=
                !matches!(part, Expression::Changed(_) | Expression::Problem | Expression::Age(..));
        });
        is_of_event
    }

    /// Of the event's `data`, `metadata`, `stream`, `type`, `id` and `revision`; any other name is a field of its data.
    pub fn holds_of_event(&self, event: RecordRef<'_>) -> bool {
        let facts = EventFacts { event_type: event.event_type, is_problem: false, changed: &[] };
        self.root.holds(&|path| token(event, path), Beside { event: Some(&facts), age: None })
    }
}

fn token<'a>(event: RecordRef<'a>, path: &FieldPath) -> Option<Cow<'a, str>> {
    let (name, rest) = path.parts().split_first()?;
    let text = |text: &str| Some(Cow::Owned(serde_json::Value::from(text).to_string()));
    match (name.as_str(), rest) {
        ("data", rest) => within(event.data, rest),
        ("metadata", rest) => within(event.metadata, rest),
        ("stream", []) => text(event.stream.as_str()),
        ("type", []) => text(event.event_type),
        ("id", []) => text(&event.id.to_string()),
        ("revision", []) => Some(Cow::Owned(event.revision.to_string())),
        _ => within(event.data, path.parts()),
    }
}

fn within<'a>(json: &'a [u8], path: &[String]) -> Option<Cow<'a, str>> {
    let text = std::str::from_utf8(json).ok()?.trim_ascii();
    token_within(text, path)
}
