//! What a verb says, and where it goes.

use super::failure::Failure;
use crate::aggregate::Aggregate;
use std::io::Write;

/// What a verb has to say.
#[derive(Debug, Default)]
pub struct Output {
    /// For standard output.
    pub text: String,
    /// For standard error: what the reader must know to judge the text.
    pub notes: Vec<String>,
}

/// What the states are not, where their aggregate is not the service's own.
pub fn state_note(aggregate: &dyn Aggregate) -> Option<String> {
    let note = aggregate.schema().note.as_ref()?;
    Some(format!("The state is the {note}, not the service's own logic."))
}

/// Writes to standard output and flushes it.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        std::io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::Server(format!("Standard output cannot be written: {error}. Check where it goes.")),
    })
}
