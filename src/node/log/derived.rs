//! The streams that projections write: which event is linked where. Nothing of it is stored but the projections' phases.

use super::{
    index::Index,
    positions::STEP,
    projections::{Phase, Projection, Separator},
    stream::Stream,
};
use rusqlite::Connection;
use std::{collections::HashMap, sync::Arc};

/// From a record to the links made at it, as clients see positions; less than a step for all of them.
const APART: u64 = 11;
const _: () = assert!(APART * Projection::ALL.len() as u64 + 1 < STEP);

/// A stream of links.
#[derive(Debug)]
pub struct Links {
    pub name: Arc<str>,
    pub projection: Projection,
    /// The records behind which the links lie, in order. 32 bits: an index of that many records would be 32 GiB.
    records: Vec<u32>,
}

impl Links {
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// The record behind which this link lies.
    pub fn record(&self, number: usize) -> Option<u64> {
        self.records.get(number).copied().map(u64::from)
    }

    /// How many links were made before this record.
    pub fn before(&self, record: u64) -> usize {
        self.records.partition_point(|at| u64::from(*at) < record)
    }
}

/// A link: which stream's and which number, and the event that it was made of.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    pub stream: u32,
    pub number: usize,
    /// The record behind which it lies.
    pub record: u64,
    pub source: u64,
}

/// Where a link of this projection lies behind its record, as clients see positions.
pub fn offset(projection: Projection) -> u64 {
    APART * projection as u64
}

/// The slot whose link lies so far behind a record.
pub fn slot_at(offset: u64) -> Option<usize> {
    SLOTS.into_iter().position(|slot| self::offset(slot) == offset)
}

/// In the order of their offsets.
pub const SLOTS: [Projection; 5] = [
    Projection::Streams,
    Projection::ByCategory,
    Projection::ByType,
    Projection::StreamByCategory,
    Projection::ByCorrelation,
];

/// The correlation ids of a file, and room for the links of that many records.
pub fn load(db: &Connection, records: usize) -> rusqlite::Result<Derived> {
    let mut derived = Derived { slots: Vec::with_capacity(records), ..Derived::default() };
    let mut all = db.prepare("SELECT pos, id FROM correlations ORDER BY pos")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        derived.correlate(row.get::<_, i64>(0)?.cast_unsigned(), row.get_ref(1)?.as_str()?);
    }
    Ok(derived)
}

#[derive(Debug, Default)]
pub struct Derived {
    streams: Vec<Links>,
    /// By projection, and by what follows the prefix in the name.
    names: [HashMap<Box<str>, u32>; 5],
    /// Events with a correlation id, and the stream of that id; in order.
    correlated: Vec<(u64, u32)>,
    /// For each record from the first on, a bit for each projection that links at it, in the order of [`SLOTS`].
    slots: Vec<u8>,
    /// By type, the stream of `$by_event_type`; only of types that are no system's.
    types: Vec<Option<u32>>,
    /// By stream, the separator that its category was looked for with, and the stream of `$by_category` if it has one; only of
    /// streams that are no system's and have an event here.
    categories: Vec<Option<(Separator, Option<u32>)>>,
}

impl Derived {
    pub fn stream(&self, id: u32) -> Option<&Links> {
        self.streams.get(id as usize)
    }

    /// The stream of this name, once it has a link.
    pub fn find(&self, name: &str) -> Option<(u32, &Links)> {
        let projection = Projection::of(name)?;
        let id = self.known(projection, &name[projection.prefix().len()..])?;
        self.stream(id).filter(|s| s.len() > 0).map(|s| (id, s))
    }

    fn known(&self, projection: Projection, key: &str) -> Option<u32> {
        self.names[projection as usize - 1].get(key).copied()
    }

    fn intern(&mut self, projection: Projection, key: &str) -> u32 {
        if let Some(id) = self.known(projection, key) {
            return id;
        }
        let id = u32::try_from(self.streams.len()).unwrap_or(u32::MAX);
        let name = format!("{}{key}", projection.prefix()).into();
        self.streams.push(Links { name, projection, records: Vec::new() });
        self.names[projection as usize - 1].insert(key.into(), id);
        id
    }

    /// Takes in the correlation id of an event; in order.
    pub fn correlate(&mut self, position: u64, id: &str) {
        if !id.is_empty() {
            let stream = self.intern(Projection::ByCorrelation, id);
            self.correlated.push((position, stream));
        }
    }

    /// Takes in the correlation ids of later events that another one knows.
    pub fn correlate_later(&mut self, other: &Derived) {
        let last = self.correlated.last().map_or(0, |(position, _)| *position);
        let later = other.correlated.partition_point(|(position, _)| *position <= last);
        for (position, stream) in &other.correlated[later..] {
            let Some(links) = other.stream(*stream) else { continue };
            self.correlate(*position, &links.name[links.projection.prefix().len()..]);
        }
    }

