//! What is derived is worked out once after a change, however often it is drawn.

use crate::history::record;
use crate::list::row;
use egui_kittest::Harness;
use hindsight::aggregate::order::OrderAggregate;
use hindsight::aggregate::{
    Aggregate, Applied, Command, CommandForm, Field, InputError, NewEvent, Refusal, Registry, Schema, State,
    Status,
};
use hindsight::app::{ACTIONS, Action, App, CommandIntent, Effect, Intent, ListIntent, Settings, TimeIntent};
use hindsight::decision::Expected;
use hindsight::record::{RecordRef, Revision, StreamName};
use hindsight::store::{AppendError, Connection, Declaration, Life, Target, Update};
use hindsight::ui;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The order, which counts how often it is asked.
#[derive(Debug, Default)]
struct Counting {
    order: OrderAggregate,
    shown: AtomicUsize,
    decided: AtomicUsize,
}

impl Counting {
    fn counts(&self) -> (usize, usize) {
        (self.shown.load(Ordering::Relaxed), self.decided.load(Ordering::Relaxed))
    }
}

impl Aggregate for Counting {
    fn schema(&self) -> &Schema {
        self.order.schema()
    }

    fn initial(&self, stream: &StreamName) -> State {
        self.order.initial(stream)
    }

    fn truncated(&self, stream: &StreamName) -> State {
        self.order.truncated(stream)
    }

    fn is_known(&self, state: &State) -> bool {
        self.order.is_known(state)
    }

    fn apply(&self, state: &mut State, event: RecordRef<'_>, changed: &mut Vec<Arc<str>>) -> Applied {
        self.order.apply(state, event, changed)
    }

    fn fields(&self, state: &State) -> Option<Vec<Field>> {
        self.shown.fetch_add(1, Ordering::Relaxed);
        self.order.fields(state)
    }

    fn size(&self, state: &State) -> usize {
        self.order.size(state)
    }

    fn status(&self, state: &State) -> Option<Arc<Status>> {
        self.order.status(state)
    }

    fn command(&self, form: &CommandForm, texts: &[&str], fresh_id: &str) -> Result<Command, InputError> {
        self.decided.fetch_add(1, Ordering::Relaxed);
        self.order.command(form, texts, fresh_id)
    }

    fn decide(&self, state: &State, command: &Command) -> Result<Vec<NewEvent>, Refusal> {
        self.order.decide(state, command)
    }
}

fn app(counting: &Arc<Counting>) -> App {
    let mut registry = Registry::default();
    registry.define(counting.clone());
    let mut app = App::with_aggregates(registry, Target::Sandbox, "order", Settings::default());
    app.apply(Intent::List(ListIntent::Select(StreamName::new("order-a"))));
    app.apply(Intent::Command(CommandIntent::Form(1)));
    let (ticket, _) = app.goal().opened.unwrap();
    let created = r#"{"OrderID":"a","UserID":"u","Total":99.90}"#;
    let records = vec![record(0, "OrderCreated", created), record(1, "OrderNoteAdded", "{}")];
    for chunk in app.opened().unwrap().timeline().continued_by(&records) {
        app.absorb(Update::Chunk { ticket, chunk: Box::new(chunk) });
    }
    app.absorb(Update::Life { ticket, life: Life::Live, last: None });
    app
}

/// Fifty frames of the whole window.
fn draw(app: App) -> App {
    let mut kept = ui::Kept::default();
    let builder = Harness::builder().with_size([1280.0, 800.0]).allow_missing_glyphs();
    let mut installed = false;
    let mut harness = builder.build_ui_state(
        move |ui, app: &mut App| {
            // The fonts that it sets are there from the next frame on.
            if !std::mem::replace(&mut installed, true) {
                return ui::theme::install(ui.ctx());
            }
            app.refresh();
            ui::window(ui, app, &mut kept, &mut Vec::new());
        },
        app,
    );
    harness.run_steps(50);
    let empty = App::new(Target::Sandbox, "order", Settings::default());
    std::mem::replace(harness.state_mut(), empty)
}

