//! Small parts that several panels share.

use super::format;
use super::theme::{self, Palette};
use egui::{Button, Color32, CornerRadius, Response, RichText, Role, Stroke, Ui, Vec2, WidgetInfo};

/// A small rounded button; lit where it is the chosen one.
pub fn chip(ui: &mut Ui, text: impl Into<RichText>, on: bool) -> Response {
    let p = theme::palette(ui);
    let (fill, color) = if on { (p.accent_bg, p.accent) } else { (p.raise, p.dim) };
    let text: RichText = text.into();
    let name = text.text().to_owned();
    let button =
        Button::new(text.size(theme::SMALL).color(color)).fill(fill).corner_radius(CornerRadius::same(5));
    let chip = ui.scope(|ui| {
        ui.spacing_mut().button_padding = egui::vec2(7.0, 2.0);
        ui.spacing_mut().interact_size.y = 22.0;
        ui.add(button.min_size(Vec2::new(0.0, 22.0)))
    });
    let chip = chip.inner;
    chip.widget_info(|| WidgetInfo::selected(Role::Button, chip.enabled(), on, &name));
    chip
}

/// A tab with a line under the chosen one.
pub fn tab(ui: &mut Ui, name: &str, count: Option<usize>, on: bool) -> Response {
    let p = theme::palette(ui);
    let mut text = egui::text::LayoutJob::default();
    let plain = |color| egui::TextFormat {
        font_id: egui::FontId::proportional(theme::BODY),
        color,
        ..Default::default()
    };
    text.append(name, 0.0, plain(if on { p.text } else { p.dim }));
    if let Some(count) = count {
        text.append(&format::count(count as u64), 5.0, plain(p.faint));
    }
    let response = ui.add(
        Button::new(text).frame(false).min_size(Vec2::new(0.0, if is_low(ui.ctx()) { 24.0 } else { 30.0 })),
    );
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, name));
    if on {
        let line = response.rect.x_range();
        ui.painter().hline(line, response.rect.bottom(), Stroke::new(2.0, p.accent));
    }
    response
}

/// The heading of a dialog.
pub fn title(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).heading());
    ui.add_space(6.0);
}

/// The coloured box that explains a problem.
pub fn note(ui: &mut Ui, p: &Palette, title: &str, text: &str) {
    let frame = egui::Frame::new()
        .fill(p.red_bg)
        .corner_radius(CornerRadius::same(6))
        .inner_margin(egui::Margin::symmetric(12, 9));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new(title).font(theme::strong(theme::BODY)).color(p.text));
        ui.label(RichText::new(text).color(p.text));
    });
    let bar = shown.response.rect;
    let bar = egui::Rect::from_min_max(bar.min, egui::pos2(bar.left() + 3.0, bar.bottom()));
    ui.painter().rect_filled(bar, CornerRadius::same(2), p.red);
}

/// Whether the window is so low that what can be smaller should be.
pub fn is_low(ctx: &egui::Context) -> bool {
    ctx.content_rect().height() < 700.0
}

/// Whether the window is so narrow that the inspector stands under the events, and buttons move into menus.
pub fn is_narrow(ctx: &egui::Context) -> bool {
    ctx.content_rect().width() < 1150.0
}

/// In a wrapped row: begins another one where the next controls, of so much width together, do not fit into this one.
pub fn make_room(ui: &mut Ui, width: f32) {
    if ui.available_size_before_wrap().x < width {
        ui.end_row();
    }
}

/// What a place is for and the next step, where there is nothing to show.
pub fn empty(ui: &mut Ui, title: &str, text: &str) {
    let p = theme::palette(ui);
    ui.add_space(28.0);
    ui.vertical_centered(|ui| {
        ui.set_max_width(420.0_f32.min(ui.available_width() - 32.0));
        ui.label(RichText::new(title).font(theme::strong(14.0)).color(p.text));
        ui.add_space(4.0);
        ui.label(RichText::new(text).color(p.dim));
    });
}

/// A key as it is written on the keyboard.
pub fn key(ui: &mut Ui, text: &str) {
    let p = theme::palette(ui);
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::mono(11.0), p.dim);
    let (rect, _) = ui.allocate_exact_size(galley.size() + egui::vec2(10.0, 4.0), egui::Sense::hover());
    let stroke = Stroke::new(1.0, p.line);
    ui.painter().rect_stroke(rect, CornerRadius::same(4), stroke, egui::StrokeKind::Inside);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, p.dim);
}

/// Gives a widget the name that a screen reader says.
pub fn named(response: &Response, kind: Role, name: &str) {
    response.widget_info(|| WidgetInfo::labeled(kind, true, name));
}

/// A screen reader says the text when it becomes another one.
pub fn announced(response: &Response) {
    response.ctx.accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
}

/// Shows the whole of a painted line while the pointer is over its place, where it is cut.
pub fn whole_on_hover(response: Response, place: egui::Rect, line: &egui::Galley) -> Response {
    let is_over = || response.hover_pos().is_some_and(|at| place.contains(at));
    if line.elided && is_over() { response.on_hover_text(line.text()) } else { response }
}

/// Width of a text on one line.
pub fn text_width(ui: &Ui, text: &str, font: egui::FontId) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x
}

/// One line that fits, with an ellipsis where it is cut; [`whole_on_hover`] shows the rest.
pub fn elided(
    ui: &Ui,
    text: &str,
    font: egui::FontId,
    color: Color32,
    width: f32,
) -> std::sync::Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(12.0));
    job.halign = egui::Align2::LEFT_CENTER.x();
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}
