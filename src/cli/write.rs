//! The verbs that write: `create`, `pay` and `command`.

use clap::Args;

/// How a command is carried out.
#[derive(Debug, Args)]
pub struct Writing {
    /// Write to a database that declares itself production, too
    #[arg(long)]
    pub production: bool,
    /// Decide and show, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Create {
    /// Who orders
    #[arg(long, allow_hyphen_values = true)]
    pub user: String,
    /// What the order costs, like 99.90
    #[arg(long, allow_hyphen_values = true)]
    pub total: String,
    /// Order id; a new UUID without it
    #[arg(long, allow_hyphen_values = true)]
    pub id: Option<String>,
    #[command(flatten)]
    pub writing: Writing,
}

#[derive(Debug, Args)]
pub struct Pay {
    /// The order id, the text after `order-`
    pub order_id: String,
    /// Revision that the stream must be at
    #[arg(long, value_name = "REVISION")]
    pub expect: Option<u64>,
    #[command(flatten)]
    pub writing: Writing,
}

#[derive(Debug, Args)]
#[command(override_usage = "hindsight command [OPTIONS] [NAME [--FIELD VALUE]...]")]
pub struct RunCommand {
    /// Name of the command, like `WithdrawMoney`
    pub name: Option<String>,
    /// Its fields by name; without a field that is required it is said which there are
    #[arg(skip)]
    pub fields: Vec<(String, String)>,
    /// Category, where several aggregates have a command of that name
    #[arg(long, value_name = "NAME")]
    pub category: Option<String>,
    /// Revision that the stream must be at
    #[arg(long, value_name = "REVISION")]
    pub expect: Option<u64>,
    #[command(flatten)]
    pub writing: Writing,
}
