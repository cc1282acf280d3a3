//! Keys to intents; plain keys do nothing while text is typed.

use super::ids::{data_bar_id, events_bar_id, filter_id, metadata_bar_id, streams_bar_id};
use crate::app::{
    ACTIONS, Action, App, AskIntent, Chord, CommandIntent, Dialog, Intent, Key as Named, LessonIntent,
    ListIntent, Opened, ShowIntent, Showing, Tab, TimeIntent, ViewIntent,
};
use egui::{Context, Event, FocusDirection, Key, Modifiers};

/// What a key that is no part of any text does.
enum Wanted {
    Do(Intent),
    Open(Dialog),
    Filter,
    Find,
}

/// What has the focus: any button or field, and a scroll bar among them.
#[derive(Clone, Copy)]
struct Focus {
    is_any: bool,
    is_bar: bool,
    /// Text was typed in the frame before: the key that leaves a field does no more.
    was_typing: bool,
    row: FocusedRow,
}

/// What kind of row has the focus, if any.
#[derive(Debug, Clone, Copy)]
pub struct FocusedRow {
    pub is_event: bool,
    /// Its own arrows fold and unfold.
    pub is_json: bool,
}

/// What the keys of a frame did beside their intents.
#[derive(Debug, Default)]
pub struct Read {
    /// Text in the event is to be found.
    pub finds: bool,
    /// The last action that a key asked for.
    pub action: Option<Action>,
}

/// Takes each press by itself and in order; what follows one that moves the focus belongs to what then has it, and waits in
/// `later` where that is not drawn yet. Answers what else they did.
pub fn read(
    ctx: &Context,
    app: &App,
    (opening, was_typing, row): (bool, bool, FocusedRow),
    later: &mut Vec<Event>,
    out: &mut Vec<Intent>,
) -> Read {
    let plain = app.dialog().is_none() && !egui::Popup::is_any_open(ctx) && !ctx.text_edit_focused();
    let focus = Focus {
        was_typing,
        is_any: ctx.egui_wants_keyboard_input(),
        is_bar: ctx.memory(|memory| {
            [events_bar_id(), streams_bar_id(), data_bar_id(), metadata_bar_id()]
                .iter()
                .any(|bar| memory.has_focus(*bar))
        }),
        row,
    };
    let (mut read, mut is_arrow) = (Read::default(), false);
    let filter = ctx.input_mut(|input| {
        let mut events = std::mem::take(later);
        events.append(&mut input.events);
        if opening {
            *later = events;
            return false;
        }
        let mut events = events.into_iter().peekable();
        while let Some(event) = events.next() {
            let wanted = wanted(&event, app, plain, focus);
            let Some(wanted) = wanted else {
                input.events.push(event);
                continue;
            };
            // The text of the key itself follows the key.
            if matches!(event, Event::Key { .. }) {
                events.next_if(|event| matches!(event, Event::Text(_)));
            }
            is_arrow |= is_arrow_key(&event);
            read.action = pressed_action(&event);
            match wanted {
                Wanted::Do(intent) => out.push(intent),
                Wanted::Open(dialog) => {
                    out.push(Intent::View(ViewIntent::Open(dialog)));
                    later.extend(events);
                    return false;
                }
                Wanted::Filter => {
                    if !app.showing().has_list() {
                        out.push(Intent::Show(ShowIntent::List(true)));
                    }
                    input.events.extend(events);
                    return true;
                }
                Wanted::Find => {
                    if !matches!(app.tab(), Tab::Event | Tab::Raw) {
                        out.extend(Action::Event.intent());
                    }
                    read.finds = true;
                    later.extend(events);
                    return false;
                }
            }
        }
        false
    });
    // An arrow that does something moves no focus.
    if is_arrow {
        ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    }
    if filter {
        ctx.memory_mut(|memory| memory.request_focus(filter_id()));
    }
    read
}

