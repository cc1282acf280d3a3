//! The one list of rows of one height: its first row is an integer, it draws what is in view, and it brings a row into view
//! once where that became another one, and leaves the scroll bar to the person otherwise.

mod bar;
mod extent;

pub use extent::{Extent, Top};

use crate::ui::focus;
use bar::Bar;
use egui::emath::GuiRounding;
use egui::{FocusDirection, Id, Key, Modifiers, Popup, Rect, Response, Sense, Ui, UiBuilder, vec2};

/// Where a list of rows stands, from one frame to the next.
#[derive(Debug)]
pub struct Rows<K> {
    /// What was last brought into view.
    shown: Option<K>,
    row: Option<usize>,
    top: Top,
    extent: Extent,
    /// How many of the last rows stay while others come before them.
    end: usize,
    /// The row that had the focus.
    focused: Option<usize>,
    /// The row that is stood on since this frame.
    moved_to: Option<usize>,
    bar: Bar,
}

/// Height of so many rows, as far as a screen could show it.
pub fn height_of(rows: usize, row_height: f32) -> f32 {
    row_height * f32::from(u16::try_from(rows).unwrap_or(u16::MAX))
}

impl<K> Default for Rows<K> {
    fn default() -> Self {
        let (top, extent) = (Top::default(), Extent::default());
        Self {
            shown: None,
            row: None,
            top,
            extent,
            end: 0,
            focused: None,
            moved_to: None,
            bar: Bar::default(),
        }
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
    /// The scroll bar's id, and its name for screen readers.
    pub bar: Id,
    pub name: &'static str,
}

impl<K: PartialEq> Rows<K> {
    /// So many of the last rows stay where they are in view while rows come or go before them; called before they are drawn.
    pub fn keep_end(&mut self, end: usize, count: usize) {
        let before = self.extent.count;
        let first = before - self.end.min(end).min(before);
        self.end = end;
        let moved = |row: usize| if row >= first { (row + count).saturating_sub(before) } else { row };
        // Where the list shows both, the row that was brought into view tells which stay.
        let in_view = self.top.rows(self.extent);
        let stays = self.row.filter(|row| in_view.contains(row)).unwrap_or(self.top.row);
        self.row = self.row.map(moved);
        if stays >= first {
            self.top.row = (self.top.row + count).saturating_sub(before);
        }
    }

