//! Events that belong together: all of a correlation, or what was written around an event; read beside the frames.

use super::grpc::{LogScan, Pages, ScanFrom, Session};
use super::update_sender::UpdateSender;
use super::{RelatedEnd, RelatedQuestion, RelatedSource, RelatedStep, Sought, StoreError, Update};
use crate::history::RelatedEvent;
use crate::record::{Created, Record, RelatedIds, Revision, StreamName};
use memchr::memmem;

/// Events that are kept; the others are counted.
const MOST: usize = 1_000;
/// Events that are kept on each side of one.
const SIDE: usize = 500;
/// So many events in a row outside the span end it: clocks of writers differ a little.
const OUTSIDE: usize = 512;

/// Looks once for each question; ends only where the connection does.
pub async fn look(session: Session, question: RelatedQuestion, out: UpdateSender) -> StoreError {
    let send = async |step| out.send(Update::Related { ticket: question.ticket, step }).await;
    send(RelatedStep::Begins).await;
    let mut read = RelatedRead::new(&session, question.sought.clone());
    let ended = loop {
        match read.next().await {
            Ok(Some(step)) => send(step).await,
            Ok(None) => break Ok(read.end()),
            Err(error) if error.passes() => return error,
            Err(error) => break Err(error),
        }
    };
    send(RelatedStep::Ended(ended)).await;
    std::future::pending().await
}

/// A search in progress.
pub struct RelatedRead {
    session: Session,
    sought: Sought,
    stage: Stage,
    looked: u64,
    kept: usize,
    end: RelatedEnd,
}

enum Stage {
    Begins,
    Links(Pages),
    Log(LogScan),
    OwnStream(Pages),
    /// Events in a row that were outside the span.
    Before(LogScan, usize),
    After(LogScan, usize),
    Ended,
}

impl RelatedRead {
    pub fn new(session: &Session, sought: Sought) -> Self {
        let end = RelatedEnd { source: RelatedSource::Log, more: 0, gone: 0, system: 0, looked: 0 };
        Self { session: session.clone(), sought, stage: Stage::Begins, looked: 0, kept: 0, end }
    }

    /// What was found, once there is no more.
    pub fn end(&self) -> RelatedEnd {
        RelatedEnd { looked: self.looked, ..self.end.clone() }
    }