/// Where a field has the focus, or a dialog is open, only the palette's key counts.
fn wanted(event: &Event, app: &App, plain: bool, focus: Focus) -> Option<Wanted> {
    let action = pressed_action(event)?;
    let counts = match action {
        Action::Palette => true,
        // A focused button keeps Space to itself.
        Action::Play => plain && !focus.is_any,
        // A focused scroll bar goes to its own ends.
        Action::Oldest | Action::Newest => plain && !focus.is_bar,
        Action::StreamAbove | Action::StreamBelow => plain && !focus.is_bar && !focus.row.is_json,
        Action::StepBack | Action::StepForward => plain && !focus.row.is_json,
        _ => plain,
    };
    if app.lessons().is_running() {
        return lesson_key(action).filter(|_| counts);
    }
    match (counts, action, action.intent()) {
        (true, Action::StreamAbove, _) if focus.row.is_event => {
            Some(Wanted::Do(Intent::Time(TimeIntent::Step(-1))))
        }
        (true, Action::StreamBelow, _) if focus.row.is_event => {
            Some(Wanted::Do(Intent::Time(TimeIntent::Step(1))))
        }
        (true, Action::Filter, _) => Some(Wanted::Filter),
        (true, Action::Find, _) => app.opened().map(|_| Wanted::Find),
        (true, Action::Close, _) if app.dock().waits().is_some() => {
            Some(Wanted::Do(Intent::Command(CommandIntent::Withdraw)))
        }
        (true, Action::Close, _) if app.loop_range().is_some() => {
            Some(Wanted::Do(Intent::Time(TimeIntent::Loop(None))))
        }
        (true, Action::Close, _) if app.asking().pinned().is_some() && app.tab() == Tab::Compare => {
            Some(Wanted::Do(Intent::Ask(AskIntent::Unpin)))
        }
        (true, Action::Close, _) if app.opened().is_some_and(Opened::is_being_read) => {
            Some(Wanted::Do(Intent::List(ListIntent::StopReading)))
        }
        (true, Action::Close, _) if app.past().asked().is_some() => {
            Some(Wanted::Do(Intent::Time(TimeIntent::AsOf(None))))
        }
        (true, Action::Close, _) if app.is_form_typed() && !focus.was_typing => {
            Some(Wanted::Do(Intent::Command(CommandIntent::Clear)))
        }
        (true, Action::Close, _) if app.showing() == Showing::StreamAndList && app.opened().is_some() => {
            Some(Wanted::Do(Intent::Show(ShowIntent::List(false))))
        }
        (true, Action::Close, _) if app.showing().is_presentation() => {
            Some(Wanted::Do(Intent::Show(ShowIntent::Present)))
        }
        (true, _, Some(Intent::View(ViewIntent::Open(dialog)))) => Some(Wanted::Open(dialog)),
        (true, _, Some(intent)) => Some(Wanted::Do(intent)),
        _ => None,
    }
}

/// In a lesson the keys of the playhead step through it, and those of what it hides do nothing.
fn lesson_key(action: Action) -> Option<Wanted> {
    let intent = match action {
        Action::StepForward | Action::Play => LessonIntent::Next,
        Action::StepBack => LessonIntent::Back,
        Action::Oldest => LessonIntent::First,
        Action::Newest => LessonIntent::Last,
        Action::Close => LessonIntent::Leave,
        Action::Palette | Action::Lessons | Action::Keys => {
            let Some(Intent::View(ViewIntent::Open(dialog))) = action.intent() else { return None };
            return Some(Wanted::Open(dialog));
        }
        Action::State
        | Action::Changes
        | Action::Event
        | Action::Raw
        | Action::Compare
        | Action::CopyData
        | Action::LessonStream
        | Action::Retry
        | Action::Present
        | Action::ReduceMotion
        | Action::CopyPicture
        | Action::SavePicture
        | Action::ToggleTheme => return action.intent().map(Wanted::Do),
        _ => return None,
    };
    Some(Wanted::Do(Intent::Lesson(intent)))
}

fn is_arrow_key(event: &Event) -> bool {
    let Event::Key { key, .. } = event else { return false };
    matches!(key, Key::ArrowUp | Key::ArrowDown | Key::ArrowLeft | Key::ArrowRight)
}

/// The action of the command table whose key this is.
fn pressed_action(event: &Event) -> Option<Action> {
    if let Event::Key { key: Key::Space, repeat: true, .. } = event {
        // Held down, it would play and pause by turns.
        return None;
    }
    let mut keyed = ACTIONS.iter().filter_map(|entry| Some((entry.action, entry.chord?)));
    keyed.find(|(_, chord)| is_pressed(*chord, event)).map(|(action, _)| action)
}

fn is_pressed(chord: Chord, event: &Event) -> bool {
    match (chord.key, event) {
        (Named::Sign('C'), Event::Copy) => chord.ctrl,
        // A sign is told by its text, wherever its key is; with Shift the key is another sign.
        (Named::Sign(sign), Event::Text(text)) if is_text(sign) => text.chars().eq([sign]),
        (Named::Sign('/'), Event::Key { key: Key::Slash, pressed: true, modifiers, .. }) => {
            modifiers.is_none()
        }
        (Named::Space, Event::Key { key: Key::Space, pressed: true, modifiers, .. }) => modifiers.is_none(),
        (named, Event::Key { key, pressed: true, modifiers, .. }) => {
            let mut held = if chord.ctrl { Modifiers::COMMAND } else { Modifiers::NONE };
            held.shift = chord.shift;
            egui_key(named) == Some(*key) && modifiers.matches_logically(held)
        }
        _ => false,
    }
}

/// Whether the sign is told by its text.
fn is_text(sign: char) -> bool {
    matches!(sign, '/' | '?' | '<' | '>' | '+' | '-' | ',' | '.' | '[' | ']')
}

fn egui_key(key: Named) -> Option<Key> {
    Some(match key {
        Named::Space => Key::Space,
        Named::Left => Key::ArrowLeft,
        Named::Right => Key::ArrowRight,
        Named::Up => Key::ArrowUp,
        Named::Down => Key::ArrowDown,
        Named::Home => Key::Home,
        Named::End => Key::End,
        Named::Escape => Key::Escape,
        Named::F5 => Key::F5,
        Named::F11 => Key::F11,
        Named::Sign('?') => Key::Questionmark,
        Named::Sign(sign) if sign != '?' && is_text(sign) => return None,
        Named::Sign(sign) => return Key::from_name(sign.encode_utf8(&mut [0; 4])),
    })
}
