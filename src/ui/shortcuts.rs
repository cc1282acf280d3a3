//! Keys to intents; plain keys do nothing while text is typed.

use crate::app::{App, Dialog, Intent, Tab};
use egui::{Context, Event, Id, Key, Modifiers};

/// Each key with what it does, as the keys dialog shows it.
pub const KEYS: [(&str, &str); 12] = [
    ("Space", "Play or pause"),
    ("← →", "Step one event; with Shift ten"),
    ("Home End", "Oldest and newest event"),
    ("N", "Next problem; with Shift the one before"),
    ("↑ ↓", "Select another stream"),
    ("/", "Filter the streams"),
    ("Ctrl K", "Go to anything"),
    ("1 2 3 4", "State, changes, event, raw"),
    ("Ctrl C", "Copy the event's exact data"),
    ("F5", "Try again now: the connection, what was denied"),
    ("?", "This list"),
    ("Esc", "Close, or clear the filter"),
];

pub fn filter_id() -> Id {
    Id::unique("filter-streams")
}

pub fn read(ctx: &Context, app: &App, out: &mut Vec<Intent>) {
    if ctx.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::K)) {
        out.push(Intent::Open(Dialog::Palette));
        return;
    }
    if app.dialog.is_some() || egui::Popup::is_any_open(ctx) {
        return;
    }
    if ctx.text_edit_focused() {
        return;
    }
    if ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Slash) || typed(i, "/")) {
        ctx.memory_mut(|m| m.request_focus(filter_id()));
        return;
    }
    // A focused button keeps Space and the arrows to itself.
    let focused = ctx.egui_wants_keyboard_input();
    ctx.input_mut(|i| {
        if i.events.iter().any(|event| matches!(event, Event::Copy)) {
            out.push(Intent::CopyData);
        }
        if typed(i, "?") {
            out.push(Intent::Open(Dialog::Keys));
        }
        if !focused && i.consume_key(Modifiers::NONE, Key::Space) {
            out.push(Intent::PlayPause);
        }
        for (modifiers, key, intent) in plain() {
            if i.consume_key(modifiers, key) {
                out.push(intent);
            }
        }
    });
}

fn typed(input: &egui::InputState, wanted: &str) -> bool {
    input.events.iter().any(|event| matches!(event, Event::Text(text) if text == wanted))
}

/// Shift before plain: a plain pattern would take the shifted key too.
fn plain() -> [(Modifiers, Key, Intent); 15] {
    let (none, shift) = (Modifiers::NONE, Modifiers::SHIFT);
    [
        (shift, Key::ArrowLeft, Intent::Step(-10)),
        (shift, Key::ArrowRight, Intent::Step(10)),
        (shift, Key::N, Intent::PreviousProblem),
        (none, Key::ArrowLeft, Intent::Step(-1)),
        (none, Key::ArrowRight, Intent::Step(1)),
        (none, Key::N, Intent::NextProblem),
        (none, Key::Home, Intent::Oldest),
        (none, Key::End, Intent::Newest),
        (none, Key::ArrowUp, Intent::SelectNext(-1)),
        (none, Key::ArrowDown, Intent::SelectNext(1)),
        (none, Key::Num1, Intent::Tab(Tab::State)),
        (none, Key::Num2, Intent::Tab(Tab::Changes)),
        (none, Key::Num3, Intent::Tab(Tab::Event)),
        (none, Key::Num4, Intent::Tab(Tab::Raw)),
        (none, Key::F5, Intent::RetryNow),
    ]
}
