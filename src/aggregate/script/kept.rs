//! A folded stream.

use crate::aggregate::Status;
use crate::record::{Record, RecordRef};
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
    /// What makes the state that lives in an engine again, where its text is less than that.
    pub past: Option<Arc<Past>>,
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

/// More events are not kept: going back is then by the state's text.
const MOST_PAST: usize = 4096;

/// An event of a state that is more than its text, and what was before it.
#[derive(Debug)]
pub struct Past {
    pub before: BeforePast,
    pub record: Record,
    /// Events, this one included.
    length: usize,
}

#[derive(Debug)]
pub enum BeforePast {
    /// The state's text, which is all of it, and the text of the shared one.
    Text(Option<Arc<str>>, Option<Arc<str>>),
    Event(Arc<Past>),
}

impl Past {
    /// One event more after the kept state; `None` where there are too many.
    pub fn after(kept: &Kept, event: RecordRef<'_>) -> Option<Arc<Self>> {
        let (before, length) = match &kept.past {
            Some(past) => (BeforePast::Event(past.clone()), past.length + 1),
            None => (BeforePast::Text(kept.state.clone(), kept.shared.clone()), 1),
        };
        (length <= MOST_PAST).then(|| Arc::new(Self { before, record: event.to_record(), length }))
    }

    /// The events, the first one first, and the texts before them.
    pub fn events(&self) -> (Vec<&Record>, Option<&Arc<str>>, Option<&Arc<str>>) {
        let (mut events, mut past) = (Vec::with_capacity(self.length), self);
        loop {
            events.push(&past.record);
            match &past.before {
                BeforePast::Event(before) => past = before,
                BeforePast::Text(state, shared) => {
                    events.reverse();
                    return (events, state.as_ref(), shared.as_ref());
                }
            }
        }
    }
}

/// One by one: a long chain that ends within itself would need a deep stack.
impl Drop for Past {
    fn drop(&mut self) {
        let mut next = std::mem::take(&mut self.before);
        while let BeforePast::Event(past) = next {
            let Some(mut past) = Arc::into_inner(past) else { break };
            next = std::mem::take(&mut past.before);
        }
    }
}

impl Default for BeforePast {
    fn default() -> Self {
        Self::Text(None, None)
    }
}
