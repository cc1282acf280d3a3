//! `hindsight list` and its options.

use crate::aggregate::BUILT_IN;
use clap::Args;

#[derive(Debug, Args)]
pub struct List {
    /// Category, the text before the first `-` of a stream's name; * for all streams
    #[arg(long, value_name = "NAME", default_value = BUILT_IN)]
    pub category: String,
    /// Only streams in this status, like paid, live or deleted
    #[arg(long, value_name = "WORD")]
    pub status: Option<String>,
    /// Only what belongs to this user, where the category knows users
    #[arg(long, allow_hyphen_values = true)]
    pub user: Option<String>,
    /// Only streams that meet all of it: words, 'user:ann', 'total>100', 'last<2h', 'events>10', 'Paid && Total > 50'
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<String>,
    /// Order: name, last-event, events, status, problems or a column
    #[arg(long, value_name = "BY", default_value = "name")]
    pub sort: String,
    /// At most so many streams
    #[arg(long, value_name = "COUNT")]
    pub limit: Option<usize>,
    /// The list as it was at this moment, like "yesterday 12:00", "2026-03-01 14:00", "2 h ago" or RFC 3339
    #[arg(long, value_name = "MOMENT")]
    pub at: Option<String>,
    /// What changed since this moment, until now or the one of --at
    #[arg(long, value_name = "MOMENT", conflicts_with = "sort")]
    pub diff: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

impl List {
    /// All streams of the category as text, by name.
    pub fn of(category: String) -> Self {
        let sort = "name".to_owned();
        Self {
            category,
            status: None,
            user: None,
            filter: None,
            sort,
            limit: None,
            at: None,
            diff: None,
            json: false,
        }
    }
}
