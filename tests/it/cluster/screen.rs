//! What a window shows of the cluster, and the answers to its writes.

use futures::FutureExt;
use hindsight::decision::Append;
use hindsight::record::{Record, StreamName};
use hindsight::store::{
    AppendError, AppendRequest, Cluster, Connection, Goal, Life, Permit, Store, StoreError, StreamRow,
    Target, Ticket, Update, Written,
};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Longest wait for something that must come.
const PATIENCE: Duration = Duration::from_mins(1);

/// What was said of a write, and when.
pub type Answer = (Result<Written, AppendError>, Instant);

pub struct Screen {
    store: Store,
    goal: Goal,
    woken: Arc<Notify>,
    writes: u64,
    pub rows: BTreeMap<String, StreamRow>,
    pub records: Vec<(Record, Instant)>,
    /// What was said of the opened stream and how often anything of the list, since this node is read.
    pub lives: Vec<Life>,
    pub listings: u32,
    pub connection: Connection,
    /// Each node that was read, once for each time that it was turned to.
    pub read: Vec<String>,
    pub caught_up: bool,
    pub cluster: Option<Cluster>,
    /// How often the list was emptied.
    pub relisted: u32,
    /// How often the database or the stream was taken for another one.
    pub another: u32,
    /// The answers to each write, and when they came.
    pub answers: HashMap<Ticket, Vec<Answer>>,
    /// Why each write is not sent yet.
    pub waits: HashMap<Ticket, StoreError>,
}

impl Screen {
    pub fn of(url: &str) -> Self {
        let never = Arc::new(|| async { Err(StoreError::Server("no sandbox here".into())) }.boxed());
        let woken = Arc::new(Notify::new());
        let wake = woken.clone();
        let runtime = tokio::runtime::Handle::current();
        let store = Store::start(&runtime, never, None, Arc::new(move || wake.notify_one()));
        let goal = Goal::listing(Target::Server(url.into()), "order");
        store.aim(&goal);
        Self {
            store,
            goal,
            woken,
            writes: 100,
            rows: BTreeMap::new(),
            records: Vec::new(),
            lives: Vec::new(),
            listings: 0,
            connection: Connection::Offline,
            read: Vec::new(),
            caught_up: false,
            cluster: None,
            relisted: 0,
            another: 0,
            answers: HashMap::new(),
            waits: HashMap::new(),
        }
    }

    /// Takes in what comes until it holds.
    pub async fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(Instant::now() < deadline, "never: {what}\n{self:?}");
            self.next(Duration::from_secs(1)).await;
        }
    }

    /// Takes in what is there, and waits for more where nothing is.
    pub async fn next(&mut self, longest: Duration) {
        let updates = self.store.drain(64);
        if updates.is_empty() {
            drop(tokio::time::timeout(longest.min(Duration::from_millis(20)), self.woken.notified()).await);
        }
        for update in updates {
            self.take(update);
        }
    }

    fn take(&mut self, update: Update) {
        match update {
            Update::Connection(connection) => {
                if let Connection::Online { address, .. } = &connection {
                    if self.read.last() != Some(address) {
                        (self.listings, self.lives) = (0, Vec::new());
                    }
                    self.read.push(address.clone());
                }
                self.connection = connection;
            }
            Update::Cluster(cluster) => self.cluster = Some(cluster),
            Update::AppendWaits { ticket, why } => drop(self.waits.insert(ticket, why)),
            Update::Relisted => {
                self.relisted += 1;
                self.rows.clear();
            }
            Update::AnotherDatabase => {
                self.another += 1;
                self.rows.clear();
            }
            Update::FormerStream { .. } => self.another += 1,
            Update::Rows(rows) => {
                self.rows.extend(rows.into_iter().map(|row| (row.stream.as_str().to_owned(), row)));
            }
            Update::Listing(listing) => {
                self.listings += 1;
                self.caught_up = listing.caught_up;
            }
            Update::Chunk { chunk, .. } => {
                let now = Instant::now();
                self.records.extend(chunk.records().map(|record| (record.to_record(), now)));
            }
            Update::Life { life, .. } => self.lives.push(life),
            Update::Appended { ticket, result } => {
                self.answers.entry(ticket).or_default().push((result, Instant::now()));
            }
            Update::Pulse { .. }
            | Update::Categories { .. }
            | Update::Compared { .. }
            | Update::PastRead { .. }
            | Update::Past { .. }
            | Update::Difference { .. }
            | Update::Exported { .. }
            | Update::Ever { .. }
            | Update::Problems { .. }
            | Update::Log { .. }
            | Update::Related { .. }
            | Update::Newest { .. } => {}
        }
    }

    /// Host and port of the node that is read, where one is.
    pub fn address(&self) -> Option<&str> {
        match &self.connection {
            Connection::Online { address, .. } => Some(address),
            _ => None,
        }
    }

    pub fn is_at(&self, node: &str) -> bool {
        self.address() == Some(node)
    }

    pub fn aims(&mut self, change: impl FnOnce(&mut Goal)) {
        change(&mut self.goal);
        self.store.aim(&self.goal);
    }

    pub fn open(&mut self, stream: &str) {
        let stream = StreamName::new(stream);
        self.aims(|goal| goal.opened = Some((Ticket(1), stream)));
    }

    /// Leaves it to the worker; `None` where its queue is full.
    pub fn append(&mut self, append: Append) -> Option<Ticket> {
        self.writes += 1;
        let ticket = Ticket(self.writes);
        let request = AppendRequest { ticket, append, permit: Permit::NotProduction, again: false };
        self.store.try_append(request).ok().map(|()| ticket)
    }

    /// The last answer to a write.
    pub fn answer(&self, ticket: Ticket) -> Option<&Result<Written, AppendError>> {
        self.answers.get(&ticket)?.last().map(|(answer, _)| answer)
    }

    /// Waits for the answer to a write.
    pub async fn answered(&mut self, ticket: Ticket) -> Result<Written, AppendError> {
        self.until("answered", |screen| screen.answers.contains_key(&ticket)).await;
        self.answer(ticket).unwrap().clone()
    }

    pub fn revisions(&self) -> Vec<u64> {
        self.records.iter().map(|(record, _)| record.revision.0).collect()
    }
}

impl std::fmt::Debug for Screen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Screen")
            .field("connection", &self.connection)
            .field("read", &self.read)
            .field("caught_up", &self.caught_up)
            .field("rows", &self.rows.keys())
            .field("lives", &self.lives)
            .field("revisions", &self.revisions())
            .field("cluster", &self.cluster)
            .field("answers", &self.answers)
            .field("waits", &self.waits)
            .finish_non_exhaustive()
    }
}
