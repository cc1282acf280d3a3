//! The inspector: state, changes, event and raw bytes at the playhead.

mod beside;
mod compare;
mod copy_menu;
mod event;
mod event_text;
mod field_history;
mod field_menu;
mod find;
mod lines;
mod output;
mod parts;
mod payload_box;
mod payload_row;
mod pinned_menu;
mod state;
mod together;
mod wrapped;

pub use event_text::EventText;
pub use lines::Lines;

/// What is worked out once for each place of a history.
#[derive(Default)]
pub struct Shown {
    lines: Lines,
    event: EventText,
    find: find::Find,
    history: field_history::Shown,
    pinned: pinned_menu::PinnedMenu,
    related: crate::ui::related::Shown,
    /// The field that was brought into view last.
    field: Option<Arc<str>>,
}

impl Shown {
    /// The field that finds text gets the focus.
    pub fn ask_find(&mut self) {
        self.find.is_asked = true;
    }

    /// Whether the field that was asked for is not drawn yet.
    pub fn is_find_asked(&self) -> bool {
        self.find.is_asked
    }

    /// Whether a row of an event's JSON has the focus.
    pub fn row_has_focus(&self) -> bool {
        self.event.has_focus()
    }

    /// Whether it will be drawn otherwise without anything that a person does.
    pub fn waits(&self) -> bool {
        self.event.waits()
    }
}

use super::widgets::{empty, tab};
use super::{focus, theme};
use crate::app::{Action, App, FieldHistory, Intent, Opened, Tab};
use egui::{ScrollArea, Ui};
use parts::line;
use std::sync::Arc;

pub fn inspector_ui(ui: &mut Ui, app: &App, shown: &mut Shown, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let frame = app.opened().map(Opened::frame);
    egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 12, top: 8, bottom: 0 }).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 14.0;
            let changes = frame.map(|frame| frame.changes.len()).filter(|&n| n > 0);
            for (action, which, count) in [
                (Action::State, Tab::State, None),
                (Action::Changes, Tab::Changes, changes),
                (Action::Compare, Tab::Compare, None),
                (Action::Event, Tab::Event, None),
                (Action::Raw, Tab::Raw, None),
            ] {
                if tab(ui, action.name(), count, app.tab() == which).clicked() {
                    out.extend(action.intent());
                }
            }
        });
    });
    line(ui, p);
    let (Some(opened), Some(frame)) = (app.opened(), frame) else {
        shown.find.is_asked = false;
        return empty(
            ui,
            "Nothing to inspect yet",
            "Open a stream: its state at each revision appears here, with what changed and which event set it.",
        );
    };
    shown.lines.update(ui, opened);
    shown.event.update(opened);
    let field = app.asking().field().map(FieldHistory::path);
    let brings = field != shown.field.as_ref() && app.tab() == Tab::State;
    if brings {
        shown.field = field.cloned();
    }
    let Shown { lines, event, find, history, pinned, related, .. } = shown;
    // Where the panel is low, so is what scrolls.
    let area = ScrollArea::vertical().id_salt("inspector").auto_shrink(false).min_scrolled_height(0.0);
    area.show(ui, |ui| {
        match app.tab() {
            Tab::State => state::state_ui(ui, p, (app, opened), (lines, event, history), brings, out),
            Tab::Changes => state::changes_ui(ui, p, (app, opened), lines, out),
            Tab::Compare => compare::compare_ui(ui, p, (app, opened), (pinned, lines), out),
            Tab::Event => {
                event::event_ui(ui, p, (app, frame), (event, find), out);
                if frame.record().is_some() {
                    together::together_ui(ui, p, app, related, out);
                }
            }
            Tab::Raw => event::raw_ui(ui, p, frame, (event, find), out),
        }
        focus::bring_into_view(ui);
    });
    // Where there is no payload there is no field.
    find.is_asked &= !matches!(app.tab(), Tab::Event | Tab::Raw);
}
