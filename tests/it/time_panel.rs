//! The time panel: its ruler, its zoom, its loop and its speeds, by accessible name and by intent.

use crate::history::record;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::app::{App, Intent, ListIntent, LoopRange, Settings, TimeIntent};
use hindsight::history::{ChunkBuilder, Cursor};
use hindsight::record::{Created, Record, Revision, StreamName};
use hindsight::store::{Life, Target, Update};
use hindsight::ui;
use hindsight::ui::time::ticks::{revision_ticks, time_ticks};
use jiff::tz::TimeZone;
use std::ops::Range;

const SECOND: i64 = 10_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn at(text: &str) -> Created {
    let stamp: jiff::Timestamp = text.parse().unwrap();
    Created(i64::try_from(stamp.as_nanosecond() / 100).unwrap())
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

/// What is written, and when that is in UTC.
fn ticks(from: &str, to: &str, most: usize, zone_name: &str) -> Vec<(String, String)> {
    let ticks = time_ticks(at(from), at(to), most, &zone(zone_name));
    ticks.into_iter().map(|tick| (tick.text, tick.at.rfc3339()[..16].to_owned())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(text, at)| ((*text).to_owned(), (*at).to_owned())).collect()
}

#[test]
fn ticks_are_round_in_the_local_zone_and_the_first_of_a_day_is_dated() {
    let found = ticks("2026-11-24T20:10:00Z", "2026-11-25T02:50:00Z", 4, "Asia/Kolkata");
    let expected = [
        ("2026-11-25 02:00", "2026-11-24T20:30"),
        ("04:00", "2026-11-24T22:30"),
        ("06:00", "2026-11-25T00:30"),
        ("08:00", "2026-11-25T02:30"),
    ];
    assert_eq!(found, pairs(&expected));
    let found = ticks("2026-11-24T22:50:00Z", "2026-11-24T23:20:00Z", 4, "Europe/Berlin");
    let expected = [
        ("2026-11-24 23:50", "2026-11-24T22:50"),
        ("2026-11-25 00:00", "2026-11-24T23:00"),
        ("00:10", "2026-11-24T23:10"),
        ("00:20", "2026-11-24T23:20"),
    ];
    assert_eq!(found, pairs(&expected));
}

#[test]
fn an_hour_that_the_clock_skips_has_no_tick_and_one_that_it_repeats_has_two() {
    let found = ticks("2026-03-29T00:00:00Z", "2026-03-29T03:00:00Z", 5, "Europe/Berlin");
    let expected = [
        ("2026-03-29 01:00", "2026-03-29T00:00"),
        ("03:00 UTC+02", "2026-03-29T01:00"),
        ("04:00", "2026-03-29T02:00"),
        ("05:00", "2026-03-29T03:00"),
    ];
    assert_eq!(found, pairs(&expected));
    let found = ticks("2026-10-24T23:00:00Z", "2026-10-25T02:00:00Z", 5, "Europe/Berlin");
    let expected = [
        ("2026-10-25 01:00", "2026-10-24T23:00"),
        ("02:00", "2026-10-25T00:00"),
        ("02:00 UTC+01", "2026-10-25T01:00"),
        ("03:00", "2026-10-25T02:00"),
    ];
    assert_eq!(found, pairs(&expected));
}

#[test]
fn days_begin_when_the_zone_begins_them_and_weeks_on_mondays() {
    // At midnight the clock goes to one o'clock.
    let found = ticks("2026-04-23T00:00:00Z", "2026-04-25T12:00:00Z", 3, "Africa/Cairo");
    assert_eq!(found, pairs(&[("2026-04-24", "2026-04-23T22:00"), ("2026-04-25", "2026-04-24T21:00")]));
    let found = ticks("2026-11-01T00:00:00Z", "2026-11-30T00:00:00Z", 5, "UTC");
    let mondays = ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30"];
    assert_eq!(found.into_iter().map(|(text, _)| text).collect::<Vec<_>>(), mondays);
    let months = ticks("2025-11-15T00:00:00Z", "2026-03-15T00:00:00Z", 5, "America/New_York");
    let expected = [
        ("2025-12", "2025-12-01T05:00"),
        ("2026-01", "2026-01-01T05:00"),
        ("2026-02", "2026-02-01T05:00"),
        ("2026-03", "2026-03-01T05:00"),
    ];
    assert_eq!(months, pairs(&expected));
    let years = ticks("1985-01-01T00:00:00Z", "2026-03-15T00:00:00Z", 6, "UTC");
    let texts: Vec<String> = years.into_iter().map(|(text, _)| text).collect();
    assert_eq!(texts, ["1990", "2000", "2010", "2020"]);
}

#[test]
fn seconds_and_milliseconds_are_told_apart() {
    let texts = |from: &str, to: &str| -> Vec<String> {
        ticks(from, to, 5, "UTC").into_iter().map(|(text, _)| text).collect()
    };
    let seconds = texts("2026-01-01T12:00:01Z", "2026-01-01T12:00:17Z");
    assert_eq!(seconds, ["2026-01-01 12:00:05", "12:00:10", "12:00:15"]);
    let millis = texts("2026-01-01T12:00:01Z", "2026-01-01T12:00:01.010Z");
    assert_eq!(millis[..2], ["2026-01-01 12:00:01.000", "12:00:01.005"]);
    assert_eq!(texts("2026-01-01T12:00:01Z", "2026-01-01T12:00:01Z").len(), 1, "one time is one tick");
}

#[test]
fn ticks_are_within_what_is_shown_ascend_and_are_not_too_many() {
    for name in ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo"] {
        let zone = zone(name);
        let mut span = 1_000;
        while span < 3_000 * 365 * DAY {
            for start in ["2018-11-03T22:00:00Z", "2026-03-29T00:59:59Z", "2026-10-25T00:30:00Z"] {
                let (from, to) = (at(start), Created(at(start).0 + span));
                let ticks = time_ticks(from, to, 12, &zone);
                assert!(ticks.len() <= 14, "{name} {start} {span}: {}", ticks.len());
                assert!(ticks.iter().all(|tick| (from..=to).contains(&tick.at)));
                assert!(ticks.windows(2).all(|pair| pair[0].at < pair[1].at), "{name} {start} {span}");
                // Below 12 ms there is no finer step.
                assert!(span < 120_000 || ticks.len() >= 3, "{name} {start} {span}: {ticks:?}");
            }
            span = span * 3 / 2;
        }
    }
}

