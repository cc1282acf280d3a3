//! The file that keeps the settings between runs: the window's storage, a RON map of texts, of which one is the settings.

use crate::app::{self, Settings};
use crate::shell::{SETTINGS, STORAGE};
use crate::terminal::Failure;
use std::collections::HashMap;
use std::fmt::Display;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a file that cannot be read is read, and how long to wait between.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(25);

/// What the window stores, by key; empty before the first time. The error says why it cannot be read.
fn stored(folder: &Path) -> Result<HashMap<String, String>, String> {
    for _ in 1..TRIES {
        match stored_now(folder) {
            Ok(Some(stored)) => return Ok(stored),
            // A window may be writing it at this moment.
            Ok(None) | Err(_) => std::thread::sleep(PAUSE),
        }
    }
    stored_now(folder).map(Option::unwrap_or_default)
}

/// `None` where the file is empty.
fn stored_now(folder: &Path) -> Result<Option<HashMap<String, String>>, String> {
    let text = match std::fs::read_to_string(folder.join(STORAGE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some(HashMap::new())),
        read => read.map_err(|error| error.to_string())?,
    };
    if text.trim().is_empty() { Ok(None) } else { ron::from_str(&text).map(Some).map_err(|e| e.to_string()) }
}

fn settings_of(stored: &HashMap<String, String>) -> Result<Settings, String> {
    let Some(text) = stored.get(SETTINGS) else { return Ok(Settings::default()) };
    let settings: Settings = ron::from_str(text).map_err(|error| error.to_string())?;
    Ok(settings.without_secrets())
}

/// The settings of a data folder. The error says why they cannot be read.
pub fn read(folder: &Path) -> Result<Settings, String> {
    settings_of(&stored(folder)?)
}

/// The settings, or a sentence; the file stays as it is.
pub fn required(folder: &Path) -> Result<Settings, Failure> {
    read(folder).map_err(|why| {
        let file = folder.join(STORAGE);
        let file = file.display();
        Failure::Usage(format!(
            "The settings in {file} cannot be read: {why}. Open the window, which begins new ones."
        ))
    })
}

/// Held while a window is open, which would write over what others change.
pub fn held_by_window(folder: &Path) -> Option<File> {
    let lock = lock_file(folder).and_then(|file| file.lock_shared().map(|()| file));
    lock.inspect_err(|error| tracing::warn!(%error, "the settings are not locked")).ok()
}

fn lock_file(folder: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(folder.join("window.lock"))
}

/// Changes the settings while no window is open; a failed change changes nothing.
pub fn edit(folder: &Path, change: impl FnOnce(&mut Settings) -> Result<(), Failure>) -> Result<(), Failure> {
    let file = folder.join(STORAGE);
    let unwritten = |error: &dyn Display| {
        let file = file.display();
        Failure::Usage(format!(
            "The settings in {file} cannot be written: {error}. Name another folder with --data-dir."
        ))
    };
    let lock = lock_file(folder).map_err(|error| unwritten(&error))?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => {
            let open = "Hindsight is open on this data folder and keeps its connections. Change them there, or close it first.";
            return Err(Failure::Usage(open.to_owned()));
        }
        Err(TryLockError::Error(error)) => tracing::warn!(%error, "the settings are not locked"),
        Ok(()) => {}
    }
    let mut settings = required(folder)?;
    change(&mut settings)?;
    let mut stored = stored(folder).map_err(|error| unwritten(&error))?;
    stored.insert(SETTINGS.to_owned(), ron::ser::to_string(&settings).map_err(|error| unwritten(&error))?);
    let text = ron::ser::to_string_pretty(&stored, ron::ser::PrettyConfig::default());
    let text = text.map_err(|error| unwritten(&error))?;
    // Whoever reads meanwhile sees the old file or the new one.
    let half = folder.join(format!("{STORAGE}.{}", std::process::id()));
    std::fs::write(&half, text)
        .and_then(|()| std::fs::rename(&half, &file))
        .map_err(|error| unwritten(&error))
}

/// Renames a file that cannot be read, so that the window does not write over it; what the person is told of it.
pub fn set_aside_unreadable(folder: &Path) -> io::Result<Option<app::Failure>> {
    let Err(why) = read(folder) else { return Ok(None) };
    let file = folder.join(STORAGE);
    let kept = set_aside_name(&file);
    std::fs::rename(&file, &kept)?;
    Ok(Some(app::Failure::SettingsSetAside { file, kept, why }))
}

fn set_aside_name(file: &Path) -> PathBuf {
    let time = jiff::Timestamp::now().strftime("%Y-%m-%dT%H-%M-%S.%6f");
    file.with_file_name(format!("{STORAGE}.broken-{time}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot unwrap should fail")]
mod tests {
    use super::*;
    use crate::app::Theme;

    fn folder_with(text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(STORAGE), text).unwrap();
        folder
    }

    #[test]
    fn settings_are_read_as_the_window_stored_them() {
        let settings = Settings { theme: Theme::Light, ..Settings::default() };
        let text = ron::ser::to_string(&settings).unwrap();
        let kept = HashMap::from([(SETTINGS, text), ("egui", "(memory)".to_owned())]);
        let folder =
            folder_with(&ron::ser::to_string_pretty(&kept, ron::ser::PrettyConfig::default()).unwrap());
        assert_eq!(read(folder.path()), Ok(settings));
        assert_eq!(set_aside_unreadable(folder.path()).unwrap(), None);
        for empty in ["", "{}"] {
            assert_eq!(read(folder_with(empty).path()), Ok(Settings::default()));
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_kept_under_another_name() {
        for broken in ["{\"settings\": \"(theme:Dark", "{\"settings\": \"(theme:Purple)\"}", "\u{0}"] {
            let folder = folder_with(broken);
            let told = set_aside_unreadable(folder.path()).unwrap();
            let Some(app::Failure::SettingsSetAside { file, kept, .. }) = told else { panic!("{told:?}") };
            assert!(!file.exists());
            assert_eq!(std::fs::read_to_string(kept).unwrap(), broken);
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(STORAGE)).unwrap();
        assert!(set_aside_unreadable(folder.path()).unwrap().is_some(), "a folder stands in its place");
    }
}