#[test]
fn fifty_frames_fold_and_decide_once_and_a_step_once_more() {
    let counting = Arc::new(Counting::default());
    let app = app(&counting);
    let before = counting.counts();
    let mut app = draw(app);
    let first = counting.counts();
    assert!(
        first.0 <= before.0 + 3,
        "the fields of the frame, and of the two states that it compares: {first:?}"
    );
    assert!(first.1 <= before.1 + 1, "one decision: {before:?} {first:?}");
    app.apply(Intent::Time(TimeIntent::GoTo(Revision(0))));
    draw(app);
    let second = counting.counts();
    assert!(second.0 > first.0 && second.0 <= first.0 + 3, "{first:?} {second:?}");
    assert!(second.1 <= first.1 + 1, "{first:?} {second:?}");
}

#[test]
fn a_conflict_is_worked_out_once_however_often_it_is_drawn() {
    let counting = Arc::new(Counting::default());
    let mut app = app(&counting);
    app.absorb(Update::Connection(Connection::Online {
        address: "here".into(),
        server: "24.10".into(),
        declaration: Declaration::NotProduction,
        refused: None,
    }));
    let effects = app.apply(Intent::Command(CommandIntent::Append));
    let Some(Effect::Append(write)) = effects.into_iter().next() else { panic!("nothing is sent") };
    let ticket = write.ticket;
    app.sent(*write, true);
    let error = AppendError::Conflict { expected: Expected::Exact(Revision(1)), actual: Some(Revision(2)) };
    app.absorb(Update::Appended { ticket, result: Err(error) });
    let opened = app.opened().unwrap();
    let (ticket, paid) = (opened.ticket(), record(2, "OrderPaid", r#"{"OrderID":"a"}"#));
    for chunk in opened.timeline().continued_by(&[paid]) {
        app.absorb(Update::Chunk { ticket, chunk: Box::new(chunk) });
    }
    let before = counting.counts();
    let app = draw(app);
    let after = counting.counts();
    assert_eq!(app.conflict().unwrap().since.as_ref().unwrap().len(), 1);
    assert!(after.0 <= before.0 + 5, "the frame's three and the two states around the event: {after:?}");
    assert!(after.1 <= before.1 + 2, "the form's command, and the conflict's: {before:?} {after:?}");
}

#[test]
fn rows_of_other_streams_and_signs_of_life_decide_nothing_anew() {
    let counting = Arc::new(Counting::default());
    let mut app = app(&counting);
    let preview = app.preview().clone();
    let before = counting.counts();
    for number in 0..100 {
        app.absorb(Update::Rows(vec![row(&format!("order-{number}"), 1)]));
        let pulse =
            Update::Pulse { at: std::time::Instant::now(), latency: std::time::Duration::ZERO, head: None };
        app.absorb(pulse);
        app.apply(Intent::Time(TimeIntent::Tick(0.01)));
        assert_eq!(app.preview(), &preview);
    }
    assert_eq!(counting.counts(), before);
    app.absorb(Update::Rows(vec![row("order-a", 1)]));
    app.preview();
    assert_eq!(counting.counts().1, before.1 + 1, "its own row may say that it is there");
}

#[test]
fn every_action_has_one_line_in_the_command_table_and_no_key_two_meanings() {
    for (place, entry) in ACTIONS.iter().enumerate() {
        assert_eq!(entry.action.entry().name, entry.name, "{:?} has one line", entry.action);
        for other in &ACTIONS[place + 1..] {
            assert!(entry.action != other.action && entry.name != other.name, "{}", entry.name);
            assert!(entry.chord.is_none() || entry.chord != other.chord, "{} {}", entry.name, other.name);
        }
    }
    // Adding one without its line fails here: the match in `Action::intent` names every one of them.
    assert_eq!(ACTIONS.len(), Action::Close as usize + 1);
}
