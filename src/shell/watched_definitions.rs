//! The user's definition files, looked at beside the frames.

use crate::aggregate::script::Definitions;
use crate::definition_files::{DefinitionFiles, DefinitionReader};
use std::path::PathBuf;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often files are looked at. Editors write in many ways, and some folders tell nobody of it.
const EVERY: Duration = Duration::from_millis(500);

/// Ends with the window.
pub struct WatchedDefinitions {
    files: watch::Sender<DefinitionFiles>,
    definitions: watch::Receiver<Definitions>,
    _task: JoinSet<()>,
}

impl WatchedDefinitions {
    /// Goes on from what was read; wakes the window at each change.
    pub fn start(
        runtime: &Handle,
        mut reader: DefinitionReader,
        files: DefinitionFiles,
        wake: impl Fn() + Send + 'static,
    ) -> Self {
        let (files, mut watched) = watch::channel(files);
        let (sender, definitions) = watch::channel(reader.definitions().clone());
        let mut task = JoinSet::new();
        task.spawn_on(
            async move {
                loop {
                    // Another set of files is looked at without a pause.
                    if let Ok(Err(_)) = tokio::time::timeout(EVERY, watched.changed()).await {
                        return;
                    }
                    let of = watched.borrow_and_update().clone();
                    let reading = tokio::task::spawn_blocking(move || {
                        let changed = reader.read(&of);
                        (reader, changed)
                    });
                    let Ok((read, changed)) = reading.await else { return };
                    reader = read;
                    if changed {
                        sender.send_replace(reader.definitions().clone());
                        wake();
                    }
                }
            },
            runtime,
        );
        Self { files, definitions, _task: task }
    }

    /// The files beside those of the folders.
    pub fn watch(&self, files: Vec<PathBuf>) {
        self.files.send_modify(|watched| watched.files = files);
    }

    /// The definitions, where they changed since the last time.
    pub fn changed(&mut self) -> Option<Definitions> {
        self.definitions.has_changed().ok()?.then(|| self.definitions.borrow_and_update().clone())
    }
}
