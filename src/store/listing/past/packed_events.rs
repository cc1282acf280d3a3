//! Events of many streams packed in the order in which they came: a row of fixed size for each, and shared buffers of data.

use crate::record::{Created, Position, RecordRef, Revision, StreamName};
use indexmap::IndexSet;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Rows of one chunk, and bytes of data after which it takes no further row.
const ROWS: usize = 4096;
const BYTES: usize = 4 << 20;
/// Events beyond this number have no number of 32 bits.
const MOST: usize = u32::MAX as usize;

/// All of an event but its data. 48 bytes, counted for each event that is kept.
#[derive(Debug, Clone, Copy)]
struct Row {
    id: Uuid,
    created: Created,
    commit: u64,
    /// By its place among the streams.
    stream: u32,
    /// [`FAR`] where it is kept apart.
    revision: u32,
    /// By its place among the types, with the flags.
    event_type: u32,
    /// Where its data end in the chunk's; they begin where those of the row before end.
    end: u32,
}

const _: () = assert!(size_of::<Row>() == 48);

const FAR: u32 = u32::MAX;
const METADATA: u32 = 1 << 31;
const JSON: u32 = 1 << 30;
const TYPE: u32 = JSON - 1;

#[derive(Debug, Default)]
struct Chunk {
    rows: Vec<Row>,
    data: Vec<u8>,
}

/// What few events have.
#[derive(Debug, Clone, Copy)]
struct Apart {
    revision: u64,
    prepare: u64,
}

#[derive(Debug, Default)]
pub struct PackedEvents {
    chunks: Vec<Chunk>,
    /// The number of the first row of each chunk.
    begins: Vec<u32>,
    types: IndexSet<Arc<str>>,
    /// Events whose revision has more than 32 bits, or whose prepare position is another one than the commit's.
    apart: HashMap<u32, Apart>,
    len: u32,
    bytes: u64,
}

impl PackedEvents {
    /// Adds an event of the stream of this place, or of its metadata; its number. `None` where there is no number left.
    pub fn push(&mut self, stream: u32, record: RecordRef<'_>, is_metadata: bool) -> Option<u32> {
        let number = u32::try_from(self.len as usize).ok().filter(|&number| (number as usize) < MOST)?;
        let is_full = |chunk: &Chunk| chunk.rows.len() >= ROWS || chunk.data.len() >= BYTES;
        if self.chunks.last().is_none_or(is_full) {
            if let Some(full) = self.chunks.last_mut() {
                full.data.shrink_to_fit();
            }
            self.chunks.push(Chunk { rows: Vec::with_capacity(ROWS), data: Vec::new() });
            self.begins.push(number);
        }
        let known = self.types.get_index_of(&**record.event_type);
        let event_type = known.unwrap_or_else(|| {
            self.bytes += record.event_type.len() as u64;
            self.types.insert_full(record.event_type.clone()).0
        });
        let event_type = u32::try_from(event_type).ok().filter(|&place| place <= TYPE)?;
        let Position { commit, prepare } = record.position;
        let revision = u32::try_from(record.revision.0).unwrap_or(FAR);
        if revision == FAR || prepare != commit {
            self.apart.insert(number, Apart { revision: record.revision.0, prepare });
            self.bytes += size_of::<(u32, Apart)>() as u64;
        }
        let chunk = self.chunks.last_mut()?;
        let end = u32::try_from(chunk.data.len() + record.data.len()).ok()?;
        chunk.data.extend_from_slice(record.data);
        let metadata = if is_metadata { METADATA } else { 0 };
        let json = if record.declared_json { JSON } else { 0 };
        chunk.rows.push(Row {
            id: record.id,
            created: record.created,
            commit,
            stream,
            revision,
            event_type: event_type | metadata | json,
            end,
        });
        self.len += 1;
        self.bytes += (size_of::<Row>() + record.data.len()) as u64;
        Some(number)
    }

    pub fn len(&self) -> u32 {
        self.len
    }

