//! Lessons in the window, over the real sandbox: by key and by accessible name, from the first step to the last and back.

use crate::first_start::first_start;
use crate::window::Window;
use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2, Rect, Vec2, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::lesson::built_in;
use hindsight::node::{Config, Node};
use hindsight::store::Target;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

fn key(window: &mut Window, key: Key) {
    window.press(Modifiers::NONE, key);
}

/// Opens the list of lessons by its key and starts the one of this place, from 0.
pub fn start(window: &mut Window, place: usize) {
    window.press(Modifiers::SHIFT, Key::L);
    window.until("Your own: .json files in");
    for _ in 0..place {
        key(window, Key::ArrowDown);
    }
    key(window, Key::Enter);
    stands(window, place, 0);
}

/// Draws until the step of the lesson is shown with what it came to.
#[track_caller]
pub fn stands(window: &mut Window, place: usize, step: usize) {
    let steps = built_in()[place].steps.len();
    window.until(&format!("step {} of {steps}", step + 1));
    window.until(&format!("Lesson {} of {}", place + 1, built_in().len()));
    done(window);
}

/// Draws until the step that is shown is done.
#[track_caller]
fn done(window: &mut Window) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while window.shows("doing this step…") {
        assert!(Instant::now() < deadline, "the step is never done");
        window.harness.run_steps(2);
        std::thread::park_timeout(Duration::from_millis(1));
    }
    window.harness.run_steps(2);
    assert!(!window.shows("Try again"), "the step failed: {:?}", status(window));
}

fn status(window: &Window) -> Vec<String> {
    let labels = window.harness.query_all_by_role(Role::Label);
    labels.filter_map(|label| label.accesskit_node().value()).collect()
}

/// The stream that the lesson's foot names.
fn stream(window: &Window) -> String {
    let mut labels = status(window).into_iter();
    let foot = labels.find(|text| text.contains("real events in the sandbox, stream ")).unwrap();
    foot.rsplit(' ').next().unwrap().to_owned()
}

fn follow(place: usize) {
    let mut window = Window::open(true, egui::Theme::Dark);
    window.open_stream("order-14ad6e22");
    start(&mut window, place);
    let steps = built_in()[place].steps.len();
    let stream = stream(&window);
    let mut events = vec![window.events(&stream)];
    for step in 1..steps {
        key(&mut window, Key::ArrowRight);
        stands(&mut window, place, step);
        events.push(window.events(&stream));
    }
    assert!(events.last() >= Some(&2), "the lesson wrote {events:?} events");
    // The last step is the last one, and nothing is done twice.
    key(&mut window, Key::ArrowRight);
    stands(&mut window, place, steps - 1);
    for step in (0..steps - 1).rev() {
        key(&mut window, Key::ArrowLeft);
        stands(&mut window, place, step);
    }
    key(&mut window, Key::End);
    stands(&mut window, place, steps - 1);
    key(&mut window, Key::Home);
    stands(&mut window, place, 0);
    assert_eq!(window.events(&stream), *events.last().unwrap());
    key(&mut window, Key::Escape);
    window.until("Pay order");
    window.until("order-14ad6e22");
    assert!(!window.shows("leave the lesson"));
}

#[test]
fn what_rehydration_is_from_its_first_step_to_its_last_and_back() {
    follow(0);
}

#[test]
fn what_an_expected_revision_protects_from_to_its_last_step_and_back() {
    follow(1);
}

#[test]
fn two_writers_race_to_its_last_step_and_back() {
    follow(2);
}

#[test]
fn a_lost_answer_to_its_last_step_and_back() {
    follow(3);
}

#[test]
fn a_poison_event_to_its_last_step_and_back() {
    follow(4);
}

#[test]
fn a_projection_that_lags_to_its_last_step_and_back() {
    follow(5);
}

#[test]
fn a_fold_that_was_wrong_to_its_last_step_and_back() {
    follow(6);
}

