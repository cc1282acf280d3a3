//! The dialog that lies over the window until it is answered.

use super::{
    as_of, categories, comparison, confirm, connect, connect_form, connection, database, definitions, ever,
    journal, keys, lessons, log_in, moment_difference, palette, problems, related, turns,
};
use crate::app::{App, Dialog, Intent, ViewIntent};
use crate::ui::exact_write::ExactWrite;
use crate::ui::ids::{as_of_id, category_id, connection_id};
use crate::ui::theme;
use crate::ui::widgets::is_low;
use egui::{Align2, Color32, Context, Event, Frame, Id, Margin, Modal, Ui, vec2};

/// What is typed in a dialog before it means anything.
#[derive(Default)]
pub struct Dialogs {
    connection: connection::Panel,
    connect: connect_form::Form,
    log_in: log_in::Form,
    exact_write: ExactWrite,
    palette: palette::Search,
    categories: categories::Picker,
    journal: journal::Shown,
    comparison: comparison::Shown,
    as_of: as_of::Form,
    moment_difference: moment_difference::Shown,
    lessons: lessons::Picker,
    turns: turns::Shown,
    ever: ever::Shown,
    problems: problems::Shown,
    database: database::Room,
    related: crate::ui::related::Shown,
    shown: Option<std::mem::Discriminant<Dialog>>,
    /// What had the focus before it, which gets it back; a palette or picker leads elsewhere.
    focused: Option<Id>,
}

impl Dialogs {
    /// Whether the dialog was drawn, so that its field has the focus.
    pub fn shows(&self, dialog: &Dialog) -> bool {
        self.shown == Some(std::mem::discriminant(dialog))
    }

    /// Whether the dialog will be drawn otherwise without anything that a person does.
    pub fn waits(&self) -> bool {
        let returns = self.shown.is_none() && self.focused.is_some();
        returns || self.shown == Some(std::mem::discriminant(&Dialog::Palette)) && self.palette.waits()
    }

    /// Forgets a dialog that is gone, before keys are read: its field must not hold them back. True in the one frame in which
    /// nothing below it can have the focus yet.
    pub fn clear_closed(&mut self, ui: &Ui, app: &App) -> bool {
        let is_closed = app.dialog().is_none() && self.shown.take().is_some();
        if is_closed {
            // What was typed may hold a password.
            self.connect = connect_form::Form::default();
            self.connection = connection::Panel::default();
            self.log_in = log_in::Form::default();
            ui.memory_mut(|memory| {
                if let Some(id) = memory.focused() {
                    memory.surrender_focus(id);
                }
            });
        }
        // Below a dialog nothing takes the focus before the frame after.
        if !is_closed
            && app.dialog().is_none()
            && let Some(id) = self.focused.take()
        {
            ui.memory_mut(|memory| memory.request_focus(id));
        }
        is_closed
    }

