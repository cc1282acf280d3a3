//! Lists between two starts: a file for each server, user and category, which is believed only where an event or a link proves
//! the database.

use super::list_match::ListMatch;
use super::stream_list::{Proof, StreamList};
use crate::store::StoreError;
use crate::store::grpc::Session;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// Under the data folder.
const FOLDER: &str = "lists";
/// Files beyond these are removed, those that were written longest ago first.
const MOST: usize = 32;
/// Events since the last file that are worth another one: reading them again takes a few milliseconds.
const WORTH: u64 = 1_000;
/// Shortest time between two files of a list that is followed.
const STEP: Duration = Duration::from_mins(1);
/// Links that are read in the time that the check of one stream takes.
const CHECK: u64 = 16;

/// Where lists are kept, and when.
#[derive(Debug, Clone)]
pub struct KeptLists {
    folder: Arc<Path>,
    worth: u64,
    step: Duration,
    check: u64,
}

impl KeptLists {
    pub fn in_folder(data_dir: &Path) -> Self {
        Self { folder: data_dir.join(FOLDER).into(), worth: WORTH, step: STEP, check: CHECK }
    }

    /// Keeps a list after every event and always goes on from it, which only tests need.
    #[must_use]
    pub fn eagerly(self) -> Self {
        Self { worth: 1, step: Duration::ZERO, check: 0, ..self }
    }

    /// Shortest time between two files of a list.
    pub(in crate::store) fn step(&self) -> Duration {
        self.step
    }

    /// Whether the list can be gone on from, and saw enough since it was kept.
    pub(in crate::store) fn is_worth(&self, list: &StreamList) -> bool {
        list.unkept() >= self.worth && list.can_be_kept()
    }

    /// Whose list it is: other users see other streams.
    fn key(session: &Session, category: &str) -> String {
        [session.hosts(), session.user().unwrap_or_default(), category].join("\n")
    }

    /// Names of categories are hostile text: the file's name is made from a digest.
    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{}.list", Uuid::new_v5(&Uuid::NAMESPACE_URL, key.as_bytes())))
    }

    /// What was kept of a list that is empty, where the database is the same.
    pub(in crate::store) async fn resumed(
        &self,
        session: &Session,
        list: &StreamList,
    ) -> Result<Option<StreamList>, StoreError> {
        let category = list.category();
        let key = Self::key(session, category);
        let (file, of) = (self.file(&key), list.begun_again());
        let read = tokio::task::spawn_blocking(move || read(&file, &of, &key));
        let (list, source) = futures::future::join(read, session.choose_source(category)).await;
        let source = source?;
        // A user who sees less by now, or by another source, sees another list.
        let Some(list) = list.ok().flatten().filter(|list| list.source() == Some(source)) else {
            return Ok(None);
        };
        let is_same = match list.proof().filter(|_| source.reads_all()) {
            Some(proof) => session.has(*proof).await?,
            None => session.knows(&list).await? == ListMatch::Same,
        };
        if !is_same {
            tracing::info!("the list that was kept is of another history: it is read anew");
        }
        Ok(is_same.then_some(list))
    }

    /// The same where nothing is shown before all of it is checked: `None` where reading anew takes less time.
    pub(in crate::store) async fn resumed_sooner(
        &self,
        session: &Session,
        list: &StreamList,
    ) -> Result<Option<StreamList>, StoreError> {
        Ok(self.resumed(session, list).await?.filter(|list| list.is_sooner_checked(self.check)))
    }

    /// Keeps the list as it is; a failure is logged, because the next start only reads more.
    pub(in crate::store) async fn keep(&self, session: &Session, list: &mut StreamList) {
        // So that what was read past need not be read past again.
        if let Some(position) = list.position().filter(|at| list.proof().is_none_or(|p| p.position < *at))
            && let Ok(Some(record)) = session.event_at(Some(position)).await
            && record.position == position
        {
            list.prove(Proof::of(&record));
        }
        if let Some(writing) = self.writing(session, list)
            && tokio::task::spawn_blocking(writing).await.is_err()
        {
            tracing::warn!("the list is not kept");
        }
        // Not tried again at once where it fails.
        list.was_kept();
    }

    /// The same at the end, when nothing is waited for.
    pub(in crate::store) fn keep_at_end(&self, session: &Session, list: &StreamList) {
        if self.is_worth(list)
            && let Some(writing) = self.writing(session, list)
        {
            writing();
        }
    }

    fn writing(&self, session: &Session, list: &StreamList) -> Option<impl FnOnce() + Send + use<>> {
        let key = Self::key(session, list.category());
        let (bytes, file, folder) = (list.keep(&key)?, self.file(&key), self.folder.clone());
        Some(move || {
            if let Err(error) = replace(&folder, &file, &bytes) {
                tracing::warn!(%error, file = %file.display(), "the list is not kept");
            }
        })
    }
}

fn read(file: &Path, empty: &StreamList, key: &str) -> Option<StreamList> {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!(%error, file = %file.display(), "a list that was kept cannot be read");
            }
            return None;
        }
    };
    let list = empty.restored(key, &bytes);
    if list.is_none() {
        tracing::warn!(file = %file.display(), "a list that was kept is damaged or of another version: it is read anew");
    }
    list
}

/// A reader sees the old file or the new one, never half of one; only its owner may read it.
fn replace(folder: &Path, file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    let mut options = std::fs::OpenOptions::new();
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    builder.recursive(true).create(folder)?;
    let half = file.with_extension(Uuid::new_v4().to_string());
    let written = options.write(true).create_new(true).open(&half).and_then(|mut out| out.write_all(bytes));
    written.and_then(|()| std::fs::rename(&half, file)).inspect_err(|_| {
        drop(std::fs::remove_file(&half));
    })?;
    remove_oldest(folder)
}

fn remove_oldest(folder: &Path) -> io::Result<()> {
    let mut files: Vec<(SystemTime, PathBuf)> = std::fs::read_dir(folder)?
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort_unstable();
    for (_, file) in files.iter().take(files.len().saturating_sub(MOST)) {
        match std::fs::remove_file(file) {
            // By another program.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}
