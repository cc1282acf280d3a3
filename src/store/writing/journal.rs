//! What this program wrote, for its user: one JSON line when a write is sent, one when it is answered.

use crate::decision::{Append, Proposed};
use crate::store::{AppendError, Written};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// The file, readable by its owner only; opened with the first entry and kept open.
#[derive(Debug, Clone)]
pub struct Journal {
    file: Arc<Path>,
    /// The sentence for a write that was not done.
    describe: fn(&AppendError) -> String,
    open: Arc<Mutex<Option<File>>>,
}

/// One write; the line with the answer repeats the line that was sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JournalEntry {
    /// RFC 3339.
    pub time: String,
    /// Host and port.
    pub server: String,
    pub stream: String,
    pub expected: String,
    pub events: Vec<JournalEvent>,
    pub answer: JournalAnswer,
    /// Of the event that was appended.
    pub revision: Option<u64>,
    /// What the database said where it did not append.
    pub detail: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JournalEvent {
    pub id: Uuid,
    pub r#type: String,
    pub data: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Box<RawValue>>,
}

/// An entry as it is written; both lines of a write have the same events, which are made once.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    time: String,
    server: &'a str,
    stream: &'a str,
    expected: String,
    events: Option<Box<RawValue>>,
    answer: JournalAnswer,
    revision: Option<u64>,
    detail: Option<String>,
}

#[derive(Serialize)]
struct LineEvent<'a> {
    id: Uuid,
    r#type: &'a str,
    data: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a RawValue>,
}

impl<'a> Line<'a> {
    /// Before it is answered.
    fn new(server: &'a str, append: &'a Append) -> Self {
        let event = |event: &'a Proposed| {
            let data = serde_json::from_slice(&event.data).ok()?;
            let metadata = serde_json::from_slice(&event.metadata).ok();
            Some(LineEvent { id: event.id, r#type: &event.event_type, data, metadata })
        };
        Self {
            time: jiff::Timestamp::now().to_string(),
            server,
            stream: append.stream.as_str(),
            expected: append.expected.to_string(),
            // Strings, ids and parsed JSON always serialize.
            events: to_raw_value(&append.events.iter().filter_map(event).collect::<Vec<_>>()).ok(),
            answer: JournalAnswer::Sent,
            revision: None,
            detail: None,
        }
    }
}

/// The file is there and cannot be read; with the system's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalUnreadable {
    pub file: PathBuf,
    pub error: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalAnswer {
    /// No answer was noted: the write may or may not have been done.
    Sent,
    Appended,
    Conflict,
    Tombstoned,
    /// Written by earlier versions, where the answer was lost and the event was not found.
    NotAppended,
    /// The answer was lost and the fate is not known; a later line may tell it.
    Lost,
    Failed,
}

impl JournalAnswer {
    pub fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Appended => "appended",
            Self::Conflict => "conflict",
            Self::Tombstoned => "tombstoned",
            Self::NotAppended => "not appended",
            Self::Lost => "not known",
            Self::Failed => "failed",
        }
    }
}

impl Journal {
    /// The journal of a data folder; the file is made with the first entry.
    pub fn in_folder(folder: &Path, describe: fn(&AppendError) -> String) -> Self {
        Self { file: folder.join("journal.jsonl").into(), describe, open: Arc::default() }
    }

    pub(super) fn sent<'a>(&self, server: &'a str, append: &'a Append) -> Line<'a> {
        let line = Line::new(server, append);
        self.note(&line);
        line
    }

    /// The fate of a write whose answer was lost.
    pub(super) fn found(&self, server: &str, append: &Append, known: &Result<Written, AppendError>) {
        self.answered(Line::new(server, append), known);
    }

    pub(super) fn answered(&self, sent: Line<'_>, result: &Result<Written, AppendError>) {
        let answer = match result {
            Ok(_) => JournalAnswer::Appended,
            Err(AppendError::Conflict { .. }) => JournalAnswer::Conflict,
            Err(AppendError::Tombstoned(_)) => JournalAnswer::Tombstoned,
            Err(AppendError::Unknown(_)) => JournalAnswer::Lost,
            Err(AppendError::Failed(_) | AppendError::Production(_) | AppendError::Withdrawn) => {
                JournalAnswer::Failed
            }
        };
        let revision = result.as_ref().ok().map(|written| written.revision.0);
        let detail = result.as_ref().err().map(self.describe);
        let time = jiff::Timestamp::now().to_string();
        self.note(&Line { time, answer, revision, detail, ..sent });
    }

    /// One short line into the page cache: cheaper than asking another thread to do it.
    /// A journal that cannot be written stops no write; the log says so.
    fn note(&self, line: &Line<'_>) {
        let written = serde_json::to_vec(line).map_err(Into::into).and_then(|mut line| {
            line.push(b'\n');
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let file = match &mut *open {
                Some(file) => file,
                none => none.insert(append_to(&self.file)?),
            };
            // One call, so that the lines of two programs do not mix.
            file.write_all(&line)
        });
        if let Err(error) = written {
            tracing::warn!(%error, "the journal is not written");
        }
    }

    /// Every write with the last that is known of it, oldest first; a line cut off by a crash is left out.
    pub fn entries(&self) -> Result<Vec<JournalEntry>, JournalUnreadable> {
        let text = match std::fs::read(&self.file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => {
                read.map_err(|error| JournalUnreadable { file: self.file(), error: error.to_string() })?
            }
        };
        let mut entries: Vec<JournalEntry> = Vec::new();
        let mut open = std::collections::HashMap::new();
        for line in text.split(|byte| *byte == b'\n') {
            let Ok(entry) = serde_json::from_slice::<JournalEntry>(line) else { continue };
            let id = entry.events.first().map(|event| event.id);
            match open.get(&id).and_then(|&at: &usize| entries.get_mut(at)) {
                // What is known is not unknown again when the same write is sent once more.
                Some(sent)
                    if matches!(
                        sent.answer,
                        JournalAnswer::Sent | JournalAnswer::Lost | JournalAnswer::NotAppended
                    ) =>
                {
                    *sent = JournalEntry { time: sent.time.clone(), ..entry };
                }
                _ => {
                    open.insert(id, entries.len());
                    entries.push(entry);
                }
            }
        }
        Ok(entries)
    }

    pub fn file(&self) -> PathBuf {
        self.file.to_path_buf()
    }
}

fn append_to(file: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}