#[test]
fn the_conflict_arises_before_ones_eyes_and_any_pays_twice() {
    let mut window = Window::open(true, egui::Theme::Light);
    start(&mut window, 2);
    for step in 1..=4 {
        window.click("Next step");
        stands(&mut window, 2, step);
    }
    for text in ["Append refused", "Append written at revision 1", "OrderPaid by Ben never written"] {
        assert!(window.shows(text), "{text}: {:?}", status(&window));
    }
    let first = stream(&window);
    assert_eq!(window.events(&first), 2);
    window.click("Ben expects any");
    done(&mut window);
    stands(&mut window, 2, 4);
    window.until("▲ problem");
    let second = stream(&window);
    assert_ne!(first, second, "another run has streams of its own");
    assert_eq!(window.events(&second), 3);
    assert_eq!(window.events(&first), 2);
}

#[test]
fn a_lesson_begins_again_on_another_stream_and_its_stream_can_be_opened() {
    let mut window = Window::open(true, egui::Theme::Dark);
    start(&mut window, 2);
    let first = stream(&window);
    key(&mut window, Key::ArrowRight);
    stands(&mut window, 2, 1);
    window.click("Start again");
    stands(&mut window, 2, 0);
    let second = stream(&window);
    assert_ne!(first, second);
    window.click("Open the stream");
    window.until("Pay order");
    window.until("complete history");
    assert!(window.shows(&second) && !window.shows("leave the lesson"));
}

#[test]
fn steps_and_dots_are_clicked_and_the_menu_leads_to_another_lesson() {
    let mut window = Window::open(true, egui::Theme::Dark);
    start(&mut window, 2);
    window.click("Go to step 3");
    stands(&mut window, 2, 2);
    let title = built_in()[2].steps[1].text.title.clone();
    window.harness.get_by_role_and_label(Role::Button, &title).click();
    window.harness.run_steps(3);
    stands(&mut window, 2, 1);
    window.click("Lesson");
    window.click(&format!("1  {}", built_in()[0].title));
    stands(&mut window, 0, 0);
    window.click("Lesson");
    window.click("Leave the lesson");
    window.until("Pay order");
}

#[test]
fn leaving_gives_back_the_stream_the_revision_the_filter_and_the_tab() {
    let mut window = Window::open(true, egui::Theme::Dark);
    window.open_stream("order-14ad6e22");
    window.types("Filter streams", "maria");
    key(&mut window, Key::Tab);
    window.click("Changes");
    window.click("Step back");
    window.until("rev 1 of 2");
    start(&mut window, 0);
    key(&mut window, Key::ArrowRight);
    stands(&mut window, 0, 1);
    key(&mut window, Key::Escape);
    window.until("rev 1 of 2");
    assert!(window.harness.query_all_by_value("maria").next().is_some(), "the filter");
    let tab = window.harness.get_by_role_and_label(Role::Tab, "Changes");
    assert_eq!(tab.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True));
    // What is appended arrives as before.
    window.elsewhere("14ad6e22", hindsight::decision::Expected::Any, "OrderNoteAdded", "{}");
    window.until("rev 1 of 3");
}

#[test]
fn going_elsewhere_by_the_palette_ends_the_lesson_there() {
    let mut window = Window::open(true, egui::Theme::Dark);
    start(&mut window, 2);
    window.open_stream("order-14ad6e22");
    window.until("rev 2 of 2");
    assert!(!window.shows("leave the lesson"));
}

#[test]
fn another_database_is_left_for_the_sandbox_and_returned_to() {
    let runtime = Runtime::new().unwrap();
    let other = runtime.block_on(Node::start(Config { samples: true, ..Config::default() })).unwrap();
    let sandbox = runtime.block_on(Node::start(Config { samples: true, ..Config::default() })).unwrap();
    let (url, elsewhere) = (sandbox.connection_string(), other.connection_string());
    let mut window = Window::with_options(&url, runtime, sandbox, egui::Theme::Dark, |options| {
        options.target = Target::Server(elsewhere.into());
    });
    window.open_stream("order-14ad6e22");
    window.click("Step back");
    window.until("rev 1 of 2");
    window.press(Modifiers::SHIFT, Key::L);
    window.until("Lessons write into the sandbox only, and this window is on Server");
    window.click("Connect to the sandbox and start");
    stands(&mut window, 0, 0);
    assert!(window.events(&stream(&window)) > 0, "it was written to the sandbox");
    key(&mut window, Key::Escape);
    window.until("rev 1 of 2");
    let button = window.harness.get_by_label("Connection").accesskit_node().value().unwrap();
    assert!(button.starts_with("Server"), "{button}");
    window.runtime.block_on(other.shutdown());
}

