//! What the inspector's tabs share.

use crate::ui::theme::{self, Palette};
use crate::ui::widgets::is_low;
use egui::{
    Align, Color32, Label, Layout, Rect, Response, RichText, Sense, Stroke, Ui, UiBuilder, pos2, vec2,
};

/// Characters of one name or value that are laid out.
pub const SHOWN: usize = 300;
pub const SIDE: f32 = 16.0;

pub fn line(ui: &Ui, p: &Palette) {
    ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), Stroke::new(1.0, p.line));
}

pub fn cell(ui: &mut Ui, width: f32, text: RichText) -> egui::Response {
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(egui::vec2(width, 18.0), layout, |ui| {
        ui.set_min_width(width);
        ui.add(Label::new(text).truncate())
    })
    .inner
}

pub fn section(ui: &mut Ui, title: &str, contents: impl FnOnce(&mut Ui)) {
    egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 16, top: 14, bottom: 0 }).show(
        ui,
        |ui| {
            ui.label(RichText::new(title).font(theme::strong(theme::BODY)));
            ui.add_space(2.0);
            contents(ui);
        },
    );
}

/// Low windows show more rows.
pub fn row_height(ui: &Ui) -> f32 {
    if is_low(ui.ctx()) { 28.0 } else { 34.0 }
}

/// One row of a table, as high as every other.
pub fn row(ui: &mut Ui, p: &Palette, fill: Option<Color32>, contents: impl FnOnce(&mut Ui)) {
    let height = row_height(ui);
    high_row(ui, p, fill, (height, Sense::hover()), |ui, _| contents(ui));
}

/// One that may be higher: its contents stand on its first line, and get the place that the whole of it has.
pub fn high_row(
    ui: &mut Ui,
    p: &Palette,
    fill: Option<Color32>,
    (height, sense): (f32, Sense),
    contents: impl FnOnce(&mut Ui, Rect),
) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), sense);
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, 0.0, fill);
    }
    let inside = rect.shrink2(vec2(SIDE, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let first = inside.with_max_y(inside.top() + row_height(ui));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(first).layout(layout));
    contents(&mut ui, inside);
    line_under(&ui, p, rect);
    response
}

/// Where values stand in a row, between these edges: the first line of them is in the middle of the row's first line.
pub fn values_place(ui: &Ui, row: Rect, from: f32, to: f32) -> Rect {
    let line = ui.fonts_mut(|fonts| fonts.row_height(&theme::mono(theme::SMALL)).ceil());
    let above = (row_height(ui) - line) / 2.0;
    Rect::from_min_max(pos2(from, row.top() + above), pos2(to.max(from), row.bottom()))
}

fn line_under(ui: &Ui, p: &Palette, rect: Rect) {
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, p.line));
}
