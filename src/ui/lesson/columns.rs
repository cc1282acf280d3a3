//! Columns over the height of the stage.

use crate::ui::theme::Palette;
use egui::{Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

/// Columns of these widths over the whole height, each scrolled by itself.
pub fn columns_ui(ui: &mut Ui, p: &Palette, widths: &[f32], mut column: impl FnMut(&mut Ui, usize)) {
    let whole = ui.available_rect_before_wrap();
    let mut left = whole.left();
    for (place, width) in widths.iter().enumerate() {
        let rect = Rect::from_min_max(pos2(left, whole.top()), pos2(left + width, whole.bottom()));
        if place > 0 {
            ui.painter().vline(rect.left(), rect.y_range(), (1.0, p.line));
        }
        let side = if *width < 260.0 { 8.0 } else { 16.0 };
        let inside = rect.shrink2(vec2(side, 0.0));
        let mut child = ui.new_child(UiBuilder::new().max_rect(inside).id_salt(("lesson-column", place)));
        child.set_clip_rect(rect.intersect(ui.clip_rect()));
        ScrollArea::vertical().id_salt(place).auto_shrink(false).show(&mut child, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            ui.add_space(12.0);
            column(ui, place);
            ui.add_space(12.0);
        });
        left = rect.right();
    }
    ui.advance_cursor_after_rect(whole);
}
