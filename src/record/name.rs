//! Stream names.

use std::sync::Arc;

/// A stream's name, as the database has it; cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamName(Arc<str>);

impl StreamName {
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text before the first `-`; system streams and names without one have none.
    pub fn category(&self) -> Option<&str> {
        let at = self.0.find('-').filter(|&at| at > 0 && !self.is_system())?;
        Some(&self.0[..at])
    }

    /// The text after the first `-`, or the whole name.
    pub fn id(&self) -> &str {
        self.category().map_or(&self.0, |category| &self.0[category.len() + 1..])
    }

    pub fn is_system(&self) -> bool {
        self.0.starts_with('$')
    }
}

/// Found by its text in maps.
impl std::borrow::Borrow<str> for StreamName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for StreamName {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
