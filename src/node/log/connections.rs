//! Connections for reads, some of them kept open.

use super::database::Place;
use rusqlite::Connection;
use std::sync::{Mutex, PoisonError};

/// Kept open while idle.
const IDLE: usize = 4;

pub struct Connections {
    place: Place,
    idle: Mutex<Vec<Connection>>,
}

impl Connections {
    pub fn new(place: Place) -> Connections {
        Connections { place, idle: Mutex::default() }
    }

    /// To the same place, none open yet.
    pub fn elsewhere(&self) -> Connections {
        Connections::new(self.place.clone())
    }

    /// Runs a read on a connection of its own.
    pub fn with<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let db = taken.map_or_else(|| self.place.connect(), Ok)?;
        let answer = read(&db);
        let mut kept = idle();
        if kept.len() < IDLE {
            kept.push(db);
        }
        answer
    }

    /// Runs a read that looks at much and comes once: what it leaves in memory goes with its connection.
    pub fn with_fresh<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        read(&self.place.connect()?)
    }

    pub fn close(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
