//! What a fold says beside the state.

use std::sync::Arc;

/// An event that a projection would have written, had it run on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emitted {
    pub stream: String,
    pub event_type: String,
    pub is_json: bool,
    /// JSON text, or `revision@stream` of a link.
    pub data: String,
    /// JSON text.
    pub metadata: Option<String>,
}

/// What one event wrote beside the state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    pub emitted: Vec<Emitted>,
    pub log: Vec<String>,
    /// What the definition's transforms make of the state, as JSON text; `None` where it has none or they hold it back.
    pub result: Option<Arc<str>>,
}
