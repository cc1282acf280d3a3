//! Brings a row into view once where it became another one, and leaves the scroll bar to the person otherwise.

use egui::{Align, Rect, ScrollArea, Ui, pos2, vec2};

/// Where a list of rows of one height was scrolled to in the last frame.
#[derive(Debug)]
pub struct Follow<K> {
    /// What was last brought into view.
    shown: Option<K>,
    row: Option<usize>,
    offset: f32,
    height: f32,
}

impl<K> Default for Follow<K> {
    fn default() -> Self {
        Self { shown: None, row: None, offset: 0.0, height: 0.0 }
    }
}

/// What the list shows now.
pub struct Place<K> {
    /// Another key is brought into view wherever the list stands.
    pub key: K,
    pub row: Option<usize>,
    /// The same key in another row is kept in view while it was in view.
    pub keep: bool,
    pub row_height: f32,
    pub height: f32,
}

impl<K: PartialEq> Follow<K> {
    /// Draws the rows that are in view, and scrolls where another one must be; a new key with no row starts at the top.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        area: ScrollArea,
        place: Place<K>,
        count: usize,
        mut row_ui: impl FnMut(&mut Ui, usize),
    ) {
        let height = place.row_height;
        let to = self.turn_to(place).filter(|_| count > 0);
        let output = area.animated(false).show_rows(ui, height, count, |ui, range| {
            if let Some((row, align)) = to {
                let top = ui.cursor().top() + top_of(row, height) - top_of(range.start, height);
                let rect = Rect::from_min_size(pos2(ui.cursor().left(), top), vec2(1.0, height));
                ui.scroll_to_rect(rect, align);
            }
            for index in range {
                row_ui(ui, index);
            }
        });
        self.offset = output.state.unclamped_offset().y;
        self.height = output.inner_rect.height();
    }

    /// The row to bring into view now, and where in it; far away it is put in the middle.
    fn turn_to(&mut self, place: Place<K>) -> Option<(usize, Option<Align>)> {
        let fresh = self.shown.as_ref() != Some(&place.key);
        let seen = self.row.is_none_or(|row| {
            let middle = top_of(row, place.row_height) + place.row_height / 2.0;
            (self.offset..=self.offset + self.height).contains(&middle)
        });
        let changed = place.keep && place.row != self.row;
        let shrank = place.height < self.height;
        self.row = place.row;
        self.shown = Some(place.key);
        if !fresh && !(seen && (changed || shrank)) {
            return None;
        }
        let Some(row) = place.row else { return Some((0, Some(Align::Min))) };
        let top = top_of(row, place.row_height);
        let far = top + place.height < self.offset || top > self.offset + 2.0 * place.height;
        Some((row, far.then_some(Align::Center)))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a pixel more or less at row 500,000 is invisible")]
fn top_of(row: usize, height: f32) -> f32 {
    row as f32 * height
}
