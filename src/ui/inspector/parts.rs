//! What the inspector's tabs share.

use crate::ui::theme::{self, Palette};
use egui::{Align, Label, Layout, RichText, Stroke, Ui};

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
