//! What a person sees and presses: nothing pressed is lost, and what is looked at stays in sight.

use crate::window::Window;
use egui::accesskit::{Role, Toggled};
use egui::{Event, Key, Modifiers, MouseWheelUnit, Pos2, Rect};
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::decision::{Append, Expected, Proposed};
use hindsight::record::StreamName;
use hindsight::store::{Permit, Session};
use std::time::{Duration, Instant};

impl Window {
    /// Appends notes as another program would.
    fn add_notes(&self, id: &str, notes: u64) {
        self.add_to(order(id), notes);
    }

    fn write_to(&self, stream: &str) {
        self.add_to(StreamName::new(stream), 1);
    }

    fn add_to(&self, stream: StreamName, notes: u64) {
        let note = || Proposed {
            id: uuid::Uuid::new_v4(),
            event_type: "OrderNoteAdded".into(),
            data: b"{}".as_slice().into(),
            metadata: Box::default(),
        };
        let events = (0..notes).map(|_| note()).collect();
        let append = Append { stream, expected: Expected::Any, events };
        let url = self.node.connection_string();
        self.runtime.block_on(async {
            let session = Session::connect(&url).await.unwrap();
            session.writer().append(&append, Permit::Production).await.unwrap();
        });
    }

    fn plays(&self) -> bool {
        self.harness.query_by_label("Pause").is_some()
    }

    fn table(&self) -> Rect {
        self.harness.get_by_label("Event table").rect()
    }

    fn list(&self) -> Rect {
        self.harness.get_by_label("Stream list").rect()
    }

    /// The revision that the playhead is on.
    fn revision(&self) -> u64 {
        let label = self.harness.query_all_by_label_contains("rev ").find_map(|node| {
            let text = node.accesskit_node().label().or(node.accesskit_node().value())?;
            text.strip_prefix("rev ")?.split_once(" of ")?.0.parse().ok()
        });
        label.expect("the playhead is on an event")
    }

    /// The list's rows, from above, as far as they are drawn.
    fn rows(&self) -> Vec<(String, Rect, bool)> {
        let list = self.list();
        let nodes = self.harness.query_all_by_label_contains("order-");
        let row = |node: egui_kittest::Node<'_>| {
            let inner = node.accesskit_node();
            let selected = inner.toggled()? == Toggled::True;
            Some((inner.label()?, node.rect(), selected))
        };
        let mut rows: Vec<_> = nodes.filter_map(row).filter(|(_, rect, _)| list.intersects(*rect)).collect();
        rows.sort_by(|a, b| a.1.top().total_cmp(&b.1.top()));
        rows
    }

    fn selected(&self) -> Option<String> {
        self.rows().into_iter().find(|(_, _, selected)| *selected).map(|(name, _, _)| name)
    }

    #[track_caller]
    fn selected_is_seen(&mut self) {
        self.harness.run_steps(10);
        let (list, rows) = (self.list(), self.rows());
        let (name, rect, _) = rows.into_iter().find(|(_, _, selected)| *selected).expect("it is not drawn");
        let inside = rect.top() >= list.top() - 1.0 && rect.bottom() <= list.bottom() + 1.0;
        assert!(inside, "{name}: {rect:?} in {list:?}");
    }

    fn sort_by(&mut self, sort: &str) {
        self.click("Sort");
        self.harness.get_by_role_and_label(Role::Button, sort).click();
        self.harness.run_steps(4);
    }

    /// Turns the wheel over a place; negative is further down.
    fn wheel(&mut self, at: Pos2, points: f32) {
        self.harness.event(Event::PointerMoved(at));
        self.harness.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: egui::vec2(0.0, points),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
        self.harness.run_steps(40);
        self.harness.event(Event::PointerMoved(Pos2::ZERO));
        self.harness.run_steps(2);
    }

    fn drag(&mut self, from: Pos2, to: Pos2) {
        let button = |pos, pressed| Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.harness.event(Event::PointerMoved(from));
        self.harness.event(button(from, true));
        for step in 1_u8..=10 {
            self.harness.event(Event::PointerMoved(from + (to - from) * f32::from(step) / 10.0));
        }
        self.harness.event(button(to, false));
        self.harness.event(Event::PointerMoved(Pos2::ZERO));
        self.harness.run_steps(4);
    }
}

