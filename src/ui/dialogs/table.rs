//! Rows of a dialog in columns: a head, and lines that are buttons.

use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{elided, whole_on_hover};
use egui::{Align2, Color32, FontId, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Space beside a row, and between two cells.
pub const SIDE: f32 = 8.0;

/// A line and how it is drawn.
pub struct Line<'t> {
    /// What it is called, beside what it shows.
    pub name: &'t str,
    pub height: f32,
    pub striped: bool,
    /// Whether it is the one that is stood on, where that can be.
    pub is_current: Option<bool>,
}

/// Cells of these widths, from the left and no further than the row; an infinite one has what is left.
pub fn cells<const N: usize>(row: Rect, widths: [f32; N]) -> [Rect; N] {
    let row = row.shrink2(vec2(SIDE, 0.0));
    let mut left = row.left();
    widths.map(|width| {
        let from = left;
        left = (left + width).min(row.right());
        Rect::from_min_max(pos2(from, row.top()), pos2((left - SIDE).max(from), row.bottom()))
    })
}

/// The names of the columns.
pub fn head_ui<const N: usize>(
    ui: &mut Ui,
    p: &Palette,
    height: f32,
    names: [&str; N],
    cells: impl FnOnce(Rect) -> [Rect; N],
) {
    let (_, head) = ui.allocate_space(vec2(ui.available_width(), height));
    for (cell, name) in cells(head).into_iter().zip(names) {
        let font = FontId::proportional(theme::SMALL);
        ui.painter().text(cell.left_center(), Align2::LEFT_CENTER, name, font, p.dim);
    }
}

/// A text in each cell, cut where it is longer, and whole on hover.
pub fn line_ui<const N: usize>(
    ui: &mut Ui,
    p: &Palette,
    line: &Line<'_>,
    texts: [(&str, FontId, Color32); N],
    cells: impl FnOnce(Rect) -> [Rect; N],
) -> Response {
    let (rect, mut response) =
        ui.allocate_exact_size(vec2(ui.available_width(), line.height), Sense::click());
    response.widget_info(|| match line.is_current {
        Some(is_current) => WidgetInfo::selected(Role::Button, true, is_current, line.name),
        None => WidgetInfo::labeled(Role::Button, true, line.name),
    });
    if line.is_current == Some(true) || response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 4.0, p.accent_bg);
    } else if line.striped {
        ui.painter().rect_filled(rect, 0.0, p.raise);
    }
    for (cell, (text, font, color)) in cells(rect).into_iter().zip(texts) {
        let text = elided(ui, text, font, color, cell.width());
        ui.painter().galley(pos2(cell.left(), cell.center().y - text.size().y / 2.0), text.clone(), color);
        response = whole_on_hover(response, cell, &text);
    }
    response
}