#[test]
fn revisions_are_marked_in_steps_of_one_two_and_five() {
    assert_eq!(revision_ticks(0, 999_999, 6), [0, 200_000, 400_000, 600_000, 800_000]);
    assert_eq!(revision_ticks(812_003, 812_044, 5), [812_010, 812_020, 812_030, 812_040]);
    assert_eq!(revision_ticks(7, 7, 5), [7]);
    assert_eq!(revision_ticks(0, 3, 10), [0, 1, 2, 3]);
    assert_eq!(revision_ticks(0, u64::MAX, 3).len(), 2);
}

/// An order with these notes, open in a window without a server.
struct Panel {
    harness: Harness<'static, (App, ui::Kept)>,
}

const STREAM: &str = "order-a";

fn notes(revisions: Range<u64>, created: impl Fn(u64) -> i64, problems: impl Fn(u64) -> bool) -> Vec<Record> {
    let note = |revision| {
        let kind = if problems(revision) { "OrderCreated" } else { "OrderNoteAdded" };
        let mut record = record(revision, kind, "{}");
        record.created = Created(created(revision));
        record
    };
    revisions.map(note).collect()
}

/// Every second one.
fn seconds(revision: u64) -> i64 {
    at("2026-11-24T12:00:00Z").0 + i64::try_from(revision).unwrap() * SECOND
}

fn opened(records: &[Record]) -> App {
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    app.apply(Intent::List(ListIntent::Select(StreamName::new(STREAM))));
    let (ticket, _) = app.goal().opened.unwrap();
    let aggregate = app.opened().unwrap().timeline().aggregate().clone();
    let mut builder = ChunkBuilder::new(aggregate, StreamName::new(STREAM));
    for chunk in builder.chunks(records) {
        app.absorb(Update::Chunk { ticket, chunk: Box::new(chunk) });
    }
    app.absorb(Update::Life { ticket, life: Life::Live, last: None });
    app
}