fn order(id: &str) -> StreamName {
    StreamName::new(&format!("order-{id}"))
}

fn key(modifiers: Modifiers, key: Key, pressed: bool) -> Event {
    Event::Key { key, physical_key: None, pressed, repeat: false, modifiers }
}

/// All in one frame, as a slow frame gets them: a press and a release for each.
fn in_one_frame(window: &mut Window, keys: &[(Modifiers, Key, Option<&str>)]) {
    for (modifiers, pressed, text) in keys {
        let events = &mut window.harness.input_mut().events;
        events.push(key(*modifiers, *pressed, true));
        events.extend(text.map(|text| Event::Text(text.to_owned())));
        events.push(key(*modifiers, *pressed, false));
    }
    window.harness.run_steps(6);
}

fn plain(pressed: Key, times: usize) -> Vec<(Modifiers, Key, Option<&'static str>)> {
    vec![(Modifiers::NONE, pressed, None); times]
}

/// Order `abc` with this many notes after its creation, at its newest event.
fn with_notes(notes: u64) -> Window {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.add_notes("abc", notes);
    window.until(&format!("rev {notes} of {notes}"));
    window
}

fn row(window: &Window, revision: u64) -> Option<Rect> {
    let name = format!("Revision {revision} ");
    window.harness.query_all_by_label_contains(&name).next().map(|node| node.rect())
}

fn filter_text(window: &Window) -> String {
    let field = window.harness.get_by_role_and_label(Role::TextInput, "Filter streams");
    field.accesskit_node().value().unwrap_or_default()
}

#[test]
fn a_key_that_focuses_the_filter_does_not_type_itself_into_it() {
    let mut window = Window::open(true, egui::Theme::Dark);
    in_one_frame(&mut window, &[(Modifiers::NONE, Key::Slash, Some("/"))]);
    window.harness.event(Event::Text("paid".to_owned()));
    window.harness.run_steps(3);
    assert_eq!(filter_text(&window), "paid");
    // In a field it is a letter like another.
    in_one_frame(&mut window, &[(Modifiers::NONE, Key::Slash, Some("/"))]);
    assert_eq!(filter_text(&window), "paid/");
}

#[test]
fn what_is_typed_fast_after_the_filters_key_goes_into_the_filter() {
    let mut window = Window::open(true, egui::Theme::Dark);
    let slash = (Modifiers::NONE, Key::Slash, Some("/"));
    let keys = [(Modifiers::NONE, Key::N, Some("n")), slash, (Modifiers::NONE, Key::U, Some("u")), slash];
    in_one_frame(&mut window, &keys);
    assert_eq!(filter_text(&window), "u/");
}

#[test]
fn what_is_typed_fast_after_ctrl_k_goes_into_the_palette_and_what_follows_enter_does_not() {
    let mut window = with_notes(4);
    let keys = [
        (Modifiers::COMMAND, Key::K, None),
        (Modifiers::NONE, Key::O, Some("oldest")),
        (Modifiers::NONE, Key::Enter, None),
        (Modifiers::NONE, Key::ArrowRight, None),
        (Modifiers::NONE, Key::ArrowRight, None),
    ];
    in_one_frame(&mut window, &keys);
    window.until("rev 2 of 4");
}

#[test]
fn what_follows_a_key_that_leaves_a_field_is_not_typed_into_it() {
    for leaves in [Key::Enter, Key::Escape] {
        let mut window = with_notes(4);
        in_one_frame(&mut window, &[(Modifiers::NONE, Key::Slash, Some("/"))]);
        let mut keys = vec![(Modifiers::NONE, Key::A, Some("abc")), (Modifiers::NONE, leaves, None)];
        keys.extend(plain(Key::ArrowLeft, 3));
        in_one_frame(&mut window, &keys);
        window.until("rev 1 of 4");
    }
}

