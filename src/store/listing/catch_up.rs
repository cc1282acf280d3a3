//! The rows of a category, brought up to date when somebody asks: no work between two questions, and no answer behind a write
//! that was acknowledged.

use super::kept_lists::KeptLists;
use super::list_event::{self, ListEvent};
use super::list_keeper::ListKeeper;
use super::list_match::ListMatch;
use super::list_source::{STREAMS, Source, allowed, every};
use super::stream_list::{StreamList, StreamRead};
use crate::aggregate::Registry;
use crate::record::{Created, Position, StreamName};
use crate::store::event_feed::Feed;
use crate::store::grpc::conversion::read_from;
use crate::store::grpc::{CallFailure, Session, raw, signed};
use crate::store::{Listing, StoreError, StreamRow};
use eventstore::{
    StreamPosition, SubscribeToAllOptions, SubscribeToStreamOptions, Subscription, SubscriptionFilter,
};
use futures::StreamExt;
use std::collections::BTreeMap;

/// Streams read between two updates.
pub(super) const BATCH: usize = 512;
/// Most events taken together.
const TAKEN: usize = 512;
/// Streams read at once.
pub(super) const READS: usize = 32;

#[derive(Debug)]
pub struct CaughtUpList {
    list: StreamList,
    rows: BTreeMap<StreamName, StreamRow>,
    keeper: ListKeeper,
}

impl CaughtUpList {
    pub fn new(category: &str, registry: Registry) -> Self {
        let list = StreamList::new(category, registry);
        Self { list, rows: BTreeMap::new(), keeper: ListKeeper::default() }
    }

    /// Goes on from the list that was kept, and keeps it.
    #[must_use]
    pub fn keeping(self, kept: Option<KeptLists>) -> Self {
        Self { keeper: ListKeeper::new(kept), ..self }
    }

    /// The rows by stream as they are now; reads only what was written since the last time.
    pub async fn refreshed(
        &mut self,
        session: &Session,
    ) -> Result<&BTreeMap<StreamName, StreamRow>, StoreError> {
        if let Some(kept) = self.keeper.kept().filter(|_| self.list.is_new()) {
            let resumed = kept.resumed_sooner(session, &self.list).await?;
            self.list = resumed.unwrap_or_else(|| self.list.begun_again());
        } else if session.knows(&self.list).await? != ListMatch::Same {
            (self.list, self.rows) = (self.list.begun_again(), BTreeMap::new());
        }
        self.list.choose(session).await?;
        let mut feed = session.subscribe(&self.list).await;
        while !session.take_some(&mut feed, |event| self.list.absorb(event)).await? {}
        while !session.read_unread(&mut self.list).await? {}
        let now = Created::now();
        self.list.expire(now);
        let changed = self.list.take_changed(usize::MAX, now);
        self.rows.extend(changed.into_iter().map(|row| (row.stream.clone(), row)));
        self.keeper.keep(session, &mut self.list).await;
        Ok(&self.rows)
    }

    /// Where the rows come from, how far, and what they cannot show.
    pub fn listing(&self) -> Listing {
        self.list.listing()
    }

    pub fn rows(&self) -> &BTreeMap<StreamName, StreamRow> {
        &self.rows
    }
}

impl Session {
    /// The stream list as it is now.
    pub async fn list(&self, category: &str) -> Result<Vec<StreamRow>, StoreError> {
        Ok(self.list_with_source(category).await?.0)
    }

    /// The stream list as it is now, and where it comes from.
    pub async fn list_with_source(&self, category: &str) -> Result<(Vec<StreamRow>, Listing), StoreError> {
        self.list_keeping(category, Registry::default(), None).await
    }

    /// The same by these folds, going on from the list that was kept where there is one.
    pub async fn list_keeping(
        &self,
        category: &str,
        registry: Registry,
        kept: Option<KeptLists>,
    ) -> Result<(Vec<StreamRow>, Listing), StoreError> {
        let mut list = CaughtUpList::new(category, registry).keeping(kept);
        list.refreshed(self).await?;
        let listing = list.listing();
        Ok((list.rows.into_values().collect(), listing))
    }

