//! The event table: a row for each day, columns as a person chose them, and menus on its rows and on the fields beside it.

use crate::history::record;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::aggregate::Registry;
use hindsight::app::{
    App, Effect, EventColumn, EventRow, Intent, ListIntent, Settings, Tab, TimeIntent, ViewIntent,
};
use hindsight::history::{ChunkBuilder, DayRow, DayStarts};
use hindsight::record::{Created, Record, Revision, StreamName};
use hindsight::store::{Life, Target, Update};
use hindsight::ui;
use jiff::tz::{Offset, TimeZone};
use proptest::prelude::*;

/// 2026-03-01 23:59:58 UTC, in ticks of 100 ns.
const EVENING: i64 = 17_724_095_980_000_000;
const SECOND: i64 = 10_000_000;

struct Window {
    app: App,
    kept: ui::Kept,
    copied: Vec<String>,
}

impl Window {
    fn apply(&mut self, intent: Intent) {
        let effects = self.app.apply(intent);
        self.copied.extend(effects.into_iter().filter_map(|effect| match effect {
            Effect::Copy(text) => Some(text),
            _ => None,
        }));
    }
}

fn open(records: &[Record]) -> Window {
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    let stream = StreamName::new("order-a");
    app.apply(Intent::List(ListIntent::Select(stream.clone())));
    let (ticket, _) = app.goal().opened.unwrap();
    let mut fold = ChunkBuilder::new(Registry::default().for_stream(&stream).clone(), stream);
    for chunk in fold.chunks(records) {
        app.absorb(Update::Chunk { ticket, chunk: Box::new(chunk) });
    }
    app.absorb(Update::Life { ticket, life: Life::Live, last: None });
    Window { app, kept: ui::Kept::default(), copied: Vec::new() }
}

fn drawn(window: Window) -> Harness<'static, Window> {
    let builder = Harness::builder().with_size([1500.0, 900.0]).allow_missing_glyphs();
    let mut installed = false;
    let mut harness = builder.build_ui_state(
        move |ui, window: &mut Window| {
            if !std::mem::replace(&mut installed, true) {
                return ui::theme::install(ui.ctx());
            }
            window.app.refresh();
            let mut out = Vec::new();
            ui::window(ui, &window.app, &mut window.kept, &mut out);
            for intent in out {
                window.apply(intent);
            }
        },
        window,
    );
    harness.run_steps(6);
    harness
}

fn created(revision: u64, at: i64) -> Record {
    Record { created: Created(at), ..record(revision, "OrderNoteAdded", "{}") }
}

