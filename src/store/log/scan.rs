//! All events of the database, looked at one after another for those that are sought.

use super::feed::{LogEvent, LogFeed, LogScope};
use super::start::{SLACK, ScanStart};
use crate::aggregate::EventFilter;
use crate::record::{Created, Position, Record, StreamName};
use crate::store::StoreError;
use crate::store::grpc::{DEADLINE, Session};

/// Most events looked at before the rest of the program has its turn.
const TURN: u64 = 512;

/// What is sought, and where.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Search {
    pub filter: EventFilter,
    /// Events of the database's own streams, too.
    pub system: bool,
    pub from: Option<Created>,
    pub to: Option<Created>,
    /// Where an earlier one stopped.
    pub after: Option<Position>,
    /// Most hits.
    pub limit: usize,
}

impl Search {
    fn is_met(&self, record: &Record) -> bool {
        self.from.is_none_or(|from| record.created >= from)
            && self.to.is_none_or(|to| record.created <= to)
            && self.filter.is_met(record)
    }

    fn scope(&self) -> LogScope {
        let filter = &self.filter;
        LogScope::of(filter.category.as_deref(), filter.event_type.as_deref(), self.system)
    }
}

/// Why a scan is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanEnd {
    /// All was looked at.
    Complete,
    /// There may be more after this position.
    Limit(Position),
}

/// What a scan found since the last step.
#[derive(Debug, Default)]
pub struct ScanStep {
    pub hits: Vec<Record>,
    pub end: Option<ScanEnd>,
}

pub struct Scan {
    search: Search,
    /// `None` where the database is empty.
    feed: Option<LogFeed>,
    start: ScanStart,
    /// The end of `$all` when it began: what is written later is not looked at.
    head: Option<Position>,
    position: Option<Position>,
    looked: u64,
    hits: usize,
}

impl Session {
    /// Begins to look through `$all`.
    pub async fn scan(&self, search: &Search) -> Result<Scan, StoreError> {
        let head = self.event_at(None).await?.map(|record| record.position);
        let (start, after) = self.scan_start(search).await?;
        let feed = match head {
            Some(_) => Some(self.log_feed(after, &search.scope()).await),
            None => None,
        };
        Ok(Scan { search: search.clone(), feed, start, head, position: after, looked: 0, hits: 0 })
    }

    async fn scan_start(&self, search: &Search) -> Result<(ScanStart, Option<Position>), StoreError> {
        if let Some(after) = search.after {
            return Ok((ScanStart::GoesOn(after), Some(after)));
        }
        let Some(from) = search.from else { return Ok((ScanStart::Beginning, None)) };
        let links = search.filter.category.as_ref().map(|category| format!("$ce-{category}"));
        let stream = StreamName::new(links.as_deref().unwrap_or("$streams"));
        match self.place_before(&stream, from).await {
            Ok(Some(position)) => Ok((ScanStart::Near { stream }, Some(position))),
            Err(why) if why.passes() => Err(why),
            Ok(None) | Err(_) => Ok((ScanStart::Beginning, None)),
        }
    }
}

impl Scan {
    pub fn start(&self) -> &ScanStart {
        &self.start
    }

    /// Events that were looked at.
    pub fn looked(&self) -> u64 {
        self.looked
    }

    /// So far it came; the next scan may go on from there.
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// Looks at what is there already, and waits for the first of it.
    pub async fn next(&mut self) -> Result<ScanStep, StoreError> {
        let mut step = ScanStep::default();
        let Some(mut feed) = self.feed.take() else {
            step.end = Some(ScanEnd::Complete);
            return Ok(step);
        };
        let last = self.looked + TURN;
        let mut next = match tokio::time::timeout(DEADLINE, feed.next()).await {
            Ok(next) => Some(next),
            Err(_) => return Err(StoreError::Timeout(DEADLINE.as_secs())),
        };
        while let Some(event) = next {
            self.take(event?, &mut step);
            if step.end.is_some() {
                return Ok(step);
            }
            next = if self.looked < last { feed.ready().await } else { None };
        }
        self.feed = Some(feed);
        Ok(step)
    }

    fn take(&mut self, event: LogEvent, step: &mut ScanStep) {
        match event {
            LogEvent::Event(record) => self.look_at(record, step),
            LogEvent::Checkpoint(at) => {
                self.position = Some(at);
                if self.head.is_none_or(|head| at >= head) {
                    step.end = Some(ScanEnd::Complete);
                }
            }
            LogEvent::CaughtUp => step.end = Some(ScanEnd::Complete),
            LogEvent::Other => {}
        }
    }

    fn look_at(&mut self, record: Record, step: &mut ScanStep) {
        let position = record.position;
        if self.search.to.is_some_and(|to| record.created.0 > to.0.saturating_add(SLACK)) {
            step.end = Some(ScanEnd::Complete);
            return;
        }
        self.looked += 1;
        self.position = Some(position);
        if self.search.is_met(&record) {
            step.hits.push(record);
            self.hits += 1;
        }
        if self.head.is_none_or(|head| position >= head) {
            step.end = Some(ScanEnd::Complete);
        } else if self.hits >= self.search.limit {
            step.end = Some(ScanEnd::Limit(position));
        }
    }
}
