//! Files and folders that only their owner reads: the one place that sees to it, for all that this program makes.

use std::path::Path;

/// Folders of the data folder that earlier versions left open to others.
const FOLDERS: [&str; 5] = ["snapshots", "lists", "logs", "reports", "development"];
/// How the names of its files begin.
const FILES: [&str; 3] = [crate::shell::STORAGE, "journal.jsonl", "sandbox.db"];

/// What this program makes from now on is its owner's alone, whichever library makes it.
pub fn begin() {
    #[cfg(unix)]
    {
        use rustix::fs::Mode;
        let before = rustix::process::umask(Mode::RWXG | Mode::RWXO);
        tracing::trace!(?before, "rights of new files");
    }
}

/// Makes the folder and what leads to it.
pub fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Closes to others what an earlier version made; the folder itself may hold other things, so it is left as it is.
pub fn close(data_dir: &Path) {
    #[cfg(unix)]
    for entry in std::fs::read_dir(data_dir).into_iter().flatten().flatten() {
        use std::os::unix::fs::PermissionsExt as _;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // Of the entry itself: a link is not followed.
        let Ok(metadata) = entry.metadata() else { continue };
        let is_ours = if metadata.is_dir() {
            FOLDERS.contains(&&*name)
        } else {
            metadata.is_file() && FILES.iter().any(|file| name.starts_with(file))
        };
        let mode = metadata.permissions().mode();
        if is_ours && mode & 0o077 != 0 {
            let closed = std::fs::Permissions::from_mode(mode & 0o700);
            if let Err(error) = std::fs::set_permissions(entry.path(), closed) {
                tracing::warn!(%error, file = %entry.path().display(), "others may read this");
            }
        }
    }
}
