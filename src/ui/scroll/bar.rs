//! The scroll bar of a list: dragged, clicked for a page, moved by keys, and told to a screen reader as rows.

use super::extent::{Extent, Top};
use crate::ui::theme;
use egui::accesskit::{Action, ActionData};
use egui::{EventFilter, Id, Key, Modifiers, Rangef, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2};

/// Width that senses the pointer, and that is drawn with and without the pointer over it.
pub const WIDTH: f32 = 10.0;
const HANDLE: f32 = 7.0;
const RESTING: f32 = 3.0;
const SHORTEST: f32 = 24.0;

/// What is kept of a drag.
#[derive(Debug, Default)]
pub struct Bar {
    /// Points from the top of the handle to where it was taken.
    taken_at: Option<f32>,
}

/// The place of the bar beside rows.
fn track(rows: Rect) -> Rect {
    rows.with_min_x(rows.right() - WIDTH)
}

/// The y range of the handle.
fn handle(track: Rect, top: Top, extent: Extent) -> Rangef {
    let all = track.height();
    #[expect(clippy::cast_possible_truncation, reason = "points on screen")]
    let length =
        (f64::from(all) * f64::from(extent.view) / (extent.travel() + f64::from(extent.view))) as f32;
    let length = length.clamp(SHORTEST.min(all), all);
    #[expect(clippy::cast_possible_truncation, reason = "points on screen")]
    let from = track.top() + (all - length) * top.part(extent) as f32;
    Rangef::new(from, from + length)
}

impl Bar {
    /// The place that a person asks for with the pointer, keys or a screen reader; before the rows are drawn.
    pub fn moved(&mut self, ui: &Ui, id: Id, rows: Rect, top: Top, extent: Extent) -> Top {
        let Some(response) = ui.ctx().read_response(id) else { return top };
        let top = self.dragged(&response, track(rows), top, extent);
        let top = if response.has_focus() { by_keys(ui, id, top, extent) } else { top };
        by_screen_reader(ui, id, top, extent)
    }

    fn dragged(&mut self, response: &Response, track: Rect, top: Top, extent: Extent) -> Top {
        let Some(at) = response.interact_pointer_pos() else {
            self.taken_at = None;
            return top;
        };
        let handle = handle(track, top, extent);
        if response.clicked() && self.taken_at.is_none() {
            let page = i64::try_from(extent.page()).unwrap_or(i64::MAX);
            return match at.y {
                y if y < handle.min => top.by_rows(-page, extent),
                y if y > handle.max => top.by_rows(page, extent),
                _ => top,
            };
        }
        if !response.dragged() {
            return top;
        }
        // Taken beside the handle, the handle comes under the pointer.
        let taken_at = *self.taken_at.get_or_insert_with(|| {
            if handle.contains(at.y) { at.y - handle.min } else { handle.span() / 2.0 }
        });
        let room = track.height() - handle.span();
        let part = if room > 0.0 { (at.y - taken_at - track.top()) / room } else { 0.0 };
        Top::at_part(f64::from(part), extent)
    }
}

/// Draws it over the rows' right edge; after the rows, so that it gets the pointer.
pub fn show(ui: &Ui, id: Id, name: &str, rows: Rect, top: Top, extent: Extent) {
    if extent.travel() <= 0.0 {
        return;
    }
    let (p, track) = (theme::palette(ui), track(rows));
    let response = ui.interact(track, id, Sense::click_and_drag());
    let first = u32::try_from(top.row).unwrap_or(u32::MAX);
    response.widget_info(|| WidgetInfo {
        label: Some(name.to_owned()),
        value: Some(f64::from(first)),
        ..WidgetInfo::new(Role::ScrollBar)
    });
    ui.ctx().accesskit_node_builder(id, |node| {
        let last = u32::try_from(extent.last().row).unwrap_or(u32::MAX);
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(f64::from(last));
        node.set_orientation(egui::accesskit::Orientation::Vertical);
        for action in [Action::SetValue, Action::Increment, Action::Decrement] {
            node.add_action(action);
        }
    });
    let is_held = response.dragged() || response.is_pointer_button_down_on();
    let is_wide = is_held || response.hovered() || response.has_focus();
    let width = if is_wide { HANDLE } else { RESTING };
    let handle = handle(track, top, extent);
    let right = track.right() - 1.5;
    let drawn = Rect::from_min_max(pos2(right - width, handle.min), pos2(right, handle.max));
    if is_wide {
        ui.painter().rect_filled(track, 0.0, p.raise);
    }
    let color = if is_held || response.has_focus() { p.accent } else { p.faint };
    ui.painter().rect_filled(drawn.shrink2(egui::vec2(0.0, 1.5)), width / 2.0, color);
}

/// Arrows, pages and ends while the bar has the focus.
fn by_keys(ui: &Ui, id: Id, top: Top, extent: Extent) -> Top {
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    let (up, down, home, end) = ui.input_mut(|input| {
        let mut presses = |key| input.count_and_consume_key(Modifiers::NONE, key);
        (presses(Key::ArrowUp), presses(Key::ArrowDown), presses(Key::Home), presses(Key::End))
    });
    let rows = i64::try_from(down).unwrap_or(0) - i64::try_from(up).unwrap_or(0);
    match (home, end) {
        (0, 0) => top.by_rows(rows, extent),
        (_, 0) => Top::default(),
        _ => extent.last(),
    }
}

fn by_screen_reader(ui: &Ui, id: Id, top: Top, extent: Extent) -> Top {
    ui.input(|input| {
        let count = |action| i64::try_from(input.num_accesskit_action_requests(id, action)).unwrap_or(0);
        let rows = count(Action::Increment) - count(Action::Decrement);
        let set = input.accesskit_action_requests(id, Action::SetValue);
        let set = set.filter_map(|request| match request.data {
            Some(ActionData::NumericValue(row)) => Some(row),
            _ => None,
        });
        let top = set.last().map_or(top, |row| {
            Top::default().moved(row.max(0.0).floor() * f64::from(extent.row), extent).within(extent)
        });
        top.by_rows(rows, extent)
    })
}
