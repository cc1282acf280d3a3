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
    /// By type, the stream of `$by_event_type`.
    types: Vec<Option<u32>>,
    /// By stream, the stream of `$by_category` and the separator that it was found by.
    categories: Vec<Option<(Separator, u32)>>,
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
        for record in self.head() + 1..=index.head().min(last) {
            let mut slots = 0;
            for (slot, projection) in SLOTS.into_iter().enumerate() {
                let phase = index.phases.at(projection, record);
                let Some(id) = self.stream_of(index, projection, phase, record) else { continue };
                self.streams[id as usize].records.push(u32::try_from(record).unwrap_or(u32::MAX));
                slots |= 1 << slot;
            }
            self.slots.push(slots);
        }
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
        let key = key(index, projection, phase, record)?;
        // Nearly every event is of a type and of a stream that was seen before.
        let entry = index.entry(phase.source_at(record))?;
        let (kind, stream) = (entry.kind as usize, entry.stream as usize);
        match projection {
            Projection::ByType if key != "$deleted" => {
                if let Some(id) = self.types.get(kind).copied().flatten() {
                    return Some(id);
                }
                let id = self.intern(projection, key);
                self.types.resize(self.types.len().max(kind + 1), None);
                self.types[kind] = Some(id);
                Some(id)
            }
            Projection::ByCategory => {
                let known = self.categories.get(stream).copied().flatten();
                if let Some((_, id)) = known.filter(|(separator, _)| *separator == phase.separator) {
                    return Some(id);
                }
                let id = self.intern(projection, key);
                self.categories.resize(self.categories.len().max(stream + 1), None);
                self.categories[stream] = Some((phase.separator, id));
                Some(id)
            }
            _ => Some(self.intern(projection, key)),
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