#[test]
fn each_tab_of_several_in_one_frame_moves_the_focus() {
    let mut window = with_notes(4);
    let focused = |window: &Window| window.harness.ctx.memory(egui::Memory::focused);
    let mut passed = Vec::new();
    for _ in 0..3 {
        in_one_frame(&mut window, &plain(Key::Tab, 1));
        passed.push(focused(&window));
    }
    in_one_frame(&mut window, &[(Modifiers::SHIFT, Key::Tab, None); 2]);
    assert_eq!(focused(&window), passed[0]);
    in_one_frame(&mut window, &plain(Key::Tab, 2));
    assert_eq!(focused(&window), passed[2]);
}

#[test]
fn no_press_is_lost_where_several_come_in_one_frame() {
    let mut window = with_notes(60);
    in_one_frame(&mut window, &plain(Key::ArrowLeft, 50));
    assert!(window.shows("rev 10 of 60"), "fifty steps back");
    in_one_frame(&mut window, &plain(Key::ArrowRight, 7));
    assert!(window.shows("rev 17 of 60"));
    in_one_frame(&mut window, &[(Modifiers::SHIFT, Key::ArrowRight, None); 3]);
    assert!(window.shows("rev 47 of 60"));
    let mut mixed = plain(Key::Home, 1);
    mixed.extend(plain(Key::ArrowRight, 3));
    in_one_frame(&mut window, &mixed);
    assert!(window.shows("rev 3 of 60"), "in the order of the presses");
    in_one_frame(&mut window, &plain(Key::End, 1));
    assert!(window.shows("rev 60 of 60"));
    in_one_frame(&mut window, &plain(Key::Home, 1));
    for (presses, plays) in [(2, false), (3, true), (1, false)] {
        let spaces = vec![(Modifiers::NONE, Key::Space, Some(" ")); presses];
        in_one_frame(&mut window, &spaces);
        assert_eq!(window.plays(), plays, "after {presses} presses");
    }
}

#[test]
fn every_press_of_a_key_held_down_steps() {
    let mut window = with_notes(20);
    for _ in 0..5 {
        window.harness.input_mut().events.push(key(Modifiers::NONE, Key::ArrowLeft, true));
    }
    window.harness.run_steps(2);
    assert!(window.shows("rev 15 of 20"));
}

#[test]
fn every_press_selects_the_next_stream() {
    let mut window = Window::open(true, egui::Theme::Dark);
    in_one_frame(&mut window, &plain(Key::ArrowDown, 1));
    let first = window.selected().unwrap();
    in_one_frame(&mut window, &plain(Key::ArrowDown, 3));
    assert_ne!(window.selected().unwrap(), first);
    in_one_frame(&mut window, &plain(Key::ArrowUp, 3));
    assert_eq!(window.selected().unwrap(), first);
}

/// The playhead's row is drawn, wholly inside the table.
#[track_caller]
fn playhead_is_seen(window: &mut Window, revision: u64) {
    window.harness.run_steps(20);
    let row = row(window, revision).unwrap_or_else(|| panic!("revision {revision} is not drawn"));
    let table = window.table();
    assert!(row.top() >= table.top() - 1.0 && row.bottom() <= table.bottom() + 1.0, "{row:?} in {table:?}");
}

#[test]
fn the_playhead_stays_in_the_tables_view_however_it_moves() {
    let mut window = with_notes(300);
    playhead_is_seen(&mut window, 300);
    window.press(Modifiers::NONE, Key::Home);
    playhead_is_seen(&mut window, 0);
    for _ in 0..3 {
        in_one_frame(&mut window, &[(Modifiers::SHIFT, Key::ArrowRight, None); 2]);
    }
    playhead_is_seen(&mut window, 60);
    window.go_to("rev 200");
    playhead_is_seen(&mut window, 200);
    let track = window.harness.get_by_label("Timeline").rect();
    window.drag(track.center(), track.center() - egui::vec2(track.width() * 0.25, 0.0));
    let at = window.revision();
    assert!((60..100).contains(&at), "{at}");
    playhead_is_seen(&mut window, at);
}

