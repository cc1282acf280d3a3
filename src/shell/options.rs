//! With what the window opens.

use super::one_shot::{OpenFile, Reset};
use crate::app::{Failure, FirstLook, Settings};
use crate::definition_files::{DefinitionFiles, DefinitionReader};
use crate::record::{Revision, StreamName};
use crate::store::{self, Target};
use std::path::PathBuf;
use std::time::Instant;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// What the command line, the settings and the composition root give it.
pub struct Options {
    pub target: Target,
    pub stream: Option<StreamName>,
    pub at: Option<Revision>,
    /// Opened where no stream was asked for and no window was opened before.
    pub first_look: Option<FirstLook>,
    /// Listed in place of the one that was listed last.
    pub category: Option<String>,
    pub runtime: Handle,
    pub resolve: store::Resolve,
    pub reset: Reset,
    pub open_file: OpenFile,
    pub data_dir: PathBuf,
    /// Where the user's definitions are, and as they were read.
    pub definition_files: DefinitionFiles,
    pub definitions: DefinitionReader,
    /// As the storage in the data folder keeps them.
    pub settings: Settings,
    pub started: Instant,
    /// What the program says by itself: panics, settings that were set aside.
    pub failures: mpsc::Receiver<Failure>,
}
