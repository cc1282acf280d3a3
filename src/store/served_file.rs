//! A history file that is opened: a node of this program serves it.

use super::ConnectionString;
use crate::record::history_file::Head;
use std::any::Any;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Served until the last clone is dropped; a file that is opened again is another one.
#[derive(Clone)]
pub struct ServedFile(Arc<Served>);

struct Served {
    path: PathBuf,
    string: ConnectionString,
    head: Head,
    /// What serves it ends with it.
    _node: Box<dyn Any + Send + Sync>,
}

impl ServedFile {
    pub fn new(path: PathBuf, string: ConnectionString, head: Head, node: impl Any + Send + Sync) -> Self {
        Self(Arc::new(Served { path, string, head, _node: Box::new(node) }))
    }

    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// The name without the folders.
    pub fn name(&self) -> String {
        self.path().file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Where it is served.
    pub fn string(&self) -> &ConnectionString {
        &self.0.string
    }

    pub fn head(&self) -> &Head {
        &self.0.head
    }
}

impl PartialEq for ServedFile {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for ServedFile {}

impl fmt::Debug for ServedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServedFile").field(&self.0.path).finish()
    }
}
