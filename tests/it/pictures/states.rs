//! The states of the window that are looked at one by one.

use crate::lesson_window;
use crate::window::Window;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::kittest::Queryable;

pub struct State {
    pub name: &'static str,
    pub open: fn(Theme) -> Window,
}

const fn state(name: &'static str, open: fn(Theme) -> Window) -> State {
    State { name, open }
}

pub const STATES: [State; 13] = [
    state("first-start", first_start),
    state("order-with-problem", paid_twice),
    state("condition", condition),
    state("as-of", as_of),
    state("compare", compare),
    state("event-json", event_json),
    state("belongs-together", together),
    state("problems", problems),
    state("palette", palette),
    state("connection", connection),
    state("database-tail", tail),
    state("presentation", presentation),
    state("lesson", lesson),
];

fn first_start(theme: Theme) -> Window {
    let mut window = crate::first_start::first_window(theme);
    window.until("Ahead: revision 2");
    window
}

/// The sample order that was paid twice, before its second payment.
fn paid_twice(theme: Theme) -> Window {
    let mut window = Window::paid_twice(theme);
    window.press(Modifiers::NONE, Key::ArrowLeft);
    window.until("rev 1 of 2");
    window
}

/// Does what the palette finds by this text.
fn command(window: &mut Window, text: &str) {
    window.press(Modifiers::COMMAND, Key::K);
    window.harness.event(Event::Text(text.to_owned()));
    window.harness.run_steps(4);
    window.press(Modifiers::NONE, Key::Enter);
    window.harness.run_steps(6);
}

fn condition(theme: Theme) -> Window {
    let mut window = paid_twice(theme);
    window.types("Filter streams", "Paid && Total > 50");
    window.harness.run_steps(20);
    window
}

fn as_of(theme: Theme) -> Window {
    let mut window = paid_twice(theme);
    window.press(Modifiers::NONE, Key::A);
    window.harness.event(Event::Text("2 days ago".to_owned()));
    window.harness.run_steps(4);
    window.press(Modifiers::NONE, Key::Enter);
    window.until("as they were");
    window
}

fn compare(theme: Theme) -> Window {
    let mut window = paid_twice(theme);
    window.press(Modifiers::NONE, Key::Home);
    window.press(Modifiers::NONE, Key::P);
    window.press(Modifiers::NONE, Key::ArrowRight);
    window.press(Modifiers::NONE, Key::Num5);
    window
}

fn event_json(theme: Theme) -> Window {
    let mut window = paid_twice(theme);
    window.press(Modifiers::NONE, Key::Home);
    window.press(Modifiers::NONE, Key::Num3);
    window
}

fn together(theme: Theme) -> Window {
    let mut window = paid_twice(theme);
    window.press(Modifiers::SHIFT, Key::T);
    window.harness.run_steps(20);
    window
}

fn problems(theme: Theme) -> Window {
    let mut window = paid_twice(theme);
    window.press(Modifiers::SHIFT, Key::P);
    window.harness.run_steps(40);
    window
}

fn palette(theme: Theme) -> Window {
    let mut window = paid_twice(theme);
    window.press(Modifiers::COMMAND, Key::K);
    window.harness.event(Event::Text("order".to_owned()));
    window.harness.run_steps(8);
    window
}

fn connection(theme: Theme) -> Window {
    let mut window = paid_twice(theme);
    command(&mut window, "Connection");
    window
}

fn tail(theme: Theme) -> Window {
    let mut window = paid_twice(theme);
    window.press(Modifiers::NONE, Key::B);
    window.until("Tail");
    window.harness.run_steps(40);
    window
}

fn presentation(theme: Theme) -> Window {
    let mut window = paid_twice(theme);
    window.press(Modifiers::NONE, Key::F11);
    window.press(Modifiers::NONE, Key::ArrowRight);
    assert!(window.harness.query_by_label("Filter streams").is_none());
    window
}

/// The step of the race in which the server says no.
fn lesson(theme: Theme) -> Window {
    let mut window = crate::first_start::first_window(theme);
    lesson_window::start(&mut window, 2);
    for step in 1..5 {
        window.press(Modifiers::NONE, Key::ArrowRight);
        lesson_window::stands(&mut window, 2, step);
    }
    window
}
