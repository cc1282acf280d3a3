//! The whole window on a big database, without a server and without a screen: for counting and timing its frames.

use egui::{Context, Event, RawInput, Rect, Vec2};
use hindsight::aggregate::{Aggregate, Registry, State, order::OrderAggregate};
use hindsight::app::{Answer, App, Effect, Intent, ListIntent, Settings};
use hindsight::history::ChunkBuilder;
use hindsight::record::{Created, Position, Record, Revision, StreamName};
use hindsight::store::{Cell, Life, Presence, StreamRow, Target, Update};
use hindsight::ui;
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

pub const STREAM: &str = "order-00000000";
/// Records in a chunk, and rows in a message, as the store makes them.
const CHUNK: u64 = 512;
/// 2026-01-01, in ticks of 100 ns.
const START: i64 = 17_672_256_000_000_000;

pub fn record(stream: &StreamName, revision: u64) -> Record {
    let (event_type, data) = match revision {
        0 => ("OrderCreated", r#"{"OrderID":"00000000","UserID":"user123","Total":99.90}"#.to_owned()),
        _ if revision % 1_000 == 999 => ("OrderPaid", r#"{"OrderID":"00000000"}"#.to_owned()),
        _ => ("OrderNoteAdded", format!(r#"{{"Note":"event {revision} of a long history of one order"}}"#)),
    };
    let pause = i64::try_from(revision / 5_000 % 7).unwrap_or(0);
    Record {
        stream: stream.clone(),
        revision: Revision(revision),
        id: Uuid::from_u128(u128::from(revision)),
        event_type: event_type.into(),
        created: Created(START + i64::try_from(revision).unwrap_or(0) * 10_000_000 * (1 + pause)),
        position: Position { commit: revision, prepare: revision },
        declared_json: true,
        data: data.as_bytes().into(),
        metadata: Box::default(),
        target: None,
    }
}

/// The rows of a list share the names of their fields.
static PATHS: LazyLock<[Arc<str>; 2]> = LazyLock::new(|| ["UserID".into(), "Total".into()]);

pub fn row(number: u64) -> StreamRow {
    let statuses = OrderAggregate::default().schema().statuses.clone();
    let cell =
        |path: usize, text: String, is_text| Cell { path: PATHS[path].clone(), text: text.into(), is_text };
    StreamRow {
        stream: StreamName::new(&format!("order-{number:08x}")),
        revision: Some(Revision(1)),
        first: Revision(0),
        events: 2,
        presence: Presence::Live,
        status: statuses.get(usize::try_from(number).unwrap_or(0) % statuses.len().max(1)).cloned(),
        state: Some(state(number)),
        cells: Box::new([
            cell(0, format!("user{}", number * 7_919 % 10_007), true),
            cell(1, format!("{}.90", number * 31 % 9_973), false),
        ]),
        last_event: Some(Created(START + i64::try_from(number * 104_729 % 1_000_003).unwrap_or(0))),
        problems: u32::from(number.is_multiple_of(97)),
    }
}

/// Of an order of this user and total.
fn state(number: u64) -> State {
    let aggregate = OrderAggregate::default();
    let stream = StreamName::new(&format!("order-{number:08x}"));
    let data = format!(
        r#"{{"OrderID":"{number:08x}","UserID":"user{}","Total":{}.90}}"#,
        number * 7_919 % 10_007,
        number * 31 % 9_973
    );
    let created =
        Record { event_type: "OrderCreated".into(), data: data.into_bytes().into(), ..record(&stream, 0) };
    let mut state = aggregate.initial(&stream);
    aggregate.apply(&mut state, (&created).into(), &mut Vec::new());
    state
}

/// What is worked out beside the frames, worked out at once.
#[allow(dead_code, reason = "one of those who use this needs it")]
pub fn work_out(app: &mut App, mut effects: Vec<Effect>) {
    while let Some(Effect::Ask(work)) = effects.pop() {
        let (number, found) = (work.number(), work.done(&mut || true));
        effects = app.answer(Answer::Found(number, Ok(found)));
    }
}

/// An app with a list of so many streams, one of which is open and holds so many events.
pub fn app(events: u64, streams: u64) -> App {
    app_by(&Registry::default(), events, streams)
}

/// The same by other folds.
pub fn app_by(registry: &Registry, events: u64, streams: u64) -> App {
    let mut app = App::with_aggregates(registry.clone(), Target::Sandbox, "order", Settings::default());
    for from in (0..streams).step_by(usize::try_from(CHUNK).unwrap_or(1)) {
        app.absorb(Update::Rows((from..streams.min(from + CHUNK)).map(row).collect()));
    }
    let stream = StreamName::new(STREAM);
    app.apply(Intent::List(ListIntent::Select(stream.clone())));
    let Some((ticket, _)) = app.goal().opened else { return app };
    let mut builder = ChunkBuilder::new(registry.for_stream(&stream).clone(), stream.clone());
    for from in (0..events).step_by(usize::try_from(CHUNK).unwrap_or(1)) {
        let records =
            (from..events.min(from + CHUNK)).map(|revision| record(&stream, revision)).collect::<Vec<_>>();
        for chunk in builder.chunks(&records) {
            app.absorb(Update::Chunk { ticket, chunk: Box::new(chunk) });
        }
    }
    app.absorb(Update::Life { ticket, life: Life::Live, last: None });
    app
}

/// An app whose open stream holds one event of about so many bytes of JSON.
#[allow(dead_code, reason = "a bench wants it, a test does not")]
pub fn app_with_payload(bytes: usize) -> App {
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    let stream = StreamName::new(STREAM);
    app.apply(Intent::List(ListIntent::Select(stream.clone())));
    let Some((ticket, _)) = app.goal().opened else { return app };
    let field = |n| format!(r#""field{n:08}":"value {n:08} of many","#);
    let fields = (0..bytes / 40).map(field).collect::<Vec<_>>().concat();
    let data = format!(r#"{{{fields}"last":"found at the end"}}"#).into_bytes().into();
    let record = Record { data, ..record(&stream, 1) };
    for chunk in ChunkBuilder::new(Arc::new(OrderAggregate::default()), stream).chunks(&[record]) {
        app.absorb(Update::Chunk { ticket, chunk: Box::new(chunk) });
    }
    app.absorb(Update::Life { ticket, life: Life::Live, last: None });
    app
}

/// The window, drawn frame by frame.
pub struct Screen {
    ctx: Context,
    pub app: App,
    kept: ui::Kept,
    size: Vec2,
    frames: u32,
}

impl Screen {
    pub fn new(app: App, size: Vec2) -> Self {
        let ctx = Context::default();
        ui::theme::install(&ctx);
        let mut screen = Self { ctx, app, kept: ui::Kept::default(), size, frames: 0 };
        // Fonts and the sizes of panels are there after a few.
        for _ in 0..20 {
            screen.frame(Vec::new());
        }
        screen
    }

    /// Whether a frame waits for work beside it.
    #[allow(dead_code, reason = "a bench wants it, a test does not")]
    pub fn waits(&self) -> bool {
        self.kept.waits()
    }

    /// One frame as the shell makes it: what the window does itself, up to the triangles; how many there are.
    pub fn frame(&mut self, events: Vec<Event>) -> usize {
        self.frames += 1;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, self.size)),
            time: Some(f64::from(self.frames) / 60.0),
            events,
            ..RawInput::default()
        };
        let mut out = Vec::new();
        let (app, kept) = (&mut self.app, &mut self.kept);
        let mut output = self.ctx.run_ui(input, |ui| {
            app.refresh();
            ui::window(ui, app, kept, &mut out);
        });
        output.textures_delta.clear();
        let pixels = output.pixels_per_point;
        let meshes = self.ctx.tessellate(output.shapes, pixels);
        for intent in out {
            self.app.apply(intent);
        }
        meshes.len()
    }
}
