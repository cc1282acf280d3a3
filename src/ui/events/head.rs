//! The table's head: the names of the columns, and the menu that chooses and orders them.

use super::columns::{BUTTON, Columns, is_right, place};
use crate::app::{App, EventColumn, EventColumns, Intent, ViewIntent};
use crate::ui::context_menu::{Menu, button_menu, context_menu};
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::named;
use egui::{Align2, FontId, Rect, Role, Sense, Stroke, Ui, UiBuilder, vec2};

const HEIGHT: f32 = 30.0;

pub fn head_ui(ui: &mut Ui, p: &Palette, app: &App, columns: &Columns, out: &mut Vec<Intent>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let chosen = &app.settings().event_columns;
    for cell in &columns.cells {
        let (column, at) = (cell.column, place(rect, cell.x));
        let id = ui.scope_id().with(("head", column.label()));
        let response = ui.interact(at, id, Sense::click());
        named(&response, Role::ColumnHeader, &format!("Column {}", column.label()));
        let align = if is_right(column) { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
        let color = if response.hovered() || response.has_focus() { p.text } else { p.faint };
        let font = FontId::proportional(theme::SMALL);
        ui.painter().text(align.pos_in_rect(&at), align, column.label(), font, color);
        context_menu(&response, "Columns", out, |menu| lines(menu, chosen, Some(column)));
    }
    button_ui(ui, p, rect, chosen, out);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, p.line));
}

fn button_ui(ui: &mut Ui, p: &Palette, head: Rect, chosen: &EventColumns, out: &mut Vec<Intent>) {
    let at =
        Rect::from_center_size(head.right_center() - vec2(12.0 + BUTTON / 2.0, 0.0), vec2(BUTTON, BUTTON));
    let ui = ui.new_child(UiBuilder::new().max_rect(at));
    let response = ui.interact(at, ui.scope_id().with("columns"), Sense::click());
    named(&response, Role::Button, "Columns");
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(at, 6.0, p.raise);
    }
    let sign = Rect::from_center_size(at.center(), vec2(12.0, 12.0));
    icon::paint(ui.painter(), sign, Icon::More, p.dim);
    button_menu(&response, out, |menu| lines(menu, chosen, None));
    response.on_hover_text("Choose the columns; right-click one to move it");
}

/// What is shown; and of the column that was asked, its place.
fn lines(menu: &mut Menu<'_>, chosen: &EventColumns, asked: Option<EventColumn>) {
    let columns = |columns| vec![Intent::View(ViewIntent::Columns(columns))];
    if let Some(column) = asked {
        for (name, is_right) in [("Move left", false), ("Move right", true)] {
            let moved = chosen.clone().moved(column, is_right);
            let why_not = (moved == *chosen).then_some("It is at the end");
            menu.item_unless(name, why_not, || columns(moved));
        }
        menu.separator();
    }
    for column in EventColumn::ALL {
        let is_shown = chosen.shows(column);
        if column == EventColumn::Revision {
            continue;
        }
        menu.check(column.label(), is_shown, || {
            Intent::View(ViewIntent::Columns(chosen.clone().toggled(column)))
        });
    }
    menu.separator();
    let why_not = (*chosen == EventColumns::default()).then_some("They are as they were at first");
    menu.item_unless("Reset columns", why_not, || columns(EventColumns::default()));
}
