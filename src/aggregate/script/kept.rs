//! A folded stream.

use crate::aggregate::Status;
use std::sync::{Arc, OnceLock};

/// A folded stream.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// An event was folded.
    pub begun: bool,
    /// The first events can no longer be read.
    pub truncated: bool,
    /// As the server shows it; `None` where it was cleared.
    pub state: Option<Arc<str>>,
    pub shared: Option<Arc<str>>,
    /// Names the engine that still holds it alive; 0 where none does.
    pub live: u64,
    pub status: OnceLock<Option<Arc<Status>>>,
}

impl Kept {
    /// What is saved of it; `None` where it has no JSON, which cannot be.
    pub fn save(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(&(self.begun, self.truncated, self.state.as_deref(), self.shared.as_deref())).ok()
    }

    pub fn load(bytes: &[u8]) -> Option<Self> {
        let (begun, truncated, state, shared): (bool, bool, Option<String>, Option<String>) =
            serde_json::from_slice(bytes).ok()?;
        let (state, shared) = (state.map(Arc::from), shared.map(Arc::from));
        Some(Self { begun, truncated, state, shared, ..Self::default() })
    }

    /// In bytes.
    pub fn size(&self) -> usize {
        let text = |text: &Option<Arc<str>>| text.as_ref().map_or(0, |text| text.len());
        size_of::<Self>() + text(&self.state) + text(&self.shared)
    }
}
