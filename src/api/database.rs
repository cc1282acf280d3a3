//! The database behind the requests: one writer, one catalogue, snapshots.

use super::error::RequestError;
use super::hosts::HostName;
use super::listener::Limits;
use super::past_orders::PastOrders;
use super::snapshot::{EVERY, Snapshot, Snapshots};
use crate::aggregate::{BUILT_IN, Registry, State, order};
use crate::decision::Origin;
use crate::history::Replay;
use crate::record::{Provenance, Record, Revision, StreamName};
use crate::sentences::{self, append_error};
use crate::store::{
    CaughtUpList, Journal, KeptLists, PastList, Permit, Rehydrated, Resolve, Session, StoreError, Writer,
    keep_at_best,
};
use std::path::Path;
use tokio::sync::{Mutex, MutexGuard, OwnedMutexGuard, watch};
use tokio::task::JoinSet;
use uuid::Uuid;

/// What all requests share.
pub struct Api {
    resolve: Resolve,
    database: Mutex<Option<Connected>>,
    catalogue: Mutex<CaughtUpList>,
    lists: Option<KeptLists>,
    past: PastOrders,
    registry: Registry,
    snapshots: Snapshots,
    journal: Journal,
    origin: Origin,
    production: bool,
    /// The name of a connection that a person set read-only.
    read_only: Option<String>,
    hosts: Vec<HostName>,
    limits: Limits,
    stopping: watch::Sender<bool>,
}

/// The connection that all requests use.
struct Connected {
    writer: Writer,
    /// Turns to a better node; ends with the connection.
    _watch: JoinSet<()>,
}

/// An order as far as it was folded.
pub struct Order {
    pub folded: Rehydrated,
    /// The first event that can be read.
    pub first: Option<Revision>,
}

impl Order {
    /// None is placed where the stream's state is another aggregate's.
    pub fn state(&self) -> order::Order {
        let id = || order::id_of(self.folded.replay.stream());
        self.folded.replay.state().get().cloned().unwrap_or_else(|| order::Order::Unknown(id()))
    }

    pub fn revision(&self) -> Option<Revision> {
        self.folded.head.map(|(revision, _)| revision)
    }
}

/// The orders, of which nothing was read.
fn catalogue(lists: Option<KeptLists>) -> CaughtUpList {
    CaughtUpList::new(BUILT_IN, Registry::default()).keeping(lists)
}

impl Api {
    /// The folder keeps the journal and, under `snapshots`, what was rehydrated.
    pub fn new(resolve: Resolve, data_dir: &Path) -> Self {
        Self {
            resolve,
            database: Mutex::default(),
            catalogue: Mutex::new(catalogue(None)),
            lists: None,
            past: PastOrders::new(),
            registry: Registry::default(),
            snapshots: Snapshots::new(data_dir.join("snapshots")),
            journal: Journal::in_folder(data_dir, append_error),
            origin: crate::store::here(),
            production: false,
            read_only: None,
            hosts: Vec::new(),
            limits: Limits::default(),
            stopping: watch::Sender::new(false),
        }
    }

    /// Goes on from the list that was kept, and keeps it: the same as that of the window and the terminal.
    #[must_use]
    pub fn keeping(self, lists: Option<KeptLists>) -> Self {
        Self { catalogue: Mutex::new(catalogue(lists.clone())), lists, ..self }
    }

    /// Writes to a database that declares itself production, too.
    #[must_use]
    pub fn on_production(self, production: bool) -> Self {
        Self { production, ..self }
    }