    /// The last record whose links are known.
    pub fn head(&self) -> u64 {
        self.slots.len() as u64
    }

    /// Takes in the next records that the log has, up to this one.
    pub fn extend(&mut self, index: &Index, last: u64) {
        let last = index.head().min(last);
        while self.head() < last {
            let next = self.head() + 1;
            let steady = index.phases.steady(next).map(|until| until.min(last));
            self.extend_at_once(index, steady.unwrap_or(0));
            if self.head() < last {
                self.extend_by_one(index);
            }
        }
    }

    /// Takes in the next records up to this one while each is of a type and of a stream that were seen before, as nearly all
    /// are: what is linked at them is known without a look at names. All projections must work at the records themselves.
    fn extend_at_once(&mut self, index: &Index, last: u64) {
        let separator = index.phases.at(Projection::ByCategory, last).separator;
        let next = self.head() + 1;
        let mut correlated = self.correlated.partition_point(|(at, _)| *at < next);
        for record in next..=last {
            let Some(entry) = index.entry(record) else { return };
            let category = self.categories.get(entry.stream as usize).copied().flatten();
            let Some((_, category)) = category.filter(|(by, _)| *by == separator) else { return };
            let Some(kind) = self.types.get(entry.kind as usize).copied().flatten() else { return };
            if !index.broken.is_empty() && index.broken.contains(&record) {
                return;
            }
            let by_id = self.correlated.get(correlated).filter(|(at, _)| *at == record).map(|(_, id)| *id);
            correlated += usize::from(by_id.is_some());
            let linked = [None, category, Some(kind), None, by_id];
            self.put(record, linked);
        }
    }

    fn extend_by_one(&mut self, index: &Index) {
        let record = self.head() + 1;
        let linked = SLOTS.map(|projection| {
            let phase = index.phases.at(projection, record);
            self.stream_of(index, projection, phase, record)
        });
        self.put(record, linked);
    }

    /// Adds a record with the streams that it is linked in, in the order of [`SLOTS`].
    fn put(&mut self, record: u64, linked: [Option<u32>; SLOTS.len()]) {
        let mut slots = 0;
        for (slot, id) in linked.into_iter().enumerate() {
            let Some(id) = id else { continue };
            self.streams[id as usize].records.push(u32::try_from(record).unwrap_or(u32::MAX));
            slots |= 1 << slot;
        }
        self.slots.push(slots);
    }

    /// Whether the projection of this slot links at the record.
    pub fn has_link(&self, slot: usize, record: u64) -> bool {
        let at = usize::try_from(record).ok().and_then(|record| record.checked_sub(1));
        at.and_then(|at| self.slots.get(at)).is_some_and(|slots| slots & (1 << slot) != 0)
    }

    fn stream_of(&mut self, index: &Index, projection: Projection, phase: Phase, record: u64) -> Option<u32> {
        if projection == Projection::ByCorrelation {
            return self.correlation(phase, record);
        }
        let key = key(index, projection, phase, record);
        let id = key.map(|key| self.intern(projection, key));
        self.remember(index, projection, phase, record, id);
        id
    }

    /// Keeps what the next event of its type or stream is linked in, where that is sure to be the same.
    fn remember(
        &mut self,
        index: &Index,
        projection: Projection,
        phase: Phase,
        record: u64,
        id: Option<u32>,
    ) {
        let source = phase.source_at(record);
        let ours = |name: Option<&Arc<str>>| name.is_some_and(|name| !name.starts_with('$'));
        let entry = index.entry(source).filter(|_| phase.running && !index.broken.contains(&source));
        let entry = entry.filter(|entry| ours(index.stream(entry.stream).map(|stream| &stream.name)));
        let Some(entry) = entry else { return };
        match projection {
            Projection::ByType if ours(index.types.get(entry.kind as usize)) => {
                keep(&mut self.types, entry.kind, id);
            }
            Projection::ByCategory => keep(&mut self.categories, entry.stream, Some((phase.separator, id))),
            _ => {}
        }
    }

    fn correlation(&self, phase: Phase, record: u64) -> Option<u32> {
        let source = phase.running.then(|| phase.source_at(record))?;
        let at = self.correlated.binary_search_by_key(&source, |(at, _)| *at).ok()?;
        Some(self.correlated[at].1)
    }

    /// The stream to which the projection adds a link at this record.
    pub fn linked(&self, index: &Index, projection: Projection, record: u64) -> Option<u32> {
        let phase = index.phases.at(projection, record);
        if projection == Projection::ByCorrelation {
            return self.correlation(phase, record);
        }
        self.known(projection, key(index, projection, phase, record)?)
    }

    /// A link by its stream and number.
    pub fn link(&self, index: &Index, stream: u32, number: usize) -> Option<Link> {
        let links = self.stream(stream)?;
        let record = links.record(number)?;
        let source = index.phases.at(links.projection, record).source_at(record);
        Some(Link { stream, number, record, source })
    }