impl Panel {
    fn new(records: &[Record]) -> Self {
        let builder = Harness::builder().with_size([1280.0, 800.0]).allow_missing_glyphs();
        let mut installed = false;
        let state = (opened(records), ui::Kept::default());
        let mut harness = builder.build_ui_state(
            move |ui, (app, kept): &mut (App, ui::Kept)| {
                if !std::mem::replace(&mut installed, true) {
                    return ui::theme::install(ui.ctx());
                }
                app.refresh();
                let mut out = Vec::new();
                ui::window(ui, app, kept, &mut out);
                for intent in out {
                    app.apply(intent);
                }
            },
            state,
        );
        harness.run_steps(6);
        Self { harness }
    }

    fn app(&self) -> &App {
        &self.harness.state().0
    }

    fn does(&mut self, intent: TimeIntent) {
        self.harness.state_mut().0.apply(Intent::Time(intent));
        self.harness.run_steps(2);
    }

    fn index(&self) -> usize {
        self.app().opened().unwrap().index().unwrap()
    }

    fn shows(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
            || self.harness.query_all_by_value(text).next().is_some()
    }

    fn track(&self) -> Rect {
        self.harness.get_by_role_and_label(Role::Slider, "Timeline").rect()
    }

    fn ruler(&self) -> Vec<String> {
        let ruler = self.harness.get_by_label("Ruler").accesskit_node().value().unwrap_or_default();
        ruler.split(", ").map(str::to_owned).collect()
    }

    fn part(&self) -> f64 {
        self.app().time_scale().unwrap().part()
    }

    /// The event at this part of the track's width.
    fn event_at(&self, place: f64) -> usize {
        self.app().time_scale().unwrap().index(self.app().opened().unwrap().timeline().density(), place)
    }

    fn types(&mut self, sign: &str) {
        self.harness.event(Event::Text(sign.to_owned()));
        self.harness.run_steps(3);
    }

    fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run_steps(3);
    }

    fn click(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.harness.run_steps(4);
    }

    fn wheel(&mut self, at: Pos2, delta: egui::Vec2) {
        self.harness.event(Event::PointerMoved(at));
        self.harness.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta,
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
        self.harness.run_steps(40);
    }

    fn drag(&mut self, from: Pos2, to: Pos2, button: PointerButton, modifiers: Modifiers) {
        self.harness.event(Event::ModifiersChanged(modifiers));
        self.harness.event(Event::PointerMoved(from));
        self.harness.event(Event::PointerButton { pos: from, button, pressed: true, modifiers });
        self.harness.run_steps(1);
        for step in 1_u8..=10 {
            self.harness.event(Event::PointerMoved(from + (to - from) * f32::from(step) / 10.0));
            self.harness.run_steps(1);
        }
        self.harness.event(Event::PointerButton { pos: to, button, pressed: false, modifiers });
        self.harness.event(Event::ModifiersChanged(Modifiers::NONE));
        self.harness.run_steps(3);
    }
}

fn thousand() -> Panel {
    Panel::new(&notes(0..1_000, seconds, |_| false))
}

#[test]
fn the_wheel_zooms_around_the_pointer_and_a_button_shows_all_again() {
    for by_time in [false, true] {
        let mut panel = thousand();
        panel.does(TimeIntent::PlayByTime(by_time));
        let track = panel.track();
        let pointer = track.left_center() + egui::vec2(track.width() * 0.25, 0.0);
        let before = panel.event_at(0.25);
        panel.wheel(pointer, egui::vec2(0.0, 480.0));
        assert!((0.1..0.15).contains(&panel.part()), "{}", panel.part());
        let after = panel.event_at(0.25);
        assert!(before.abs_diff(after) <= 2, "by time: {by_time}: {before} {after}");
        panel.wheel(pointer, egui::vec2(0.0, -160.0));
        assert!((0.2..0.3).contains(&panel.part()), "{}", panel.part());
        panel.click("Show all");
        assert!(panel.app().time_scale().unwrap().shows_all());
    }
}

