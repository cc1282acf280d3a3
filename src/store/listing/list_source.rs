//! Where the stream list comes from: the best source that the server has and lets this user read.

use crate::record::{Position, Record, StreamName};
use crate::store::grpc::Session;
use crate::store::{Denial, StoreError, Unseen};

pub const STREAMS: &str = "$streams";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `$all`, filtered by name: events and limits in one pass.
    All,
    /// The category's links: this user may not read `$all`.
    Links,
    /// The names in `$streams`; each stream is read by itself.
    Names,
}

impl Source {
    /// As shown; code stands between backticks.
    pub fn shown(self, category: &str) -> String {
        match (self, category) {
            (Self::All, "" | "*") => "`$all`, every stream".to_owned(),
            (Self::All, category) => format!("`$all`, prefix `{category}-`"),
            (Self::Links, category) => format!("`$ce-{category}`"),
            (Self::Names, _) => format!("`{STREAMS}`"),
        }
    }

    pub fn reads_all(self) -> bool {
        self == Self::All
    }

    /// What the list cannot show for it.
    pub fn unseen(self) -> Unseen {
        match self {
            Self::All => Unseen::Scavenged,
            Self::Links => Unseen::Unlinked,
            Self::Names => Unseen::LaterEvents,
        }
    }
}

pub fn every(category: &str) -> bool {
    matches!(category, "" | "*")
}

impl Session {
    /// `$all` where it may be read, else the category's links, else the names.
    pub(in crate::store) async fn choose_source(&self, category: &str) -> Result<Source, StoreError> {
        if allowed(self.event_at(None).await)?.is_some() {
            return Ok(Source::All);
        }
        if !every(category) && self.begins(&format!("$ce-{category}")).await? {
            return Ok(Source::Links);
        }
        if self.begins(STREAMS).await? {
            return Ok(Source::Names);
        }
        // The refusal of `$all` says more where the login itself is refused.
        let denial = match self.event_at(None).await {
            Err(StoreError::AccessDenied(Denial::Rights(user))) => Denial::Listing(user),
            Err(StoreError::AccessDenied(denial)) => denial,
            _ => Denial::Listing(self.user().unwrap_or_default().to_owned()),
        };
        Err(StoreError::AccessDenied(denial))
    }

    /// Whether the stream can be read from its event 0.
    pub(in crate::store) async fn begins(&self, stream: &str) -> Result<bool, StoreError> {
        let (stream, mut first) = (StreamName::new(stream), None);
        let read = self.read_after(&stream, None, 1, |records| first = records.first().map(|r| r.revision.0));
        allowed(read.await)?;
        Ok(first == Some(0))
    }

    /// The first event that the database still has; `None` where there is none, or this user may not read it.
    pub(in crate::store) async fn first_event(&self) -> Result<Option<Record>, StoreError> {
        let start = Position { commit: 0, prepare: 0 };
        Ok(allowed(self.event_at(Some(start)).await)?.flatten())
    }
}

/// No rights are an answer, too.
pub fn allowed<T>(answer: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(StoreError::AccessDenied(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
