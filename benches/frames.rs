//! The window's own work for a frame, up to the triangles, on a big database: `cargo bench --bench frames`; with a large
//! payload alone: `cargo bench --bench frames -- payload`; with the palette over 100,000 streams alone:
//! `cargo bench --bench frames -- palette`; beside the replay of a definition in JavaScript, by which the open stream is
//! folded too: `cargo bench --bench frames -- script`.
#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench prints, and has nobody to tell of a failure"
)]

#[path = "../tests/big/mod.rs"]
mod big;

use big::{STREAM, Screen, app, app_by, app_with_payload, record, row};
use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, TouchPhase, pos2, vec2};
use hindsight::aggregate::Registry;
use hindsight::aggregate::script::{Definitions, Script};
use hindsight::app::{Facet, Intent, ListIntent, Sort, Tab, TimeIntent, ViewIntent};
use hindsight::history::ChunkBuilder;
use hindsight::record::{Revision, StreamName};
use hindsight::store::Update;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const EVENTS: u64 = 1_000_000;
const STREAMS: u64 = 100_000;
/// Events that a script folds before the first frame.
const SCRIPTED: u64 = 100_000;
/// Frames of each part of the minute, of which there are ten.
const FRAMES: u32 = 360;

/// Where the list, the table and the track are in a window of 1600 × 1000.
const LIST: Pos2 = pos2(160.0, 500.0);
const TABLE: Pos2 = pos2(800.0, 400.0);
const TRACK: Pos2 = pos2(900.0, 925.0);
/// Where the data of an event are.
const DATA: Pos2 = pos2(1400.0, 500.0);
/// Bytes of one event's data, the most that a server takes.
const PAYLOAD: usize = 16 << 20;

fn wheel(at: Pos2, points: f32) -> Vec<Event> {
    let turned = Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, points),
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    };
    vec![Event::PointerMoved(at), turned]
}

fn key(key: Key) -> Vec<Event> {
    vec![Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }]
}