#[test]
fn dragging_the_ruler_and_the_wheel_sideways_move_what_is_shown_and_no_further_than_it_goes() {
    let mut panel = thousand();
    panel.does(TimeIntent::GoTo(Revision(500)));
    for _ in 0..3 {
        panel.types("+");
    }
    assert!((panel.part() - 0.125).abs() < 1e-6);
    let ruler = panel.harness.get_by_label("Ruler").rect();
    let (middle, before) = (ruler.center(), panel.event_at(0.5));
    let half = egui::vec2(ruler.width() / 2.0, 0.0);
    panel.drag(middle, middle + half, PointerButton::Primary, Modifiers::NONE);
    assert!(panel.event_at(0.5).abs_diff(before - 62) <= 2, "{} {before}", panel.event_at(0.5));
    panel.drag(middle, middle - half, PointerButton::Primary, Modifiers::NONE);
    assert!(panel.event_at(0.5).abs_diff(before) <= 2);
    assert_eq!(panel.index(), 500, "the playhead stays");
    let track = panel.track();
    panel.drag(track.center(), track.center() + half, PointerButton::Secondary, Modifiers::NONE);
    assert!(panel.event_at(0.5).abs_diff(before - 62) <= 2);
    panel.wheel(track.center(), egui::vec2(100_000.0, 0.0));
    assert_eq!(panel.event_at(0.0), 0);
    panel.wheel(track.center(), egui::vec2(-100_000.0, 0.0));
    assert_eq!(panel.event_at(1.0), 999);
}

#[test]
fn keys_zoom_and_pan_and_what_is_shown_follows_the_playhead() {
    let mut panel = thousand();
    panel.press(Key::Home);
    for _ in 0..4 {
        panel.types("+");
    }
    assert!((panel.part() - 0.0625).abs() < 1e-6);
    assert_eq!(panel.event_at(0.0), 0);
    panel.types(".");
    assert!((14..=17).contains(&panel.event_at(0.0)), "a quarter: {}", panel.event_at(0.0));
    panel.types(",");
    assert_eq!(panel.event_at(0.0), 0);
    panel.does(TimeIntent::GoTo(Revision(700)));
    assert!(panel.event_at(0.0) < 700 && panel.event_at(1.0) > 700);
    panel.types("-");
    assert!((panel.part() - 0.125).abs() < 1e-6);
    panel.press(Key::Num0);
    assert!(panel.app().time_scale().unwrap().shows_all());
    let all = panel.harness.get_by_label("Show all");
    assert!(all.accesskit_node().is_disabled(), "grey where all is shown");
}

#[test]
fn the_ruler_tells_round_revisions_or_times() {
    let mut panel = Panel::new(&notes(0..100_000, seconds, |_| false));
    let ruler = panel.ruler();
    assert_eq!(ruler[..3], ["0", "10,000", "20,000"]);
    panel.types("+");
    let (first, last) = (panel.event_at(0.0), panel.event_at(1.0));
    let shown = panel.ruler();
    assert!(shown.iter().all(|text| {
        let revision: usize = text.replace(',', "").parse().unwrap();
        (first..=last).contains(&revision) && revision.is_multiple_of(5_000)
    }));
    panel.press(Key::T);
    let times = panel.ruler();
    assert!(times[0].starts_with("2026-11-2"), "dated: {times:?}");
    assert!(times[1].ends_with(":00"), "{times:?}");
}

#[test]
fn what_is_under_the_pointer_is_told() {
    let mut panel = Panel::new(&notes(0..100_000, seconds, |revision| revision == 50_000));
    let track = panel.track();
    panel.harness.event(Event::PointerMoved(track.center()));
    panel.harness.run_steps(4);
    assert!(panel.shows("revision 50,000") && panel.shows("OrderCreated") && panel.shows("▲ problem"));
    assert!(panel.shows("2026-11-25"), "when it was stored");
    assert!(panel.shows("events in this column"));
    panel.harness.event(Event::PointerMoved(Pos2::ZERO));
    panel.harness.run_steps(4);
    assert!(!panel.shows("revision 50,000"));
}

