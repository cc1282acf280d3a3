//! Ids of the events written last: what makes a repeated append with Any a success.

use std::collections::{HashMap, VecDeque};

const KEPT: usize = 65_536;
type Key = (u32, [u8; 16]);

#[derive(Debug, Default)]
pub struct Recent {
    numbers: HashMap<Key, i64>,
    order: VecDeque<Key>,
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
