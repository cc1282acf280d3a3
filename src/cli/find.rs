//! `find`: the streams of a category that meet a condition.

use crate::aggregate::BUILT_IN;
use clap::Args;

#[derive(Debug, Args)]
pub struct Find {
    /// Condition on the state, like 'Total > 50 && !Paid' or 'address.city starts with "Par"'
    pub condition: String,
    /// Category, the text before the first `-` of a stream's name; * for all streams
    #[arg(long, value_name = "NAME", default_value = BUILT_IN)]
    pub category: String,
    /// The streams in which it was ever true, and since when: the earliest first
    #[arg(long)]
    pub ever: bool,
    /// The earliest event of all after which it was true
    #[arg(long, conflicts_with = "ever")]
    pub first: bool,
    /// As it was at this moment, like "yesterday 12:00"; with --ever and --first, of what was written until then
    #[arg(long, value_name = "MOMENT")]
    pub at: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}
