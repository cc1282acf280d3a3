//! The palette says what it will do before Enter: over the state, and through the real window by accessible name.

use crate::app::Window as State;
use crate::history::record;
use crate::payloads::copied;
use crate::window::Window;
use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect};
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::app::{
    ACTIONS, Action, Chord, CommandIntent, Hit, HitKind, Intent, Key as Named, ListIntent, PaletteHits, Tab,
    Take, TimeIntent, ViewIntent,
};
use hindsight::decision::Expected;
use hindsight::history::Cursor;
use hindsight::record::{Created, Record, Revision, StreamName};
use hindsight::store::{Cell, Life, Presence, StreamRow, Update};
use jiff::tz::TimeZone;

/// 2026-11-25 10:00 in UTC, which is 11:00 in Berlin.
fn now() -> Created {
    let stamp: jiff::Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
    Created(i64::try_from(stamp.as_nanosecond() / 100).unwrap())
}

fn hits_at(state: &mut State, text: &str, now: Created) -> Vec<Hit> {
    state.app.refresh();
    let mut palette = PaletteHits::default();
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    palette.update(&state.app, text, now, &zone);
    while palette.waits() {
        palette.update(&state.app, text, now, &zone);
    }
    palette.hits().to_vec()
}

fn hits(state: &mut State, text: &str) -> Vec<Hit> {
    hits_at(state, text, now())
}

fn titles(hits: &[Hit]) -> Vec<&str> {
    hits.iter().map(|hit| &*hit.title).collect()
}

fn row(stream: &str, user: &str) -> StreamRow {
    StreamRow {
        stream: StreamName::new(stream),
        revision: Some(Revision(1)),
        first: Revision(0),
        events: 2,
        presence: Presence::Live,
        status: None,
        state: None,
        cells: Box::new([Cell { path: "UserID".into(), text: user.into(), is_text: true }]),
        last_event: None,
        problems: 0,
    }
}

fn listed(streams: &[(&str, &str)]) -> State {
    let mut state = State::online();
    let rows = streams.iter().map(|(stream, user)| row(stream, user)).collect();
    state.app.absorb(Update::Rows(rows));
    state
}

