//! The inspector: state, changes, event and raw bytes at the playhead.

mod event;
mod lines;
mod state;

pub use lines::Lines;

use super::theme::{self, Palette};
use super::widgets::{empty, tab};
use crate::app::{Action, App, Intent, Opened, Tab};
use egui::{Align, Label, Layout, RichText, ScrollArea, Stroke, Ui};

pub fn inspector_ui(ui: &mut Ui, app: &App, lines: &mut Lines, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let frame = app.opened().map(Opened::frame);
    egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 12, top: 8, bottom: 0 }).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 18.0;
            let changes = frame.map(|frame| frame.changes.len()).filter(|&n| n > 0);
            for (action, which, count) in [
                (Action::State, Tab::State, None),
                (Action::Changes, Tab::Changes, changes),
                (Action::Event, Tab::Event, None),
                (Action::Raw, Tab::Raw, None),
            ] {
                if tab(ui, action.name(), count, app.tab() == which).clicked() {
                    out.extend(action.intent(app));
                }
            }
        });
    });
    line(ui, p);
    let (Some(opened), Some(frame)) = (app.opened(), frame) else {
        return empty(
            ui,
            "Nothing to inspect yet",
            "Open a stream: its state at each revision appears here, with what changed and which event set it.",
        );
    };
    lines.update(ui, opened);
    // Where the panel is low, so is what scrolls.
    let area = ScrollArea::vertical().id_salt("inspector").auto_shrink(false).min_scrolled_height(0.0);
    area.show(ui, |ui| match app.tab() {
        Tab::State => state::state_ui(ui, p, opened, lines, out),
        Tab::Changes => state::changes_ui(ui, p, opened, lines),
        Tab::Event => event::event_ui(ui, p, app, frame, out),
        Tab::Raw => event::raw_ui(ui, p, app, frame, out),
    });
}

fn line(ui: &Ui, p: &Palette) {
    ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), Stroke::new(1.0, p.line));
}

fn cell(ui: &mut Ui, width: f32, text: RichText) -> egui::Response {
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(egui::vec2(width, 18.0), layout, |ui| {
        ui.set_min_width(width);
        ui.add(Label::new(text).truncate())
    })
    .inner
}

fn section(ui: &mut Ui, title: &str, contents: impl FnOnce(&mut Ui)) {
    egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 16, top: 14, bottom: 0 }).show(
        ui,
        |ui| {
            ui.label(RichText::new(title).font(theme::strong(theme::BODY)));
            ui.add_space(2.0);
            contents(ui);
        },
    );
}