    /// For whom it writes; this session's user and machine without.
    #[must_use]
    pub fn signed(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// Writes nothing, as a person set the connection of this name.
    #[must_use]
    pub fn read_only(self, read_only: Option<String>) -> Self {
        Self { read_only, ..self }
    }

    /// Answers to these names too, besides the listener's own.
    #[must_use]
    pub fn answering_to(self, hosts: Vec<HostName>) -> Self {
        Self { hosts, ..self }
    }

    #[must_use]
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    pub(super) fn host_names(&self) -> &[HostName] {
        &self.hosts
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// Tries the database once, so that a wrong connection string is told at the start.
    pub async fn connect(&self) -> Result<(), StoreError> {
        self.session().await.map(drop)
    }

    pub(super) async fn session(&self) -> Result<Session, StoreError> {
        Ok(self.writer().await?.session().clone())
    }

    pub(super) async fn writer(&self) -> Result<Writer, StoreError> {
        let mut kept = self.database.lock().await;
        if let Some(connected) = &*kept {
            return Ok(connected.writer.clone());
        }
        let url = (self.resolve)().await?;
        let session = Box::pin(Session::connect(url)).await?;
        let mut watch = JoinSet::new();
        watch.spawn(keep_at_best(session.clone()));
        let writer = session.writer().noting(Some(self.journal.clone()));
        Ok(kept.insert(Connected { writer, _watch: watch }).writer.clone())
    }

    /// Where nobody answers, the next request asks anew who serves; else the connection is kept.
    pub(super) async fn check_session(&self) {
        // Whoever holds it connects or checks already.
        let Ok(kept) = self.database.try_lock() else { return };
        let Some(session) = kept.as_ref().map(|kept| kept.writer.session().clone()) else { return };
        drop(kept);
        if let Err(StoreError::Unreachable(_)) = session.reach().await {
            self.database.lock().await.take_if(|kept| kept.writer.session().is(&session));
        }
    }

    /// Why nothing is written, where that is so.
    pub(super) fn cannot_write(&self) -> Option<String> {
        self.read_only.as_deref().map(sentences::read_only)
    }

    pub(super) fn permit(&self) -> Permit {
        if self.production { Permit::Production } else { Permit::NotProduction }
    }

    /// After a panic: what may have been left half changed is read again.
    pub(super) async fn start_over(&self) {
        *self.catalogue.lock().await = catalogue(self.lists.clone());
        self.past.start_over().await;
    }

    /// The orders at other moments.
    pub(super) async fn past(&self) -> OwnedMutexGuard<PastList> {
        self.past.get().await
    }

    pub(super) async fn catalogue(&self) -> MutexGuard<'_, CaughtUpList> {
        self.catalogue.lock().await
    }

    pub(super) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(super) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// The order after its newest event, or after the one at `until`; from a snapshot and the rest where there is one.
    pub(super) async fn rehydrate(
        &self,
        session: &Session,
        stream: &StreamName,
        until: Option<Revision>,
    ) -> Result<Order, RequestError> {
        let server = session.hosts();
        let kept = self.snapshots.load(server, stream).await;
        let kept = kept.filter(|kept| until.is_none_or(|until| kept.revision <= until.0));
        if let Some(kept) = kept {
            // Where the beginning is gone meanwhile, the state is another.
            let same_beginning = first_revision(session, stream).await? == Some(kept.first);
            if same_beginning && let Some(order) = self.fold(session, stream, Some(&kept), until).await? {
                return Ok(self.keep(session, stream, order).await);
            }
            tracing::warn!(revision = kept.revision, "a snapshot that does not match the stream is dropped");
            self.snapshots.drop(server, stream, &kept).await;
        }
        let all = self.fold(session, stream, None, until).await?;
        let all =
            all.ok_or_else(|| RequestError::Away("The stream cannot be read. Try again.".to_owned()))?;
        Ok(self.keep(session, stream, all).await)
    }

    async fn keep(&self, session: &Session, stream: &StreamName, order: Order) -> Order {
        let folded = &order.folded;
        let worth = folded.replay.events() >= EVERY && !folded.provenance.is_derived();
        if let Some((revision, id)) = folded.head.filter(|_| worth)
            && let Some(first) = order.first
            && let Some(snapshot) = Snapshot::of(stream, first, (revision, id), &order.state())
        {
            self.snapshots.save(session.hosts(), snapshot).await;
        }
        order
    }

    /// The stream before its first event.
    pub(super) fn unread(&self, stream: &StreamName) -> Replay {
        Replay::new(self.registry.for_stream(stream).clone(), stream.clone())
    }

    /// Folds the stream from its beginning or from a snapshot; `None` where the snapshot is of another history.
    async fn fold(
        &self,
        session: &Session,
        stream: &StreamName,
        kept: Option<&Snapshot>,
        until: Option<Revision>,
    ) -> Result<Option<Order>, RequestError> {
        let unread = self.unread(stream);
        let Some((kept, order)) = kept.and_then(|kept| Some((kept, kept.order()?))) else {
            let folded = session.rehydrate(unread, None, until).await?;
            return Ok(Some(Order { first: folded.first.map(|(revision, _)| revision), folded }));
        };
        // The snapshot's own event is read again: it proves that the history is the same.
        let after = kept.revision.checked_sub(1).map(Revision);
        let replay = unread.resumed(State::new(order), Revision(kept.revision));
        let mut folded = session.rehydrate(replay, after, until).await?;
        // A snapshot is kept of an order that was placed, which an event of its own did.
        folded.provenance = Provenance::own();
        let proven = folded.first == Some((Revision(kept.revision), kept.event_id));
        Ok(proven.then(|| Order { folded, first: Some(Revision(kept.first)) }))
    }
}

/// The first revision of the stream that can be read.
async fn first_revision(session: &Session, stream: &StreamName) -> Result<Option<u64>, RequestError> {
    let mut first = None;
    session
        .read_after(stream, None, 1, |records| first = records.first().map(|record| record.revision.0))
        .await?;
    Ok(first)
}

/// The event with this id; reads the whole stream.
pub async fn find(session: &Session, stream: &StreamName, id: Uuid) -> Result<Option<Record>, RequestError> {
    let mut found = None;
    session
        .read_after(stream, None, usize::MAX, |records| {
            found = found.take().or_else(|| records.into_iter().find(|record| record.id == id));
        })
        .await?;
    Ok(found)
}
