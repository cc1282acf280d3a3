//! Keys to intents; plain keys do nothing while text is typed.

use super::Kept;
use crate::app::{App, ConnectionIntent, Dialog, Intent, ListIntent, Tab, TimeIntent, ViewIntent};
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

/// What a key that is no part of any text does.
enum Wanted {
    Do(Intent),
    Open(Dialog),
    Filter,
}

/// Takes each press by itself and in order; what follows one that moves the focus belongs to what then has it.
pub fn read(ctx: &Context, app: &App, kept: &mut Kept, out: &mut Vec<Intent>) {
    let opening = app.dialog.as_ref().is_some_and(|dialog| !kept.dialogs.shows(dialog));
    let plain = app.dialog.is_none() && !egui::Popup::is_any_open(ctx) && !ctx.text_edit_focused();
    // A focused button keeps Space to itself.
    let focused = ctx.egui_wants_keyboard_input();
    let filter = ctx.input_mut(|input| {
        let mut events = std::mem::take(&mut kept.later);
        events.append(&mut input.events);
        if opening {
            kept.later = events;
            return false;
        }
        let mut events = events.into_iter().peekable();
        while let Some(event) = events.next() {
            let wanted = palette(&event).or_else(|| wanted(&event, focused).filter(|_| plain));
            let Some(wanted) = wanted else {
                input.events.push(event);
                continue;
            };
            // The text of the key itself follows the key.
            if matches!(event, Event::Key { .. }) {
                events.next_if(|event| matches!(event, Event::Text(_)));
            }
            match wanted {
                Wanted::Do(intent) => out.push(intent),
                Wanted::Open(dialog) => {
                    out.push(Intent::View(ViewIntent::Open(dialog)));
                    kept.later.extend(events);
                    return false;
                }
                Wanted::Filter => {
                    input.events.extend(events);
                    return true;
                }
            }
        }
        false
    });
    if filter {
        ctx.memory_mut(|memory| memory.request_focus(filter_id()));
    }
}

fn palette(event: &Event) -> Option<Wanted> {
    pressed(event, Modifiers::COMMAND, Key::K).then_some(Wanted::Open(Dialog::Palette))
}

fn wanted(event: &Event, focused: bool) -> Option<Wanted> {
    match event {
        Event::Copy => Some(Wanted::Do(Intent::View(ViewIntent::CopyData))),
        Event::Text(text) if text == "/" => Some(Wanted::Filter),
        Event::Text(text) if text == "?" => Some(Wanted::Open(Dialog::Keys)),
        _ if pressed(event, Modifiers::NONE, Key::Questionmark) => Some(Wanted::Open(Dialog::Keys)),
        // With Shift it is another sign, which its text tells.
        Event::Key { key: Key::Slash, pressed: true, modifiers, .. } if modifiers.is_none() => {
            Some(Wanted::Filter)
        }
        // Held down, it would play and pause by turns.
        Event::Key { key: Key::Space, pressed: true, repeat: false, modifiers, .. } => {
            (!focused && modifiers.is_none()).then_some(Wanted::Do(Intent::Time(TimeIntent::PlayPause)))
        }
        _ => {
            let mut keys = keys().into_iter();
            let found = keys.find(|(modifiers, key, _)| pressed(event, *modifiers, *key));
            found.map(|(_, _, intent)| Wanted::Do(intent))
        }
    }
}

fn pressed(event: &Event, wanted: Modifiers, wanted_key: Key) -> bool {
    let Event::Key { key, pressed: true, modifiers, .. } = event else { return false };
    *key == wanted_key && modifiers.matches_logically(wanted)
}

/// Shift before plain: a plain pattern would take the shifted key too.
fn keys() -> [(Modifiers, Key, Intent); 15] {
    let (none, shift) = (Modifiers::NONE, Modifiers::SHIFT);
    [
        (shift, Key::ArrowLeft, Intent::Time(TimeIntent::Step(-10))),
        (shift, Key::ArrowRight, Intent::Time(TimeIntent::Step(10))),
        (shift, Key::N, Intent::Time(TimeIntent::PreviousProblem)),
        (none, Key::ArrowLeft, Intent::Time(TimeIntent::Step(-1))),
        (none, Key::ArrowRight, Intent::Time(TimeIntent::Step(1))),
        (none, Key::N, Intent::Time(TimeIntent::NextProblem)),
        (none, Key::Home, Intent::Time(TimeIntent::Oldest)),
        (none, Key::End, Intent::Time(TimeIntent::Newest)),
        (none, Key::ArrowUp, Intent::List(ListIntent::SelectNext(-1))),
        (none, Key::ArrowDown, Intent::List(ListIntent::SelectNext(1))),
        (none, Key::Num1, Intent::View(ViewIntent::Tab(Tab::State))),
        (none, Key::Num2, Intent::View(ViewIntent::Tab(Tab::Changes))),
        (none, Key::Num3, Intent::View(ViewIntent::Tab(Tab::Event))),
        (none, Key::Num4, Intent::View(ViewIntent::Tab(Tab::Raw))),
        (none, Key::F5, Intent::Connection(ConnectionIntent::RetryNow)),
    ]
}
