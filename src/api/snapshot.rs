//! Rehydrated orders kept beside the sandbox, so that a long history is not folded again; never trusted over the events.

use super::view::OrderState;
use crate::domain::Order;
use crate::record::{Revision, StreamName};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Events folded before another snapshot is worth a file: they take 2 ms (`cargo bench --bench api`), a file about as long.
pub const EVERY: u64 = 1_000;

/// The state after one event, which is named so that another history is noticed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Snapshot {
    pub stream: String,
    pub revision: u64,
    pub event_id: Uuid,
    /// Null before the order was created.
    state: Option<OrderState>,
}

impl Snapshot {
    pub fn of(stream: &StreamName, revision: Revision, event_id: Uuid, order: &Order) -> Self {
        let state = OrderState::of(order);
        Self { stream: stream.as_str().to_owned(), revision: revision.0, event_id, state }
    }

    /// The order, where the snapshot holds one that was placed.
    pub fn order(&self) -> Option<Order> {
        self.state.as_ref()?.order()
    }
}

/// The folder, one file a stream.
#[derive(Debug)]
pub struct Snapshots {
    folder: PathBuf,
    /// The files there are, so that most orders, which have none, are not looked for on disk.
    known: OnceCell<Mutex<HashSet<PathBuf>>>,
}

impl Snapshots {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, known: OnceCell::new() }
    }

    async fn known(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        let folder = self.folder.clone();
        let listed = || async {
            // A folder that cannot be listed is as good as an empty one.
            let files = tokio::task::spawn_blocking(move || -> std::io::Result<HashSet<PathBuf>> {
                std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
            });
            Mutex::new(files.await.ok().and_then(Result::ok).unwrap_or_default())
        };
        let known = self.known.get_or_init(listed).await;
        known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stream names are hostile text: the file's name is made from a digest.
    fn file(&self, server: &str, stream: &StreamName) -> PathBuf {
        let name = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{server}\n{stream}").as_bytes());
        self.folder.join(format!("{name}.json"))
    }

    /// What is kept of the stream; a file that cannot be read is as good as none.
    pub async fn load(&self, server: &str, stream: &StreamName) -> Option<Snapshot> {
        let file = self.file(server, stream);
        if !self.known().await.contains(&file) {
            return None;
        }
        let bytes = tokio::task::spawn_blocking(move || std::fs::read(file)).await.ok()?.ok()?;
        match serde_json::from_slice::<Snapshot>(&bytes) {
            Ok(snapshot) => Some(snapshot).filter(|snapshot| snapshot.stream == stream.as_str()),
            Err(error) => {
                tracing::warn!(%error, "a damaged snapshot is dropped");
                self.drop(server, stream).await;
                None
            }
        }
    }

    pub async fn save(&self, server: &str, stream: &StreamName, snapshot: &Snapshot) {
        let (folder, file) = (self.folder.clone(), self.file(server, stream));
        let Ok(bytes) = serde_json::to_vec(snapshot) else { return };
        self.known().await.insert(file.clone());
        let saved = tokio::task::spawn_blocking(move || replace(&folder, &file, &bytes)).await;
        if let Ok(Err(error)) = saved {
            tracing::warn!(%error, "a snapshot is not kept");
        }
    }

    pub async fn drop(&self, server: &str, stream: &StreamName) {
        let file = self.file(server, stream);
        self.known().await.remove(&file);
        // Gone already is as good.
        drop(tokio::task::spawn_blocking(move || std::fs::remove_file(file)).await);
    }
}

/// A reader sees the old file or the new one, never half of one.
fn replace(folder: &Path, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let half = file.with_extension(Uuid::new_v4().to_string());
    std::fs::write(&half, bytes).and_then(|()| std::fs::rename(&half, file)).inspect_err(|_| {
        drop(std::fs::remove_file(&half));
    })
}
