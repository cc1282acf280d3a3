//! What an event's metadata say of other events.

/// The conventional ids, where they are there as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RelatedIds {
    /// `$correlationId`: what all events of one piece of work share.
    pub correlation: Option<String>,
    /// `$causationId`: the id of the event or command that led to this one.
    pub causation: Option<String>,
}

impl RelatedIds {
    /// Metadata of any form; what is no JSON object names none.
    pub fn of(metadata: &[u8]) -> Self {
        let parsed = serde_json::from_slice::<serde_json::Value>(metadata).ok();
        let text = |key| {
            let value = parsed.as_ref()?.get(key)?.as_str()?;
            (!value.is_empty()).then(|| value.to_owned())
        };
        Self { correlation: text("$correlationId"), causation: text("$causationId") }
    }
}
