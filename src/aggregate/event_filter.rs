//! Which events of a database are meant: by category, by type, and by a text or a condition on the event.

use super::{Condition, ConditionError};
use crate::record::RecordRef;
use memchr::memchr2_iter;
use std::borrow::Cow;

/// Larger data is not parsed for escapes that stand for the text.
const MAX_PARSED: usize = 1 << 20;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct EventFilter {
    /// The text before the first `-` of the stream's name.
    pub category: Option<String>,
    pub event_type: Option<String>,
    pub sought: Sought,
}

/// What is looked for in an event.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Sought {
    #[default]
    Anything,
    /// Each of them, in any case, in the data, the metadata, the stream's name, the type or the id.
    Texts(Vec<String>),
    Condition(Condition),
}

impl Sought {
    /// A condition where the text is one, else the text as it is.
    pub fn text(text: &str) -> Result<Self, ConditionError> {
        Self::of(text, |text| vec![text.trim().to_lowercase()])
    }

    /// A condition where the text is one, else every word of it.
    pub fn words(text: &str) -> Result<Self, ConditionError> {
        Self::of(text, |text| text.split_whitespace().map(str::to_lowercase).collect())
    }

    fn of(text: &str, texts: impl FnOnce(&str) -> Vec<String>) -> Result<Self, ConditionError> {
        if text.trim().is_empty() {
            return Ok(Self::Anything);
        }
        match Condition::in_filter(text) {
            None => Ok(Self::Texts(texts(text))),
            Some(parsed) => {
                let condition = parsed?;
                if condition.is_of_event() {
                    return Ok(Self::Condition(condition));
                }
                let text = "problem and changed need the state before the event, which a search does not fold. Ask for fields of the event, like data.Total > 50.";
                Err(ConditionError { column: 1, text: text.to_owned() })
            }
        }
    }

    fn is_met(&self, event: RecordRef<'_>) -> bool {
        match self {
            Self::Anything => true,
            Self::Texts(texts) => texts.iter().all(|text| has(event, text)),
            Self::Condition(condition) => condition.holds_of_event(event),
        }
    }
}

impl EventFilter {
    pub fn is_met<'a>(&self, event: impl Into<RecordRef<'a>>) -> bool {
        let event = event.into();
        self.category.as_deref().is_none_or(|category| event.stream.category() == Some(category))
            && self.event_type.as_deref().is_none_or(|wanted| &**event.event_type == wanted)
            && self.sought.is_met(event)
    }
}

/// The text is in lower case.
fn has(event: RecordRef<'_>, text: &str) -> bool {
    let id = event.id.to_string();
    [event.stream.as_str(), event.event_type, &id].iter().any(|part| holds(part.as_bytes(), text))
        || [event.data, event.metadata].iter().any(|part| holds(part, text) || holds_unescaped(part, text))
}

fn holds(part: &[u8], text: &str) -> bool {
    let sought = text.as_bytes();
    let Some(&first) = sought.first() else { return true };
    if !text.is_ascii() {
        return String::from_utf8_lossy(part).to_lowercase().contains(text);
    }
    memchr2_iter(first, first.to_ascii_uppercase(), part)
        .any(|at| part.get(at..at + sought.len()).is_some_and(|here| here.eq_ignore_ascii_case(sought)))
}

/// Where JSON writes signs as escapes.
fn holds_unescaped(part: &[u8], text: &str) -> bool {
    if part.len() > MAX_PARSED || memchr::memchr(b'\\', part).is_none() {
        return false;
    }
    let is_plain = |value: &serde_json::Value| texts(value).any(|own| own.to_lowercase().contains(text));
    serde_json::from_slice(part).is_ok_and(|value| is_plain(&value))
}

/// Every text in the value.
fn texts(value: &serde_json::Value) -> Box<dyn Iterator<Item = Cow<'_, str>> + '_> {
    match value {
        serde_json::Value::String(text) => Box::new(std::iter::once(Cow::Borrowed(text.as_str()))),
        serde_json::Value::Array(all) => Box::new(all.iter().flat_map(texts)),
        serde_json::Value::Object(all) => Box::new(all.values().flat_map(texts)),
        _ => Box::new(std::iter::empty()),
    }
}
