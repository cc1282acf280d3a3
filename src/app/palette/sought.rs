//! What is sought, and how the hits are ranked.

use super::hit::Hit;
use crate::app::list::Fit;
use crate::app::state::App;
use crate::record::Created;
use jiff::tz::TimeZone;

/// Where a hit stands: by how closely it is what was typed, then by its source.
pub type Ranked = (Rank, Hit);

/// The ranks of hits, the first ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Fit(Fit),
    /// Said, where the text looks like something that it is not.
    Wrong,
    /// A name that is in no list.
    Unlisted,
}

/// What the sources of hits look at.
pub struct Sought<'a> {
    pub app: &'a App,
    /// As it was typed.
    pub text: &'a str,
    /// Without the blanks around it, in lower case.
    pub low: String,
    pub now: Created,
    pub zone: &'a TimeZone,
}