    /// Takes the next events, those that are there already together; whether all that was there when it was asked for is taken.
    pub(super) async fn take_some(
        &self,
        feed: &mut Feed<ListEvent>,
        mut take: impl FnMut(ListEvent),
    ) -> Result<bool, StoreError> {
        let mut taken = 0;
        loop {
            // Only a wait has a deadline.
            let event = match feed.ready() {
                Some(event) => event.map_err(CallFailure::Said),
                None if taken > 0 => return Ok(false),
                None => raw(feed.next()).await,
            };
            let event = match event {
                Ok(event) => event,
                Err(failure) => return Err(self.explained(failure).await),
            };
            let is_last = matches!(event, ListEvent::CaughtUp);
            take(event);
            taken += 1;
            if is_last || taken >= TAKEN {
                return Ok(is_last);
            }
        }
    }

    /// What comes after all that the list has seen.
    pub(in crate::store) async fn subscribe(&self, list: &StreamList) -> Feed<ListEvent> {
        let category = list.category();
        let subscription = match list.source() {
            Some(Source::Links) => self.subscribe_to_links(&format!("$ce-{category}"), list, true).await,
            Some(Source::Names) => self.subscribe_to_links(STREAMS, list, false).await,
            Some(Source::All) | None => self.subscribe_to_all(list.position(), category).await,
        };
        list_event::feed(subscription, list.source())
    }

    async fn subscribe_to_links(&self, stream: &str, list: &StreamList, resolve: bool) -> Subscription {
        let from =
            list.link().map_or(StreamPosition::Start, |link| StreamPosition::Position(link.revision.0));
        let options = SubscribeToStreamOptions::default().start_from(from);
        let options = if resolve { options.resolve_link_tos() } else { options };
        self.client().subscribe_to_stream(stream, &signed!(self, options)).await
    }

    pub(super) async fn subscribe_to_all(&self, after: Option<Position>, category: &str) -> Subscription {
        let filter = SubscriptionFilter::on_stream_name();
        let filter = if every(category) {
            filter.regex(r"^(\$\$)?[^$]")
        } else {
            filter.add_prefix(format!("{category}-")).add_prefix(format!("$${category}-"))
        };
        let from = read_from(after);
        let options = SubscribeToAllOptions::default().position(from).filter(filter);
        self.client().subscribe_to_all(&signed!(self, options)).await
    }

    /// Checks or reads some of the streams that must be; answers whether none is left.
    pub(in crate::store) async fn read_unread(&self, list: &mut StreamList) -> Result<bool, StoreError> {
        if !self.check_some(list).await? {
            return Ok(false);
        }
        let due = list.unread(BATCH);
        // `$all` has the metadata of every stream, the others have it not.
        let needs_metadata = list.source() != Some(Source::All);
        let all = due.len() < BATCH;
        let mut reads = futures::stream::iter(due)
            .map(|stream| self.read_listed(stream, needs_metadata))
            .buffer_unordered(READS);
        while let Some(read) = reads.next().await {
            match read? {
                (stream, None) => list.lock(&stream),
                (stream, Some(read)) => list.replace(&stream, &read),
            }
        }
        Ok(all)
    }

    /// `None` where this user may not read it: it is listed by what was seen of it.
    pub(super) async fn read_listed(
        &self,
        stream: StreamName,
        needs_metadata: bool,
    ) -> Result<(StreamName, Option<StreamRead>), StoreError> {
        let mut records = Vec::new();
        let about = StreamName::new(&format!("$${stream}"));
        let read = self.read_with_last(&stream, None, usize::MAX, |batch| records.extend(batch));
        let metadata =
            async { if needs_metadata { allowed(self.newest(&about, 1).await) } else { Ok(None) } };
        let (read, metadata) = futures::future::join(read, metadata).await;
        let Some((life, last)) = allowed(read)? else { return Ok((stream, None)) };
        let metadata = metadata?.into_iter().flatten().next();
        Ok((stream, Some(StreamRead { records, life, last, metadata })))
    }
}
