//! The inspector on payloads that are large, of one line, or no text: drawn where they are in view, searched, copied whole.

use crate::window::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use eventstore::{AppendToStreamOptions, Client, EventData};
use hindsight::node::{Config, Connections, Faults, Node, Security};

/// A window whose open stream holds an event with each of these data, at the last one.
pub fn with_data(data: &[&[u8]]) -> Window {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let faults = Faults { max_append_size: Some(4 << 20), ..Faults::default() };
    let connections = Connections { faults, ..Connections::default() };
    let node = Node::start_with(Config::default(), Security::default(), connections);
    let node = runtime.block_on(node).unwrap();
    let entered = runtime.enter();
    let client = Client::new(node.connection_string().parse().unwrap()).unwrap();
    for data in data {
        let event = EventData::binary("Note", data.to_vec().into()).id(uuid::Uuid::new_v4());
        let options = AppendToStreamOptions::default();
        let append = client.append_to_stream("order-large", &options, event);
        runtime.block_on(append).unwrap();
    }
    drop(entered);
    let url = node.connection_string();
    let mut window = Window::through(&url, runtime, node, egui::Theme::Dark);
    window.until("order-large");
    window.open_stream("order-large");
    window
}

/// An object of about so many bytes, whose last field stands nowhere else.
fn object(bytes: usize) -> Vec<u8> {
    let field = |n| format!(r#""field{n:08}":"value {n:08} of many","#);
    let fields = (0..bytes / 40).map(field).collect::<Vec<_>>().concat();
    format!(r#"{{{fields}"last":"Found at the end"}}"#).into_bytes()
}

fn find(window: &mut Window, text: &str) {
    window.press(Modifiers::COMMAND, Key::F);
    window.harness.event(Event::Text(text.to_owned()));
    window.harness.run_steps(3);
}

/// The rows of the data that are drawn.
fn drawn(window: &Window, holds: &str) -> usize {
    window.harness.query_all_by_label_contains(holds).count() + values(window, holds)
}

fn values(window: &Window, holds: &str) -> usize {
    let labels = window.harness.query_all_by_role(Role::Label);
    labels.filter(|label| label.accesskit_node().value().is_some_and(|value| value.contains(holds))).count()
}

pub fn copied(window: &Window) -> Option<String> {
    window.harness.output().platform_output.commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

#[test]
fn the_last_field_of_two_megabytes_is_found_by_text_and_all_of_it_is_copied() {
    let data = object(2_000_000);
    let mut window = with_data(&[&data]);
    window.press(Modifiers::NONE, Key::Num3);
    window.until("\"field00000000\":");
    assert!(values(&window, "value 000") < 100, "only what is in view is drawn");
    assert!(!window.shows("Found at the end"));
    find(&mut window, "FOUND AT");
    window.until("1 of 1");
    window.until("Found at the end");
    window.press(Modifiers::NONE, Key::Escape);
    assert!(!window.shows("1 of 1") && window.shows("Found at the end"), "the search ends where it led to");
    window.harness.event(Event::Copy);
    let mut copies = (0..6).filter_map(|_| {
        window.harness.step();
        copied(&window)
    });
    assert!(copies.next().is_some_and(|copied| copied.into_bytes() == data), "all of it is copied");
}

#[test]
fn enter_goes_to_the_next_hit_and_with_shift_to_the_one_before_round_the_ends() {
    let mut window = with_data(&[&object(1_000_000)]);
    // From another tab the key leads to the event.
    find(&mut window, "field0000000");
    window.until("1 of 10");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("2 of 10");
    window.press(Modifiers::SHIFT, Key::Enter);
    window.press(Modifiers::SHIFT, Key::Enter);
    window.until("10 of 10");
    window.click("Next hit");
    window.until("1 of 10");
    window.press(Modifiers::COMMAND, Key::F);
    window.harness.event(Event::Text("x".to_owned()));
    window.until("No hits");
}

#[test]
fn one_line_of_a_megabyte_is_drawn_in_rows_and_found_at_its_end() {
    let line = format!("\"{}The End\u{202e}\"", "0123456789".repeat(100_000));
    let mut window = with_data(&[line.as_bytes()]);
    window.press(Modifiers::NONE, Key::Num3);
    window.until("\"0123456789");
    find(&mut window, "the end");
    window.until("1 of 1");
    // The last row, with the escape that stands for what turns text round.
    assert!(values(&window, r#"e}""#) == 1, "{}", values(&window, "The End"));
    let widest = window.harness.query_all_by_role(Role::Label).map(|label| label.rect().width());
    assert!(widest.fold(0.0, f32::max) < 500.0, "no row grows with the line");
}

#[test]
fn bytes_that_are_no_text_are_shown_and_found_as_bytes() {
    let mut data = vec![0xff; 300_000];
    data.extend(b"\0needle\x01");
    let mut window = with_data(&[&data]);
    window.press(Modifiers::NONE, Key::Num3);
    window.until("This is neither JSON nor text; shown as bytes.");
    find(&mut window, "00 6e 65");
    window.until("1 of 1");
    window.until("0493e0 00 6e 65 65");
    window.press(Modifiers::NONE, Key::Escape);
    window.press(Modifiers::NONE, Key::Num4);
    find(&mut window, "Needle");
    window.until("0493e0 00 6e 65 65");
}

#[test]
fn another_event_takes_the_place_of_one_that_is_being_prepared() {
    let mut window = with_data(&[br#"{"small":1}"#, &object(900_000)]);
    window.harness.key_press(Key::Num3);
    window.harness.step();
    window.harness.step();
    window.harness.key_press(Key::ArrowLeft);
    window.until("\"small\": 1");
    assert_eq!(drawn(&window, "field0000"), 0);
    window.press(Modifiers::NONE, Key::ArrowRight);
    window.until("\"field00000000\":");
}

#[test]
fn what_is_typed_fast_after_the_key_that_finds_goes_into_the_field() {
    let mut window = with_data(&[br#"{"small":"n"}"#]);
    let key =
        |modifiers, key, pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
    for event in [
        key(Modifiers::COMMAND, Key::F, true),
        key(Modifiers::COMMAND, Key::F, false),
        key(Modifiers::NONE, Key::N, true),
        Event::Text("n".to_owned()),
    ] {
        window.harness.input_mut().events.push(event);
    }
    window.harness.run_steps(6);
    window.until("1 of 1");
}
