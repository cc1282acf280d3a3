//! The file of an export: written beside its place, and put there once it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Pieces that wait for the disk.
const WAITING: usize = 2;

/// Leaves nothing behind where it is not finished.
pub struct ExportFile {
    to: PathBuf,
    replaces: bool,
    beside: Beside,
    texts: mpsc::Sender<String>,
    writing: JoinHandle<io::Result<()>>,
}

/// The file until it is whole.
struct Beside(Option<PathBuf>);

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(path) = self.0.take()
            && let Err(error) = fs::remove_file(&path)
        {
            tracing::warn!(%error, "an export that was not finished stays");
        }
    }
}

impl ExportFile {
    /// One that is there already is replaced, or else refused.
    pub async fn create(to: &Path, replaces: bool) -> io::Result<Self> {
        let owned = to.to_owned();
        let made = tokio::task::spawn_blocking(move || make(&owned, replaces)).await;
        let (beside, file) = made.map_err(io::Error::other)??;
        let (texts, mut queue) = mpsc::channel::<String>(WAITING);
        let writing = tokio::task::spawn_blocking(move || {
            let mut out = BufWriter::new(file);
            while let Some(text) = queue.blocking_recv() {
                out.write_all(text.as_bytes())?;
            }
            out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
        });
        Ok(Self { to: to.to_owned(), replaces, beside: Beside(Some(beside)), texts, writing })
    }

    pub async fn write(&mut self, text: String) -> io::Result<()> {
        if self.texts.send(text).await.is_ok() {
            return Ok(());
        }
        let ended = (&mut self.writing).await.map_err(io::Error::other)?;
        Err(ended.err().unwrap_or_else(|| io::ErrorKind::BrokenPipe.into()))
    }

    /// Puts the file in its place once all of it is on the disk.
    pub async fn finish(self) -> io::Result<()> {
        let Self { to, replaces, beside, texts, writing } = self;
        drop(texts);
        writing.await.map_err(io::Error::other)??;
        let placed = tokio::task::spawn_blocking(move || {
            let mut beside = beside;
            let Some(path) = &beside.0 else { return Ok(()) };
            if !replaces && to.symlink_metadata().is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(path, &to)?;
            beside.0 = None;
            Ok(())
        });
        placed.await.map_err(io::Error::other)?
    }
}

fn make(to: &Path, replaces: bool) -> io::Result<(PathBuf, File)> {
    let Some(name) = to.file_name() else { return Err(io::ErrorKind::IsADirectory.into()) };
    match to.metadata() {
        Ok(known) if known.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        // Renaming over a device or a pipe would take it away.
        Ok(known) if !known.is_file() => return Err(io::Error::other("it is no file")),
        Ok(_) if !replaces => return Err(io::ErrorKind::AlreadyExists.into()),
        Ok(_) | Err(_) => {}
    }
    let mut beside = name.to_owned();
    beside.push(format!(".{}.part", Uuid::new_v4().simple()));
    let beside = to.with_file_name(beside);
    File::create_new(&beside).map(|file| (beside, file))
}