/// Order `a` with events an hour apart, the last one at 11:59:58.420 in Berlin on the day before.
fn opened() -> State {
    let mut state = State::online();
    let ticket = state.select("order-a");
    let hour = 36_000_000_000;
    let last = now().0 - 23 * hour - 15_800_000;
    let records: Vec<Record> = (0..4)
        .map(|revision| {
            let (event_type, data) = match revision {
                0 => ("OrderCreated", r#"{"OrderID":"a","UserID":"ada","Total":99.90}"#),
                3 => ("OrderPaid", r#"{"OrderID":"a"}"#),
                _ => ("OrderNoteAdded", "{}"),
            };
            let back = i64::try_from(3 - revision).unwrap() * hour;
            let mut record = record(revision, event_type, data);
            record.created = Created(last - back);
            record.id =
                uuid::Uuid::from_u128(0x7f3c_21d8_0000_0000_0000_0000_0000_0000 + u128::from(revision));
            let metadata = format!(
                r#"{{"$correlationId" : "b7d0-{}", "$causationId":"cause-{revision}"}}"#,
                revision / 2
            );
            record.metadata = metadata.as_bytes().into();
            record
        })
        .collect();
    state.records(ticket, &records);
    state.app.absorb(Update::Life { ticket, life: Life::Live, last: None });
    state
}

#[test]
fn a_moment_says_the_revision_the_event_before_it_and_the_whole_list() {
    let mut state = opened();
    let found = hits(&mut state, "yesterday noon");
    assert_eq!(
        titles(&found),
        [
            "This stream at revision 3",
            "The whole list as of 2026-11-24 12:00:00 +01:00",
            "Open the stream named “yesterday noon”"
        ]
    );
    assert_eq!(found[0].effect, "the last event at or before 2026-11-24 12:00:00 +01:00 (11:59:58.420)");
    assert_eq!(found[2].effect, "not in the list; it may not exist");
    let at = found[0].moment.unwrap();
    assert_eq!(found[1].take, Take::Intents(vec![Intent::Time(TimeIntent::AsOf(Some(at)))]));
    let before = hits(&mut state, "yesterday 11:30");
    assert_eq!(before[0].title, "This stream at revision 2");
    let Take::Intents(intents) = before[0].take.clone() else { panic!("{before:?}") };
    state.does(intents);
    assert_eq!(state.app.opened().unwrap().cursor(), Cursor::At(Revision(2)));
    let early = hits(&mut state, "2020-01-01");
    assert_eq!(early[0].title, "This stream before its first event");
    assert!(
        early[0].effect.starts_with("2020-01-01 00:00:00 +01:00 is before its first event (2026-11-24 08:59")
    );
    let late = hits(&mut state, "tomorrow");
    assert!(
        late[0].effect.ends_with("; has not come yet") && late[1].effect == "has not come yet",
        "{late:?}"
    );
}

#[test]
fn the_hour_that_comes_twice_is_offered_twice_each_with_its_offset() {
    let found = hits(&mut State::online(), "2026-10-25 02:30");
    assert_eq!(
        titles(&found)[..2],
        [
            "The whole list as of 2026-10-25 02:30:00 +02:00",
            "The whole list as of 2026-10-25 02:30:00 +01:00"
        ]
    );
    assert_eq!(found[0].effect, "the first of two 02:30:00");
    assert_ne!(found[0].moment, found[1].moment);
}

#[test]
fn an_exact_name_is_first_then_the_id_then_beginnings_words_and_parts_of_all_streams() {
    let mut state = listed(&[
        ("order-xadax", "u"),
        ("order-an-ada", "u"),
        ("order-adam", "u"),
        ("order-1", "Ada"),
        ("order-ada", "u"),
        ("ada", "u"),
    ]);
    state.does([Intent::List(ListIntent::Filter("nothing".into()))]);
    let found = hits(&mut state, "ada");
    assert_eq!(
        titles(&found),
        [
            "ada",
            "order-ada",
            "order-adam",
            "order-an-ada",
            "Streams whose text contains “ada”",
            "order-xadax",
            "order-1"
        ]
    );
    assert!(found[6].effect.ends_with("UserID Ada"), "{:?}", found[6]);
    assert_eq!(found[4].effect, "6 of 6 in order-*; filters the list");
    assert_eq!(state.app.list().filter(), "nothing", "typing changes nothing");
}

#[test]
fn facets_and_orders_of_the_list_are_found() {
    let mut state = listed(&[("order-1", "ada"), ("order-2", "ben")]);
    let found = hits(&mut state, "show unpaid");
    assert_eq!(found[0].title, "Show Unpaid");
    assert_eq!(found[0].effect, "0 of 2 streams of the list; shows them alone");
    let found = hits(&mut state, "sort by total");
    assert_eq!((found[0].title.as_str(), found[0].effect.as_str()), ("Sort by Total", "sorts the list"));
    let Take::Intents(intents) = found[0].take.clone() else { panic!("{found:?}") };
    state.does(intents);
    assert_eq!(hits(&mut state, "sort by total")[0].effect, "as the list stands now");
}

#[test]
fn a_long_history_is_looked_at_in_parts_until_its_last_event_is_found() {
    let mut state = State::online();
    let ticket = state.select("order-a");
    let records: Vec<Record> = (0..45_000)
        .map(|revision| {
            let mut record = record(revision, "OrderNoteAdded", "{}");
            record.id = uuid::Uuid::from_u128(u128::from(revision) << 64);
            record
        })
        .collect();
    state.records(ticket, &records);
    state.app.absorb(Update::Life { ticket, life: Life::Live, last: None });
    let id = records[44_999].id.to_string();
    let mut palette = PaletteHits::default();
    let mut parts = 0;
    while parts == 0 || palette.waits() {
        palette.update(&state.app, &id, now(), &TimeZone::UTC);
        parts += 1;
    }
    assert_eq!((parts, palette.hits()[0].title.clone()), (3, format!("Event {id}")));
}

#[test]
fn the_beginning_of_an_id_is_no_age_before_it_is_a_stream() {
    let mut state = listed(&[("order-3d5f", "u")]);
    assert_eq!(hits(&mut state, "3d")[0].title, "order-3d5f");
    assert_eq!(hits(&mut state, "3 d")[0].kind, HitKind::Moment);
    assert_eq!(hits(&mut state, "4d")[0].kind, HitKind::Moment);
}

#[test]
fn names_of_any_form_are_opened_to_the_byte_and_last() {
    for name in ["basket/1", "MyStream", "name with blanks", "nodash", "$ce-order", "日本-1", "a“b”", "x-y-z"]
    {
        let mut state = listed(&[("order-1", "ada")]);
        let found = hits(&mut state, name);
        let hit = found.iter().find(|hit| hit.kind == HitKind::Unlisted).unwrap();
        assert_eq!(hit.take, Take::Intents(vec![Intent::List(ListIntent::Select(StreamName::new(name)))]));
        state.goes_to(name);
        assert_eq!(state.app.opened().unwrap().stream().as_str(), name, "the only hit is taken");
    }
    let mut state = listed(&[("order-1", "nodash 7"), ("order- lead", "u")]);
    let found = hits(&mut state, "nodash");
    assert_eq!(found.last().unwrap().title, "Open the stream named “order-nodash”");
    assert!(found[0].kind != HitKind::Unlisted, "a name that is in no list is never first: {found:?}");
    assert_eq!(hits(&mut state, " lead")[0].title, "order- lead", "blanks are part of a name");
}

#[test]
fn ids_of_events_and_correlations_lead_to_their_events() {
    let mut state = opened();
    let id = "7f3c21d8-0000-0000-0000-000000000002";
    for text in [id, &id.to_uppercase(), &id.replace('-', "")] {
        let found = hits(&mut state, text);
        assert_eq!(found[0].title, format!("Event {id}"), "{text}");
        assert!(found[0].effect.starts_with("this stream at revision 2, OrderNoteAdded"), "{:?}", found[0]);
        assert_eq!(found[0].take, Take::Intents(vec![Intent::Time(TimeIntent::GoTo(Revision(2)))]));
    }
    assert_eq!(hits(&mut state, "7f3c21d8").iter().filter(|hit| hit.kind == HitKind::Event).count(), 4);
    let found = hits(&mut state, "b7d0-1");
    assert_eq!(found[0].title, "Correlation b7d0-1");
    assert_eq!(found[0].effect, "2 events of this stream; shows those of all streams");
    assert_eq!(hits(&mut state, "cause-3")[0].title, "Causation cause-3");
    assert!(!hits(&mut state, "correlationId").iter().any(|hit| hit.kind == HitKind::Event));
}

#[test]
fn revisions_fields_and_event_types_of_the_open_stream_are_found() {
    let mut state = opened();
    let found = hits(&mut state, "rev 2");
    assert_eq!(found[0].title, "This stream at revision 2");
    assert!(found[0].effect.starts_with("OrderNoteAdded, 2026-11-24 10:59:58.420 +01:00"), "{:?}", found[0]);
    let found = hits(&mut state, "99");
    assert_eq!(found[0].title, "There is no revision 99 in this stream");
    assert_eq!((found[0].effect.as_str(), &found[0].take), ("it has revisions 0 to 3", &Take::Nothing));
    let found = hits(&mut state, "total");
    assert_eq!(found[0].title, "Field Total");
    assert_eq!(found[0].effect, "shows its history; 99.90 here");
    let Take::Intents(intents) = found[0].take.clone() else { panic!("{found:?}") };
    state.does([Intent::View(ViewIntent::Tab(Tab::Raw))]);
    state.does(intents);
    assert_eq!(
        (state.app.tab(), state.app.asking().field().map(|field| &**field.path())),
        (Tab::State, Some("Total"))
    );
    state.does([Intent::Time(TimeIntent::GoTo(Revision(0)))]);
    let found = hits(&mut state, "ordernoteadded");
    assert_eq!(found[0].effect, "2 events of this type in this stream; goes to the next, revision 1");
    state.does([Intent::Time(TimeIntent::GoTo(Revision(2)))]);
    assert!(hits(&mut state, "ordernoteadded")[0].effect.ends_with("goes to the first, revision 1"));
}

#[test]
fn wrong_phrases_say_why_and_lead_nowhere() {
    let mut state = opened();
    for text in ["2026-02-30", "yestreday noon", "25:00", "2 hugs ago", "21.11.26", "rev 99"] {
        let found = hits(&mut state, text);
        assert_eq!((found[0].kind, &found[0].take), (HitKind::Wrong, &Take::Nothing), "{text}");
        let (cursor, stream) =
            (state.app.opened().unwrap().cursor(), state.app.opened().unwrap().stream().clone());
        state.goes_to(text);
        assert_eq!(state.app.opened().unwrap().cursor(), cursor);
        assert_eq!(*state.app.opened().unwrap().stream(), stream);
    }
}

#[test]
fn every_command_is_found_by_its_name_with_its_key_and_what_it_does() {
    let mut state = opened();
    for entry in ACTIONS.iter().filter(|entry| entry.action != Action::Palette) {
        let found = hits(&mut state, entry.name);
        let is_it = |hit: &&Hit| hit.kind == HitKind::Command && hit.title == entry.name;
        let hit = found.iter().find(is_it).unwrap_or_else(|| panic!("{}: {found:?}", entry.name));
        assert_eq!(hit.chord, entry.chord);
        let is_first = found[0].title == entry.name || found[0].kind == HitKind::Command;
        assert!(is_first, "{}: {found:?}", entry.name);
        match (state.app.why_not(entry.action), entry.action.intent()) {
            (Some(why), _) => assert_eq!((hit.effect.as_str(), &hit.take), (why, &Take::Nothing)),
            (None, Some(intent)) => assert_eq!(hit.take, Take::Intents(vec![intent])),
            (None, None) => assert_eq!(hit.take, Take::Press(entry.action)),
        }
    }
    assert_eq!(
        hits(&mut state, "pay order")[0].take,
        Take::Intents(vec![Intent::Command(CommandIntent::Form(1))])
    );
}

#[test]
fn what_is_typed_is_looked_for_once_however_often_it_is_drawn() {
    let mut state = opened();
    state.app.refresh();
    let mut palette = PaletteHits::default();
    assert!(palette.update(&state.app, "2 h ago", now(), &TimeZone::UTC));
    let first = palette.hits().to_vec();
    let at = palette.hits().as_ptr();
    // An age is of the time at which it was typed.
    let later = Created(now().0 + 600_000_000);
    assert!(!palette.update(&state.app, "2 h ago", later, &TimeZone::UTC));
    assert_eq!((palette.hits(), palette.hits().as_ptr()), (&first[..], at));
    state.app.absorb(Update::Rows(vec![row("order-2", "u")]));
    state.app.refresh();
    palette.update(&state.app, "2 h ago", later, &TimeZone::UTC);
    assert_eq!(palette.hits()[0].moment, first[0].moment, "and stays so when others come");
}

/// The lines of the palette that are in view, by their places.
fn lines(window: &Window) -> Vec<(String, Rect)> {
    let field = window.harness.get_by_role_and_label(Role::TextInput, "Go to").rect();
    let all = window.harness.query_all_by_role(Role::Button);
    let inside = all.filter(|node| {
        let rect = node.rect();
        (rect.width() - field.width()).abs() < 24.0
            && (rect.left() - field.left()).abs() < 12.0
            && rect.top() >= field.bottom() - 1.0
    });
    inside.map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect())).collect()
}