#[test]
fn a_teachers_file_is_offered_and_one_that_is_wrong_is_listed_with_its_error() {
    let runtime = Runtime::new().unwrap();
    let node = runtime.block_on(Node::start(Config { samples: true, ..Config::default() })).unwrap();
    let url = node.connection_string();
    let mut window = Window::with_options(&url, runtime, node, egui::Theme::Dark, |options| {
        let folder = options.data_dir.join("lessons");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("broken.json"), "{").unwrap();
        let own = r#"{"title": "An order of ours", "about": "Two steps.", "streams": {"order": "order"}, "steps": [
            {"title": "It is created", "text": ["One event."], "do": [{"append": {"type": "OrderCreated",
                "data": {"OrderID": "{order}", "UserID": "ada", "Total": 1}, "expect": "no stream"}}]},
            {"title": "It is paid", "text": ["Another one."], "do": [{"append": {"type": "OrderPaid",
                "data": {"OrderID": "{order}"}, "expect": "any"}}]}],
            "try": "Nothing."}"#;
        std::fs::write(folder.join("own.json"), own).unwrap();
    });
    window.press(Modifiers::SHIFT, Key::L);
    window.until("An order of ours");
    window.until("broken.json, line 1");
    window.harness.event(egui::Event::Text("ours".to_owned()));
    window.harness.run_steps(3);
    key(&mut window, Key::Enter);
    window.until("step 1 of 2");
    window.until(&format!("Lesson {0} of {0}", built_in().len() + 1));
    done(&mut window);
    key(&mut window, Key::ArrowRight);
    window.until("step 2 of 2");
    done(&mut window);
    assert_eq!(window.events(&stream(&window)), 2);
}

/// Everything that is drawn and can be pressed lies in the window, at every step of every lesson.
fn fits(size: Vec2) {
    let mut window = Window::open(true, egui::Theme::Dark);
    window.harness.set_size(size);
    let screen = Rect::from_min_size(Pos2::ZERO, size).expand(1.0);
    for (place, lesson) in built_in().iter().enumerate() {
        start(&mut window, place);
        for step in 0..lesson.steps.len() {
            stands(&mut window, place, step);
            lies_across(&window, size, (place, step));
            for name in ["Next step", "Last step", "Start again", "Open the stream", "Lesson", "Theme"] {
                let rect = window.harness.get_by_label(name).rect();
                assert!(
                    screen.contains_rect(rect),
                    "lesson {}, step {}: {name} at {rect:?}",
                    place + 1,
                    step + 1
                );
            }
            let shown =
                window.harness.get_by_role_and_label(Role::Button, &title(&window, place, step)).rect();
            assert!(
                screen.contains_rect(shown) && shown.height() > 40.0,
                "lesson {}, step {}: its text at {shown:?}",
                place + 1,
                step + 1
            );
            key(&mut window, Key::ArrowRight);
        }
    }
}

/// Nothing sticks out at the left or the right; what is scrolled may lie above or below.
#[track_caller]
fn lies_across(window: &Window, size: Vec2, at: (usize, usize)) {
    for role in [Role::Button, Role::RadioButton, Role::Label] {
        for node in window.harness.query_all_by_role(role) {
            let (rect, accessible) = (node.rect(), node.accesskit_node());
            let name = (accessible.label(), accessible.value());
            let across = rect.left() >= -1.0 && rect.right() <= size.x + 1.0;
            assert!(across, "place and step {at:?}: {name:?} at {rect:?}");
        }
    }
}

/// As the list of steps has it, with the names of the run.
fn title(window: &Window, place: usize, step: usize) -> String {
    let title = &built_in()[place].steps[step].text.title;
    let stream = stream(window);
    let id = stream.split_once('-').map_or("", |(_, id)| id).to_owned();
    title.replace("{order.stream}", &stream).replace("{order}", &id)
}

