//! The store over a real socket, against the sandbox.

use crate::certificates::{refusal, wrong};
use crate::run;
use futures::FutureExt;
use hindsight::decision::{Append, Expected, Proposed};
use hindsight::node::{Config, Node, Storage};
use hindsight::record::{Created, Record, RecordRef, Revision, StreamName};
use hindsight::sentences::left_out;
use hindsight::store::{
    AppendError, AppendRequest, Cluster, Connection, ConnectionString, EverStep, Goal, KeptLists, Life,
    PastStep, Permit, Session, Store, StoreError, StreamRow, Target, Ticket, Update,
};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

async fn node(samples: bool) -> Node {
    Node::start(Config { samples, ..Config::default() }).await.unwrap()
}

pub fn created(id: &str, user: &str) -> Append {
    proposes(
        id,
        Expected::NoStream,
        "OrderCreated",
        &format!(r#"{{"OrderID":"{id}","UserID":"{user}","Total":99.90}}"#),
    )
}

pub fn paid(id: &str, at: u64) -> Append {
    proposes(id, Expected::Exact(Revision(at)), "OrderPaid", &format!(r#"{{"OrderID":"{id}"}}"#))
}

fn proposes(id: &str, expected: Expected, event_type: &str, data: &str) -> Append {
    let event = Proposed {
        id: Uuid::new_v4(),
        event_type: event_type.into(),
        data: data.as_bytes().into(),
        metadata: Box::default(),
    };
    Append { stream: StreamName::new(&format!("order-{id}")), expected, events: vec![event] }
}

/// The categories with their streams, and whether they are complete.
type Categories = (Vec<(Arc<str>, u64)>, bool);

/// What a window would have seen.
pub struct Watcher {
    store: Store,
    goal: Goal,
    pub rows: HashMap<String, StreamRow>,
    pub records: Vec<Record>,
    /// The newest records of the open stream, where they came before the others.
    pub newest: Vec<Record>,
    pub life: Option<Life>,
    pub connection: Connection,
    pub caught_up: bool,
    pub source: String,
    /// Streams that are still to be read.
    pub unread: u64,
    /// The server holds another database than before.
    pub another: bool,
    pub head: Option<hindsight::record::Position>,
    pub appended: Vec<Result<u64, AppendError>>,
    /// A write is not sent yet.
    pub waits: bool,
    /// The nodes as they were asked last.
    pub cluster: Option<Cluster>,
    /// What was counted last.
    pub categories: Option<Categories>,
    /// The rows of another moment, and which moment all of them are of.
    pub past: HashMap<String, StreamRow>,
    pub past_at: Option<Created>,
    /// Times that the rows were told from the beginning.
    pub past_begun: usize,
    pub past_failed: Option<StoreError>,
    /// The streams in which a condition was ever true, and how often that was answered.
    pub ever: Vec<String>,
    pub ever_ended: usize,
}

impl Watcher {
    pub fn of(url: &str) -> Self {
        Self::keeping(url, None)
    }

    /// With lists that are kept from one start to the next.
    pub fn keeping(url: &str, kept: Option<KeptLists>) -> Self {
        let never = Arc::new(|| async { Err(StoreError::Server("no sandbox here".into())) }.boxed());
        let runtime = tokio::runtime::Handle::current();
        let store = Store::keeping(&runtime, never, None, kept, Arc::new(|| {}));
        let goal = Goal::listing(Target::Server(url.into()), "order");
        store.aim(&goal);
        Self {
            store,
            goal,
            rows: HashMap::new(),
            records: Vec::new(),
            newest: Vec::new(),
            life: None,
            connection: Connection::Offline,
            caught_up: false,
            source: String::new(),
            unread: 0,
            another: false,
            head: None,
            appended: Vec::new(),
            waits: false,
            cluster: None,
            categories: None,
            past: HashMap::new(),
            past_at: None,
            past_begun: 0,
            past_failed: None,
            ever: Vec::new(),
            ever_ended: 0,
        }
    }

    #[track_caller]
    pub fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !holds(self) {
            assert!(Instant::now() < deadline, "never: {what}");
            let updates = self.store.drain(64);
            if updates.is_empty() {
                std::thread::yield_now();
                std::thread::park_timeout(Duration::from_millis(1));
            }
            for update in updates {
                self.take(update);
            }
        }
    }

    fn take(&mut self, update: Update) {
        match update {
            Update::Connection(connection) => self.connection = connection,
            Update::Cluster(cluster) => self.cluster = Some(cluster),
            Update::AppendWaits { .. } => self.waits = true,
            Update::Relisted => self.rows.clear(),
            Update::AnotherDatabase => {
                self.another = true;
                self.rows.clear();
            }
            Update::Rows(rows) => {
                self.rows.extend(rows.into_iter().map(|row| (row.stream.as_str().to_owned(), row)));
            }
            Update::Listing(listing) => {
                self.caught_up = listing.caught_up;
                self.source = listing.source;
                self.unread = listing.unread;
            }
            Update::Chunk { chunk, .. } => self.records.extend(chunk.records().map(RecordRef::to_record)),
            Update::Newest { records, .. } => self.newest = records,
            Update::Life { life, .. } => self.life = Some(life),
            Update::Appended { result, .. } => self.appended.push(result.map(|written| written.revision.0)),
            Update::FormerStream { .. } => self.another = true,
            Update::Pulse { head, .. } => self.head = head,
            Update::Categories { categories, complete } => self.categories = Some((categories, complete)),
            Update::Compared { .. }
            | Update::Exported { .. }
            | Update::PastRead { .. }
            | Update::Difference { .. }
            | Update::Log { .. }
            | Update::Related { .. }
            | Update::Problems { .. } => {}
            Update::Ever { step, .. } => self.ever_step(step),
            Update::Past { step, .. } => self.past_step(step),
        }
    }

    fn ever_step(&mut self, step: EverStep) {
        match step {
            EverStep::Begins { .. } => self.ever.clear(),
            EverStep::Looked { .. } => {}
            EverStep::Rows(rows) => {
                self.ever.extend(rows.into_iter().map(|first| first.stream.as_str().to_owned()));
            }
            EverStep::Ended(ended) => self.ever_ended += usize::from(ended.is_ok()),
        }
    }

    fn past_step(&mut self, step: PastStep) {
        match step {
            PastStep::Begins => {
                self.past.clear();
                (self.past_at, self.past_begun) = (None, self.past_begun + 1);
            }
            PastStep::Rows(rows) => {
                self.past.extend(rows.into_iter().map(|row| (row.stream.as_str().to_owned(), row)));
            }
            PastStep::Absent(streams) => {
                for stream in streams {
                    self.past.remove(stream.as_str());
                }
            }
            PastStep::At { at, .. } => self.past_at = Some(at),
            PastStep::Failed(why) => self.past_failed = Some(why),
        }
    }

    pub fn online(&self) -> bool {
        matches!(self.connection, Connection::Online { .. })
    }

    pub fn aims(&mut self, change: impl FnOnce(&mut Goal)) {
        change(&mut self.goal);
        self.store.aim(&self.goal);
    }

    pub fn open(&mut self, id: &str) {
        let stream = StreamName::new(&format!("order-{id}"));
        self.aims(|goal| goal.opened = Some((Ticket(1), stream)));
    }

    pub fn append(&self, append: Append) {
        let permit = Permit::NotProduction;
        self.store.try_append(AppendRequest { ticket: Ticket(9), append, permit, again: false }).unwrap();
    }

    pub fn revisions(&self) -> Vec<u64> {
        self.records.iter().map(|record| record.revision.0).collect()
    }
}

#[test]
fn the_samples_are_listed_with_their_troubles() {
    run(async {
        let node = node(true).await;
        let mut watcher = Watcher::of(&node.connection_string());
        watcher.until("caught up", |w| w.caught_up);
        let count = |status| watcher.rows.values().filter(|row| row.word() == status).count();
        assert!(watcher.rows.len() >= 35, "{}", watcher.rows.len());
        assert_eq!(count("deleted"), 1);
        assert_eq!(count("tombstoned"), 1);
        assert!(
            watcher.rows.values().any(|row| row.first.0 > 0 && row.word() != "deleted"),
            "a truncated one"
        );
        assert!(watcher.rows.values().any(|row| row.events == 2_000));
        assert!(watcher.rows.values().filter(|row| row.problems > 0).count() >= 5);
    });
}

#[test]
fn the_terminal_lists_what_the_window_lists() {
    run(async {
        let node = node(true).await;
        let mut watcher = Watcher::of(&node.connection_string());
        watcher.until("caught up", |w| w.caught_up);
        let rows = Session::connect(&node.connection_string()).await.unwrap().list("order").await.unwrap();
        assert_eq!(rows.len(), watcher.rows.len());
        for row in rows {
            assert_eq!(Some(&row), watcher.rows.get(row.stream.as_str()));
        }
    });
}

#[test]
fn what_is_appended_comes_back_live() {
    run(async {
        let node = node(false).await;
        let mut watcher = Watcher::of(&node.connection_string());
        watcher.until("online", |w| matches!(w.connection, Connection::Online { .. }));
        watcher.open("a");
        watcher.until("missing", |w| w.life == Some(Life::Missing));
        watcher.append(created("a", "用户42"));
        watcher.until("created", |w| w.records.len() == 1 && w.life == Some(Life::Live));
        watcher.append(paid("a", 0));
        watcher.until("paid row", |w| w.rows.get("order-a").is_some_and(|row| row.word() == "paid"));
        watcher.until("paid record", |w| w.revisions() == [0, 1]);
        assert_eq!(watcher.appended.len(), 2);
        assert!(
            watcher.records[0].created.0 % 10_000_000 != 0 || watcher.records[1].created.0 % 10_000_000 != 0
        );
        assert_eq!(watcher.rows["order-a"].cell("Total").map(|cell| &*cell.text), Some("99.90"));
    });
}

#[test]
fn of_two_who_pay_at_once_one_is_told_of_the_other() {
    run(async {
        let node = node(false).await;
        let session = Session::connect(&node.connection_string()).await.unwrap();
        session.writer().append(&created("a", "u"), Permit::NotProduction).await.unwrap();
        let other = Session::connect(&node.connection_string()).await.unwrap();
        let (mine, theirs) = (paid("a", 0), paid("a", 0));
        let (first, second) = (session.writer(), other.writer());
        let (one, two) = tokio::join!(
            first.append(&mine, Permit::NotProduction),
            second.append(&theirs, Permit::NotProduction)
        );
        assert_ne!(one.is_ok(), two.is_ok());
        let conflict =
            AppendError::Conflict { expected: Expected::Exact(Revision(0)), actual: Some(Revision(1)) };
        assert_eq!(one.err().or(two.err()), Some(conflict));
        let mut count = 0;
        session.read(&StreamName::new("order-a"), |records| count += records.len()).await.unwrap();
        assert_eq!(count, 2);
    });
}

#[test]
fn a_repeated_write_is_not_doubled() {
    run(async {
        let node = node(false).await;
        let session = Session::connect(&node.connection_string()).await.unwrap();
        let append = created("a", "u");
        let first = session.writer().append(&append, Permit::NotProduction).await.unwrap();
        assert_eq!(session.writer().append(&append, Permit::NotProduction).await, Ok(first));
    });
}

#[test]
fn a_server_that_comes_back_is_resumed_with_nothing_twice_and_nothing_missing() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = Storage::File(folder.path().join("s.db"));
        let node = Node::start(Config { storage: file.clone(), ..Config::default() }).await.unwrap();
        let (address, url) = (node.address(), node.connection_string());
        let writer = Session::connect(&url).await.unwrap();
        writer.writer().append(&created("a", "u"), Permit::NotProduction).await.unwrap();
        let mut watcher = Watcher::of(&url);
        watcher.open("a");
        watcher.until("read", |w| w.revisions() == [0] && w.caught_up);
        node.shutdown().await;
        watcher.until("waiting", |w| matches!(w.connection, Connection::Waiting { .. }));
        let _node =
            Node::start(Config { listen: address, storage: file, ..Config::default() }).await.unwrap();
        let writer = Session::connect(&url).await.unwrap();
        writer.writer().append(&paid("a", 0), Permit::NotProduction).await.unwrap();
        writer.writer().append(&created("b", "u"), Permit::NotProduction).await.unwrap();
        watcher.aims(|goal| goal.retry += 1);
        watcher.until("all", |w| w.revisions() == [0, 1] && w.rows.contains_key("order-b"));
        assert_eq!(watcher.rows["order-a"].word(), "paid");
        assert_eq!(watcher.rows["order-a"].problems, 0, "nothing was folded twice");
    });
}

