//! What is asked of a stream's past, on one core: `cargo bench --bench asking`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and has nobody to tell of a failure"
)]

#[path = "../tests/big/mod.rs"]
mod big;
mod on_core;

use hindsight::aggregate::{Condition, Registry};
use hindsight::app::{Intent, ListIntent};
use hindsight::history::{ChunkBuilder, Timeline, Turns, field_changes, field_values, judge};
use hindsight::record::{Created, Position, Record, Revision, StreamName};
use on_core::OnCore;
use std::hint::black_box;
use std::time::Duration;
use uuid::Uuid;

const EVENTS: u64 = 1_000_000;
/// The best of so many runs counts.
const RUNS: usize = 5;
/// Records in a chunk, as the store makes them.
const CHUNK: u64 = 512;

fn record(stream: &StreamName, revision: u64, event_type: &str, data: &str) -> Record {
    Record {
        stream: stream.clone(),
        revision: Revision(revision),
        id: Uuid::from_u128(u128::from(revision)),
        event_type: event_type.into(),
        created: Created(i64::try_from(revision).unwrap()),
        position: Position { commit: revision, prepare: revision },
        declared_json: true,
        data: data.as_bytes().into(),
        metadata: Box::default(),
        target: None,
    }
}

/// An order that is created, paid, and then noted upon and paid again and again.
fn order(stream: &StreamName, revision: u64) -> Record {
    match revision {
        0 => record(stream, 0, "OrderCreated", r#"{"OrderID":"1","UserID":"ada","Total":99.90}"#),
        n if n % 3 == 0 => record(stream, n, "OrderPaid", r#"{"OrderID":"1"}"#),
        n => record(stream, n, "OrderNoteAdded", r#"{"OrderID":"1","Note":"called the customer"}"#),
    }
}

/// An account whose balance most events set, and often turn negative.
fn account(stream: &StreamName, n: u64) -> Record {
    let sign = if n % 7 < 3 { "-" } else { "" };
    let data =
        format!(r#"{{"Amount":{}.50,"Balance":{sign}{}.90,"By":"teller {}"}}"#, n % 97, n % 10_007, n % 3);
    match n % 5 {
        0 => record(stream, n, "NoteAdded", r#"{"Note":"called the customer"}"#),
        _ => record(stream, n, "MoneyMoved", &data),
    }
}

fn timeline(name: &str, event: impl Fn(&StreamName, u64) -> Record) -> Timeline {
    let stream = StreamName::new(name);
    let aggregate = Registry::default().for_stream(&stream).clone();
    let mut builder = ChunkBuilder::new(aggregate.clone(), stream.clone());
    let mut timeline = Timeline::new(aggregate, stream.clone());
    for from in (0..EVENTS).step_by(usize::try_from(CHUNK).unwrap()) {
        let records: Vec<Record> = (from..EVENTS.min(from + CHUNK)).map(|n| event(&stream, n)).collect();
        builder.chunks(&records).into_iter().for_each(|chunk| timeline.append(chunk));
    }
    timeline
}

fn best<T>(run: impl Fn() -> T) -> Duration {
    let once = || {
        let started = OnCore::start();
        let made = black_box(run());
        let taken = started.elapsed();
        drop(made);
        taken
    };
    (0..RUNS).map(|_| once()).min().unwrap()
}

/// A condition over a list, judged between the frames.
fn list() {
    let mut screen = big::Screen::new(big::app(10, 100_000), egui::vec2(1280.0, 800.0));
    for text in ["Total > 5000", "UserID contains 42 || Paid"] {
        screen.app.apply(Intent::List(ListIntent::Filter(text.to_owned())));
        let (mut frames, mut whole, mut longest) = (0, Duration::ZERO, Duration::ZERO);
        loop {
            let started = OnCore::start();
            screen.frame(Vec::new());
            let taken = started.elapsed();
            (frames, whole, longest) = (frames + 1, whole + taken, longest.max(taken));
            if !screen.app.list().is_judging() {
                break;
            }
        }
        println!("100,000 streams, {text}: {whole:.1?} in {frames} frames, the longest {longest:.1?}");
    }
}

fn main() {
    let histories = [
        (
            "order",
            timeline("order-1", order),
            &["Paid && Total > 50", "problem", "event is OrderPaid && Paid"][..],
            "Paid",
        ),
        (
            "generic account",
            timeline("account-1", account),
            &["Balance < 0", "changed(Balance)", "event is NoteAdded"],
            "Balance",
        ),
    ];
    list();
    for (name, timeline, conditions, field) in &histories {
        println!("{name}: {EVENTS} events");
        for text in *conditions {
            let condition = Condition::parse(text).unwrap();
            let judged = || {
                let segment = timeline.segment(0..timeline.len());
                let mut turns = Turns::default();
                turns.extend(judge(&segment, &condition, 0, false, &mut || true));
                turns
            };
            println!("  {text:<30} {:>9.1?}, {} turns", best(judged), judged().len());
        }
        let scanned = || field_changes(&timeline.segment(0..timeline.len()), field, 0).changed;
        let changed = scanned();
        println!("  history of {field:<19} {:>9.1?}, {} changes", best(scanned), changed.len());
        let seen: Vec<u32> = changed.iter().step_by(changed.len().div_ceil(512).max(1)).copied().collect();
        let values = || field_values(&timeline.segment(0..timeline.len()), field, &seen);
        println!("  {:<30} {:>9.1?}", format!("{} of its values", seen.len()), best(values));
    }
}
