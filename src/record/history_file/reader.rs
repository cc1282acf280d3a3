//! A whole file, read: nothing of it counts unless all of it can.

use super::event_line::{Parsed, ReadEvent};
use super::fault::{HistoryFileFault, LineFault};
use super::head::{Head, HistoryLife, read_head, version};
use crate::record::{Position, Record, Revision, StreamName};
use std::collections::HashMap;
use std::io::{BufRead, Read};
use uuid::Uuid;

/// Bytes of a line at most: an event of the largest size, escaped throughout, with the target of a link.
pub const MAX_LINE: usize = 256 << 20;

/// From one position to the next where the file has none.
const STEP: u64 = 64;

/// What a file holds.
#[derive(Debug)]
pub struct HistoryFile {
    pub head: Head,
    /// The stream's events, its metadata, and what its links lead to, each once, in the order of their positions; a tombstone
    /// is the last, at revision `i64::MAX`.
    pub log: Vec<Record>,
}

/// Reads all of it.
pub fn read(input: impl BufRead) -> Result<HistoryFile, HistoryFileFault> {
    let mut lines = Lines { input, text: Vec::new(), number: 0 };
    let Some(first) = lines.next()? else { return Err(HistoryFileFault::Empty) };
    let (head, has_position) = read_head(first)?;
    let mut log = Log::default();
    if let Some(metadata) = head.metadata.clone() {
        log.put(1, metadata, has_position)?;
    }
    let mut last: Option<Revision> = None;
    while let Some(text) = lines.next()? {
        let event = event(text, &head.stream);
        let line = lines.number;
        let Parsed { record, has_position, target } =
            event.map_err(|why| HistoryFileFault::Line { line, why })?;
        if last.is_some_and(|last| record.revision <= last) {
            let why = LineFault::Revision(record.revision);
            return Err(HistoryFileFault::Line { line, why });
        }
        last = Some(record.revision);
        if let Some(target) = target {
            log.put(line, target.record, target.has_position)?;
        }
        log.put(line, record, has_position)?;
    }
    if let Some(said) = head.last.filter(|_| head.first.is_some())
        && last != Some(said)
    {
        return Err(HistoryFileFault::CutOff { last, said });
    }
    let log = log.sorted(&head)?;
    Ok(HistoryFile { head, log })
}

fn event(text: &str, stream: &StreamName) -> Result<Parsed, LineFault> {
    let event: ReadEvent = serde_json::from_str(text).map_err(|error| match version(text) {
        Some(_) => LineFault::Head,
        None => LineFault::Json(error.to_string()),
    })?;
    event.own(stream)
}

struct Lines<R> {
    input: R,
    text: Vec<u8>,
    /// Of the last one, from 1.
    number: usize,
}

impl<R: BufRead> Lines<R> {
    /// The next line that is not blank.
    fn next(&mut self) -> Result<Option<&str>, HistoryFileFault> {
        loop {
            self.text.clear();
            self.number += 1;
            let mut input = (&mut self.input).take(MAX_LINE as u64 + 1);
            let count = input.read_until(b'\n', &mut self.text);
            let count = count.map_err(|error| HistoryFileFault::NotRead(error.to_string()))?;
            let fault = |why| Err(HistoryFileFault::Line { line: self.number, why });
            if count == 0 {
                return Ok(None);
            }
            if count > MAX_LINE {
                return fault(LineFault::TooLong);
            }
            if !self.text.trim_ascii().is_empty() {
                break;
            }
        }
        match std::str::from_utf8(&self.text) {
            Ok(text) => Ok(Some(text)),
            // What is no text at all is another kind of file.
            Err(_) if self.number == 1 => Err(HistoryFileFault::NoHead),
            Err(_) => Err(HistoryFileFault::Line { line: self.number, why: LineFault::NoUtf8 }),
        }
    }
}

/// Events with their lines.
#[derive(Default)]
struct Log {
    events: Vec<(usize, Record)>,
    known: HashMap<(StreamName, Revision), usize>,
    has_positions: Option<bool>,
}

impl Log {
    fn put(&mut self, line: usize, record: Record, has_position: bool) -> Result<(), HistoryFileFault> {
        if *self.has_positions.get_or_insert(has_position) != has_position {
            return Err(HistoryFileFault::Line { line, why: LineFault::Position });
        }
        let key = (record.stream.clone(), record.revision);
        if let Some((other, known)) = self.known.get(&key).and_then(|at| self.events.get(*at)) {
            let why = LineFault::OtherThan(*other);
            return if *known == record { Ok(()) } else { Err(HistoryFileFault::Line { line, why }) };
        }
        self.known.insert(key, self.events.len());
        self.events.push((line, record));
        Ok(())
    }

    /// In the order of a log, in which each stream's revisions go up.
    fn sorted(mut self, head: &Head) -> Result<Vec<Record>, HistoryFileFault> {
        let place = |position: Position| (position.commit, position.prepare);
        if self.has_positions == Some(false) {
            for ((_, record), at) in self.events.iter_mut().zip(1u64..) {
                record.position = Position { commit: at * STEP, prepare: at * STEP };
            }
        }
        self.events.sort_by_key(|(_, record)| place(record.position));
        for pair in self.events.windows(2) {
            let [(one, before), (other, after)] = pair else { continue };
            if before.position == after.position {
                let why = LineFault::PositionOf(*one.min(other));
                return Err(HistoryFileFault::Line { line: *one.max(other), why });
            }
        }
        let mut last: HashMap<&StreamName, (usize, Revision)> = HashMap::new();
        for (line, record) in &self.events {
            let before = last.insert(&record.stream, (*line, record.revision));
            if let Some((before, _)) = before.filter(|(_, revision)| *revision >= record.revision) {
                let why = LineFault::PositionOf(before.min(*line));
                return Err(HistoryFileFault::Line { line: before.max(*line), why });
            }
        }
        let end = self.events.last().map_or(STEP, |(_, record)| record.position.commit.saturating_add(1));
        let mut log: Vec<Record> = self.events.into_iter().map(|(_, record)| record).collect();
        log.extend((head.life == HistoryLife::Tombstoned).then(|| tombstone(head, end)));
        Ok(log)
    }
}

/// Nobody can read it of a stream that has one.
fn tombstone(head: &Head, at: u64) -> Record {
    Record {
        stream: head.stream.clone(),
        revision: Revision(i64::MAX.cast_unsigned()),
        id: Uuid::nil(),
        event_type: "$streamDeleted".into(),
        created: head.time,
        position: Position { commit: at, prepare: at },
        declared_json: false,
        data: Box::default(),
        metadata: Box::default(),
        target: None,
    }
}