#[test]
fn dragging_with_shift_loops_over_a_range_and_escape_ends_it() {
    let mut panel = thousand();
    let track = panel.track();
    let at = |part: f32| track.left_center() + egui::vec2(track.width() * part, 0.0);
    panel.drag(at(0.6), at(0.4), PointerButton::Primary, Modifiers::SHIFT);
    let range = panel.app().loop_range().unwrap();
    assert!(range.first.0.abs_diff(400) <= 3 && range.last.0.abs_diff(600) <= 3, "{range:?}");
    assert!(panel.shows("Clear loop"));
    assert_eq!(panel.index(), 999, "the playhead stays");
    panel.press(Key::Space);
    assert_eq!(panel.index(), usize::try_from(range.first.0).unwrap(), "playing begins in the loop");
    panel.press(Key::Escape);
    assert_eq!(panel.app().loop_range(), None);
}

#[test]
fn a_loop_is_set_at_the_playhead_by_keys() {
    let mut panel = thousand();
    panel.does(TimeIntent::GoTo(Revision(300)));
    panel.press(Key::I);
    panel.does(TimeIntent::GoTo(Revision(310)));
    panel.press(Key::O);
    let range = LoopRange { first: Revision(300), last: Revision(310) };
    assert_eq!(panel.app().loop_range(), Some(range));
    panel.does(TimeIntent::GoTo(Revision(200)));
    panel.press(Key::O);
    let range = LoopRange { first: Revision(0), last: Revision(200) };
    assert_eq!(panel.app().loop_range(), Some(range), "an end before the beginning begins at the oldest");
    panel.click("Clear loop");
    assert_eq!(panel.app().loop_range(), None);
}

fn tick(app: &mut App, seconds: f64) -> Option<usize> {
    app.apply(Intent::Time(TimeIntent::Tick(seconds)));
    app.opened().unwrap().index()
}

fn does(app: &mut App, intents: impl IntoIterator<Item = TimeIntent>) {
    for intent in intents {
        app.apply(Intent::Time(intent));
    }
}

#[test]
fn ten_thousand_events_a_second_are_played_and_the_end_is_the_end() {
    let mut app = opened(&notes(0..25_000, seconds, |_| false));
    does(&mut app, [TimeIntent::GoToOrigin, TimeIntent::Speed(10_000), TimeIntent::PlayPause]);
    assert!(tick(&mut app, 0.05).unwrap().abs_diff(499) <= 1);
    assert!(tick(&mut app, 1.0).unwrap().abs_diff(10_499) <= 1);
    tick(&mut app, 1.0);
    tick(&mut app, 1.0);
    assert_eq!(app.opened().unwrap().cursor(), Cursor::Live);
    assert!(!app.playback().playing);
}

#[test]
fn speeds_go_from_one_to_ten_thousand_by_keys_and_each_scale_has_its_own() {
    let mut panel = thousand();
    assert!(panel.shows("Speed"));
    panel.types("<");
    assert_eq!(panel.app().playback().speed(), 1);
    for _ in 0..20 {
        panel.types(">");
    }
    assert_eq!(panel.app().playback().speed(), 10_000);
    panel.types("<");
    assert_eq!(panel.app().playback().speed(), 5_000);
    panel.press(Key::T);
    assert_eq!(panel.app().playback().speed(), 1);
    panel.click("Speed");
    panel.click("3,600×");
    assert_eq!(panel.app().playback().speed(), 3_600);
}

#[test]
fn a_loop_goes_round_and_never_leaves_its_range() {
    for by_time in [false, true] {
        let mut app = opened(&notes(0..100, seconds, |_| false));
        let range = LoopRange::between(Revision(20), Revision(10));
        let begin = [TimeIntent::PlayByTime(by_time), TimeIntent::Speed(10), TimeIntent::Loop(Some(range))];
        does(&mut app, begin);
        does(&mut app, [TimeIntent::PlayPause]);
        let mut visited = std::collections::BTreeSet::new();
        let mut rounds = 0;
        let mut before = 0;
        for _ in 0..400 {
            let at = tick(&mut app, 0.033).unwrap();
            rounds += usize::from(at < before);
            before = at;
            visited.insert(at);
        }
        assert_eq!(visited, (10..=20).collect(), "by time: {by_time}");
        assert!(rounds > 3, "{rounds}");
        assert!(app.playback().playing);
        // One event that is looped is stood on.
        let alone = LoopRange::between(Revision(5), Revision(5));
        does(&mut app, [TimeIntent::Loop(Some(alone))]);
        for _ in 0..5 {
            tick(&mut app, 1.0);
        }
        assert_eq!(tick(&mut app, 1.0), Some(5));
    }
}

