//! What `lesson` is told.

use clap::Args;

#[derive(Debug, Args)]
pub struct PlayLesson {
    /// Number or name of a lesson, or a file that holds one; without it the lessons are listed
    #[arg(value_name = "NUMBER|NAME|FILE")]
    pub lesson: Option<String>,
    /// Let a writer expect any revision, where a step lets one choose
    #[arg(long, requires = "lesson")]
    pub any: bool,
    /// One JSON object a line, without waiting between the steps
    #[arg(long)]
    pub json: bool,
}