#[test]
fn the_table_does_not_fight_the_persons_own_scrolling() {
    let mut window = with_notes(300);
    window.press(Modifiers::NONE, Key::Home);
    window.wheel(window.table().center(), -1500.0);
    assert!(row(&window, 0).is_none(), "scrolled away");
    window.harness.run_steps(10);
    assert!(row(&window, 0).is_none(), "and left there");
    window.press(Modifiers::NONE, Key::ArrowRight);
    playhead_is_seen(&mut window, 1);
}

#[test]
fn events_that_arrive_do_not_pull_back_one_who_reads_further_up() {
    let mut window = with_notes(300);
    window.wheel(window.table().center(), 3000.0);
    assert!(row(&window, 300).is_none());
    window.add_notes("abc", 1);
    window.until("rev 301 of 301");
    window.harness.run_steps(10);
    assert!(row(&window, 301).is_none());
}

#[test]
fn a_created_stream_is_in_view_in_the_list() {
    let mut window = Window::open(true, egui::Theme::Dark);
    window.sort_by("Total");
    window.types("User", "user123");
    window.types("Total", "0.001");
    window.types("Order", "created-last");
    window.click("Append");
    window.until("Appended OrderCreated");
    window.until("order-created-last Unpaid");
    window.selected_is_seen();
    // Every other way of choosing a stream leads to it as well.
    in_one_frame(&mut window, &plain(Key::ArrowUp, 20));
    window.selected_is_seen();
    window.go_to("order-created-last");
    window.selected_is_seen();
}

#[test]
fn an_open_stream_that_the_filter_hides_is_told_and_shown_again() {
    let mut window = Window::open(true, egui::Theme::Dark);
    in_one_frame(&mut window, &plain(Key::ArrowDown, 3));
    window.types("Filter streams", "no such order");
    window.until("The open stream is hidden by the filter.");
    window.click("Show it");
    assert_eq!(filter_text(&window), "");
    assert!(!window.shows("The open stream is hidden by the filter."));
    window.selected_is_seen();
}

#[test]
fn another_view_of_the_list_starts_at_its_top() {
    let mut window = Window::open(true, egui::Theme::Dark);
    let top = |window: &Window| window.rows().first().map(|(name, rect, _)| (name.clone(), rect.top()));
    let scrolled_away_then = |window: &mut Window, change: &dyn Fn(&mut Window)| {
        change(window);
        let first = top(window);
        window.wheel(window.list().center(), -5000.0);
        assert_ne!(top(window), first, "scrolled down");
        change(window);
        window.harness.run_steps(10);
        assert_eq!(top(window), first);
    };
    scrolled_away_then(&mut window, &|window| {
        // The same order once more would turn it round.
        window.sort_by("Name");
        window.sort_by("Total");
    });
    scrolled_away_then(&mut window, &|window| {
        let facet = window.harness.query_all_by_label_contains("All ").next().unwrap();
        facet.click();
        window.harness.run_steps(4);
    });
    let first = top(&window);
    window.wheel(window.list().center(), -5000.0);
    window.types("Filter streams", "order");
    window.harness.run_steps(10);
    assert_eq!(top(&window), first);
}

#[test]
fn an_exact_revision_is_offered_only_of_the_stream_that_is_written_to() {
    let mut window = with_notes(2);
    let offered = |window: &mut Window, text: &str| {
        window.harness.get_by_role_and_label(Role::ComboBox, "Expected revision").click();
        window.harness.run_steps(4);
        let offered = window.shows(text);
        assert!(window.shows("as decided") && window.shows("any state"));
        window.press(Modifiers::NONE, Key::Escape);
        offered
    };
    window.types("User", "u");
    window.types("Total", "1");
    assert!(!offered(&mut window, "exactly 1"), "of another order");
    window.types("Order", "abc");
    assert!(offered(&mut window, "exactly 1"), "of this one");
    window.click("Pay order");
    assert!(offered(&mut window, "exactly 1"));
}

