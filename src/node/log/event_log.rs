//! The log as readers and the writer share it.

use super::{
    connections::Connections,
    database::Place,
    derived,
    index::{Delta, Index},
    linked::LinkedIndex,
    news::News,
    read_queue::ReadQueue,
};
use rusqlite::Connection;
use std::{
    fmt,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};
use tokio::sync::watch;

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
    pub reads: ReadQueue,
    /// Logs of a cluster's ports, which are told all that this one is.
    followers: Mutex<Vec<Arc<Log>>>,
    /// What was told since the log is held back.
    held: Mutex<Option<Vec<News>>>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("head", &self.head()).finish_non_exhaustive()
    }
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
        let head = Head { generation: 0, position: index.index.head() };
        Log::ending_at(head, index, Connections::new(place))
    }

    fn ending_at(head: Head, index: LinkedIndex, connections: Connections) -> Log {
        Log {
            index: RwLock::new(index),
            linking: Mutex::default(),
            head: watch::Sender::new(head),
            connections,
            reads: ReadQueue::default(),
            followers: Mutex::default(),
            held: Mutex::default(),
        }
    }

    /// The same records in a log of its own, which is told nothing yet.
    pub fn copy(&self) -> Log {
        let index = LinkedIndex::unlinked(self.index().clone());
        Log::ending_at(self.head(), index, self.connections.elsewhere())
    }

    pub fn has_followers(&self) -> bool {
        !self.followers.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Tells that log too, which has the same records, what comes.
    pub fn add_follower(&self, log: Arc<Log>) {
        self.followers.lock().unwrap_or_else(PoisonError::into_inner).push(log);
    }

    /// While it is held back, what it is told does not show.
    pub fn hold(&self, back: bool) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match (&mut *held, back) {
            (Some(_), true) | (None, false) => {}
            (None, true) => *held = Some(Vec::new()),
            (Some(_), false) => held.take().into_iter().flatten().for_each(|news| self.take_in(news)),
        }
    }

    fn tell(&self, news: News) {
        for follower in self.followers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            follower.tell(news.clone());
        }
        match &mut *self.held.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(held) => held.push(news),
            None => self.take_in(news),
        }
    }

    fn take_in(&self, news: News) {
        match news {
            News::Written(delta) => self.extend(delta),
            News::Gone(positions) => {
                let index = &mut self.write().index;
                index.gone.extend(positions);
                index.tail.clear();
            }
            News::Replaced(delta) => self.begin_anew(delta),
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
        self.tell(News::Written(delta));
    }

    fn extend(&self, delta: Delta) {
        let position = {
            let mut linked = self.write();
            linked.apply(delta);
            linked.index.head()
        };
        self.head.send_if_modified(|head| std::mem::replace(&mut head.position, position) != position);
    }

    /// The events at these positions are no lines of `$all` any more.
    pub fn forget(&self, positions: Vec<u64>) {
        self.tell(News::Gone(positions));
    }

    /// Begins anew with what was committed.
    pub fn replace(&self, delta: Delta) {
        self.tell(News::Replaced(delta));
    }

    fn begin_anew(&self, delta: Delta) {
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
        for follower in self.followers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            follower.close_readers();
        }
        self.connections.close();
    }
}
