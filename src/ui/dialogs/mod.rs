//! What lies over the window until it is answered.

mod confirm;
pub mod connect;
pub mod journal;
mod palette;

use super::{shortcuts, theme};
use crate::app::{App, Dialog, Intent, ViewIntent};
use egui::{Event, Frame, Id, Margin, Modal, RichText, Ui};

/// What is typed in a dialog before it means anything.
#[derive(Default)]
pub struct Dialogs {
    pub connect: connect::Form,
    pub journal: journal::Journal,
    palette: palette::Search,
    shown: Option<std::mem::Discriminant<Dialog>>,
}

impl Dialogs {
    /// Whether the dialog was drawn, so that its field has the focus.
    pub fn shows(&self, dialog: &Dialog) -> bool {
        self.shown == Some(std::mem::discriminant(dialog))
    }

    /// Forgets a dialog that is gone, before keys are read: its field must not hold them back.
    pub fn clear_closed(&mut self, ui: &Ui, app: &App) {
        if app.dialog.is_none() && self.shown.take().is_some() {
            // What was typed may hold a password.
            self.connect = connect::Form::default();
            ui.memory_mut(|memory| {
                if let Some(id) = memory.focused() {
                    memory.surrender_focus(id);
                }
            });
        }
    }

    /// Events after the one that closes the dialog are put off until it is gone.
    pub fn show(&mut self, ui: &mut Ui, app: &App, later: &mut Vec<Event>, out: &mut Vec<Intent>) {
        let Some(dialog) = &app.dialog else { return };
        let kind = Some(std::mem::discriminant(dialog));
        let fresh = std::mem::replace(&mut self.shown, kind) != kind;
        let p = theme::palette(ui);
        let frame = Frame::new()
            .fill(p.panel)
            .stroke((1.0, p.line))
            .corner_radius(10.0)
            .inner_margin(Margin::same(18));
        let shown = Modal::new(Id::unique("dialog")).frame(frame).show(ui.ctx(), |ui| {
            ui.set_width(match dialog {
                Dialog::Keys => 400.0,
                Dialog::Journal => 860.0,
                _ => 540.0,
            });
            match dialog {
                Dialog::Connect => self.connect.show(ui, app, fresh, out),
                Dialog::Keys => keys(ui),
                Dialog::ConfirmReset => confirm::reset(ui, out),
                Dialog::ConfirmAppend { append, .. } => confirm::append(ui, app, append, out),
                Dialog::Journal => self.journal.show(ui, fresh, out),
                Dialog::Palette => self.palette.show(ui, app, fresh, later, out),
            }
        });
        if shown.should_close() {
            out.push(Intent::View(ViewIntent::CloseDialog));
        }
    }
}

fn title(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).heading());
    ui.add_space(6.0);
}

fn keys(ui: &mut Ui) {
    let p = theme::palette(ui);
    title(ui, "Keys");
    egui::Grid::new("keys").num_columns(2).spacing([24.0, 8.0]).show(ui, |ui| {
        for (key, what) in shortcuts::KEYS {
            ui.label(RichText::new(key).font(theme::mono(theme::SMALL)).color(p.accent));
            ui.label(what);
            ui.end_row();
        }
    });
    ui.add_space(6.0);
    ui.label(RichText::new("Plain keys wait while you type in a field.").color(p.dim));
}