fn notice(window: &Window) -> bool {
    window.shows("Copied the event's data.")
}

#[test]
fn a_notice_leaves_the_window_by_itself() {
    let mut window = with_notes(1);
    window.harness.event(Event::Copy);
    window.until("Copied the event's data.");
    let started = Instant::now();
    // Only when it is told to, as the real window does.
    while notice(&window) {
        assert!(started.elapsed() < Duration::from_secs(20), "it stays");
        let viewport = &window.harness.output().viewport_output[&egui::ViewportId::ROOT];
        std::thread::park_timeout(viewport.repaint_delay.min(Duration::from_secs(15)));
        window.harness.step();
    }
    assert!(started.elapsed() > Duration::from_secs(6));
}

#[test]
fn an_idle_window_asks_for_no_frame_within_ten_seconds() {
    let mut window = with_notes(2);
    window.until("rev 2 of 2");
    window.harness.run_steps(20);
    let viewport = &window.harness.output().viewport_output[&egui::ViewportId::ROOT];
    assert!(viewport.repaint_delay > Duration::from_secs(10), "{:?}", viewport.repaint_delay);
}

#[test]
fn a_notice_stays_while_the_mouse_is_over_it() {
    let mut window = with_notes(1);
    window.harness.event(Event::Copy);
    window.until("Copied the event's data.");
    let place = window.harness.get_by_label_contains("Copied the event").rect().center();
    window.harness.event(Event::PointerMoved(place));
    window.harness.run_steps(3);
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(9) {
        std::thread::park_timeout(Duration::from_millis(200));
        window.harness.step();
        assert!(notice(&window));
    }
}

/// The fonts that the program brings, on a system that has none.
fn bare() -> egui::Context {
    let ctx = egui::Context::default();
    ctx.set_fonts(hindsight::ui::theme::fonts());
    ctx.set_missing_glyph_policy(egui::MissingGlyphPolicy::Panic);
    ctx
}

#[test]
fn joined_emoji_are_one_sign_on_a_system_without_fonts() {
    let ctx = bare();
    let families = [egui::FontId::proportional(13.0), hindsight::ui::theme::strong(13.0)];
    let fonts: Vec<_> = families.into_iter().chain([hindsight::ui::theme::mono(12.0)]).collect();
    let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
        for font in &fonts {
            let width = |text: &str| {
                let white = egui::Color32::WHITE;
                ui.fonts_mut(|fonts| fonts.layout_no_wrap(text.to_owned(), font.clone(), white)).size().x
            };
            let one = width("👩");
            assert!(one > 0.0);
            for joined in
                ["👩\u{200d}💻", "👨\u{200d}👩\u{200d}👧", "🇩🇪", "👍🏽", "🧑\u{200d}🍳", "❤\u{fe0f}\u{200d}🔥"]
            {
                let joined_width = width(joined);
                assert!(joined_width < one * 1.5, "{joined}: {joined_width} against {one}");
            }
            assert!(width("⏸ 🥲 🫠 🧑 ☎ ▾ ▲ ⚠ ✔ → ← ↑ ↓ × − …") > 0.0);
        }
    });
    output.textures_delta.clear();
}

#[test]
fn every_sign_of_the_window_is_drawn_on_a_system_without_fonts() {
    let mut window = with_notes(2);
    window.harness.ctx.set_missing_glyph_policy(egui::MissingGlyphPolicy::Panic);
    for tab in [Key::Num1, Key::Num2, Key::Num3, Key::Num4] {
        window.press(Modifiers::NONE, tab);
    }
    in_one_frame(&mut window, &[(Modifiers::SHIFT, Key::Questionmark, Some("?"))]);
    window.until("This list");
    window.press(Modifiers::NONE, Key::Escape);
    for menu in ["Connection", "Write mode", "Sort"] {
        window.click(menu);
        window.press(Modifiers::NONE, Key::Escape);
    }
    window.press(Modifiers::NONE, Key::Home);
    window.press(Modifiers::NONE, Key::Space);
    window.types("Filter streams", "zzz");
}

