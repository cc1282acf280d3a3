//! A history file as a database: a node in memory that has its events and takes no others.

use crate::node::{Config, History, HistoryEvent, Node, NodeError};
use crate::record::Record;
use crate::record::history_file::{self, HistoryFile, HistoryFileFault};
use crate::store::{ServedFile, in_home};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

/// Reads the file and serves it; nothing of it is served unless all of it can be.
pub async fn open(path: &Path) -> Result<ServedFile, HistoryFileFault> {
    let path = in_home(path);
    let named = path.clone();
    let reading = tokio::task::spawn_blocking(move || read(&named)).await;
    let HistoryFile { head, log } =
        reading.map_err(|error| HistoryFileFault::NotServed(error.to_string()))??;
    let last = head.last.filter(|_| head.first.is_none());
    let history = History {
        events: log.into_iter().map(event).collect(),
        last: last.map(|last| (head.stream.as_str().to_owned(), last.0)).into_iter().collect(),
    };
    let config = Config { history: Some(Arc::new(history)), ..Config::default() };
    let node = Node::start(config).await.map_err(|error| match error {
        NodeError::DiskFull(_) => HistoryFileFault::TooLarge,
        other => HistoryFileFault::NotServed(other.to_string()),
    })?;
    let string = node.connection_string().into();
    Ok(ServedFile::new(path, string, head, node))
}

fn read(path: &Path) -> Result<HistoryFile, HistoryFileFault> {
    let unread = |error: std::io::Error| HistoryFileFault::NotRead(error.to_string());
    // Looked at first: to open a pipe would wait for who writes to it.
    let kind = std::fs::metadata(path).map_err(unread)?;
    if kind.is_dir() {
        return Err(HistoryFileFault::Folder);
    }
    if !kind.is_file() {
        return Err(HistoryFileFault::NoFile);
    }
    history_file::read(BufReader::new(File::open(path).map_err(unread)?))
}

fn event(record: Record) -> HistoryEvent {
    HistoryEvent {
        stream: record.stream.as_str().to_owned(),
        revision: record.revision.0,
        id: record.id.into_bytes(),
        kind: record.event_type.to_string(),
        json: record.declared_json,
        created: record.created.0,
        commit: record.position.commit,
        prepare: record.position.prepare,
        data: record.data.into_vec().into(),
        meta: record.metadata.into_vec().into(),
    }
}
