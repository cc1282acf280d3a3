//! What a file that is dropped on the window is for.

use crate::app::{DefinitionIntent, FileIntent, Intent};
use std::path::PathBuf;

/// A history is opened; anything else is taken for a definition, or refused as one.
pub fn intent(file: PathBuf) -> Intent {
    let is_history = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("jsonl"));
    if is_history {
        Intent::File(FileIntent::Open(file))
    } else {
        Intent::Definition(DefinitionIntent::Add(file))
    }
}