#[track_caller]
fn told_on_hover(window: &mut Window, button: &str, why: &str) {
    let place = window.harness.get_by_label(button).rect().center();
    assert!(window.harness.get_by_label(button).accesskit_node().is_disabled(), "{button}");
    window.harness.event(Event::PointerMoved(place));
    window.until(why);
    window.harness.event(Event::PointerMoved(Pos2::ZERO));
    window.harness.run_steps(3);
}

#[test]
fn time_buttons_are_grey_with_the_true_reason_where_there_is_nothing_to_step() {
    let mut window = Window::open(false, egui::Theme::Light);
    for button in ["Oldest", "Step back", "Play", "Step forward", "Newest"] {
        told_on_hover(&mut window, button, "No stream is open");
    }
    window.go_to("invoice-1");
    window.until("This stream does not exist");
    assert!(!window.shows("Create it below"), "it is no order");
    for button in ["Oldest", "Step back", "Play", "Step forward", "Newest"] {
        told_on_hover(&mut window, button, "It has no event to step to");
    }
    window.go_to("order-none");
    window.until("Create it below");
}

#[test]
fn a_list_of_one_category_does_not_say_that_the_database_is_empty() {
    let mut window = Window::open(false, egui::Theme::Dark);
    window.write_to("invoice-1");
    window.open_stream("invoice-1");
    assert!(window.shows("No stream of category order"));
    assert!(!window.shows("No streams yet"));
}

#[test]
fn everything_is_within_the_smallest_window() {
    let mut window = with_notes(40);
    window.harness.set_size(egui::vec2(900.0, 600.0));
    window.harness.run_steps(6);
    let screen = Rect::from_min_size(Pos2::ZERO, egui::vec2(900.0, 600.0));
    for form in ["Create order", "Pay order"] {
        window.click(form);
        let expected = window.harness.get_by_role_and_label(Role::ComboBox, "Expected revision").rect();
        assert!(screen.contains_rect(expected), "{expected:?}");
        for name in ["Append", "Newest", "Raw", "Live", "Stream menu", "Event table"] {
            let rect = window.harness.get_by_label(name).rect();
            assert!(screen.contains_rect(rect), "{name} at {rect:?}");
        }
    }
    assert!(window.table().height() >= 90.0, "{:?}", window.table());
    let last = row(&window, 40).unwrap();
    assert!(last.right() <= 900.0);
    playhead_is_seen(&mut window, 40);
}

/// The room between the inspector's tabs and the dock.
fn inspected(window: &Window) -> f32 {
    window.harness.get_by_label("Pay order").rect().top() - window.harness.get_by_label("Raw").rect().bottom()
}

#[test]
fn the_inspector_has_room_for_fields_in_the_smallest_window_beside_the_exact_write() {
    let mut window = with_notes(40);
    window.harness.set_size(egui::vec2(900.0, 600.0));
    window.click("Pay order");
    window.until("expecting exactly 40");
    assert!(window.shows("Event id") && window.shows("Metadata"), "the exact write");
    window.harness.run_steps(4);
    assert!(inspected(&window) >= 3.0 * 28.0, "its head and two rows: {}", inspected(&window));
    let status = window.harness.get_by_label("Oldest").rect().top();
    let write = window.harness.get_by_label("Event id").rect();
    assert!(write.bottom() < status, "the first line of the exact write is in view: {write:?}");
}