    /// Events after the one that closes the dialog are put off until it is gone.
    pub fn show(&mut self, ui: &mut Ui, app: &App, later: &mut Vec<Event>, out: &mut Vec<Intent>) {
        let Some(dialog) = app.dialog() else { return };
        let kind = Some(std::mem::discriminant(dialog));
        let fresh = std::mem::replace(&mut self.shown, kind) != kind;
        if fresh {
            let leads = matches!(dialog, Dialog::Palette | Dialog::Categories | Dialog::AsOf);
            let focused = ui.memory(egui::Memory::focused);
            self.focused = focused.filter(|_| !leads).or(self.focused.take().filter(|_| !leads));
        }
        let p = theme::palette(ui);
        let frame = Frame::new()
            .fill(p.panel)
            .stroke((1.0, p.line))
            .corner_radius(10.0)
            .inner_margin(Margin::same(18));
        let shown = modal(ui, dialog, frame).show(ui.ctx(), |ui| {
            let width = match dialog {
                Dialog::Journal | Dialog::Problems => 860.0,
                Dialog::Database => database_width(ui.ctx()),
                Dialog::Definitions | Dialog::Comparison | Dialog::Turns | Dialog::Ever => 640.0,
                Dialog::Lessons => 700.0,
                Dialog::Categories | Dialog::AsOf => 320.0,
                Dialog::MomentDifference | Dialog::Related => 780.0,
                Dialog::LogIn { .. } => 420.0,
                Dialog::Connection => panel_width(ui.ctx()),
                Dialog::Connect | Dialog::Keys | Dialog::ConfirmReset | Dialog::ConfirmAppend { .. } => 540.0,
                Dialog::Palette => palette_width(ui.ctx()),
            };
            ui.set_width(width.min(ui.ctx().content_rect().width() - AROUND));
            match dialog {
                Dialog::Connection => self.connection.show(ui, app, &mut self.connect, fresh, out),
                Dialog::Connect => connect::connect_ui(ui, app, &mut self.connect, fresh, out),
                Dialog::LogIn { string, refused } => {
                    self.log_in.show(ui, app, (string, refused.as_ref()), fresh, out);
                }
                Dialog::Keys => keys::keys_ui(ui),
                Dialog::ConfirmReset => confirm::reset(ui, fresh, out),
                Dialog::ConfirmAppend { append, .. } => {
                    confirm::append(ui, app, (append, &mut self.exact_write), fresh, out);
                }
                Dialog::Journal => journal::journal_ui(ui, app, &mut self.journal, out),
                Dialog::Definitions => definitions::definitions_ui(ui, app, out),
                Dialog::Comparison => comparison::comparison_ui(ui, app, &mut self.comparison, out),
                Dialog::AsOf => self.as_of.show(ui, app, fresh, out),
                Dialog::MomentDifference => {
                    moment_difference::difference_ui(ui, app, &mut self.moment_difference, out);
                }
                Dialog::Database => self.database.show(ui, app, out),
                Dialog::Related => related::related_ui(ui, app, &mut self.related, out),
                Dialog::Turns => turns::turns_ui(ui, app, &mut self.turns, out),
                Dialog::Ever => ever::ever_ui(ui, app, &mut self.ever, out),
                Dialog::Problems => problems::problems_ui(ui, app, &mut self.problems, out),
                Dialog::Categories => self.categories.show(ui, app, fresh, later, out),
                Dialog::Lessons => self.lessons.show(ui, app, fresh, later, out),
                Dialog::Palette => self.palette.show(ui, app, fresh, later, out),
            }
        });
        if shown.should_close() {
            out.push(Intent::View(ViewIntent::CloseDialog));
        }
    }
}

/// Points beside a dialog: its own margins, and what is seen of the window.
const AROUND: f32 = 60.0;

/// Widest that the panel of the connection is.
const PANEL: f32 = 720.0;

fn panel_width(ctx: &Context) -> f32 {
    PANEL.min(ctx.content_rect().width() - 24.0)
}

/// Widest that the room of the database is.
const DATABASE: f32 = 980.0;

fn database_width(ctx: &Context) -> f32 {
    DATABASE.min(ctx.content_rect().width() - 60.0)
}

/// Widest that the palette is, and where it begins in a window with room for it.
const PALETTE: f32 = 660.0;
const PALETTE_TOP: f32 = 70.0;

fn palette_width(ctx: &Context) -> f32 {
    PALETTE.min(ctx.content_rect().width() - 24.0)
}

/// In the middle of the window; what a button opens hangs under it.
fn modal(ui: &Ui, dialog: &Dialog, frame: Frame) -> Modal {
    let id = Id::unique("dialog");
    let (button, width, margin) = match dialog {
        Dialog::Categories => (category_id(), 0.0, 10),
        Dialog::AsOf => (as_of_id(), 320.0, 12),
        Dialog::Connection => (connection_id(), panel_width(ui.ctx()), 0),
        // It stays where it is while the hits come and go.
        Dialog::Palette => {
            let top = if is_low(ui.ctx()) { 24.0 } else { PALETTE_TOP };
            let area = Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, top));
            let frame = frame.inner_margin(0).shadow(ui.visuals().popup_shadow);
            return Modal::new(id).area(area).frame(frame);
        }
        _ => return Modal::new(id).frame(frame),
    };
    let Some(button) = ui.ctx().read_response(button) else { return Modal::new(id).frame(frame) };
    let below = button.rect.left_bottom() + vec2(0.0, 6.0);
    let left = below.x.min(ui.ctx().content_rect().right() - width - 12.0);
    let area = Modal::default_area(id).anchor(Align2::LEFT_TOP, vec2(left, below.y));
    let frame = frame.inner_margin(margin).shadow(ui.visuals().popup_shadow);
    Modal::new(id).area(area).frame(frame).backdrop_color(Color32::TRANSPARENT)
}
