//! `hindsight correlation` and `hindsight around`.

use clap::Args;

#[derive(Debug, Args)]
pub struct Correlation {
    /// The `$correlationId` that the events share
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub id: String,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Around {
    /// The event, like order-1@3
    #[arg(value_name = "STREAM@REVISION")]
    pub event: String,
    /// How long before it and after it, like 5s, 200ms or "2 min"
    #[arg(long, value_name = "LENGTH", default_value = "5s")]
    pub within: String,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}
