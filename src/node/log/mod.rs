//! The event log: one writer, many readers, an index in memory and a signal that it grew.

mod catch_up;
pub mod chunks;
pub mod database;
pub mod derived;
pub mod index;
pub mod lock;
pub mod pages;
pub mod projections;
pub mod proposed;
pub mod recent_event_ids;
pub mod rules;
pub mod scan;
pub mod scavenge;
pub mod transaction;
pub mod writer;

use self::{
    database::{Body, Place},
    index::{Delta, Index, Stream},
    transaction::Outcome,
    writer::{Beginning, Command, Work, Writer},
};
use super::error::NodeError;
use rusqlite::Connection;
use std::{
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard},
    thread::JoinHandle,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

/// Commands that wait for the writer before callers have to.
const WAITING: usize = 1024;
/// Reading connections kept open while idle.
const IDLE: usize = 4;

/// Ticks of 100 ns since 1970, now.
pub fn ticks() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos() / 100).unwrap_or(i64::MAX)
}

/// From one record's position to the next, as clients see them: what is between is no place to read from, so that a
/// program which counts on neighbours fails here as it would on a real log.
pub const STEP: u64 = 64;

/// A position as clients see it.
pub fn outside(position: u64) -> u64 {
    position.saturating_mul(STEP)
}

/// Whether `$maxAge` lets an event of that time be seen.
pub fn not_expired(stream: &Stream, created: i64, now: i64) -> bool {
    stream.rules.max_age.is_none_or(|age| created >= now.saturating_sub(age.saturating_mul(10_000_000)))
}

/// Where the log ends; another generation is another log (after a reset).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub generation: u64,
    pub position: u64,
}

pub struct Log {
    index: RwLock<Index>,
    head: watch::Sender<Head>,
    place: Place,
    idle: Mutex<Vec<Connection>>,
    /// Places for reads that run at the same time, fewer than there are cores: writes get their turn.
    pub reading: Arc<Semaphore>,
}

/// A log with its running writer.
pub struct Running {
    pub log: Arc<Log>,
    pub commands: mpsc::Sender<Command>,
    pub thread: JoinHandle<()>,
}

impl Log {
    /// Opens or makes the log and starts its writer.
    pub fn open(place: Place, beginning: &Beginning) -> Result<Running, NodeError> {
        let shown = place.shown.clone();
        let fail = |e| NodeError::of(&shown, e);
        let db = place.open()?;
        let (index, saved) = database::load(&db).map_err(fail)?;
        let recent = recent_event_ids::Recent::load(&db).map_err(fail)?;
        let (empty, position) = (index.log.is_empty(), index.head());
        let places = std::thread::available_parallelism().map_or(1, |n| n.get().saturating_sub(1).max(1));
        let head = watch::Sender::new(Head { generation: 0, position });
        let log = Arc::new(Log {
            index: RwLock::new(index),
            head,
            place,
            idle: Mutex::default(),
            reading: Arc::new(Semaphore::new(places)),
        });
        let mut writer = Writer { db, log: log.clone(), recent, saved };
        if empty {
            writer.seed(beginning).map_err(fail)?;
        }
        let (commands, waiting) = mpsc::channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("sandbox writer".into())
            .spawn(move || writer.run(waiting))
            .map_err(|e| NodeError::Io { file: shown.clone(), why: e })?;
        Ok(Running { log, commands, thread })
    }

    pub fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn watch(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    pub fn head(&self) -> Head {
        *self.head.borrow()
    }

    fn publish(&self, delta: Delta) {
        let position = {
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            index.apply(delta);
            index.head()
        };
        self.head.send_if_modified(|head| std::mem::replace(&mut head.position, position) != position);
    }

    /// The events at these positions are no lines of `$all` any more.
    fn forget(&self, positions: &[u64]) {
        self.index.write().unwrap_or_else(PoisonError::into_inner).gone.extend(positions);
    }

    fn replace(&self, fresh: Index) {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        let position = fresh.head();
        *index = fresh;
        self.head.send_modify(|head| *head = Head { generation: head.generation + 1, position });
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

    pub fn close_readers(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Why a write got no outcome.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("the node is shutting down")]
    Stopped,
    #[error("{0}")]
    Database(Arc<rusqlite::Error>),
}

/// Queues a write and waits for its commit.
pub async fn write(commands: &mpsc::Sender<Command>, work: Work) -> Result<Outcome, WriteError> {
    let (answer, answered) = oneshot::channel();
    commands.send(Command { work, answer }).await.map_err(|_| WriteError::Stopped)?;
    answered.await.map_err(|_| WriteError::Stopped)?.map_err(WriteError::Database)
}

/// An event with its names.
#[derive(Debug, Clone)]
pub struct Record {
    pub stream: Arc<str>,
    pub kind: Arc<str>,
    pub body: Body,
    /// How far behind its record of the log a link lies, as clients see positions.
    pub offset: u64,
}

impl Record {
    /// Its position as clients see it.
    pub fn place(&self) -> u64 {
        outside(self.body.position) + self.offset
    }
}
