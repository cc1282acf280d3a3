//! Whether a stream is a projection's.

use super::stored::RecordRef;

/// Whether a stream holds nothing but what projections and links put there; told by its events as they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Provenance {
    any: bool,
    own: bool,
}

impl Provenance {
    /// Of a stream that is known to hold an event of its own.
    pub fn own() -> Self {
        Self { any: true, own: true }
    }

    pub fn note<'a>(&mut self, record: impl Into<RecordRef<'a>>) {
        self.any = true;
        // One event of its own decides, so the others are not looked into.
        self.own = self.own || !record.into().is_derived();
    }

    /// Of the stream, where another part of it was judged too.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { any: self.any || other.any, own: self.own || other.own }
    }

    /// Derived throughout: a command would write into what belongs to others.
    pub fn is_derived(self) -> bool {
        self.any && !self.own
    }
}
