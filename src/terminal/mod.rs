//! The command line's verbs over the store: text for people, one JSON object a line for programs.

mod command;
mod journal;
mod list;
mod reading;
mod selection;
mod show;
mod table;

use crate::aggregate::Aggregate;
use crate::cli::Verb;
pub use journal::journal;

use crate::store::{AppendError, Journal, Resolve, StoreError};
use std::io::Write;

/// Why a verb did not do what it was asked; each text is one sentence and the fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    Usage(String),
    Refused(String),
    Conflict(String),
    Server(String),
    /// Not written, because the database is or may be production.
    Production(String),
    /// The answer to a write was lost, and its fate could not be found out.
    Unknown(String),
    /// Nobody reads our output any more, as under `head`.
    ClosedPipe,
}

impl Failure {
    /// The number that scripts read.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::ClosedPipe => 0,
            Self::Usage(_) => 2,
            Self::Refused(_) => 3,
            Self::Conflict(_) => 4,
            Self::Server(_) => 5,
            Self::Production(_) => 6,
            Self::Unknown(_) => 7,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::ClosedPipe => None,
            Self::Usage(text)
            | Self::Refused(text)
            | Self::Conflict(text)
            | Self::Server(text)
            | Self::Production(text)
            | Self::Unknown(text) => Some(text),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::ConnectionString(text) => Self::Usage(text),
            other => Self::Server(other.to_string()),
        }
    }
}

impl From<AppendError> for Failure {
    fn from(error: AppendError) -> Self {
        match &error {
            AppendError::Conflict { .. } => Self::Conflict(error.to_string()),
            AppendError::Tombstoned(_) => Self::Refused(error.to_string()),
            AppendError::Production(_) => Self::Production(error.to_string()),
            AppendError::Unknown(_) => {
                Self::Unknown(format!("{error} `hindsight journal` has the event id."))
            }
            AppendError::Failed(_) => Self::Server(error.to_string()),
        }
    }
}

/// What a verb has to say.
#[derive(Debug, Default)]
struct Output {
    /// For standard output.
    text: String,
    /// For standard error: what the reader must know to judge the text.
    note: Option<String>,
}

/// What the states are not, where their aggregate is not the service's own.
fn state_note(aggregate: &dyn Aggregate) -> Option<String> {
    let note = aggregate.schema().note.as_ref()?;
    Some(format!("The state is the {note}, not the service's own logic."))
}

/// Does the verb and prints its answer.
pub async fn run(verb: Verb, resolve: Resolve, journal: &Journal) -> Result<(), Failure> {
    let database = reading::Database::new(resolve, journal);
    let output = match verb {
        Verb::List(list) => list::list(&list, &database).await?,
        Verb::Show(show) => show::show(&show, &database).await?,
        Verb::Create(create) => command::create(&create, &database).await?,
        Verb::Pay(pay) => command::pay(&pay, &database).await?,
    };
    if let Some(note) = &output.note {
        let told = writeln!(std::io::stderr(), "{}", crate::record::json::safe(note));
        tracing::trace!(?told, "note");
    }
    print(&output.text)
}

/// Writes to standard output and flushes it.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        std::io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::Server(format!("Standard output cannot be written: {error}. Check where it goes.")),
    })
}