fn asks(window: &mut Window, text: &str) {
    window.press(Modifiers::COMMAND, Key::K);
    if !text.is_empty() {
        window.harness.event(egui::Event::Text(text.to_owned()));
    }
    window.harness.run_steps(4);
}

fn is_asking(window: &Window) -> bool {
    window.harness.query_by_role_and_label(Role::TextInput, "Go to").is_some()
}

#[test]
fn the_window_says_what_it_will_do_and_does_it() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.elsewhere("abc", Expected::Exact(Revision(0)), "OrderPaid", r#"{"OrderID":"abc"}"#);
    window.until("Revision 1 OrderPaid");
    asks(&mut window, "rev 0");
    let all = lines(&window);
    assert!(all[0].0.starts_with("This stream at revision 0: OrderCreated, "), "{all:?}");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("After revision 0");
    asks(&mut window, "2 h ago");
    assert!(lines(&window)[0].0.starts_with("This stream before its first event"), "{:?}", lines(&window));
    window.press(Modifiers::NONE, Key::Escape);
    assert!(window.shows("After revision 0"), "Esc leaves all as it was");
    asks(&mut window, "basket/1");
    assert!(lines(&window)[0].0.starts_with("Open the stream named “basket/1”: not in the list"));
    window.press(Modifiers::NONE, Key::Enter);
    window.until("basket/1");
    asks(&mut window, "order-abc");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("order-abc");
}