/// An order over three days, whose second event led to the third.
fn over_three_days() -> Vec<Record> {
    let metadata = format!(r#"{{"$causationId":"{}","$correlationId":"b7d0","who":"ann"}}"#, uuid(1));
    let of = |revision, event_type, data, seconds: i64| Record {
        created: Created(EVENING + seconds * SECOND),
        id: uuid(revision),
        ..record(revision, event_type, data)
    };
    vec![
        of(0, "OrderCreated", r#"{"OrderID":"a","UserID":"user123","Total":99.90}"#, 0),
        of(1, "OrderNoteAdded", r#"{"Note":"leave at the door"}"#, 1),
        Record { metadata: metadata.into_bytes().into(), ..of(2, "OrderPaid", r#"{"OrderID":"a"}"#, 2) },
        of(3, "OrderNoteAdded", r#"{"Note":"thanks"}"#, 200_000),
    ]
}

fn uuid(revision: u64) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x3b0c_8c1e_0000 + u128::from(revision))
}

fn shows(harness: &Harness<'_, Window>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

fn rect(harness: &Harness<'_, Window>, name: &str) -> Rect {
    harness.get_by_label(name).rect()
}

#[track_caller]
fn asks(harness: &mut Harness<'_, Window>, name: &str, line: &str) {
    harness.get_by_label(name).click_secondary();
    harness.run_steps(4);
    harness.get_by_label(line).click();
    harness.run_steps(4);
    assert!(!shows(harness, "Copy event id") || line == "Event id", "the menu is closed");
}

#[test]
fn each_day_that_begins_has_a_row_of_its_own() {
    let harness = drawn(open(&over_three_days()));
    assert!(shows(&harness, "Monday, 2 March 2026") && shows(&harness, "Wednesday, 4 March 2026"));
    assert!(!shows(&harness, "Sunday, 1 March 2026"), "only where the day changes");
    let day = rect(&harness, "Monday, 2 March 2026");
    let (before, after) =
        (rect(&harness, "Revision 1 OrderNoteAdded"), rect(&harness, "Revision 2 OrderPaid"));
    assert!((before.bottom() - day.top()).abs() < 0.5 && (day.bottom() - after.top()).abs() < 0.5);
    assert!((day.height() - 35.0).abs() < 0.1 && (day.width() - after.width()).abs() < 0.1);
    let head = rect(&harness, "Column Rev");
    assert!(
        (head.bottom() - rect(&harness, "Revision 0 OrderCreated").top()).abs() < 0.5,
        "no gap below the head"
    );
}

#[test]
fn the_table_stands_at_the_playhead_behind_many_days() {
    let day = 24 * 3_600 * SECOND;
    let records: Vec<Record> =
        (0..5_000_u32).map(|n| created(n.into(), EVENING + i64::from(n / 2) * day)).collect();
    let mut window = open(&records);
    window.apply(Intent::Time(TimeIntent::GoTo(Revision(2_500))));
    let harness = drawn(window);
    let table = rect(&harness, "Event table");
    let row = rect(&harness, "Revision 2500 OrderNoteAdded");
    assert!(table.contains_rect(row), "{row:?} in {table:?}");
    let opened = harness.state().app.opened().unwrap();
    assert_eq!((opened.row_count(), opened.row_at_cursor()), (5_000 + 2_499, Some(2_500 + 1_250)));
}

#[test]
fn the_newest_events_have_their_days_while_the_rest_is_read() {
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    app.apply(Intent::List(ListIntent::Select(StreamName::new("order-a"))));
    let (ticket, _) = app.goal().opened.unwrap();
    let records = vec![created(8, EVENING), created(9, EVENING + 2 * SECOND)];
    app.absorb(Update::Newest { ticket, records });
    let opened = app.opened().unwrap();
    let kinds: Vec<&str> = (0..opened.row_count())
        .map(|row| match opened.row(row).unwrap() {
            EventRow::Day(_) => "day",
            EventRow::NotRead(..) => "not read",
            EventRow::Newest(..) => "newest",
            EventRow::Read(_) => "read",
        })
        .collect();
    assert_eq!(kinds, ["not read", "newest", "day", "newest"]);
    assert_eq!(opened.row_at_cursor(), Some(3));
}

proptest! {
    /// Clocks go backwards in real logs, and zones change their offset within a day.
    #[test]
    fn rows_and_events_map_both_ways_and_days_begin_exactly_where_the_date_changes(
        steps in prop::collection::vec(-200_000_i64..400_000, 0..200),
        zone in prop_oneof![
            Just(TimeZone::UTC),
            (-12..=14_i8).prop_map(|hours| TimeZone::fixed(Offset::constant(hours))),
            Just(TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC)),
            Just(TimeZone::posix("EST5EDT,M3.2.0/0:01,M11.1.0/0:01").unwrap()),
        ],
        begin in prop_oneof![Just(EVENING), Just(-5 * SECOND), any::<i64>()],
    ) {
        let mut at = begin;
        let times: Vec<Created> = steps
            .into_iter()
            .map(|step| {
                at = at.saturating_add(step * SECOND);
                Created(at)
            })
            .collect();
        let mut days = DayStarts::new(zone.clone());
        for &at in &times {
            days.push(at);
        }
        let mut expected = Vec::new();
        for (index, at) in times.iter().enumerate() {
            if index > 0 && times[index - 1].date(&zone) != at.date(&zone) {
                expected.push(DayRow::Day(index));
            }
            prop_assert_eq!(days.row_of(index), expected.len());
            expected.push(DayRow::Event(index));
        }
        prop_assert_eq!(days.rows(), expected.len());
        let rows: Vec<DayRow> = (0..days.rows()).filter_map(|row| days.at(row)).collect();
        prop_assert_eq!(rows, expected);
        prop_assert_eq!(days.at(days.rows()), None);
    }
}

#[test]
fn the_menu_of_an_event_moves_marks_compares_and_copies() {
    let mut harness = drawn(open(&over_three_days()));
    asks(&mut harness, "Revision 1 OrderNoteAdded", "Go to here");
    assert_eq!(harness.state().app.opened().unwrap().index(), Some(1));
    asks(&mut harness, "Revision 2 OrderPaid", "Go to the cause");
    assert_eq!(harness.state().app.opened().unwrap().index(), Some(1), "the second event led to it");
    asks(&mut harness, "Revision 0 OrderCreated", "Copy data");
    asks(&mut harness, "Revision 2 OrderPaid", "Copy event id");
    asks(&mut harness, "Revision 3 OrderNoteAdded", "Copy event as JSON");
    asks(&mut harness, "Revision 3 OrderNoteAdded", "Copy command that opens it");
    let copied = &harness.state().copied;
    assert_eq!(copied[0], r#"{"OrderID":"a","UserID":"user123","Total":99.90}"#);
    assert_eq!(copied[1], uuid(2).to_string());
    let line: serde_json::Value = serde_json::from_str(&copied[2]).unwrap();
    assert_eq!((&line["revision"], &line["data"]), (&3.into(), &r#"{"Note":"thanks"}"#.into()));
    assert_eq!(copied[3], "hindsight --stream=order-a --at 3");
    asks(&mut harness, "Revision 0 OrderCreated", "Compare with this");
    assert_eq!(harness.state().app.tab(), Tab::Compare);
    asks(&mut harness, "Revision 2 OrderPaid", "Mark events of this type");
    assert_eq!(harness.state().app.list().filter(), r#"event is "OrderPaid""#);
    asks(&mut harness, "Revision 1 OrderNoteAdded", "Loop from here");
    assert_eq!(harness.state().app.loop_range().unwrap().first, Revision(1));
}

#[test]
fn what_the_menu_cannot_do_is_grey_with_the_reason() {
    let mut harness = drawn(open(&over_three_days()));
    harness.get_by_label("Revision 1 OrderNoteAdded").click_secondary();
    harness.run_steps(4);
    for line in ["Go to the cause", "What belongs together"] {
        assert!(harness.get_by_label(line).accesskit_node().is_disabled(), "{line}");
    }
    assert!(!harness.get_by_label("What else happened").accesskit_node().is_disabled());
    harness.get_by_label("Go to the cause").hover();
    harness.run_steps(60);
    assert!(shows(&harness, "Its metadata names no $causationId"));
}

#[test]
fn the_keyboard_opens_the_menu_of_the_event_at_the_playhead_and_of_what_has_the_focus() {
    let mut harness = drawn(open(&over_three_days()));
    let press = |harness: &mut Harness<'_, Window>, modifiers, key| {
        harness.key_press_modifiers(modifiers, key);
        harness.run_steps(4);
    };
    press(&mut harness, Modifiers::SHIFT, Key::F10);
    assert!(shows(&harness, "Go to here"), "of the newest event, which the playhead stands on");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(!shows(&harness, "Go to here"));
    harness.get_by_label("Revision 0 OrderCreated").focus();
    harness.run_steps(2);
    press(&mut harness, Modifiers::NONE, Key::Menu);
    assert!(shows(&harness, "Go to here"));
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(harness.state().app.opened().unwrap().index(), Some(0));
    assert!(!shows(&harness, "Go to here"), "the menu is closed");
}

#[test]
fn columns_are_chosen_and_ordered_and_kept() {
    let mut harness = drawn(open(&over_three_days()));
    harness.set_size(vec2(1600.0, 1000.0));
    harness.run_steps(4);
    let columns = |harness: &Harness<'_, Window>| {
        let mut columns: Vec<_> = harness
            .query_all_by_role(Role::ColumnHeader)
            .map(|node| (node.rect().left(), node.accesskit_node().label().unwrap()))
            .collect();
        columns.sort_by(|a, b| a.0.total_cmp(&b.0));
        columns.into_iter().map(|(_, name)| name.trim_start_matches("Column ").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(columns(&harness), ["Rev", "Time", "After", "Type", "Data"]);
    harness.get_by_role_and_label(Role::Button, "Columns").click();
    harness.run_steps(4);
    for name in ["After", "Who"] {
        harness.get_by_role_and_label(Role::CheckBox, name).click();
        harness.run_steps(4);
    }
    harness.key_press(Key::Escape);
    harness.run_steps(4);
    assert_eq!(columns(&harness), ["Rev", "Time", "Type", "Data", "Who"]);
    for _ in 0..2 {
        harness.get_by_label("Column Who").click_secondary();
        harness.run_steps(4);
        harness.get_by_label("Move left").click();
        harness.run_steps(4);
    }
    assert_eq!(columns(&harness), ["Rev", "Time", "Who", "Type", "Data"]);
    let kept = ron::to_string(harness.state().app.settings()).unwrap();
    let again: Settings = ron::from_str(&kept).unwrap();
    assert_eq!(again.event_columns.shown()[2], EventColumn::Who);
    assert!(
        kept.contains(r#"event_columns:["revision","time","who","type","data"]"#),
        "a stored format: {kept}"
    );
    harness.get_by_label("Column Type").click_secondary();
    harness.run_steps(4);
    harness.get_by_label("Reset columns").click();
    harness.run_steps(4);
    assert_eq!(columns(&harness), ["Rev", "Time", "After", "Type", "Data"]);
}

#[test]
fn hovering_a_row_shows_the_whole_event_once() {
    let mut harness = drawn(open(&over_three_days()));
    harness.get_by_label("Revision 2 OrderPaid").hover();
    harness.run_steps(60);
    for text in ["2026-03-02 00:00:00.000 +00:00", &uuid(2).to_string(), "15 bytes", "ann", "b7d0"] {
        assert!(shows(&harness, text), "{text}");
    }
    let labels = harness.query_all_by_role(Role::Label);
    let data = labels.filter(|label| label.accesskit_node().value().as_deref() == Some(r#"{"OrderID":"a"}"#));
    assert_eq!(data.count(), 1);
}

#[test]
fn the_menu_of_a_field_copies_its_value_its_path_and_a_condition() {
    let mut harness = drawn(open(&over_three_days()));
    for line in ["Copy value", "Copy path", "Copy as condition"] {
        asks(&mut harness, "Changes of Total", line);
    }
    asks(&mut harness, "Changes of UserID", "Copy value");
    assert_eq!(harness.state().copied, ["99.90", "Total", "Total == 99.90", "user123"]);
    asks(&mut harness, "Changes of UserID", "History of this field");
    assert_eq!(&**harness.state().app.asking().field().unwrap().path(), "UserID");
    asks(&mut harness, "Changes of Paid", "Go to the event that set it");
    assert_eq!(harness.state().app.opened().unwrap().index(), Some(2));
    harness.state_mut().apply(Intent::View(ViewIntent::Tab(Tab::Changes)));
    harness.run_steps(3);
    asks(&mut harness, "Field Paid", "Filter the list by it");
    assert_eq!(harness.state().app.list().filter(), "Paid == true");
    // The value's own text is a part of the row, too.
    harness.state_mut().apply(Intent::View(ViewIntent::Tab(Tab::State)));
    harness.run_steps(3);
    let value = harness.query_all_by_label_contains("user123").last().unwrap();
    value.click_secondary();
    harness.run_steps(4);
    harness.get_by_label("Copy path").click();
    harness.run_steps(4);
    assert_eq!(harness.state().copied.last().unwrap(), "UserID");
}

#[test]
fn the_stream_has_a_menu_on_its_name_and_at_its_button() {
    let mut harness = drawn(open(&over_three_days()));
    let name = harness.query_all_by_label("order-a").next().unwrap().rect();
    harness.event(Event::PointerMoved(name.center()));
    for pressed in [true, false] {
        harness.event(Event::PointerButton {
            pos: name.center(),
            button: egui::PointerButton::Secondary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    harness.run_steps(4);
    harness.get_by_label("Copy stream name").click();
    harness.run_steps(4);
    harness.get_by_label("Stream menu").click();
    harness.run_steps(4);
    harness.get_by_label("Close the stream").click();
    harness.run_steps(4);
    assert_eq!(harness.state().copied, ["order-a"]);
    assert!(harness.state().app.opened().is_none());
}
