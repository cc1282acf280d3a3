//! What goes wrong with the sandbox.

use crate::store::SandboxFault;

pub fn sandbox_fault(fault: &SandboxFault) -> String {
    match fault {
        SandboxFault::NotStarted(error) => format!("The sandbox does not start: {error}."),
        SandboxFault::Held(file) => format!(
            "{} is held by another program that names no address. Close that program, or use --data-dir.",
            file.display()
        ),
        SandboxFault::NotReset(error) => format!("The sandbox was not reset: {error}."),
        SandboxFault::ServedElsewhere(address) => format!(
            "Another program serves this sandbox at {address}. Reset it there, or close that program first."
        ),
    }
}
