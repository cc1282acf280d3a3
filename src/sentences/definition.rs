//! Definition files that cannot be used.

use crate::aggregate::Fault;

/// The file and why; the place is named by the fault where it has one.
pub fn definition_fault(file: &str, fault: &Fault) -> String {
    match &fault.place {
        Some(_) => format!("Definition {fault}."),
        None => format!("Definition {file}: {fault}."),
    }
}