    /// The link of this stream at that record.
    pub fn link_at(&self, index: &Index, stream: u32, record: u64) -> Option<Link> {
        self.link(index, stream, self.stream(stream)?.before(record))
    }
}

fn keep<T: Copy>(known: &mut Vec<Option<T>>, at: u32, value: Option<T>) {
    let at = at as usize;
    if value.is_some() {
        known.resize(known.len().max(at + 1), None);
        known[at] = value;
    }
}

/// What follows the prefix in the name of the stream to which the event due at this record is linked.
fn key(index: &Index, projection: Projection, phase: Phase, record: u64) -> Option<&str> {
    let source = phase.running.then(|| phase.source_at(record))?;
    let entry = index.entry(source)?;
    let stream = index.stream(entry.stream)?;
    if index.broken.contains(&source) {
        return None;
    }
    let plain = !stream.name.starts_with('$') || stream.is_metadata();
    let deletes = || stream.tombstone == Some(source) || index.deletes.contains(&source);
    let begins = || stream.origin == Some(source);
    match projection {
        Projection::Streams => (plain && begins()).then_some(""),
        Projection::StreamByCategory => begins().then(|| phase.separator.category(&stream.name))?,
        Projection::ByCategory => {
            let told = subject(index, stream)?;
            (!stream.is_metadata() || deletes()).then(|| phase.separator.category(&told.name))?
        }
        Projection::ByType => {
            let own = index.types.get(entry.kind as usize)?;
            let linked = plain && &**own != "$>";
            linked.then(|| if deletes() { "$deleted" } else { &**own })
        }
        Projection::ByCorrelation => None,
    }
}

/// The stream that an event tells of: a delete is told by the metadata stream.
fn subject<'a>(index: &'a Index, stream: &'a Stream) -> Option<&'a Stream> {
    if stream.is_metadata() { stream.twin.and_then(|twin| index.stream(twin)) } else { Some(stream) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::log::{
        chunks::place,
        index::NOBODY,
        projections::{Change, Separator},
    };

    /// So many records of each kind, in turns: as a real log, which has few names and many records.
    fn index(rounds: u64) -> Index {
        let mut index = Index::default();
        let streams = ["order-1", "$$order-1", "order_2-a", "notes", "$system-1", "over-1"];
        for (id, name) in (0..).zip(streams) {
            index.put_stream(id, Stream::new(name.into()));
        }
        (index.streams[0].twin, index.streams[1].twin) = (Some(1), Some(0));
        for kind in ["Paid", "$metadata", "$>", "$streamDeleted"] {
            index.put_type(kind.into());
        }
        let events =
            [(0, 0), (0, 0), (2, 0), (3, 0), (1, 1), (4, 0), (NOBODY, 0), (3, 2), (1, 0), (5, 0), (0, 0)];
        for round in 0..rounds {
            for (stream, kind) in events {
                place(&mut index, (stream != NOBODY).then_some(stream), kind, false);
                // A delete may be of any type.
                if stream == 1 && round % 2 == 0 {
                    index.deletes.insert(index.head());
                }
            }
            if round % 3 == 1 {
                index.broken.insert(index.head());
            }
        }
        place(&mut index, Some(5), 3, true);
        index
    }

    /// What is kept of types and streams says the same as the names of each record do.
    #[test]
    fn each_record_is_linked_as_its_names_say() {
        let mut index = index(20);
        let mut change = |projection, change: Change, next| {
            let phase = change.of(index.phases.now(projection), next).expect("something changes");
            index.phases.push(projection, phase);
        };
        change(
            Projection::ByCategory,
            Change::Separate(Separator::parse("last\n_").expect("a separator")),
            50,
        );
        change(Projection::ByType, Change::Disable { abort: false }, 90);
        change(Projection::ByType, Change::Enable, 120);
        change(Projection::ByType, Change::Reset, 150);
        let mut derived = Derived::default();
        for position in [3, 4, 7, 8, 60] {
            derived.correlate(position, if position % 2 == 0 { "even" } else { "odd" });
        }
        let mut links = 0;
        // A few at once, as they are written, and many, as they are loaded.
        for last in (1..40).chain([100, index.head()]) {
            derived.extend(&index, last);
        }
        assert_eq!(derived.head(), index.head());
        for record in 1..=index.head() {
            for (slot, projection) in SLOTS.into_iter().enumerate() {
                let named = derived.linked(&index, projection, record);
                assert_eq!(derived.has_link(slot, record), named.is_some(), "{projection:?} at {record}");
                let Some(stream) = named else { continue };
                let link = derived.link_at(&index, stream, record).expect("the link");
                assert_eq!(link.record, record, "{projection:?}");
                links += 1;
            }
        }
        assert_eq!(links, derived.streams.iter().map(Links::len).sum::<usize>());
    }
}