    /// The next that was found or looked at; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<RelatedStep>, StoreError> {
        loop {
            let batch = match &mut self.stage {
                Stage::Begins => {
                    self.begin();
                    continue;
                }
                Stage::Links(pages) | Stage::OwnStream(pages) => pages.next().await,
                Stage::Log(scan) | Stage::Before(scan, _) | Stage::After(scan, _) => scan.next().await,
                Stage::Ended => return Ok(None),
            };
            match batch {
                Ok(Some(records)) => {
                    self.looked += records.len() as u64;
                    let found = self.take(&records);
                    let (source, looked) = (self.end.source.clone(), self.looked);
                    return Ok(Some(RelatedStep::Found { source, looked, found }));
                }
                Ok(None) => self.end_stage(),
                Err(error @ StoreError::AccessDenied(_)) => self.denied(error)?,
                Err(error) => return Err(error),
            }
        }
    }

    fn begin(&mut self) {
        (self.stage, self.end.source) = match &self.sought {
            Sought::Correlation { id, .. } => {
                let links = StreamName::new(&format!("$bc-{id}"));
                let mut pages = self.session.pages(&links, None);
                pages.resolves = true;
                (Stage::Links(pages), RelatedSource::Links)
            }
            Sought::Around { position, .. } => {
                let scan = self.session.scan_log(ScanFrom::Backwards(*position));
                (Stage::Before(scan, 0), RelatedSource::Log)
            }
        };
    }

    /// Goes on where more may be found.
    fn end_stage(&mut self) {
        self.stage = match (&self.stage, &self.sought) {
            (Stage::Links(_), Sought::Correlation { scans, .. }) if self.looked == 0 => {
                return self.scan(*scans);
            }
            (Stage::Before(..), Sought::Around { position, .. }) => {
                self.kept = 0;
                Stage::After(self.session.scan_log(ScanFrom::Forwards(*position)), 0)
            }
            _ => Stage::Ended,
        };
    }

    fn scan(&mut self, scans: bool) {
        (self.stage, self.end.source) = if scans {
            (Stage::Log(self.session.scan_log(ScanFrom::Start)), RelatedSource::Log)
        } else {
            (Stage::Ended, RelatedSource::NoLinks)
        };
    }

    /// What may be read in place of what may not.
    fn denied(&mut self, error: StoreError) -> Result<(), StoreError> {
        match (&self.stage, &self.sought) {
            (Stage::Links(_), Sought::Correlation { scans, .. }) => self.scan(*scans),
            (Stage::Log(_), Sought::Correlation { stands: Some((stream, _)), .. }) => {
                let pages = self.session.pages(stream, None);
                self.end.source = RelatedSource::OneStream(stream.clone());
                self.stage = Stage::OwnStream(pages);
            }
            _ => return Err(error),
        }
        Ok(())
    }

    fn take(&mut self, records: &[Record]) -> Vec<RelatedEvent> {
        let mut found = Vec::new();
        for record in records {
            let event = match (&self.stage, &self.sought) {
                (Stage::Links(_), _) => {
                    let target = if record.is_link() { record.target.as_deref() } else { Some(record) };
                    self.end.gone += u64::from(target.is_none());
                    target
                }
                (_, Sought::Correlation { id, .. }) => Some(record).filter(|record| is_of(record, id)),
                (_, Sought::Around { created, within, .. }) => {
                    let is_inside = is_inside(record.created, *created, *within);
                    self.span(record, is_inside)
                }
            };
            if let Some(event) = event {
                let (most, is_here) = (self.most(), self.is_here(&event.stream, event.revision));
                if self.kept < most || is_here {
                    self.kept += 1;
                    found.push(event.into());
                } else {
                    self.end.more += 1;
                }
            }
        }
        let is_full = matches!(self.sought, Sought::Around { .. }) && self.end.more > 0;
        if self.is_outside() || (is_full && self.kept >= SIDE) {
            self.end_stage();
        }
        found
    }

    fn most(&self) -> usize {
        match self.sought {
            Sought::Correlation { .. } => MOST,
            Sought::Around { .. } => SIDE,
        }
    }

    fn is_here(&self, stream: &StreamName, revision: Revision) -> bool {
        match &self.sought {
            Sought::Correlation { stands, .. } => {
                stands.as_ref().is_some_and(|(own, at)| own == stream && *at == revision)
            }
            Sought::Around { stream: own, revision: at, .. } => own == stream && *at == revision,
        }
    }

    /// The record where it counts; how many in a row are outside the span is kept.
    fn span<'r>(&mut self, record: &'r Record, is_inside: bool) -> Option<&'r Record> {
        if let Stage::Before(_, outside) | Stage::After(_, outside) = &mut self.stage {
            *outside = if is_inside { 0 } else { *outside + 1 };
        }
        let is_system = record.stream.as_str().starts_with('$') || record.event_type.starts_with('$');
        let is_here = self.is_here(&record.stream, record.revision);
        self.end.system += u64::from(is_inside && is_system && !is_here);
        (is_here || (is_inside && !is_system)).then_some(record)
    }

    fn is_outside(&self) -> bool {
        matches!(&self.stage, Stage::Before(_, outside) | Stage::After(_, outside) if *outside >= OUTSIDE)
    }
}

fn is_inside(at: Created, around: Created, within: i64) -> bool {
    at.0.saturating_sub(around.0).unsigned_abs() <= within.unsigned_abs()
}

/// Links are left out: what they lead to is in the log itself.
fn is_of(record: &Record, correlation: &str) -> bool {
    !record.is_link()
        && memmem::find(&record.metadata, b"correlationId").is_some()
        && RelatedIds::of(&record.metadata).correlation.as_deref() == Some(correlation)
}
