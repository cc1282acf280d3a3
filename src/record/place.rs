//! Where an event stands: in its stream, and in the log.

/// Number of an event in its stream, from 0; no list index, because a truncated stream starts above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Revision(pub u64);

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// "revisions 0–4 are gone": the first ones of a stream, up to this one.
pub fn gone_until(last: Revision) -> String {
    if last.0 == 0 { "revision 0 is gone".to_owned() } else { format!("revisions 0–{last} are gone") }
}

/// Place of an event in `$all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub commit: u64,
    pub prepare: u64,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "C:{} / P:{}", self.commit, self.prepare)
    }
}

impl Position {
    /// `COMMIT/PREPARE`, as it is typed to go on from there.
    pub fn typed(self) -> String {
        format!("{}/{}", self.commit, self.prepare)
    }

    /// Of that form; `None` of any other.
    pub fn parse(text: &str) -> Option<Self> {
        let (commit, prepare) = text.trim().split_once('/')?;
        Some(Self { commit: commit.parse().ok()?, prepare: prepare.parse().ok()? })
    }
}