#[test]
fn each_example_of_a_moment_says_the_place_in_the_stream_and_the_list() {
    let mut window = Window::with_order(egui::Theme::Dark);
    let examples = [
        "yesterday",
        "yesterday 12:00",
        "18:55:30",
        "21 Nov",
        "2 h ago",
        "-90m",
        "2026-11-21T18:55:30Z",
        "noon UTC",
        "now",
    ];
    for text in examples {
        asks(&mut window, text);
        let all = lines(&window);
        assert!(all[0].0.starts_with("This stream "), "{text}: {all:?}");
        assert!(all[1].0.starts_with("The whole list as of 2"), "{text}: {all:?}");
        let named = format!("Open the stream named “{text}”: not in the list; it may not exist");
        assert!(all[2..].iter().any(|(line, _)| *line == named), "{all:?}");
        window.press(Modifiers::NONE, Key::Escape);
    }
    asks(&mut window, "rev 0");
    let name = lines(&window)[0].0.clone();
    window.click(&name);
    assert!(!is_asking(&window));
    window.until("After revision 0");
}

#[test]
fn escape_leaves_the_filter_the_list_and_the_playhead_as_they_were() {
    let mut window = Window::open(true, egui::Theme::Light);
    window.types("Filter streams", "unpaid");
    window.open_stream("order-5a2281c4");
    window.press(Modifiers::NONE, Key::Home);
    let before = shown(&window);
    for text in
        ["order-", "rev 1", "yesterday noon", "journal", "category x", "25:00", "用户", &"x".repeat(3_000)]
    {
        asks(&mut window, text);
        assert!(is_asking(&window));
        for key in [Key::ArrowDown, Key::PageDown, Key::ArrowUp] {
            window.press(Modifiers::NONE, key);
        }
        window.press(Modifiers::NONE, Key::Escape);
        assert!(!is_asking(&window), "{text}");
        assert_eq!(shown(&window), before, "{text}");
    }
}

