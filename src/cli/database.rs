//! Arguments of the verbs that ask the whole database.

use clap::Args;

#[derive(Debug, Args)]
pub struct Tail {
    /// Only streams of this category, the text before the first `-` of their names
    #[arg(long, value_name = "NAME")]
    pub category: Option<String>,
    /// Only events of this type
    #[arg(long = "type", value_name = "TYPE")]
    pub event_type: Option<String>,
    /// Only events with each of these words, or that meet this condition, like 'data.Total > 50'
    #[arg(long, value_name = "WORDS|CONDITION", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// So many of the newest events come first
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub last: usize,
    /// End after them
    #[arg(long)]
    pub no_follow: bool,
    /// Events of the database's own streams, whose names begin with $, too
    #[arg(long)]
    pub system: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Search {
    /// A text in the data, the metadata, the stream's name, the type or the id; or a condition on the event
    #[arg(value_name = "TEXT|CONDITION", allow_hyphen_values = true)]
    pub sought: String,
    /// Only streams of this category, the text before the first `-` of their names
    #[arg(long, value_name = "NAME")]
    pub category: Option<String>,
    /// Only events of this type
    #[arg(long = "type", value_name = "TYPE")]
    pub event_type: Option<String>,
    /// Only events that were written at this moment or later, like "yesterday 14:00"
    #[arg(long, value_name = "MOMENT", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Only events that were written until this moment
    #[arg(long, value_name = "MOMENT", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// Stop after so many hits
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub limit: usize,
    /// Go on from where an earlier search stopped
    #[arg(long, value_name = "POSITION")]
    pub after: Option<String>,
    /// Events of the database's own streams, whose names begin with $, too
    #[arg(long)]
    pub system: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ListProjections {
    /// Only the projection of this name
    pub name: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Parked {
    /// Only the messages of this group
    #[arg(value_name = "STREAM::GROUP")]
    pub group: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}