#[test]
fn every_step_fits_the_smallest_window() {
    fits(vec2(900.0, 600.0));
}

#[test]
fn every_step_fits_the_usual_window() {
    fits(vec2(1280.0, 800.0));
}

/// As a person does it who has no mouse: from the first start to the end of lesson one, and the thing to try.
#[test]
fn lesson_one_is_followed_with_the_keyboard_alone() {
    let mut window = first_start();
    // The window stands before the second payment, and its line says which keys do something.
    key(&mut window, Key::ArrowRight);
    window.until("rev 2 of 2");
    // The list of keys says where the lessons are.
    window.press(Modifiers::NONE, Key::Questionmark);
    window.until("Stories told by real events in the sandbox, step by step");
    key(&mut window, Key::Escape);
    window.press(Modifiers::SHIFT, Key::L);
    window.until("Each is a story told by real events");
    key(&mut window, Key::Enter);
    let steps = built_in()[0].steps.len();
    for step in 0..steps {
        stands(&mut window, 0, step);
        assert!(window.shows(&title(&window, 0, step)));
        key(&mut window, Key::ArrowRight);
    }
    stands(&mut window, 0, steps - 1);
    assert!(window.shows("Try it"));
    // Back, to see what each event made of the state.
    key(&mut window, Key::ArrowLeft);
    stands(&mut window, 0, steps - 2);
    // Each control is reached by Tab, and is seen to have the focus.
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..60 {
        key(&mut window, Key::Tab);
        let focused = window.harness.query_all_by(|node| node.is_focused() && node.label().is_some()).next();
        reached.extend(focused.and_then(|node| node.accesskit_node().label()));
    }
    for name in
        ["Next step", "Previous step", "First step", "Last step", "Start again", "Open the stream", "Lesson"]
    {
        assert!(reached.contains(name), "{name} is not reached by Tab: {reached:?}");
    }
    key(&mut window, Key::Escape);
    window.until("rev 2 of 2");
    assert!(window.shows("order-14ad6e22"));
}

#[test]
fn a_step_that_fails_says_why_and_is_gone_on_with() {
    use futures::FutureExt;
    use hindsight::store::{ConnectionCause, SandboxFault, StoreError};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    let is_away = Arc::new(AtomicBool::new(false));
    let (runtime, away) = (Runtime::new().unwrap(), is_away.clone());
    let node = runtime.block_on(Node::start(Config { samples: true, ..Config::default() })).unwrap();
    let url = node.connection_string();
    let mut window = Window::with_options(&url.clone(), runtime, node, egui::Theme::Dark, move |options| {
        options.resolve = Arc::new(move || {
            let (url, is_away) = (url.clone(), away.load(Ordering::SeqCst));
            let fault = || ConnectionCause::Sandbox(SandboxFault::NotStarted("the disk is full".to_owned()));
            async move { if is_away { Err(StoreError::Unreachable(fault())) } else { Ok(url.into()) } }
                .boxed()
        });
    });
    is_away.store(true, Ordering::SeqCst);
    window.press(Modifiers::SHIFT, Key::L);
    window.until("Your own: .json files in");
    key(&mut window, Key::Enter);
    window.until("the disk is full");
    assert!(window.shows("This step could not be done"));
    is_away.store(false, Ordering::SeqCst);
    window.click("Try again");
    stands(&mut window, 0, 0);
    assert_eq!(window.events(&stream(&window)), 1);
}

#[test]
fn keys_of_what_the_lesson_hides_do_nothing() {
    let mut window = Window::open(true, egui::Theme::Dark);
    start(&mut window, 2);
    for key in [Key::N, Key::P, Key::A, Key::D, Key::B, Key::ArrowDown, Key::L] {
        window.press(Modifiers::NONE, key);
    }
    stands(&mut window, 2, 0);
    window.press(Modifiers::NONE, Key::Space);
    stands(&mut window, 2, 1);
    window.press(Modifiers::SHIFT, Key::O);
    window.until("Pay order");
    window.until("complete history");
}
