//! The user's definitions, for window and terminal.

use super::complaint::complain;
use crate::aggregate::script::Definitions;
use crate::definition_files::{DefinitionFiles, DefinitionReader, FOLDER};
use crate::sentences::definition_fault;
use crate::terminal::Failure;
use std::path::{Path, PathBuf};

/// Where the user's definitions are, beside those that the settings name: in the data folder, and in the one that was named.
pub fn folders(data_dir: &Path, named: Option<PathBuf>) -> Result<Vec<PathBuf>, Failure> {
    if let Some(folder) = named.as_ref().filter(|folder| !folder.is_dir()) {
        let folder = folder.display();
        return Err(Failure::Usage(format!(
            "--aggregates {folder} is no folder. Name one with NAME.js files."
        )));
    }
    Ok([data_dir.join(FOLDER)].into_iter().chain(named).collect())
}

/// The definitions; what is wrong with a file is said, and the others count.
pub fn read(files: &DefinitionFiles) -> Definitions {
    let mut reader = DefinitionReader::default();
    reader.read(files);
    let definitions = reader.definitions();
    for (file, fault) in definitions.faults() {
        complain(&definition_fault(file, fault));
    }
    for conflict in definitions.conflicts() {
        complain(&format!("{conflict}."));
    }
    definitions.clone()
}
