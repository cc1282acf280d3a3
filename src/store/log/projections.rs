//! Projections: their state, how far each is behind what was written, and the streams of their results.

use crate::record::{Created, Position, Record, StreamName};
use crate::store::StoreError;
use crate::store::grpc::Session;
use crate::store::grpc::conversion::{Interner, original, read_from};
use crate::store::grpc::{raw, signed};
use eventstore::{Client, ReadAllOptions};
use std::collections::{BTreeMap, BTreeSet};

const PREFIX: &str = "$projections-";
/// Events that are counted behind a projection.
const COUNTED: u64 = 1000;
/// Events of `$all` that are looked at to count them.
const LOOKED: usize = 10_000;
/// Emitted streams read of one projection.
const EMITTED: usize = 1000;

/// One projection as the server tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    pub name: String,
    /// In the server's word, like `Running`; `None` where it does not tell.
    pub status: Option<String>,
    /// Why it is in it, where the server says.
    pub reason: Option<String>,
    /// As the server writes it: `C:1/P:1`, or a stream and a revision.
    pub position: String,
    /// In percent, where it is told.
    pub progress: Option<f32>,
    pub lag: Lag,
    /// The streams of its results, and those that it writes into where the server keeps track.
    pub results: Vec<StreamName>,
}

/// How far a projection is behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lag {
    /// Nothing was written since but what the database writes by itself.
    None,
    /// Events that it has not read, at least so many where there are `more`; with the positions of `$all` between, which are bytes on a real server, and when the
    /// newest event that it has read was written, where they can be told.
    Behind { events: u64, more: bool, positions: Option<u64>, since: Option<Created> },
    /// Its position tells nothing.
    Unknown,
}

/// What the server tells of projections.
#[derive(Debug, Clone, PartialEq)]
pub struct Projections {
    pub projections: Vec<Projection>,
    /// Why their states are not known: only what `$all` shows of them is told.
    pub untold: Option<StoreError>,
    /// Why their result streams are not known.
    pub unlisted: Option<StoreError>,
}

impl Session {
    /// All projections, or one by its name.
    pub async fn projections(&self, name: Option<&str>) -> Result<Projections, StoreError> {
        let (statuses, untold) = match self.projection_statuses().await {
            Ok(statuses) => (statuses, None),
            Err(why) if why.passes() => return Err(why),
            Err(why) => (Vec::new(), Some(why)),
        };
        let (streams, unlisted) = match self.streams_named(PREFIX).await {
            Ok(streams) => (streams, None),
            Err(why) if why.passes() => return Err(why),
            Err(why) => (BTreeSet::new(), Some(why)),
        };
        let mut names: BTreeSet<String> = statuses.iter().map(|status| status.name.clone()).collect();
        // A partition's name goes on after its projection's.
        let mut of_results: Vec<&str> = streams.iter().filter_map(of_result).collect();
        of_results.sort_by_key(|own| own.len());
        for own in of_results {
            if !is_partition(own, &names) {
                names.insert(own.to_owned());
            }
        }
        let mut results: BTreeMap<&str, Vec<StreamName>> = BTreeMap::new();
        for stream in streams.iter().filter(|stream| of_result(stream).is_some()) {
            if let Some(owner) = owner(stream, &names) {
                results.entry(owner).or_default().push(stream.clone());
            }
        }
        let head = self.event_at(None).await.ok().flatten();
        let mut projections = Vec::new();
        for own in names.iter().filter(|own| name.is_none_or(|name| name == *own)) {
            let status = statuses.iter().find(|status| status.name == *own);
            let mut results = results.remove(own.as_str()).unwrap_or_default();
            results.extend(self.emitted(own, &streams).await?);
            let lag = match status {
                Some(status) => self.lag(&status.position, head.as_ref()).await?,
                None => Lag::Unknown,
            };
            projections.push(Projection {
                name: own.clone(),
                status: status.map(|status| status.status.clone()),
                reason: status.map(|status| status.state_reason.clone()).filter(|why| !why.is_empty()),
                position: status.map(|status| status.position.clone()).unwrap_or_default(),
                progress: status.map(|status| status.progress).filter(|progress| *progress >= 0.0),
                lag,
                results,
            });
        }
        Ok(Projections { projections, untold, unlisted })
    }

