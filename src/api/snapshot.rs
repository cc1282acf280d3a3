//! Rehydrated orders kept beside the sandbox, so that a long history is not folded again; never trusted over the events.

use super::view::OrderState;
use crate::aggregate::order::{Order, id_of};
use crate::record::{Revision, StreamName};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Events folded before another snapshot is worth a file: they take 2 ms (`cargo bench --bench api`), a file about as long.
pub const EVERY: u64 = 1_000;

/// The state of a placed order after one event, which is named so that another history is noticed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Snapshot {
    pub stream: String,
    /// Revision of the first event that was folded.
    pub first: u64,
    pub revision: u64,
    pub event_id: Uuid,
    state: OrderState,
}

impl Snapshot {
    /// `None` of an order that is not placed: there is nothing that folding again would cost.
    pub fn of(stream: &StreamName, first: Revision, after: (Revision, Uuid), order: &Order) -> Option<Self> {
        let state = OrderState::of(order)?;
        let (revision, event_id) = after;
        Some(Self {
            stream: stream.as_str().to_owned(),
            first: first.0,
            revision: revision.0,
            event_id,
            state,
        })
    }

    /// The order; `None` where the file is no order of its stream.
    pub fn order(&self) -> Option<Order> {
        let own = id_of(&StreamName::new(&self.stream));
        self.state.order().filter(|order| *order.id() == own)
    }

    fn read(file: &Path, stream: &str) -> Option<Self> {
        let kept: Self = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        (kept.stream == stream && kept.order().is_some()).then_some(kept)
    }
}

/// The folder, one file a stream.
#[derive(Debug)]
pub struct Snapshots {
    folder: PathBuf,
    /// The files there are, so that most orders, which have none, are not looked for on disk.
    known: OnceCell<Arc<Mutex<HashSet<PathBuf>>>>,
    /// Held while a file is compared and replaced, so that the newest of two stays.
    changing: Arc<Mutex<()>>,
}

impl Snapshots {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, known: OnceCell::new(), changing: Arc::default() }
    }

    async fn known(&self) -> Arc<Mutex<HashSet<PathBuf>>> {
        let folder = self.folder.clone();
        let listed = || async {
            // A folder that cannot be listed is as good as an empty one.
            let files = tokio::task::spawn_blocking(move || -> std::io::Result<HashSet<PathBuf>> {
                std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
            });
            Arc::new(Mutex::new(files.await.ok().and_then(Result::ok).unwrap_or_default()))
        };
        self.known.get_or_init(listed).await.clone()
    }

    /// Stream names are hostile text: the file's name is made from a digest.
    fn file(&self, server: &str, stream: &StreamName) -> PathBuf {
        let name = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{server}\n{stream}").as_bytes());
        self.folder.join(format!("{name}.json"))
    }

    /// What is kept of the stream; a file that cannot be read is as good as none.
    pub async fn load(&self, server: &str, stream: &StreamName) -> Option<Snapshot> {
        let file = self.file(server, stream);
        if !locked(&*self.known().await).contains(&file) {
            return None;
        }
        let name = stream.as_str().to_owned();
        let kept = tokio::task::spawn_blocking(move || Snapshot::read(&file, &name)).await.ok()?;
        if kept.is_none() {
            tracing::warn!("a damaged snapshot is dropped");
            self.remove(server, stream, |kept| kept.is_none()).await;
        }
        kept
    }

    /// Keeps the snapshot, unless a newer one is there.
    pub async fn save(&self, server: &str, snapshot: Snapshot) {
        let file = self.file(server, &StreamName::new(&snapshot.stream));
        let (folder, known, changing) = (self.folder.clone(), self.known().await, self.changing.clone());
        let saved = tokio::task::spawn_blocking(move || {
            let _held = locked(&changing);
            let kept = Snapshot::read(&file, &snapshot.stream);
            if kept.is_none_or(|kept| kept.revision < snapshot.revision) {
                replace(&folder, &file, &serde_json::to_vec(&snapshot)?)?;
                locked(&known).insert(file);
            }
            std::io::Result::Ok(())
        });
        if let Ok(Err(error)) = saved.await {
            tracing::warn!(%error, "a snapshot is not kept");
        }
    }

    /// Drops this snapshot; one that took its place meanwhile stays.
    pub async fn drop(&self, server: &str, stream: &StreamName, wrong: &Snapshot) {
        let wrong = (wrong.revision, wrong.event_id);
        let same =
            move |kept: Option<&Snapshot>| kept.is_none_or(|kept| (kept.revision, kept.event_id) == wrong);
        self.remove(server, stream, same).await;
    }

    async fn remove(
        &self,
        server: &str,
        stream: &StreamName,
        unwanted: impl FnOnce(Option<&Snapshot>) -> bool + Send + 'static,
    ) {
        let (file, name) = (self.file(server, stream), stream.as_str().to_owned());
        let (known, changing) = (self.known().await, self.changing.clone());
        let removed = tokio::task::spawn_blocking(move || {
            let _held = locked(&changing);
            if unwanted(Snapshot::read(&file, &name).as_ref()) {
                locked(&known).remove(&file);
                // Gone already is as good.
                drop(std::fs::remove_file(file));
            }
        });
        drop(removed.await);
    }
}

/// What is locked is whole after each step: a panic leaves it usable.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A reader sees the old file or the new one, never half of one.
fn replace(folder: &Path, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let half = file.with_extension(Uuid::new_v4().to_string());
    std::fs::write(&half, bytes).and_then(|()| std::fs::rename(&half, file)).inspect_err(|_| {
        drop(std::fs::remove_file(&half));
    })
}
