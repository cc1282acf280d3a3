//! A stream as it is read: stored, or made of links.

use super::{
    events,
    page::{Ask, Item, View},
    system_streams,
};
use crate::node::log::{Log, records};

/// Known by its name, whether there is one or not.
pub struct StoredStream {
    pub name: String,
}

impl StoredStream {
    pub fn new(name: String) -> StoredStream {
        StoredStream { name }
    }

    pub fn view(&self, log: &Log) -> rusqlite::Result<View> {
        let stored = events::view(&log.index(), &self.name);
        if stored != View::Missing(-1) {
            return Ok(stored);
        }
        if system_streams::computed(&self.name) {
            return system_streams::view(log, &self.name);
        }
        system_streams::metadata_view(log, &self.name)
    }

    /// The page where it is in memory and no link leads out of it.
    pub fn remembered(&self, log: &Log, ask: Ask) -> Option<Vec<Item>> {
        let records = events::remembered(&log.index(), &self.name, ask)?;
        let plain = !ask.resolve || !records.iter().any(events::is_link);
        plain.then(|| records.into_iter().map(Item::plain).collect())
    }

    pub fn page(&self, log: &Log, ask: Ask) -> rusqlite::Result<Vec<Item>> {
        if let Some(items) = self.remembered(log, ask) {
            return Ok(items);
        }
        log.with(|db| {
            if events::view(&log.index(), &self.name) == View::Missing(-1) {
                return if system_streams::computed(&self.name) {
                    system_streams::page(log, db, &self.name, ask)
                } else {
                    system_streams::metadata_page(log, db, &self.name, ask)
                };
            }
            let records = events::page(log, db, &self.name, ask)?;
            if ask.resolve {
                return records.into_iter().map(|record| events::resolved(log, db, record)).collect();
            }
            Ok(records.into_iter().map(Item::plain).collect())
        })
    }

    /// The event that ended the stream.
    pub fn tombstone(&self, log: &Log) -> rusqlite::Result<Option<Item>> {
        let position = log.index().find(&self.name).and_then(|s| s.tombstone);
        let Some(position) = position else { return Ok(None) };
        let record = log.with(|db| records::at(log, db, position))?;
        Ok(record.map(Item::plain))
    }
}