/// Every button and text field, with its place.
fn shown(window: &Window) -> Vec<(String, Rect)> {
    let nodes =
        [Role::Button, Role::TextInput].into_iter().flat_map(|role| window.harness.query_all_by_role(role));
    let said = |node: &egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        format!("{:?} {:?}", node.label(), node.value())
    };
    nodes.map(|node| (said(&node), node.rect())).collect()
}

#[test]
fn a_misspelt_date_leaves_everything_and_the_palette_open() {
    let mut window = Window::with_order(egui::Theme::Dark);
    asks(&mut window, "2026-02-30");
    window.press(Modifiers::NONE, Key::Enter);
    assert!(is_asking(&window));
    window.until("order-abc");
    assert!(lines(&window)[0].0.contains("that month has 28 days"), "{:?}", lines(&window));
    window.press(Modifiers::NONE, Key::Escape);
    assert!(!is_asking(&window));
}

#[test]
fn lines_are_as_wide_as_the_palette_and_stay_where_they_are() {
    let mut window = Window::with_order(egui::Theme::Dark);
    asks(&mut window, "");
    let place = |window: &Window| window.harness.get_by_role_and_label(Role::TextInput, "Go to").rect();
    let (field, first) = (place(&window), lines(&window)[0].1);
    for text in ["o", "r", "d", "e", "r", "-", "zzz"] {
        window.harness.event(egui::Event::Text(text.to_owned()));
        window.harness.run_steps(3);
        assert_eq!(place(&window), field);
        let all = lines(&window);
        assert_eq!(all[0].1.left_top(), first.left_top(), "{text}");
        assert!(all.iter().all(|(_, line)| (line.width() - first.width()).abs() < 0.5), "{all:?}");
    }
}

