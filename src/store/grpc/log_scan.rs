//! `$all` from a position on, in either direction, in batches.

use super::call::{CallFailure, raw};
use super::conversion::{Interner, read_from};
use super::session::{Session, signed};
use crate::record::{Position, Record};
use crate::store::StoreError;
use eventstore::{Client, ReadAllOptions, ReadStream};

/// Records handed on at once, and their bytes, beyond which there are fewer.
const BATCH: usize = 512;
const BYTES: usize = 4 << 20;

/// From where a scan reads.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) enum ScanFrom {
    Start,
    /// The event at the position, and those after it.
    Forwards(Position),
    /// The events before the position, the newest first.
    Backwards(Position),
}

/// A read of `$all` in progress; links come as themselves.
pub(in crate::store) struct LogScan {
    session: Session,
    from: ScanFrom,
    read: Option<ReadStream>,
    interner: Interner,
}

impl Session {
    pub(in crate::store) fn scan_log(&self, from: ScanFrom) -> LogScan {
        LogScan { session: self.clone(), from, read: None, interner: Interner::default() }
    }
}

impl LogScan {
    /// The next batch, `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Record>>, StoreError> {
        match self.batch().await {
            Ok(records) => Ok((!records.is_empty()).then_some(records)),
            Err(failure) => Err(self.session.explained(failure).await),
        }
    }

    async fn batch(&mut self) -> Result<Vec<Record>, CallFailure> {
        let (mut records, mut bytes) = (Vec::new(), 0);
        let mut event = if let Some(read) = &mut self.read {
            raw(read.next()).await?
        } else {
            let (read, first) = self.begin().await?;
            self.read = Some(read);
            first
        };
        while let Some(resolved) = event.take() {
            let record = self.interner.resolved(&resolved);
            bytes += record.as_ref().map_or(0, |record| record.data.len());
            records.extend(record);
            if records.len() < BATCH
                && bytes < BYTES
                && let Some(read) = &mut self.read
            {
                event = raw(read.next()).await?;
            }
        }
        Ok(records)
    }

    /// Begins the read, with its first event: a server may refuse a read as late as there.
    async fn begin(&mut self) -> Result<(ReadStream, Option<eventstore::ResolvedEvent>), CallFailure> {
        let options = ReadAllOptions::default().max_count(usize::MAX);
        let options = match self.from {
            ScanFrom::Start => options.position(read_from(None)),
            ScanFrom::Forwards(position) => options.position(read_from(Some(position))),
            ScanFrom::Backwards(position) => options.position(read_from(Some(position))).backwards(),
        };
        let options = &signed!(self.session, options);
        let begun = self.session.repeatable(move |client: Client| async move {
            let mut read = raw(client.read_all(options)).await?;
            let first = raw(read.next()).await?;
            Ok((read, first))
        });
        begun.await
    }
}