#[test]
fn a_conflict_can_be_answered_in_the_smallest_window() {
    let mut window = with_notes(1);
    window.harness.set_size(egui::vec2(900.0, 600.0));
    window.click("Pay order");
    window.harness.get_by_role_and_label(Role::ComboBox, "Expected revision").click();
    window.harness.run_steps(4);
    window.click("exactly 0");
    window.click("Append");
    window.until("Now it would still be accepted");
    window.harness.run_steps(4);
    let again = window.harness.get_by_label("Decide again").rect();
    assert!(again.bottom() < window.harness.get_by_label("Oldest").rect().top(), "{again:?}");
    window.click("Decide again");
    window.until("expecting exactly 1");
}

#[test]
fn what_is_typed_fast_after_the_pickers_key_picks_the_category_and_what_follows_enter_does_not() {
    let mut window = with_notes(4);
    in_one_frame(&mut window, &[(Modifiers::NONE, Key::L, Some("l"))]);
    window.until("1 stream in 1 category");
    window.press(Modifiers::NONE, Key::Escape);
    let keys = [
        (Modifiers::NONE, Key::L, Some("l")),
        (Modifiers::NONE, Key::T, Some("ticket")),
        (Modifiers::NONE, Key::Enter, None),
        (Modifiers::NONE, Key::ArrowLeft, None),
    ];
    in_one_frame(&mut window, &keys);
    window.until("No stream of category ticket");
    window.until("rev 3 of 4");
    assert_eq!(filter_text(&window), "");
}

/// Texts of the last frame whose glyphs lie elsewhere in the fonts' texture than they are drawn from.
fn misplaced(window: &Window) -> Vec<String> {
    let uv = |galley: &egui::Galley| {
        let rows = galley.rows.iter().flat_map(|row| row.row.glyphs.iter());
        rows.map(|glyph| (glyph.uv_rect.min, glyph.uv_rect.max)).collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    for shape in &window.harness.output().shapes {
        let egui::Shape::Text(text) = &shape.shape else { continue };
        let again = window.harness.ctx.fonts_mut(|fonts| fonts.layout_job((*text.galley.job).clone()));
        if uv(&again) != uv(&text.galley) {
            found.push(text.galley.text().to_owned());
        }
    }
    found
}

#[test]
fn what_is_kept_of_a_text_outlives_another_texture_of_the_fonts() {
    let mut window = Window::open(true, egui::Theme::Dark);
    window.press(Modifiers::COMMAND, Key::K);
    window.harness.event(Event::Text("order".to_owned()));
    window.harness.run_steps(8);
    assert_eq!(misplaced(&window), Vec::<String>::new());
    // As when a script is first seen, or the window moves to a screen of another density.
    let mut fonts = hindsight::ui::theme::fonts();
    fonts.families.entry(egui::FontFamily::Proportional).or_default().reverse();
    window.harness.ctx.set_fonts(fonts);
    window.harness.run_steps(4);
    assert_eq!(misplaced(&window), Vec::<String>::new());
}

#[test]
fn the_palette_shows_more_than_a_few_of_what_it_found() {
    let mut window = Window::open(true, egui::Theme::Dark);
    window.press(Modifiers::COMMAND, Key::K);
    window.harness.event(Event::Text("order".to_owned()));
    window.harness.run_steps(6);
    let field = window.harness.get_by_role_and_label(Role::TextInput, "Go to").rect();
    let screen = Rect::from_min_size(Pos2::ZERO, egui::vec2(1280.0, 800.0));
    let choices = window.harness.query_all_by_label_contains("order-").map(|node| node.rect());
    let below =
        choices.filter(|rect| screen.contains_rect(*rect) && (rect.left() - field.left()).abs() < 12.0);
    assert!(below.filter(|rect| rect.top() > field.bottom()).count() > 8);
    assert!(field.top() < 300.0, "the list has room below it: {field:?}");
}

#[test]
fn the_inspector_begins_as_wide_as_it_should_be_whatever_is_in_it() {
    let mut window = Window::open(false, egui::Theme::Dark);
    window.harness.run_steps(3);
    let left = window.harness.get_by_role_and_label(egui::accesskit::Role::Tab, "State").rect().left();
    assert!((1280.0 - 418.0..1280.0 - 385.0).contains(&left), "{left}");
}