    /// Of rows and data.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn row(&self, number: u32) -> Option<(&Chunk, usize)> {
        let at = self.begins.partition_point(|&begins| begins <= number).checked_sub(1)?;
        let row = (number - self.begins[at]) as usize;
        Some((&self.chunks[at], row)).filter(|(chunk, row)| *row < chunk.rows.len())
    }

    /// The streams and times of all events from this number on, in order.
    pub fn from(&self, number: u32) -> impl Iterator<Item = (u32, Created)> {
        let at = self.begins.partition_point(|&begins| begins <= number).saturating_sub(1);
        let skipped = self.begins.get(at).map_or(0, |&begins| number.saturating_sub(begins) as usize);
        let rows = self.chunks.get(at..).unwrap_or_default().iter().flat_map(|chunk| &chunk.rows);
        rows.skip(skipped).map(|row| (row.stream, row.created))
    }

    pub fn created(&self, number: u32) -> Option<Created> {
        self.row(number).map(|(chunk, row)| chunk.rows[row].created)
    }

    pub fn stream(&self, number: u32) -> Option<u32> {
        self.row(number).map(|(chunk, row)| chunk.rows[row].stream)
    }

    /// The event and whether it is one of the metadata; the name is that of the stream that it is about.
    pub fn get<'a>(&'a self, number: u32, name: &'a StreamName) -> Option<(RecordRef<'a>, bool)> {
        let (chunk, at) = self.row(number)?;
        let row = &chunk.rows[at];
        let start = at.checked_sub(1).map_or(0, |before| chunk.rows[before].end as usize);
        let far = row.revision == FAR;
        let apart = if far || !self.apart.is_empty() { self.apart.get(&number) } else { None };
        let record = RecordRef {
            stream: name,
            revision: Revision(apart.map_or(row.revision.into(), |apart| apart.revision)),
            id: row.id,
            event_type: self.types.get_index((row.event_type & TYPE) as usize)?,
            created: row.created,
            position: Position {
                commit: row.commit,
                prepare: apart.map_or(row.commit, |apart| apart.prepare),
            },
            declared_json: row.event_type & JSON != 0,
            data: chunk.data.get(start..row.end as usize)?,
            metadata: &[],
            target: None,
        };
        Some((record, row.event_type & METADATA != 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use proptest::prelude::*;

    fn record((number, kind, size, far): (u64, u8, usize, bool)) -> Record {
        let revision = if far { (1 << 62) + number } else { number };
        Record {
            stream: StreamName::new("order-1"),
            revision: Revision(revision),
            id: Uuid::from_u128(number.into()),
            event_type: format!("Kind{kind}").as_str().into(),
            created: Created(-7),
            position: Position { commit: number, prepare: if kind == 0 { number / 2 } else { number } },
            declared_json: kind.is_multiple_of(2),
            data: vec![kind; size].into(),
            metadata: Box::default(),
            target: None,
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_is_what_comes_out(
            events in proptest::collection::vec((any::<u64>(), 0..5_u8, 0..200_usize, any::<bool>()), 1..50),
            // Of one of them, so that chunks end by their bytes too.
            large in 0..3_usize,
        ) {
            let mut records: Vec<_> =
                events.into_iter().map(|(n, kind, size, far)| record((n >> 3, kind, size, far))).collect();
            let place = large % records.len();
            records[place].data = vec![1; large * (3 << 20)].into();
            let mut packed = PackedEvents::default();
            for (place, record) in (0..).zip(&records) {
                prop_assert_eq!(packed.push(place % 7, record.into(), place % 3 == 0), Some(place));
            }
            let name = StreamName::new("order-1");
            for (place, record) in (0..).zip(&records) {
                prop_assert_eq!(packed.get(place, &name), Some((RecordRef::from(record), place % 3 == 0)));
                prop_assert_eq!(packed.stream(place), Some(place % 7));
                prop_assert_eq!(packed.created(place), Some(record.created));
            }
            prop_assert_eq!(packed.get(packed.len(), &name), None);
            for from in 0..=packed.len() {
                prop_assert_eq!(packed.from(from).count(), (packed.len() - from) as usize);
            }
        }
    }
}