#[test]
fn a_reset_database_is_listed_anew() {
    run(async {
        let node = node(true).await;
        let mut watcher = Watcher::of(&node.connection_string());
        watcher.until("caught up", |w| w.caught_up);
        let writer = Session::connect(&node.connection_string()).await.unwrap();
        writer.writer().append(&created("mine", "u"), Permit::NotProduction).await.unwrap();
        watcher.until("mine", |w| w.rows.contains_key("order-mine"));
        let samples = watcher.rows.len() - 1;
        node.reset().await.unwrap();
        watcher.until("as new", |w| w.rows.len() == samples && !w.rows.contains_key("order-mine"));
    });
}

#[test]
fn a_failed_connection_names_its_cause() {
    run(async {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = refusal(&format!("esdb://{free}?tls=false")).await;
        assert!(error.contains("Nothing listens"), "{error}");
        let node = node(false).await;
        let tls_to_plain = refusal(&format!("esdb://{}", node.address())).await;
        assert!(tls_to_plain.contains("answers without TLS. Add tls=false"), "{tls_to_plain}");
        let noise = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let silent = format!("esdb://{}?tls=false", noise.local_addr().unwrap());
        tokio::spawn(async move { while noise.accept().await.is_ok() {} });
        let error = refusal(&silent).await;
        assert!(error.contains("not as EventStoreDB without TLS"), "{error}");
        for (text, says) in [
            ("localhost:2113", "no scheme"),
            ("http://localhost:2113", "http"),
            ("esdb://", "no host"),
            ("esdb://user:secret@ho st:x?tls=false", "cannot be read"),
        ] {
            let error = wrong(text).await;
            assert!(error.contains(says) && !error.contains("secret"), "{error}");
        }
    });
}

