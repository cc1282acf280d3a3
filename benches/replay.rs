//! How fast histories are folded, on one core: `cargo bench --bench replay`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench prints, and has nobody to tell of a failure"
)]

mod on_core;
mod resident;

use hindsight::aggregate::Registry;
use hindsight::aggregate::script::{Definitions, Script};
use hindsight::history::{ChunkBuilder, Replay, Timeline};
use hindsight::record::{Created, Position, Record, Revision, StreamName};
use on_core::OnCore;
use serde_json::value::RawValue;
use std::hint::black_box;
use std::time::Duration;
use uuid::Uuid;

const EVENTS: u64 = 1_000_000;
/// The best of so many runs counts: what else the machine does only ever adds time.
const RUNS: usize = 5;
/// Records in a chunk, as the store makes them.
const CHUNK: usize = 512;

fn record(stream: &StreamName, revision: u64, event_type: &str, data: &str) -> Record {
    Record {
        stream: stream.clone(),
        revision: Revision(revision),
        id: Uuid::from_u128(u128::from(revision)),
        event_type: event_type.into(),
        created: Created(0),
        position: Position { commit: revision, prepare: revision },
        declared_json: true,
        data: data.as_bytes().into(),
        metadata: Box::default(),
        target: None,
    }
}

/// Orders that are created and then paid.
fn orders() -> Vec<Record> {
    let event = |number: u64| {
        let id = format!("{:08x}", number / 2);
        let stream = StreamName::new(&format!("order-{id}"));
        if number.is_multiple_of(2) {
            let data = format!(
                r#"{{"OrderID":"{id}","UserID":"user{}","Total":{}.90}}"#,
                number % 1000,
                number % 97
            );
            record(&stream, 0, "OrderCreated", &data)
        } else {
            record(&stream, 1, "OrderPaid", &format!(r#"{{"OrderID":"{id}"}}"#))
        }
    };
    (0..EVENTS).map(event).collect()
}

/// An account of eight fields, two of which most events set.
fn account() -> Vec<Record> {
    let stream = StreamName::new("account-1");
    let event = |n| match n % 10 {
        0 => record(
            &stream,
            n,
            "Opened",
            r#"{"owner":"Ada Lovelace","currency":"EUR","address":{"city":"London","street":"St James's Square"},"limit":1000}"#,
        ),
        _ => record(
            &stream,
            n,
            "Deposited",
            &format!(r#"{{"amount":{}.50,"balance":{n}.90,"by":"teller {}"}}"#, n % 97, n % 3),
        ),
    };
    (0..EVENTS).map(event).collect()
}

/// The same bytes, split into the members of their objects and nothing else.
fn parse(records: &[Record]) -> usize {
    let members = |record: &Record| {
        let text = std::str::from_utf8(&record.data).unwrap();
        let members: Members<'_> = serde_json::from_str(text).unwrap();
        members.0
    };
    records.iter().map(members).sum()
}

/// How many members an object has, each of them seen as its token.
struct Members<'a>(usize, std::marker::PhantomData<&'a RawValue>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = usize;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
                let mut count = 0;
                while let Some(entry) = map.next_entry::<&RawValue, &RawValue>()? {
                    black_box(entry);
                    count += 1;
                }
                Ok(count)
            }
        }
        Ok(Self(json.deserialize_map(Visitor)?, std::marker::PhantomData))
    }
}

/// The order as a definition in JavaScript.
const ORDER: &str = r#"aggregate({
  category: "order",
  initial: {},
  when: {
    OrderCreated(s, e) {
      const { OrderID, UserID, Total } = e.data;
      if (s.ID !== undefined) problem("OrderCreated, but the order was already created", "ID");
      return { ID: OrderID, UserID, Total, Paid: false };
    },
    OrderPaid(s, e) {
      if (s.ID !== e.data.OrderID) problem("OrderPaid, but its OrderID is another one", "ID");
      if (s.Paid) problem("OrderPaid, but the order was already paid", "Paid");
      s.Paid = true;
    },
  },
  status: (s) => (s.Paid ? "paid" : "unpaid"),
  colors: { unpaid: "orange", paid: "green" },
})"#;

fn with_order_script() -> Registry {
    let script = Script { file: "order.js".into(), text: ORDER.into() };
    let definitions = Definitions::default().with([script], []);
    assert_eq!(definitions.all().count(), 1);
    Registry::new(&definitions)
}

/// One fold a stream, as the stream list does it.
fn fold(records: &[Record], registry: &Registry) -> u64 {
    let (mut events, mut changed) = (0, Vec::new());
    for stream in records.chunk_by(|a, b| a.stream == b.stream) {
        let name = stream[0].stream.clone();
        let mut replay = Replay::new(registry.for_stream(&name).clone(), name);
        for record in stream {
            changed.clear();
            black_box(replay.apply(record, &mut changed));
        }
        assert_eq!(replay.problems(), 0);
        events += replay.events();
    }
    events
}

/// All that the window gets: marks, kept states, who set what.
fn timeline(chunks: Vec<Vec<Record>>) -> Timeline {
    let stream = chunks[0][0].stream.clone();
    let aggregate = Registry::default().for_stream(&stream).clone();
    let mut builder = ChunkBuilder::new(aggregate.clone(), stream.clone());
    let mut timeline = Timeline::new(aggregate, stream);
    for records in chunks {
        builder.chunks(&records).into_iter().for_each(|chunk| timeline.append(chunk));
    }
    timeline
}

/// The best run, by the processor's time where the system tells it: what else the machine does counts for nothing.
fn best(run: impl Fn() -> Duration) -> String {
    let best = (0..RUNS).map(|_| run()).min().unwrap();
    format!("{:>10.0} events a second ({best:.0?})", EVENTS as f64 / best.as_secs_f64())
}

fn timed<T>(run: impl FnOnce() -> T) -> Duration {
    let started = OnCore::start();
    let made = black_box(run());
    let taken = started.elapsed();
    drop(made);
    taken
}

fn main() {
    let accounts = account();
    for (name, records) in [("order, 500,000 streams of two", &orders()), ("generic, one stream", &accounts)]
    {
        let bytes: usize = records.iter().map(|record| record.data.len()).sum();
        println!("{name}: {EVENTS} events, {} bytes each", bytes as u64 / EVENTS);
        println!("  serde_json alone  {}", best(|| timed(|| parse(records))));
        println!("  fold              {}", best(|| timed(|| fold(records, &Registry::default()))));
    }
    println!("order in JavaScript, 500,000 streams of two");
    let (orders, scripts, before) = (orders(), with_order_script(), resident::resident());
    println!("  fold              {}", best(|| timed(|| fold(&orders, &scripts))));
    println!("  memory            {:>10} MiB more", resident::resident().saturating_sub(before) >> 20);
    let chunked = || {
        let chunks: Vec<Vec<Record>> = accounts.chunks(CHUNK).map(<[Record]>::to_vec).collect();
        timed(|| timeline(chunks))
    };
    println!("  fold to timeline  {}", best(chunked));
}
