//! The whole database in the order in which it was written.

use super::call::raw;
use super::conversion::Interner;
use super::session::{Session, signed};
use crate::record::Record;
use crate::store::StoreError;
use eventstore::{Client, ReadAllOptions, StreamPosition};

impl Session {
    /// At most so many events of `$all` from its beginning, links with what they lead to.
    pub async fn read_log(&self, most: usize) -> Result<Vec<Record>, StoreError> {
        let options = ReadAllOptions::default().position(StreamPosition::Start).max_count(most);
        let options = &signed!(self, options.resolve_link_tos());
        let read = self.repeatable(move |client: Client| async move {
            let (mut records, mut interner) = (Vec::new(), Interner::default());
            let mut read = raw(client.read_all(options)).await?;
            while let Some(event) = raw(read.next()).await? {
                records.extend(interner.resolved(&event));
            }
            Ok(records)
        });
        match read.await {
            Ok(records) => Ok(records),
            Err(failure) => Err(self.explained(failure).await),
        }
    }
}