#[test]
fn a_quiet_stretch_is_shortened_while_playing_by_time_and_said() {
    let created = |revision: u64| match revision {
        0 => seconds(0),
        _ => seconds(0) + 3 * HOUR + i64::try_from(revision).unwrap() * SECOND,
    };
    let mut panel = Panel::new(&notes(0..10, created, |_| false));
    panel.does(TimeIntent::Oldest);
    panel.does(TimeIntent::PlayByTime(true));
    assert!(!panel.shows("of quiet shortened"));
    panel.does(TimeIntent::PlayPause);
    assert!(panel.shows("3 h 0 m of quiet shortened"));
    panel.does(TimeIntent::Tick(1.9));
    assert_eq!(panel.index(), 0);
    panel.does(TimeIntent::Tick(0.2));
    assert_eq!(panel.index(), 1, "after two seconds");
    assert!(!panel.shows("of quiet shortened"), "one second is waited for");
    panel.does(TimeIntent::Speed(604_800));
    panel.does(TimeIntent::Oldest);
    panel.does(TimeIntent::PlayPause);
    assert!(!panel.shows("of quiet shortened"), "so fast it is not long");
}

#[test]
fn bands_of_problems_do_not_stop_at_any_number() {
    use hindsight::history::{Density, Histogram, Mark, Shape};
    let kind = "OrderPaid".into();
    let mut density = Density::default();
    for index in 0..200_000_i64 {
        let is_problem = (20_000..60_000).contains(&index) || index == 100_000 || index >= 199_999;
        density.push(&kind, Created(index), if is_problem { Mark::Problem } else { Mark::Folded });
    }
    let mut histogram = Histogram::default();
    for shape in [
        Shape::Events { from: 0, step: 1_000, columns: 200 },
        Shape::Times { from: Created(0), step: 1_000, columns: 200 },
    ] {
        histogram.update(&density, shape);
        assert_eq!(ui::time::bands(histogram.problems()), [20..60, 100..101, 199..200]);
        assert_eq!(histogram.problems().iter().sum::<usize>(), 40_002);
    }
    assert_eq!(ui::time::bands(&[]), Vec::<Range<usize>>::new());
}

#[test]
fn a_revision_of_seven_digits_is_not_cut() {
    for width in [900.0, 1280.0] {
        let mut panel = Panel::new(&notes(1_234_567..1_234_667, seconds, |_| false));
        panel.harness.set_size(egui::vec2(width, 800.0));
        panel.harness.run_steps(4);
        assert!(panel.shows("rev 1,234,666 of 1,234,666"));
        let texts = painted(&panel.harness);
        // The inspector says it further right.
        let said = texts.iter().filter(|(text, _)| text == "1,234,666");
        let found = said.min_by(|a, b| a.1.left().total_cmp(&b.1.left())).expect("the revision's cell");
        let time = texts.iter().find(|(text, _)| text == "Time").expect("the column beside it");
        assert!(found.1.right() <= time.1.left(), "{found:?} {time:?}");
        assert!(!texts.iter().any(|(text, _)| text.starts_with("1,2") && text.ends_with('…')));
    }
}

/// The texts of the last frame as they are painted, with their places.
fn painted<T>(harness: &Harness<'_, T>) -> Vec<(String, Rect)> {
    fn texts(shape: &egui::Shape, all: &mut Vec<(String, Rect)>) {
        match shape {
            egui::Shape::Text(text) => {
                let shown: String = text.galley.rows.iter().map(|row| row.text()).collect();
                all.push((shown, text.galley.rect.translate(text.pos.to_vec2())));
            }
            egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| texts(shape, all)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    harness.output().shapes.iter().for_each(|clipped| texts(&clipped.shape, &mut all));
    all
}
