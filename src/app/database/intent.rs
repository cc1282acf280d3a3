//! What can be wanted in the room of the database.

use crate::store::Search;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DatabaseTab {
    #[default]
    Tail,
    Search,
    Projections,
    Parked,
}

impl DatabaseTab {
    pub const ALL: [Self; 4] = [Self::Tail, Self::Search, Self::Projections, Self::Parked];

    pub fn name(self) -> &'static str {
        match self {
            Self::Tail => "Tail",
            Self::Search => "Search",
            Self::Projections => "Projections",
            Self::Parked => "Parked messages",
        }
    }
}

/// What the tail is filtered by, as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TailFilter {
    pub category: String,
    pub event_type: String,
    /// Words, or a condition on the event.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq)]
pub enum DatabaseIntent {
    Tab(DatabaseTab),
    /// Projections and parked messages as they are now.
    Refresh,
    Filter(TailFilter),
    /// What is written is counted and not shown, or shown again.
    Pause(bool),
    Search(Box<Search>),
    /// After the limit, or after it was stopped.
    GoOn,
    Stop,
}
