//! Definition files that cannot be used.

use crate::aggregate::Fault;

/// The file and why; with its place in the file where it has one.
pub fn definition_fault(file: &str, fault: &Fault) -> String {
    match &fault.place {
        Some(place) => format!("Definition {place}: {}.", fault.message),
        None => format!("Definition {file}: {fault}."),
    }
}
