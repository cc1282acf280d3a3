//! A task of which only the newest counts.

use super::StoreError;
use tokio::task::{AbortHandle, JoinSet};

/// One task at most: the one that was begun last.
#[derive(Debug, Default)]
pub struct NewestTask(Option<AbortHandle>);

impl NewestTask {
    /// Ends the one before it.
    pub fn begin(
        &mut self,
        tasks: &mut JoinSet<StoreError>,
        task: Option<impl Future<Output = StoreError> + Send + 'static>,
    ) {
        if let Some(before) = self.0.take() {
            before.abort();
        }
        self.0 = task.map(|task| tasks.spawn(task));
    }
}
