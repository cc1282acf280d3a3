//! The lines of an export, batch by batch.

use crate::record::history_file::{Head, event_line};
use crate::record::{Record, Revision};
use crate::store::StoreError;
use crate::store::grpc::{Pages, Session};

pub struct ExportLines {
    /// `None` where no event is to be read.
    pages: Option<Pages>,
    last: Option<Revision>,
    /// The last event that was given.
    pub after: Option<Revision>,
}

impl ExportLines {
    pub(super) fn new(session: &Session, head: &Head, after: Option<Revision>) -> Self {
        let mut pages = head.first.map(|_| session.pages(&head.stream, after));
        if let Some(pages) = &mut pages {
            pages.resolves = true;
        }
        Self { pages, last: head.last, after }
    }

    /// Some more lines with their number; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<(String, u64)>, StoreError> {
        if self.is_whole() {
            return Ok(None);
        }
        let Some(pages) = &mut self.pages else { return Ok(None) };
        let Some(records) = pages.next().await? else { return Ok(None) };
        let wanted = |record: &&Record| self.last.is_none_or(|last| record.revision <= last);
        let records: Vec<&Record> = records.iter().take_while(wanted).collect();
        self.after = records.last().map(|record| record.revision).or(self.after);
        let text = records.iter().map(|record| event_line(record)).collect();
        Ok((!records.is_empty()).then_some((text, records.len() as u64)))
    }

    /// Whether all that the head announces was given.
    pub fn is_whole(&self) -> bool {
        self.pages.is_none() || self.after == self.last
    }
}