fn button(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

struct Minute {
    screen: Screen,
    all: Vec<Duration>,
}

impl Minute {
    /// One part: what happens before each of its frames, as input or as an intent.
    fn part(&mut self, name: &str, mut each: impl FnMut(u32) -> (Vec<Event>, Option<Intent>)) {
        let mut took = Vec::new();
        for frame in 0..FRAMES {
            let (events, intent) = each(frame);
            let started = Instant::now();
            if let Some(intent) = intent {
                drop(self.screen.app.apply(intent));
            }
            self.screen.frame(events);
            took.push(started.elapsed());
        }
        print(name, &mut took);
        self.all.append(&mut took);
    }
}

fn print(name: &str, took: &mut [Duration]) {
    took.sort_unstable();
    let millis = |duration: Duration| duration.as_secs_f64() * 1_000.0;
    let at = |percent: usize| took.get(took.len() * percent / 100).copied().unwrap_or_default();
    let over = took.iter().filter(|took| **took > Duration::from_millis(16)).count();
    let (median, most, worst) = (at(50), at(99), took.last().copied().unwrap_or_default());
    println!(
        "{name:<28} median {:>7.2} ms   99 % {:>7.2} ms   worst {:>8.2} ms   over 16 ms: {over}",
        millis(median),
        millis(most),
        millis(worst),
    );
}

fn main() {
    if std::env::args().any(|arg| arg == "payload") {
        return payload();
    }
    if std::env::args().any(|arg| arg == "script") {
        return script();
    }
    let started = Instant::now();
    let app = app(EVENTS, STREAMS);
    println!("{EVENTS} events and {STREAMS} streams in {:.1} s", started.elapsed().as_secs_f64());
    let mut minute = Minute { screen: Screen::new(app, vec2(1600.0, 1000.0)), all: Vec::new() };
    if std::env::args().any(|arg| arg == "palette") {
        return palette(&mut minute);
    }
    minute.part("still", |_| (Vec::new(), None));
    minute.part("scrolling the events", |n| (wheel(TABLE, if n < 180 { 300.0 } else { -300.0 }), None));
    minute.part("scrolling the streams", |n| (wheel(LIST, if n < 180 { -300.0 } else { 300.0 }), None));
    minute.part("scrubbing", |n| {
        let at = TRACK + vec2((n as f32 / 20.0).sin() * 600.0, 0.0);
        let mut events = vec![Event::PointerMoved(at)];
        match n {
            0 => events.push(button(at, true)),
            n if n + 1 == FRAMES => events.push(button(at, false)),
            _ => {}
        }
        (events, None)
    });
    minute.part("stepping", |n| (key(if n % 3 == 0 { Key::ArrowLeft } else { Key::ArrowRight }), None));
    minute.part("going far", |n| {
        let to = Revision(u64::from(n) * 7_919 * 1_000 % EVENTS);
        (Vec::new(), Some(Intent::Time(TimeIntent::GoTo(to))))
    });
    minute.part("zooming by event", |n| {
        let first = (n == 0).then_some(Intent::Time(TimeIntent::ShowAll));
        (wheel(TRACK, if n / 60 % 2 == 0 { 30.0 } else { -30.0 }), first)
    });
    minute.part("zooming by time", |n| {
        let first = (n == 0).then_some(Intent::Time(TimeIntent::PlayByTime(true)));
        (wheel(TRACK, if n / 60 % 2 == 0 { 30.0 } else { -30.0 }), first)
    });
    minute.part("filtering, a key in 10 frames", |n| {
        let typed = ["u", "us", "use", "user", "user1", "user12", "user1", "user", "us", ""];
        let text = typed[(n / 10) as usize % typed.len()].to_owned();
        (Vec::new(), (n % 10 == 0).then_some(Intent::List(ListIntent::Filter(text))))
    });
    minute.part("sorting, once in 20 frames", |n| {
        let sorts = [Sort::Name, Sort::Column(1), Sort::Column(0), Sort::Problems, Sort::LastEvent];
        let sort = sorts[(n / 20) as usize % sorts.len()];
        let intent = match n {
            200 => Some(ListIntent::Facet(Facet::Problems)),
            280 => Some(ListIntent::Facet(Facet::All)),
            n if n % 20 == 0 => Some(ListIntent::Sort(sort)),
            _ => None,
        };
        (Vec::new(), intent.map(Intent::List))
    });
    print("the whole minute", &mut minute.all);
    arriving(&mut minute);
    palette(&mut minute);
    payload();
    script();
}

/// A thousand events a second at sixty frames a second: half of them of the open stream, half of others of the list.
fn arriving(minute: &mut Minute) {
    const EACH: u64 = 8;
    let (stream, mut took) = (StreamName::new(STREAM), Vec::new());
    drop(minute.screen.app.apply(Intent::Time(TimeIntent::Newest)));
    for frame in 0..u64::from(FRAMES) {
        let app = &minute.screen.app;
        let Some(opened) = app.opened() else { return };
        let ticket = opened.ticket();
        let next = EVENTS + frame * EACH;
        let records: Vec<_> = (next..next + EACH).map(|revision| record(&stream, revision)).collect();
        let chunks = opened.timeline().continued_by(&records);
        let rows = (0..EACH).map(|at| row((frame * EACH + at) * 7_919 % STREAMS)).collect();
        let started = Instant::now();
        let app = &mut minute.screen.app;
        for chunk in chunks {
            drop(app.absorb(Update::Chunk { ticket, chunk: Box::new(chunk) }));
        }
        drop(app.absorb(Update::Rows(rows)));
        minute.screen.frame(Vec::new());
        took.push(started.elapsed());
    }
    print("while 1,000 events a second arrive", &mut took);
}

/// What is typed into the palette, a key in ten frames: names, users, ids and moments, over the same streams and events.
fn palette(minute: &mut Minute) {
    let open = Event::Key {
        key: Key::K,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::COMMAND,
    };
    for text in ["order-0000f", "user123", "rder", "00000000-0000", "yesterday noon", "-90m"] {
        let mut took = Vec::new();
        for events in [vec![open.clone()], Vec::new()] {
            minute.screen.frame(events);
        }
        for sign in text.chars() {
            let started = Instant::now();
            minute.screen.frame(vec![Event::Text(sign.to_string())]);
            took.push(started.elapsed());
            for _ in 0..9 {
                minute.screen.frame(Vec::new());
            }
        }
        print(&format!("palette keystroke, {text}"), &mut took);
        minute.part("palette with its text, still", |_| (Vec::new(), None));
        minute.screen.frame(key(Key::Escape));
        minute.screen.frame(Vec::new());
    }
}

/// An order that counts its notes.
const ORDER: &str = r#"fromCategory("order").foreachStream().when({
  OrderCreated(s, e) { return { ...e.data, Paid: false, Notes: 0 }; },
  OrderNoteAdded(s) { s.Notes += 1; },
  OrderPaid(s) { s.Paid = true; },
})"#;

