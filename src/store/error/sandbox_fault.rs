//! What goes wrong with the sandbox beside its being a database.

use std::path::PathBuf;

/// What goes wrong with the sandbox; a node's error is kept as its text, because the store does not know the node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SandboxFault {
    NotStarted(String),
    /// Another program holds the file and names no address.
    Held(PathBuf),
    NotReset(String),
    /// Another program serves it at this address, and only that one can reset it.
    ServedElsewhere(String),
}
