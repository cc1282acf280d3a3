//! The command line that opens the window at a stream, for someone else or for another day.

use crate::record::{Revision, StreamName, shell_word};
use crate::store::Target;

/// For a POSIX shell; never holds a password.
pub fn open_command(target: &Target, stream: &StreamName, at: Option<Revision>) -> String {
    let database = match target {
        Target::Sandbox => String::new(),
        Target::Server(string) => format!(" -c {}", shell_word(&string.to_string())),
        Target::File(file) => format!(" {}", shell_word(&file.path().to_string_lossy())),
    };
    let at = at.map_or_else(String::new, |revision| format!(" --at {revision}"));
    format!("hindsight{database} --stream={}{at}", shell_word(stream.as_str()))
}
