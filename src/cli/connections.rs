//! What `connections` is told.

use crate::store::ConnectionString;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Connections {
    /// List them
    List(ListConnections),
    /// Give a name to a server; a password is left out
    Add(AddConnection),
    /// Forget one
    Remove {
        /// As it was named
        name: String,
    },
    /// Write them into a new file, without secrets
    Export { file: PathBuf },
    /// Take those of a file that was exported
    Import { file: PathBuf },
}

#[derive(Debug, Args)]
pub struct ListConnections {
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct AddConnection {
    /// How it is called, as in `-c NAME`
    pub name: String,
    /// Connection string, like <esdb://ops@localhost:2113?tls=false>
    pub url: ConnectionString,
    /// Grey, blue, green, amber, red or violet
    #[arg(long)]
    pub color: Option<String>,
    /// Nothing is written to it, by the window or a verb
    #[arg(long)]
    pub read_only: bool,
}
