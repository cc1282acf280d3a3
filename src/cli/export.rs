//! `hindsight export`.

use crate::aggregate::BUILT_IN;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Export {
    /// Full name of the stream, like account-1, or the id alone of one in the category
    pub stream: String,
    /// Category of an id that is given alone
    #[arg(long, value_name = "NAME", default_value = BUILT_IN)]
    pub category: String,
    /// File to write; - or none for standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Last revision to write
    #[arg(long, value_name = "REVISION")]
    pub until: Option<u64>,
    /// Replace a file that is there already
    #[arg(long)]
    pub force: bool,
}
