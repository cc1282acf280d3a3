//! What the inspector's tabs share.

use crate::record::json;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::is_low;
use egui::{Align, Color32, Label, Layout, Rect, RichText, Stroke, Ui, UiBuilder, vec2};

/// Characters of one value that are laid out, and that hovering shows.
pub const SHOWN: usize = 300;
pub const HOVERED: usize = 4_000;
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
    let size = vec2(ui.available_width(), row_height(ui));
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, 0.0, fill);
    }
    let inside = rect.shrink2(vec2(SIDE, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inside).layout(layout));
    contents(&mut ui);
    line_under(&ui, p, rect);
}

fn line_under(ui: &Ui, p: &Palette, rect: Rect) {
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, p.line));
}

/// A value on one line, cut where it does not fit; hovering shows more of it.
pub fn value_ui(ui: &mut Ui, color: Color32, sign: &str, token: &str) {
    let text = format!("{sign}{}", json::one_line(token.as_bytes(), SHOWN));
    let text = RichText::new(text).font(theme::mono(theme::SMALL)).color(color);
    ui.add(Label::new(text).truncate().show_tooltip_when_elided(false)).on_hover_ui(|ui| {
        let whole = json::one_line(token.as_bytes(), HOVERED);
        ui.label(RichText::new(whole).font(theme::mono(theme::SMALL)));
    });
}