    /// The streams that it writes into, where the server keeps track of them.
    async fn emitted(
        &self,
        name: &str,
        streams: &BTreeSet<StreamName>,
    ) -> Result<Vec<StreamName>, StoreError> {
        let tracked = StreamName::new(&format!("{PREFIX}{name}-emittedstreams"));
        if !streams.contains(&tracked) {
            return Ok(Vec::new());
        }
        let mut emitted = Vec::new();
        self.read_after(&tracked, None, EMITTED, |records| {
            let named = |record: Record| String::from_utf8(record.data.into()).ok();
            emitted.extend(records.into_iter().filter_map(named).map(|name| StreamName::new(&name)));
        })
        .await?;
        Ok(emitted)
    }

    async fn lag(&self, position: &str, head: Option<&Record>) -> Result<Lag, StoreError> {
        let Some(head) = head else { return Ok(Lag::None) };
        if let Some(position) = log_position(position) {
            let behind = match position {
                LogRead::Until(at) if at >= head.position => return Ok(Lag::None),
                LogRead::Until(at) => self.behind(Some(at), head).await,
                LogRead::Nothing => self.behind(None, head).await,
            };
            return match behind {
                Ok(lag) => Ok(lag),
                Err(why) if why.passes() => Err(why),
                Err(_) => Ok(Lag::Unknown),
            };
        }
        let Some((stream, read)) = stream_position(position) else { return Ok(Lag::Unknown) };
        match self.newest_revision(&stream).await {
            Ok(newest) => {
                let events = newest.map_or(0, |newest| newest.0.saturating_add(1)).saturating_sub(read);
                let behind = Lag::Behind { events, more: false, positions: None, since: None };
                Ok(if events == 0 { Lag::None } else { behind })
            }
            Err(why) if why.passes() => Err(why),
            Err(_) => Ok(Lag::Unknown),
        }
    }

    /// What people wrote after the position, counted; what the database writes by itself counts not.
    async fn behind(&self, after: Option<Position>, head: &Record) -> Result<Lag, StoreError> {
        let from = read_from(after);
        let options = &signed!(self, ReadAllOptions::default().position(from).max_count(LOOKED));
        let read = self.repeatable(move |client: Client| async move {
            let (mut events, mut since, mut last, mut interner) = (0, None, None, Interner::default());
            let mut read = raw(client.read_all(options)).await?;
            while events <= COUNTED
                && let Some(event) = raw(read.next()).await?
            {
                let Some(record) = original(&event).map(|event| interner.without_metadata(event)) else {
                    continue;
                };
                last = Some(record.position);
                if after.is_some_and(|after| record.position <= after) {
                    since = Some(record.created);
                } else if !record.stream.is_system() {
                    events += 1;
                }
            }
            Ok((events, since, last))
        });
        let (events, since, last) = match read.await {
            Ok(read) => read,
            Err(failure) => return Err(self.explained(failure).await),
        };
        let more = last.is_none_or(|last| last < head.position);
        if events == 0 && !more {
            return Ok(Lag::None);
        }
        let positions = after.map(|after| head.position.commit.saturating_sub(after.commit));
        Ok(Lag::Behind { events: events.min(COUNTED), more, positions, since })
    }
}

/// How far a projection has read `$all`.
enum LogRead {
    Nothing,
    Until(Position),
}

/// `C:1/P:1`; `None` of another form.
fn log_position(text: &str) -> Option<LogRead> {
    let (commit, prepare) = text.rsplit_once("C:")?.1.split_once("/P:")?;
    let prepare: i64 = prepare.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
    let commit = commit.trim().parse().ok()?;
    Some(
        u64::try_from(prepare)
            .map_or(LogRead::Nothing, |prepare| LogRead::Until(Position { commit, prepare })),
    )
}

/// `order: 12`, with the number of the stream's events that are read by then.
fn stream_position(text: &str) -> Option<(StreamName, u64)> {
    let (stream, revision) = text.trim_end_matches([';', ' ']).rsplit_once(": ")?;
    let revision: i64 = revision.parse().ok()?;
    Some((StreamName::new(stream), u64::try_from(revision.saturating_add(1)).ok()?))
}

/// The name of the projection, and perhaps a partition's after it, where this is a stream of results.
fn of_result(stream: &StreamName) -> Option<&str> {
    stream.as_str().strip_prefix(PREFIX)?.strip_suffix("-result").filter(|name| !name.is_empty())
}

fn is_partition(name: &str, names: &BTreeSet<String>) -> bool {
    names.iter().any(|known| name.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('-')))
}

/// The projection with the longest name that the stream can be of.
fn owner<'a>(stream: &StreamName, names: &'a BTreeSet<String>) -> Option<&'a str> {
    let of = of_result(stream)?;
    let is_of = |name: &&String| {
        of.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    names.iter().filter(is_of).max_by_key(|name| name.len()).map(String::as_str)
}
