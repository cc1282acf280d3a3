//! A read of a stream that goes on while what was read is folded.

use super::grpc::Pages;
use super::{Life, StoreError};
use crate::history::Pack;
use crate::record::Revision;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Batches that are read before the first of them is folded.
const AHEAD: usize = 4;

/// What comes next of a read.
pub enum Batch {
    Records(Pack),
    /// All was read: what became of the stream, and the revision of its newest event where the server tells.
    End(Life, Option<Revision>),
}

/// Ends with the read, or when it is dropped.
pub struct ReadAhead {
    batches: mpsc::Receiver<Result<Batch, StoreError>>,
    _task: JoinSet<()>,
}

impl ReadAhead {
    pub fn of(mut pages: Pages) -> Self {
        let (sender, batches) = mpsc::channel(AHEAD);
        let mut task = JoinSet::new();
        task.spawn(async move {
            loop {
                let batch = match pages.pack().await {
                    Ok(Some(pack)) => Ok(Batch::Records(pack)),
                    Ok(None) => Ok(Batch::End(pages.life.clone(), pages.last)),
                    Err(error) => Err(error),
                };
                let is_last = !matches!(batch, Ok(Batch::Records(_)));
                if sender.send(batch).await.is_err() || is_last {
                    return;
                }
            }
        });
        Self { batches, _task: task }
    }

    pub async fn next(&mut self) -> Result<Batch, StoreError> {
        self.batches.recv().await.unwrap_or(Err(StoreError::Internal("reading")))
    }
}
