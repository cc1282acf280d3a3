//! How closely a name is what was typed.

/// The closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Exact,
    Start,
    /// One of its words begins so.
    Word,
    Within,
    /// A value that belongs to it.
    Value,
}

impl Fit {
    /// How closely the name is the text; both in lower case.
    pub fn of(name: &str, low: &str) -> Option<Self> {
        if name == low {
            return Some(Self::Exact);
        }
        if name.starts_with(low) {
            return Some(Self::Start);
        }
        let mut found = name.match_indices(low).map(|(at, _)| at).peekable();
        found.peek()?;
        let begins = |at: usize| name[..at].ends_with(|before: char| !before.is_alphanumeric());
        Some(if found.any(begins) { Self::Word } else { Self::Within })
    }
}