/// A stream that is folded by a script, while another replays one of a million events.
fn script() {
    let script = Script { file: "order.js".into(), text: ORDER.into() };
    let registry = Registry::new(&Definitions::default().with([script], []));
    let app = app_by(&registry, SCRIPTED, STREAMS);
    let stream = StreamName::new(STREAM);
    let ends = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut builder = ChunkBuilder::new(registry.for_stream(&stream).clone(), stream.clone());
            for revision in 0..EVENTS {
                if ends.load(Ordering::Relaxed) {
                    return;
                }
                drop(builder.push((&record(&stream, revision)).into()));
            }
        });
        println!("{SCRIPTED} events by a script, while another stream is replayed by it");
        let mut minute = Minute { screen: Screen::new(app, vec2(1600.0, 1000.0)), all: Vec::new() };
        minute.part("stepping beside a replay", |n| {
            (key(if n % 3 == 0 { Key::ArrowLeft } else { Key::ArrowRight }), None)
        });
        minute.part("going far beside a replay", |n| {
            let to = Revision(u64::from(n) * 7_919 % SCRIPTED);
            (Vec::new(), Some(Intent::Time(TimeIntent::GoTo(to))))
        });
        ends.store(true, Ordering::Relaxed);
    });
}

/// The tab of an event whose data are large: while they are prepared, scrolled and searched.
fn payload() {
    let mut app = app_with_payload(PAYLOAD);
    drop(app.apply(Intent::View(ViewIntent::Tab(Tab::State))));
    let mut minute = Minute { screen: Screen::new(app, vec2(1600.0, 1000.0)), all: Vec::new() };
    println!("an event of {PAYLOAD} bytes");
    let started = Instant::now();
    let mut took = Vec::new();
    drop(minute.screen.app.apply(Intent::View(ViewIntent::Tab(Tab::Event))));
    loop {
        let began = Instant::now();
        minute.screen.frame(Vec::new());
        took.push(began.elapsed());
        if !minute.screen.waits() {
            break;
        }
        std::thread::sleep(Duration::from_millis(16));
    }
    print("its tab while it is prepared", &mut took);
    println!("prepared in {:.2} s", started.elapsed().as_secs_f64());
    minute.part("its tab, still", |_| (Vec::new(), None));
    minute.part("scrolling its data", |n| (wheel(DATA, if n < 180 { -300.0 } else { 300.0 }), None));
    minute.part("finding in it, a key in 10 frames", |n| match n {
        0 => {
            let find = Event::Key {
                key: Key::F,
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers: Modifiers::COMMAND,
            };
            (vec![find], None)
        }
        n if n % 40 == 10 => (vec![Event::Text("value 004".to_owned())], None),
        n if n % 40 == 30 => (key(Key::Escape), None),
        n if n % 40 == 35 => (vec![Event::PointerMoved(DATA)], None),
        n if n % 10 == 0 => (key(Key::Enter), None),
        _ => (Vec::new(), None),
    });
}
