//! The log as readers and the writer share it.

use super::{
    connections::Connections,
    database::Place,
    derived,
    index::{Delta, Index},
    linked::LinkedIndex,
};
use rusqlite::Connection;
use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};
use tokio::sync::{Semaphore, watch};

/// Where the log ends; another generation is another log (after a reset).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub generation: u64,
    pub position: u64,
}

pub struct Log {
    index: RwLock<LinkedIndex>,
    /// Held by who works out the links; the others wait for them.
    linking: Mutex<()>,
    head: watch::Sender<Head>,
    connections: Connections,
    /// Places for reads that run at the same time, fewer than there are cores: writes get their turn.
    pub reading: Arc<Semaphore>,
}

/// The index while it is held: nothing is published meanwhile.
pub struct HeldIndex<'a>(RwLockReadGuard<'a, LinkedIndex>);

impl Deref for HeldIndex<'_> {
    type Target = Index;

    fn deref(&self) -> &Index {
        &self.0.index
    }
}

impl Log {
    pub fn new(place: Place, index: LinkedIndex) -> Log {
        let places = std::thread::available_parallelism().map_or(1, |n| n.get().saturating_sub(1).max(1));
        let head = watch::Sender::new(Head { generation: 0, position: index.index.head() });
        Log {
            index: RwLock::new(index),
            linking: Mutex::default(),
            head,
            connections: Connections::new(place),
            reading: Arc::new(Semaphore::new(places)),
        }
    }

    pub fn index(&self) -> HeldIndex<'_> {
        HeldIndex(self.read())
    }

    /// The index with the links of its records. The first who asks works them out, which takes a moment: no async task may.
    pub fn linked(&self) -> rusqlite::Result<RwLockReadGuard<'_, LinkedIndex>> {
        let held = self.read();
        if held.is_linked() {
            return Ok(held);
        }
        drop(held);
        self.link()?;
        // It stays linked, whatever is appended or reset.
        Ok(self.read())
    }

    /// The index is not held for long at once, so that appends go on.
    fn link(&self) -> rusqlite::Result<()> {
        let _turn = self.linking.lock().unwrap_or_else(PoisonError::into_inner);
        if self.read().is_linked() {
            return Ok(());
        }
        let records = self.read().index.log.len();
        let mut derived = self.connections.with_fresh(|db| derived::load(db, records))?;
        while self.read().work_out(&mut derived) {}
        let mut held = self.write();
        // After a reset they would be those of another log.
        if !held.is_linked() {
            held.link(derived);
        }
        Ok(())
    }

    fn read(&self) -> RwLockReadGuard<'_, LinkedIndex> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, LinkedIndex> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn watch(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    pub fn head(&self) -> Head {
        *self.head.borrow()
    }

    /// Takes in what was committed.
    pub fn publish(&self, delta: Delta) {
        let position = {
            let mut linked = self.write();
            linked.apply(delta);
            linked.index.head()
        };
        self.head.send_if_modified(|head| std::mem::replace(&mut head.position, position) != position);
    }

    /// The events at these positions are no lines of `$all` any more.
    pub fn forget(&self, positions: &[u64]) {
        self.write().index.gone.extend(positions);
    }

    /// Begins anew with what was committed.
    pub fn replace(&self, delta: Delta) {
        let mut fresh = LinkedIndex::default();
        fresh.apply(delta);
        let mut linked = self.write();
        let position = fresh.index.head();
        *linked = fresh;
        self.head.send_modify(|head| *head = Head { generation: head.generation + 1, position });
    }

    /// Runs a read on a connection of its own.
    pub fn with<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        self.connections.with(read)
    }

    pub fn close_readers(&self) {
        self.connections.close();
    }
}
