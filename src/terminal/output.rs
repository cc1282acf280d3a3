//! What a verb says, and where it goes.

use super::failure::Failure;
use crate::aggregate::Aggregate;
use std::io::Write;

/// Bytes of lines that are printed at once.
const AT_ONCE: usize = 64 << 10;

/// Made while it is printed, so that no more of it is in memory than that.
pub struct Text(Box<dyn Iterator<Item = String>>);

impl Text {
    pub fn of(lines: impl Iterator<Item = String> + 'static) -> Self {
        Self(Box::new(lines))
    }

    pub fn print(self) -> Result<(), Failure> {
        let mut some = String::new();
        for line in self.0 {
            some.push_str(&line);
            if some.len() >= AT_ONCE {
                print(&some)?;
                some.clear();
            }
        }
        print(&some)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::of(std::iter::once(text))
    }
}

/// What a verb has to say.
pub struct Output {
    /// For standard output, what was not printed already.
    pub text: Text,
    /// For standard error: what the reader must know to judge the text.
    pub notes: Vec<String>,
}

/// What the states are not, where their aggregate is not the service's own.
pub fn state_note(aggregate: &dyn Aggregate) -> Option<String> {
    let note = aggregate.schema().note.as_ref()?;
    Some(format!("The state is the {note}, not the service's own logic."))
}

/// What the reader must know, on standard error; nobody may be listening.
pub fn note(text: &str) {
    let said = writeln!(std::io::stderr(), "{}", crate::record::json::safe(text));
    tracing::trace!(?said, "note");
}

/// Writes to standard output and flushes it.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        std::io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::Server(format!("Standard output cannot be written: {error}. Check where it goes.")),
    })
}
