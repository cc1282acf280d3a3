//! The file that keeps the settings between runs: the window's storage, a RON map of texts, of which one is the settings.

use crate::app::{Failure, Settings};
use crate::shell::{SETTINGS, STORAGE};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

/// The settings of a data folder; `None` before the first. The error says why they cannot be read.
pub fn read(folder: &Path) -> Result<Option<Settings>, String> {
    let text = match std::fs::read_to_string(folder.join(STORAGE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|error| error.to_string())?,
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let kept: HashMap<String, String> = ron::from_str(&text).map_err(|error| error.to_string())?;
    let settings = kept.get(SETTINGS).map(|text| ron::from_str::<Settings>(text));
    let settings = settings.transpose().map_err(|error| error.to_string())?;
    Ok(settings.map(Settings::without_secrets))
}

/// Renames a file that cannot be read, so that the window does not write over it; what the person is told of it.
pub fn set_aside_unreadable(folder: &Path) -> io::Result<Option<Failure>> {
    let Err(why) = read(folder) else { return Ok(None) };
    let file = folder.join(STORAGE);
    let kept = set_aside_name(&file);
    std::fs::rename(&file, &kept)?;
    Ok(Some(Failure::SettingsSetAside { file, kept, why }))
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
        assert_eq!(read(folder.path()).unwrap(), Some(settings));
        assert_eq!(set_aside_unreadable(folder.path()).unwrap(), None);
        for empty in ["", "{}"] {
            assert_eq!(read(folder_with(empty).path()), Ok(None));
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_kept_under_another_name() {
        for broken in ["{\"settings\": \"(theme:Dark", "{\"settings\": \"(theme:Purple)\"}", "\u{0}"] {
            let folder = folder_with(broken);
            let told = set_aside_unreadable(folder.path()).unwrap();
            let Some(Failure::SettingsSetAside { file, kept, .. }) = told else { panic!("{told:?}") };
            assert!(!file.exists());
            assert_eq!(std::fs::read_to_string(kept).unwrap(), broken);
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(STORAGE)).unwrap();
        assert!(set_aside_unreadable(folder.path()).unwrap().is_some(), "a folder stands in its place");
    }
}
