//! What went wrong inside this program.

use crate::app::PanicReport;
use std::path::Path;

/// `during` says what failed by it, where that is known.
pub fn panicked(report: &PanicReport, during: Option<&str>) -> String {
    let during = during.map_or_else(String::new, |during| format!(" while {during}"));
    let place = &report.place;
    let rest = if report.ends { "It ends here" } else { "The rest goes on" };
    match &report.file {
        Ok(file) => format!(
            "Hindsight failed inside{during} ({place}). {rest}; please send the report {}.",
            file.display()
        ),
        Err(error) => format!(
            "Hindsight failed inside{during} ({place}). {rest}; its report could not be written: {error}."
        ),
    }
}

pub fn settings_set_aside(file: &Path, kept: &Path, why: &str) -> String {
    format!(
        "The settings in {} cannot be read: {why}. They are kept in {}, and new ones are begun.",
        file.display(),
        kept.display()
    )
}

/// In the terminal, which leaves the file as it is.
pub fn settings_unread(file: &Path, why: &str) -> String {
    format!(
        "The settings in {} cannot be read: {why}. They are left out; the window sets the file aside.",
        file.display()
    )
}

/// A picture of the window that was not written.
pub fn picture(file: &Path, why: &str) -> String {
    format!("The picture was not written to {}: {why}. Choose another file or folder.", file.display())
}