#[test]
fn connection_strings_of_every_kind_connect() {
    run(async {
        let node = node(false).await;
        let at = node.address();
        for url in [
            format!("esdb://{at}?tls=false"),
            format!("kurrentdb://{at}?tls=false&keepAliveInterval=500"),
            format!("kurrentdb+discover://{at}?tls=false&maxDiscoverAttempts=1"),
            format!("esdb+discover://{at}?tls=false"),
            format!("esdb://ad%40min:p%3Aw@{at}?tls=false&defaultDeadline=-1&connectionName=ü"),
        ] {
            let found = crate::diagnosis::diagnose(&url).await;
            assert!(found.connects(), "{url}: {found:?}");
        }
    });
}

#[test]
fn options_that_the_client_cannot_bear_are_left_out_and_named() {
    let said = ConnectionString::from("esdb://localhost:2113?keepAliveInterval=500&tls=false").left_out();
    let said: Vec<_> = said.iter().map(left_out).collect();
    assert_eq!(
        said,
        [
            "keepAliveInterval=500 is left out: servers close connections that ask more often than every 10,000 ms."
        ]
    );
    assert!(
        ConnectionString::from("esdb://a:b@h:1?keepAliveInterval=10000&defaultDeadline=5")
            .left_out()
            .is_empty()
    );
}

