//! The user's definition files: found, read, and read again where they change.

use crate::aggregate::script::{Definitions, MOST_TEXT, Script};
use crate::aggregate::{Fault, FaultKind};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// In the data folder.
pub const FOLDER: &str = "aggregates";
/// The clock of a file system may stand still that long: a younger file is read again.
const COARSE: Duration = Duration::from_secs(2);

/// Where definitions are: the files `NAME.js` of folders, then single files. Of several with one name the last one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DefinitionFiles {
    pub folders: Vec<PathBuf>,
    pub files: Vec<PathBuf>,
}

/// How a file was when it was read.
#[derive(Debug)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    /// The file was not just written: another edit changes its time.
    is_settled: bool,
    text: Result<Arc<str>, String>,
}

/// The files as they were read last.
#[derive(Debug, Default)]
pub struct DefinitionReader {
    stamps: BTreeMap<PathBuf, Stamp>,
    /// Folders that cannot be read, and why.
    unread: Vec<(Arc<str>, String)>,
    definitions: Definitions,
    was_read: bool,
}

impl DefinitionReader {
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// Reads what changed since the last time; whether anything did.
    pub fn read(&mut self, of: &DefinitionFiles) -> bool {
        let mut files: BTreeMap<Arc<str>, PathBuf> = BTreeMap::new();
        let mut unread = Vec::new();
        for folder in &of.folders {
            match scripts(folder) {
                Ok(found) => files.extend(found.into_iter().map(|file| (name(&file), file))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => unread.push((name(folder), format!("the folder cannot be read: {error}"))),
            }
        }
        files.extend(of.files.iter().map(|file| (name(file), file.clone())));
        let stamps: BTreeMap<_, _> = files.values().map(|file| (file.clone(), self.stamp(file))).collect();
        let texts = |stamps: &BTreeMap<PathBuf, Stamp>| -> Vec<_> {
            stamps.iter().map(|(file, stamp)| (file.clone(), stamp.text.clone())).collect()
        };
        let is_same = self.was_read && unread == self.unread && texts(&stamps) == texts(&self.stamps);
        (self.stamps, self.was_read) = (stamps, true);
        if is_same {
            return false;
        }
        self.unread.clone_from(&unread);
        let mut scripts = Vec::new();
        for (name, file) in files {
            match self.stamps.get(&file).map(|stamp| &stamp.text) {
                Some(Ok(text)) => scripts.push(Script { file: name, text: text.clone() }),
                Some(Err(why)) => unread.push((name, why.clone())),
                None => {}
            }
        }
        let fault = |(name, why)| (name, Arc::new(Fault::new(FaultKind::File, why)));
        self.definitions = self.definitions.with(scripts, unread.into_iter().map(fault));
        true
    }

    fn stamp(&self, file: &Path) -> Stamp {
        let metadata = fs::metadata(file).ok();
        let modified = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
        let length = metadata.map_or(0, |metadata| metadata.len());
        let is_settled = modified.is_some_and(|at| at.elapsed().is_ok_and(|age| age > COARSE));
        let known = self.stamps.get(file).filter(|known| {
            known.is_settled && known.modified == modified && known.length == length && known.text.is_ok()
        });
        let text = known.map_or_else(|| text(file), |known| known.text.clone());
        Stamp { modified, length, is_settled, text }
    }
}

/// The file's name without its folder, as it is shown.
pub fn name(file: &Path) -> Arc<str> {
    file.file_name().map_or_else(|| file.to_string_lossy(), |name| name.to_string_lossy()).into()
}

/// The definition in one file.
pub fn script(file: &Path) -> Result<Script, Fault> {
    let text = text(file).map_err(|why| Fault::new(FaultKind::File, why))?;
    Ok(Script { file: name(file), text })
}

/// Hidden files are an editor's own; a pipe would be waited for.
fn scripts(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        let is_script =
            file.extension().is_some_and(|ending| ending == "js") && !name(&file).starts_with('.');
        if is_script && fs::metadata(&file).map_or(true, |metadata| metadata.is_file()) {
            found.push(file);
        }
    }
    Ok(found)
}

fn text(file: &Path) -> Result<Arc<str>, String> {
    let mut bytes = Vec::new();
    // One byte more shows that the file is longer.
    let read = File::open(file).and_then(|open| open.take(MOST_TEXT as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("the file cannot be read: {error}"))?;
    if bytes.len() > MOST_TEXT {
        return Err(format!("the file is larger than {} MiB", MOST_TEXT >> 20));
    }
    let text = String::from_utf8(bytes).map_err(|_| "the file is no UTF-8 text".to_owned())?;
    Ok(text.into())
}
