//! What the writer remembers: the ids of the events written last, which make a repeated append with Any a success, and
//! the metadata streams written since the start.

use std::collections::{HashMap, HashSet, VecDeque};

const KEPT: usize = 65_536;
type Key = (u32, [u8; 16]);

#[derive(Debug, Default)]
pub struct Recent {
    numbers: HashMap<Key, i64>,
    order: VecDeque<Key>,
    /// Can be written after the tombstone of the stream that they describe.
    described: HashSet<u32>,
}

impl Recent {
    pub fn find(&self, stream: u32, id: [u8; 16]) -> Option<i64> {
        self.numbers.get(&(stream, id)).copied()
    }

    pub fn put(&mut self, stream: u32, id: [u8; 16], revision: i64) {
        if self.numbers.insert((stream, id), revision).is_none() {
            self.order.push_back((stream, id));
        }
        while self.order.len() > KEPT {
            self.order.pop_front().map(|key| self.numbers.remove(&key));
        }
    }

    pub fn describe(&mut self, metadata: u32) {
        self.described.insert(metadata);
    }

    pub fn described(&self, metadata: u32) -> bool {
        self.described.contains(&metadata)
    }

    /// From the end of the log, so that a restart does not make duplicates.
    pub fn load(db: &rusqlite::Connection) -> rusqlite::Result<Recent> {
        let mut recent = Recent::default();
        let sql = "SELECT stream, id, rev FROM events WHERE rev IS NOT NULL
            AND pos > (SELECT coalesce(max(pos), 0) FROM events) - 8192 ORDER BY pos";
        let mut tail = db.prepare(sql)?;
        let mut rows = tail.query([])?;
        while let Some(row) = rows.next()? {
            recent.put(row.get(0)?, row.get(1)?, row.get(2)?);
        }
        Ok(recent)
    }
}