    /// Draws the rows that are in view, and scrolls where another one must be; a new key with no row starts at the top.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        place: Place<K>,
        count: usize,
        mut row_ui: impl FnMut(&mut Ui, usize) -> Response,
    ) {
        let extent = Extent { count, row: place.row_height, view: place.height };
        let (bar, name) = (place.bar, place.name);
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), place.height));
        if let Some(top) = self.turn_to(place, extent) {
            self.top = top;
        }
        self.extent = extent;
        self.top = self.top.within(extent);
        self.scroll(ui, bar, rect);
        self.top = self.bar.moved(ui, bar, rect, self.top, extent).within(extent);
        let before = self.focused.take();
        let wanted = self.focus_wanted(ui, before, extent);
        let mut stood_on = None;
        let mut inside = ui.new_child(UiBuilder::new().id_salt(bar).max_rect(rect));
        inside.shrink_clip_rect(rect);
        for row in self.top.rows(extent) {
            let response = self.row_ui(&mut inside, rect, row, &mut row_ui);
            if wanted == Some(row) {
                response.request_focus();
                self.focused = Some(row);
            }
            if self.row == Some(row) {
                stood_on = Some(response.id);
            }
        }
        focus::note_list(ui, bar, rect, stood_on);
        bar::show(ui, bar, name, rect, self.top, extent);
    }

    fn row_ui(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        row: usize,
        row_ui: &mut impl FnMut(&mut Ui, usize) -> Response,
    ) -> Response {
        // Rounded once for all rows, so that none is further from the next than others.
        let edge = (rect.top() - self.top.above).round_to_pixels(ui.pixels_per_point());
        let y = edge + self.top.above + self.top.y_of(row, self.extent);
        let place = Rect::from_min_size(egui::pos2(rect.left(), y), vec2(rect.width(), self.extent.row));
        // The focus stays on its row while the list is scrolled.
        let mut ui = ui.new_child(UiBuilder::new().id_salt(row).max_rect(place));
        let response = row_ui(&mut ui, row);
        if response.has_focus() {
            self.focused = Some(row);
        }
        if response.gained_focus() && !response.is_pointer_button_down_on() {
            self.top = self.top.showing(row, self.extent);
        }
        response
    }

    /// Whether one of its rows has the focus.
    pub fn has_focus(&self) -> bool {
        self.focused.is_some()
    }

    /// The row that gets the focus from the one that had it: the one that is stood on now, or the one that the arrows lead to.
    fn focus_wanted(&mut self, ui: &Ui, before: Option<usize>, extent: Extent) -> Option<usize> {
        // A menu has the arrows for itself.
        let before = before.filter(|_| !Popup::is_any_open(ui.ctx()))?;
        let (down, up) = ui.input_mut(|input| {
            let mut presses = |key| input.count_and_consume_key(Modifiers::NONE, key);
            (presses(Key::ArrowDown), presses(Key::ArrowUp))
        });
        if down + up > 0 {
            ui.memory_mut(|memory| memory.move_focus(FocusDirection::None));
        }
        let last = extent.count.saturating_sub(1);
        let wanted = self.moved_to.take().unwrap_or((before + down).min(last).saturating_sub(up));
        if wanted == before {
            return None;
        }
        self.top = self.top.showing(wanted, extent).within(extent);
        Some(wanted)
    }

    /// The wheel, a touchpad, a finger, and the keys that turn pages.
    fn scroll(&mut self, ui: &mut Ui, bar: Id, rect: Rect) {
        if self.extent.travel() <= 0.0 {
            return;
        }
        let mut points = 0.0;
        if ui.input(egui::InputState::has_touch_screen) {
            let finger = ui.interact(rect, bar.with("finger"), Sense::drag());
            if finger.dragged() {
                points -= finger.drag_delta().y;
            }
        }
        let is_over = ui.rect_contains_pointer(rect) && ui.ctx().dragged_id().is_none();
        let turns = is_over || self.focused.is_some() || ui.memory(|memory| memory.has_focus(bar));
        let (mut down, mut up) = (0, 0);
        ui.input_mut(|input| {
            let wheel = input.smooth_scroll_delta.y;
            // At an end it is left to what the list stands in.
            if is_over && self.top.moved(f64::from(-wheel), self.extent).within(self.extent) != self.top {
                points -= wheel;
                input.smooth_scroll_delta.y = 0.0;
            }
            if turns {
                down = input.count_and_consume_key(Modifiers::NONE, Key::PageDown);
                up = input.count_and_consume_key(Modifiers::NONE, Key::PageUp);
            }
        });
        if points != 0.0 {
            self.top = self.top.moved(f64::from(points), self.extent).within(self.extent);
        }
        let pages = i64::try_from(down).unwrap_or(0) - i64::try_from(up).unwrap_or(0);
        if pages != 0 {
            let page = i64::try_from(self.extent.page()).unwrap_or(i64::MAX);
            self.top = self.top.by_rows(pages.saturating_mul(page), self.extent);
        }
    }

    /// Where the list must stand to have the row in view, where it must be moved.
    fn turn_to(&mut self, place: Place<K>, extent: Extent) -> Option<Top> {
        let fresh = self.shown.as_ref() != Some(&place.key);
        let seen = self.row.is_none_or(|row| {
            let middle = self.top.y_of(row, self.extent) + self.extent.row / 2.0;
            (0.0..=self.extent.view).contains(&middle)
        });
        let changed = place.keep && place.row != self.row;
        self.moved_to = place.row.filter(|_| place.row != self.row);
        let shrank = extent.view < self.extent.view;
        self.row = place.row;
        self.shown = Some(place.key);
        if !fresh && !(seen && (changed || shrank)) {
            return None;
        }
        Some(place.row.map_or_else(Top::default, |row| self.top.within(extent).showing(row, extent)))
    }
}
