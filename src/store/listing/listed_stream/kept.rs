//! One stream of the list as it is kept on disk, and back.

use super::{Kept, ListedStream};
use crate::aggregate::Aggregate;
use crate::history::Replay;
use crate::record::{Created, Position, Record, Revision, StreamName};
use crate::store::stream_limits::Limits;
use std::sync::Arc;
use uuid::Uuid;

/// The numbers are the format: none is used again for something else.
#[derive(Clone, PartialEq, prost::Message)]
pub struct KeptStream {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(uint64, optional, tag = "2")]
    first: Option<u64>,
    #[prost(uint64, optional, tag = "3")]
    seen: Option<u64>,
    #[prost(uint64, optional, tag = "4")]
    revision: Option<u64>,
    #[prost(int64, optional, tag = "5")]
    last_event: Option<i64>,
    #[prost(uint64, optional, tag = "6")]
    before: Option<u64>,
    #[prost(uint64, optional, tag = "7")]
    max_count: Option<u64>,
    #[prost(int64, optional, tag = "8")]
    max_age: Option<i64>,
    #[prost(bool, tag = "9")]
    tombstoned: bool,
    #[prost(bool, tag = "10")]
    locked: bool,
    /// Of the fold.
    #[prost(uint64, optional, tag = "12")]
    folded: Option<u64>,
    #[prost(uint64, tag = "13")]
    events: u64,
    #[prost(uint64, tag = "14")]
    problems: u64,
    #[prost(bytes = "vec", tag = "15")]
    state: Vec<u8>,
    /// Its events are kept, because limits hide more of them with time.
    #[prost(bool, tag = "16")]
    keeps: bool,
    #[prost(message, repeated, tag = "17")]
    records: Vec<KeptRecord>,
    #[prost(uint64, optional, tag = "18")]
    told: Option<u64>,
}

impl KeptStream {
    /// What proves the list proves not all of it: it must be read again before it is shown.
    pub fn is_ahead(&self) -> bool {
        self.revision > self.told
    }
}

/// What a fold and a limit look at.
#[derive(Clone, PartialEq, prost::Message)]
struct KeptRecord {
    #[prost(uint64, tag = "1")]
    revision: u64,
    #[prost(string, tag = "2")]
    event_type: String,
    #[prost(int64, tag = "3")]
    created: i64,
    #[prost(bool, tag = "4")]
    declared_json: bool,
    #[prost(bytes = "vec", tag = "5")]
    data: Vec<u8>,
}

impl From<&Record> for KeptRecord {
    fn from(record: &Record) -> Self {
        Self {
            revision: record.revision.0,
            event_type: record.event_type.to_string(),
            created: record.created.0,
            declared_json: record.declared_json,
            data: record.data.to_vec(),
        }
    }
}

impl KeptRecord {
    /// Of the event only what was kept: its id and its position were not.
    fn record(self, stream: &StreamName) -> Record {
        Record {
            stream: stream.clone(),
            revision: Revision(self.revision),
            id: Uuid::nil(),
            event_type: self.event_type.into(),
            created: Created(self.created),
            position: Position { commit: 0, prepare: 0 },
            declared_json: self.declared_json,
            data: self.data.into(),
            metadata: Box::default(),
            target: None,
        }
    }
}

impl ListedStream {
    /// `None` where the aggregate cannot keep its state.
    pub fn kept(&self) -> Option<KeptStream> {
        let records = self.kept.as_ref().map(|kept| kept.records.iter().map(KeptRecord::from).collect());
        let keeps = records.is_some();
        let replay = &self.replay;
        // The state of kept events is folded from them.
        let state = if keeps { Vec::new() } else { replay.aggregate().save(replay.state())? };
        Some(KeptStream {
            name: self.name().as_str().to_owned(),
            first: self.first.map(|at| at.0),
            seen: self.seen.map(|at| at.0),
            revision: self.revision.map(|at| at.0),
            last_event: self.last_event.map(|at| at.0),
            before: self.limits.before,
            max_count: self.limits.max_count,
            max_age: self.limits.max_age,
            tombstoned: self.tombstoned,
            locked: self.locked,
            folded: replay.last().map(|at| at.0),
            events: replay.events(),
            problems: replay.problems(),
            state,
            keeps,
            records: records.unwrap_or_default(),
            told: self.told.map(|at| at.0),
        })
    }

    /// `None` where the aggregate does not take the state back.
    pub fn restored(aggregate: Arc<dyn Aggregate>, name: &StreamName, of: KeptStream) -> Option<Self> {
        let limits = Limits { before: of.before, max_count: of.max_count, max_age: of.max_age };
        let (told, last_event) = (of.told.map(Revision), of.last_event.map(Created));
        if of.is_ahead() {
            return Some(Self { limits, told, revision: told, last_event, ..Self::new(aggregate, name) });
        }
        let replay = if of.keeps {
            Replay::new(aggregate, name.clone())
        } else {
            let state = aggregate.load(name, &of.state)?;
            let last = of.folded.map(Revision);
            Replay::restored(aggregate, name.clone(), state, last, of.events, of.problems)
        };
        let records = of.records.into_iter().map(|record| record.record(name)).collect();
        Some(Self {
            replay,
            first: of.first.map(Revision),
            seen: of.seen.map(Revision),
            kept: of.keeps.then(|| Kept { records, ..Kept::default() }),
            limits,
            tombstoned: of.tombstoned,
            locked: of.locked,
            revision: of.revision.map(Revision),
            told,
            last_event,
        })
    }
}