#[test]
fn arrows_pages_and_control_enter_choose_and_take() {
    let mut window = Window::with_order(egui::Theme::Dark);
    asks(&mut window, "yesterday noon");
    window.press(Modifiers::NONE, Key::ArrowDown);
    window.press(Modifiers::NONE, Key::PageDown);
    window.press(Modifiers::NONE, Key::PageUp);
    window.press(Modifiers::COMMAND, Key::Enter);
    assert!(!is_asking(&window), "taken");
    asks(&mut window, "yesterday noon");
    window.press(Modifiers::NONE, Key::PageDown);
    window.press(Modifiers::NONE, Key::Enter);
    window.until("yesterday noon");
}

#[test]
fn a_command_without_an_intent_is_done_by_its_key() {
    let mut window = Window::with_order(egui::Theme::Dark);
    asks(&mut window, "filter streams");
    window.press(Modifiers::NONE, Key::Enter);
    window.harness.run_steps(3);
    window.harness.event(egui::Event::Text("zz".to_owned()));
    window.harness.run_steps(4);
    assert!(window.shows("Nothing matches"), "the filter has the focus");
    let chord = Action::Find.entry().chord.unwrap();
    assert_eq!(chord, Chord { key: Named::Sign('F'), shift: false, ctrl: true });
}

#[test]
fn the_copied_time_of_an_event_leads_back_to_it() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.elsewhere("abc", Expected::Exact(Revision(0)), "OrderPaid", r#"{"OrderID":"abc"}"#);
    window.until("Revision 1 OrderPaid");
    window.press(Modifiers::NONE, Key::Home);
    window.harness.run_steps(2);
    window.harness.get_by_label("Copy created").click();
    let mut copies = (0..6).filter_map(|_| {
        window.harness.step();
        copied(&window)
    });
    let text = copies.next().unwrap();
    window.press(Modifiers::NONE, Key::End);
    asks(&mut window, &text);
    assert!(lines(&window)[0].0.starts_with("This stream at revision 0: "), "{:?}", lines(&window));
}

#[test]
fn a_link_says_what_it_leads_to_and_opens_it_there() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.open_stream("$ce-order");
    window.press(Modifiers::NONE, Key::Num3);
    window.until("revision 0 of order-abc");
    window.click("Open target");
    window.until("order-abc");
    window.until("Revision 0 OrderCreated");
}