#[test]
fn addresses_are_shown_without_credentials() {
    let hosts = |text: &str| ConnectionString::from(text).hosts();
    assert_eq!(hosts("esdb://admin:p@ss@db.example:2113/?tls=true"), "db.example:2113");
    assert_eq!(hosts("esdb://a:1,b:2?x=admin:pw@"), "a:1,b:2");
    assert_eq!(hosts("esdb://admin:pa?ss@db:2113?tls=true"), "db:2113");
    assert_eq!(hosts("esdb://admin:pa/ss@db.example:2113?tls=false"), "db.example:2113");
}

#[test]
fn a_reading_that_was_stopped_goes_on_with_nothing_twice_and_nothing_missing() {
    const EVENTS: u64 = 20_000;
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let url = node.connection_string();
        let client = crate::production::client(&url);
        let options = eventstore::AppendToStreamOptions::default();
        let event = |_| {
            eventstore::EventData::json("OrderNoteAdded", &serde_json::json!({})).unwrap().id(Uuid::new_v4())
        };
        for _ in 0..EVENTS / 2_000 {
            let notes: Vec<_> = (0..2_000).map(event).collect();
            client.append_to_stream("order-long", &options, notes).await.unwrap();
        }
        let mut watcher = Watcher::of(&url);
        let listed = |w: &Watcher| w.rows.get("order-long").map(|row| row.events);
        watcher.until("the list", |w| listed(w) == Some(EVENTS));
        watcher.open("long");
        watcher.until("the first events", |w| !w.records.is_empty());
        watcher.aims(|goal| goal.stopped = true);
        client.append_to_stream("order-long", &options, event(0)).await.unwrap();
        watcher.until("the list goes on", |w| listed(w) == Some(EVENTS + 1));
        assert!(!watcher.revisions().contains(&EVENTS), "the stream does not");
        watcher.aims(|goal| goal.stopped = false);
        watcher.until("all of it", |w| w.revisions().last() == Some(&EVENTS));
        assert_eq!(watcher.revisions(), (0..=EVENTS).collect::<Vec<_>>());
        assert_eq!(watcher.life, Some(Life::Live));
    });
}
