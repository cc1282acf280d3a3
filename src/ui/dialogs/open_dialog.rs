//! The dialog that lies over the window until it is answered.

use super::{categories, confirm, connect, journal, keys, log_in, palette};
use crate::app::{App, Dialog, Intent, ViewIntent};
use crate::ui::ids::category_id;
use crate::ui::theme;
use egui::{Align2, Color32, Event, Frame, Id, Margin, Modal, Ui, vec2};

/// What is typed in a dialog before it means anything.
#[derive(Default)]
pub struct Dialogs {
    connect: connect::Form,
    log_in: log_in::Form,
    palette: palette::Search,
    categories: categories::Picker,
    shown: Option<std::mem::Discriminant<Dialog>>,
}

impl Dialogs {
    /// Whether the dialog was drawn, so that its field has the focus.
    pub fn shows(&self, dialog: &Dialog) -> bool {
        self.shown == Some(std::mem::discriminant(dialog))
    }

    /// Forgets a dialog that is gone, before keys are read: its field must not hold them back.
    pub fn clear_closed(&mut self, ui: &Ui, app: &App) {
        if app.dialog().is_none() && self.shown.take().is_some() {
            // What was typed may hold a password.
            self.connect = connect::Form::default();
            self.log_in = log_in::Form::default();
            ui.memory_mut(|memory| {
                if let Some(id) = memory.focused() {
                    memory.surrender_focus(id);
                }
            });
        }
    }

    /// Events after the one that closes the dialog are put off until it is gone.
    pub fn show(&mut self, ui: &mut Ui, app: &App, later: &mut Vec<Event>, out: &mut Vec<Intent>) {
        let Some(dialog) = app.dialog() else { return };
        let kind = Some(std::mem::discriminant(dialog));
        let fresh = std::mem::replace(&mut self.shown, kind) != kind;
        let p = theme::palette(ui);
        let frame = Frame::new()
            .fill(p.panel)
            .stroke((1.0, p.line))
            .corner_radius(10.0)
            .inner_margin(Margin::same(18));
        let shown = modal(ui, dialog, frame).show(ui.ctx(), |ui| {
            ui.set_width(match dialog {
                Dialog::Journal => 860.0,
                Dialog::Categories => 320.0,
                Dialog::LogIn { .. } => 420.0,
                Dialog::Connect
                | Dialog::Keys
                | Dialog::ConfirmReset
                | Dialog::ConfirmAppend { .. }
                | Dialog::Palette => 540.0,
            });
            match dialog {
                Dialog::Connect => self.connect.show(ui, app, fresh, out),
                Dialog::LogIn { string, refused } => {
                    self.log_in.show(ui, app, (string, refused.as_ref()), fresh, out);
                }
                Dialog::Keys => keys::keys_ui(ui),
                Dialog::ConfirmReset => confirm::reset(ui, out),
                Dialog::ConfirmAppend { append, .. } => confirm::append(ui, app, append, out),
                Dialog::Journal => journal::journal_ui(ui, app, out),
                Dialog::Categories => self.categories.show(ui, app, fresh, later, out),
                Dialog::Palette => self.palette.show(ui, app, fresh, later, out),
            }
        });
        if shown.should_close() {
            out.push(Intent::View(ViewIntent::CloseDialog));
        }
    }
}

/// In the middle of the window; a picker hangs under the button that opened it.
fn modal(ui: &Ui, dialog: &Dialog, frame: Frame) -> Modal {
    let id = Id::unique("dialog");
    let button = ui.ctx().read_response(category_id());
    match (dialog, button) {
        (Dialog::Categories, Some(button)) => {
            let at = button.rect.left_bottom() + vec2(0.0, 4.0);
            let area = Modal::default_area(id).anchor(Align2::LEFT_TOP, at.to_vec2());
            Modal::new(id).area(area).frame(frame.inner_margin(10)).backdrop_color(Color32::TRANSPARENT)
        }
        _ => Modal::new(id).frame(frame),
    }
}
