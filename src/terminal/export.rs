//! `hindsight export`: a stream into a file, or onto standard output.

use super::database::Database;
use super::failure::Failure;
use super::output::{Output, Text, print};
use super::reading;
use crate::cli::Export;
use crate::record::history_file::{Head, HistoryLife, Missing, head_line};
use crate::record::{Revision, StreamName};
use crate::store::{ExportFile, StoreError};
use std::io;
use std::path::{Path, PathBuf};

/// Where the lines go.
enum Lines {
    File(PathBuf, ExportFile),
    Stdout,
}

impl Lines {
    async fn open(export: &Export) -> Result<Self, Failure> {
        match &export.output {
            Some(path) if path != Path::new("-") => {
                let file = ExportFile::create(path, export.force).await;
                Ok(Self::File(path.clone(), file.map_err(|error| not_written(path, &error))?))
            }
            _ => Ok(Self::Stdout),
        }
    }

    async fn write(&mut self, text: String) -> Result<(), Failure> {
        match self {
            Self::File(path, file) => file.write(text).await.map_err(|error| not_written(path, &error)),
            Self::Stdout => print(&text),
        }
    }

    async fn finish(self) -> Result<(), Failure> {
        let Self::File(path, file) = self else { return Ok(()) };
        file.finish().await.map_err(|error| not_written(&path, &error))
    }
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    Failure::Usage(match error.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("The file {path} is there already. Name another with -o, or replace it with --force.")
        }
        _ => format!("The file {path} cannot be written: {error}. Name another with -o."),
    })
}

pub async fn export(export: &Export, database: &Database) -> Result<Output, Failure> {
    if export.stream == "$all" {
        return Err(Failure::Usage("$all is every stream, not one. Name a stream to export.".to_owned()));
    }
    let name = reading::find(database, &export.stream, &export.category).await?.name;
    let until = export.until.map(Revision);
    let head = async |session: crate::store::Session| {
        session.export_head(&name, until, database.served.as_ref()).await
    };
    let head = database.patiently(head).await?.ok_or_else(|| missing(&name))?;
    if let (Some(until), Some(first)) = (until, head.first)
        && head.last.is_none_or(|last| !(first..=last).contains(&until))
    {
        let last = head.last.unwrap_or(first);
        return Err(Failure::Usage(format!(
            "Stream {name} has no revision {until}. Use one from {first} to {last}."
        )));
    }
    let mut lines = Lines::open(export).await?;
    lines.write(head_line(&head)).await?;
    let (mut after, mut count, mut failed) = (None, 0, None);
    // After a lost connection it goes on behind what is written.
    let read = database.patiently(async |session| {
        let mut read = session.export_lines(&head, after);
        while let Some((text, events)) = read.next().await? {
            (after, count) = (read.after, count + events);
            if let Err(failure) = lines.write(text).await {
                failed = Some(failure);
                return Ok(true);
            }
        }
        Ok::<bool, StoreError>(read.is_whole())
    });
    let is_whole = read.await?;
    if let Some(failure) = failed {
        return Err(failure);
    }
    if !is_whole {
        return Err(Failure::Server(format!(
            "Stream {name} changed while it was read: its last events are gone. Export it again."
        )));
    }
    lines.finish().await?;
    Ok(Output { text: Text::from(String::new()), notes: vec![told(&head, count)] })
}

fn missing(name: &StreamName) -> Failure {
    Failure::Usage(format!("Stream {name} does not exist. `hindsight list` shows those that do."))
}

/// How much it was, and what is not in it.
fn told(head: &Head, count: u64) -> String {
    let events = if count == 1 { "1 event".to_owned() } else { format!("{count} events") };
    let life = match head.life {
        HistoryLife::Live => "",
        HistoryLife::SoftDeleted => " The stream is soft-deleted.",
        HistoryLife::Tombstoned => " The stream is tombstoned.",
    };
    let missing = head.incomplete.iter().map(|missing| match missing {
        Missing::Beginning => " Its first events are gone.",
        Missing::End => " Later events were left out.",
        Missing::Metadata => " Its metadata may not be read, and is left out.",
    });
    format!("Exported {events} of {}.{life}{}", head.stream, missing.collect::<String>())
}
