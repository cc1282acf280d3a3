//! The newest events of the database that are wanted.

use super::feed::LogScope;
use crate::aggregate::EventFilter;
use crate::record::{Position, Record};
use crate::store::StoreError;
use crate::store::grpc::conversion::{Interner, original};
use crate::store::grpc::{Session, raw, signed};
use eventstore::{Client, ReadAllOptions, StreamPosition};

/// Events that are looked at for them.
const LOOKED: usize = 4096;

/// What was written last.
#[derive(Debug, Default)]
pub struct NewestEvents {
    /// Oldest first.
    pub records: Vec<Record>,
    /// The end of `$all` then; `None` where it holds nothing.
    pub head: Option<Position>,
}

impl Session {
    /// The newest events that the filter lets through, at most so many, and not from far back.
    pub async fn newest_of_log(
        &self,
        most: usize,
        filter: &EventFilter,
        scope: &LogScope,
    ) -> Result<NewestEvents, StoreError> {
        let looked = if most == 0 { 1 } else { LOOKED };
        let options = ReadAllOptions::default().position(StreamPosition::End).backwards().max_count(looked);
        let options = &signed!(self, options);
        let read = self.repeatable(move |client: Client| async move {
            let (mut newest, mut interner) = (NewestEvents::default(), Interner::default());
            let mut read = raw(client.read_all(options)).await?;
            while let Some(event) = raw(read.next()).await? {
                let Some(record) = original(&event).map(|event| interner.record(event)) else { continue };
                newest.head.get_or_insert(record.position);
                let is_own = *scope != LogScope::Own || !record.stream.is_system();
                if newest.records.len() < most && is_own && filter.is_met(&record) {
                    newest.records.push(record);
                }
                if newest.records.len() >= most {
                    break;
                }
            }
            newest.records.reverse();
            Ok(newest)
        });
        match read.await {
            Ok(newest) => Ok(newest),
            Err(failure) => Err(self.explained(failure).await),
        }
    }
}
