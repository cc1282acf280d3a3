//! The keyboard focus: Tab goes through the window as the eye does, and a ring shows where it is.
//!
//! egui's own order is that in which widgets are made, which follows how panels take their room.

use super::theme;
use egui::{
    Context, Event, Id, Key, LayerId, Modifiers, Popup, Rect, Stroke, StrokeKind, Ui, WidgetRect, WidgetRects,
};

/// The panels, in the order of the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    Top,
    Introduction,
    List,
    Header,
    Table,
    Inspector,
    Dock,
    Time,
    Status,
}

/// Where each panel stands; one that is not drawn is nowhere.
#[derive(Debug)]
pub struct Panels([Rect; 9]);

impl Default for Panels {
    fn default() -> Self {
        Self([Rect::NOTHING; 9])
    }
}

impl Panels {
    /// Forgets them before they are drawn.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    pub fn place(&mut self, panel: Panel, rect: Rect) {
        self.0[panel as usize] = rect;
    }

    /// The place of the panel that holds a widget; what is in none comes last.
    fn of(&self, widget: Rect) -> usize {
        let holds = |panel: &Rect| panel.contains(widget.center());
        self.0.iter().position(holds).unwrap_or(self.0.len())
    }
}

/// A list whose rows are one stop of Tab.
#[derive(Debug, Clone, Copy)]
struct ListStop {
    bar: Id,
    rect: Rect,
    /// The row that is stood on, where it is in view.
    row: Option<Id>,
    pass: u64,
}

/// The lists of the last passes.
#[derive(Debug, Clone, Default)]
struct ListStops(Vec<ListStop>);

fn list_stops() -> Id {
    Id::unique("list-stops")
}

/// Tells of a list that is drawn in this pass: Tab stops at one of its rows only.
pub fn note_list(ui: &Ui, bar: Id, rect: Rect, row: Option<Id>) {
    let pass = ui.ctx().cumulative_pass_nr();
    let stop = ListStop { bar, rect, row, pass };
    ui.data_mut(|data| {
        let stops: &mut ListStops = data.get_temp_mut_or_default(list_stops());
        match stops.0.iter_mut().find(|stop| stop.bar == bar) {
            Some(known) => *known = stop,
            None => stops.0.push(stop),
        }
    });
}

/// Takes the presses of Tab that no text field keeps for itself, and gives the focus to the widget after or before.
pub fn read_tab(ctx: &Context, panels: &Panels) {
    if Popup::is_any_open(ctx) {
        return;
    }
    let by = ctx.input_mut(|input| {
        let before = input.events.len();
        let is_tab = |event: &Event, held: Modifiers| matches!(event, Event::Key { key: Key::Tab, pressed: true, modifiers, .. } if modifiers.matches_exact(held));
        input.events.retain(|event| !is_tab(event, Modifiers::NONE));
        let forwards = before - input.events.len();
        input.events.retain(|event| !is_tab(event, Modifiers::SHIFT));
        let backwards = before - forwards - input.events.len();
        i64::try_from(forwards).unwrap_or(0) - i64::try_from(backwards).unwrap_or(0)
    });
    if by == 0 {
        return;
    }
    ctx.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
    let stops = stops(ctx, panels);
    let count = i64::try_from(stops.len()).unwrap_or(0);
    let focused = ctx.memory(egui::Memory::focused);
    let at = focused.and_then(|id| stops.iter().position(|stop| *stop == id));
    let next = match at.and_then(|at| i64::try_from(at).ok()) {
        Some(at) => at + by,
        None if by > 0 => by - 1,
        None => by,
    };
    let Some(next) = next.checked_rem_euclid(count).and_then(|next| usize::try_from(next).ok()) else {
        return;
    };
    if let Some(id) = stops.get(next) {
        ctx.memory_mut(|memory| memory.request_focus(*id));
        let pass = ctx.cumulative_pass_nr();
        ctx.data_mut(|data| data.insert_temp(moved_at(), pass));
    }
}

/// The pass in which Tab moved the focus.
fn moved_at() -> Id {
    Id::unique("focus-moved-at")
}

/// At the end of what scrolls: what Tab gave the focus comes into view.
pub fn bring_into_view(ui: &Ui) {
    let pass = ui.ctx().cumulative_pass_nr();
    if ui.data(|data| data.get_temp(moved_at())) != Some(pass) {
        return;
    }
    let focused = ui.memory(egui::Memory::focused);
    let widget =
        focused.and_then(|id| ui.ctx().viewport(|viewport| viewport.this_pass.widgets.get(id).copied()));
    if let Some(widget) = widget.filter(|widget| ui.min_rect().contains(widget.rect.center())) {
        ui.scroll_to_rect(widget.rect.expand(theme::AROUND_FOCUS), None);
    }
}

/// What Tab stops at, in its order: of the dialog that is open, or else of the window.
fn stops(ctx: &Context, panels: &Panels) -> Vec<Id> {
    let modal = ctx.memory(egui::Memory::top_modal_layer);
    let layer = modal.unwrap_or_else(LayerId::background);
    let pass = ctx.cumulative_pass_nr();
    let lists: ListStops = ctx.data(|data| data.get_temp(list_stops())).unwrap_or_default();
    let lists: Vec<ListStop> = lists.0.into_iter().filter(|list| list.pass + 1 >= pass).collect();
    let focused = ctx.memory(egui::Memory::focused);
    let mut widgets: Vec<WidgetRect> = ctx.viewport(|viewport| {
        let all = viewport.prev_pass.widgets.get_layer(layer);
        let is_stop =
            |widget: &&WidgetRect| widget.enabled && widget.sense.is_focusable() && widget.rect.is_positive();
        all.filter(is_stop).copied().collect()
    });
    // One row of each list: that which has the focus, else that which is stood on, else the first.
    for list in &lists {
        let is_row = |widget: &WidgetRect| widget.id != list.bar && list.rect.contains(widget.rect.center());
        let has = |id: Id| widgets.iter().any(|widget| widget.id == id && is_row(widget));
        let first = widgets
            .iter()
            .filter(|widget| is_row(widget))
            .min_by(|a, b| a.rect.top().total_cmp(&b.rect.top()));
        let kept = focused
            .filter(|id| has(*id))
            .or(list.row.filter(|id| has(*id)))
            .or(first.map(|widget| widget.id));
        widgets.retain(|widget| !is_row(widget) || Some(widget.id) == kept);
    }
    let shown =
        |widget: &WidgetRect| ctx.viewport(|viewport| shown_part(&viewport.prev_pass.widgets, widget));
    let widgets = widgets
        .into_iter()
        .map(|widget| (if modal.is_some() { 0 } else { panels.of(shown(&widget)) }, widget));
    in_order(widgets.collect())
}

/// Where the widget is seen, or else what it stands in: what is scrolled out of sight belongs to the panel that scrolls.
fn shown_part(widgets: &WidgetRects, widget: &WidgetRect) -> Rect {
    let mut part = *widget;
    while !part.interact_rect.is_positive() {
        match widgets.get(part.parent_id).filter(|parent| parent.id != part.id) {
            Some(parent) => part = *parent,
            None => break,
        }
    }
    part.interact_rect
}

/// By panel, then line by line, then from left to right.
fn in_order(mut widgets: Vec<(usize, WidgetRect)>) -> Vec<Id> {
    widgets.sort_by(|(panel, a), (other, b)| {
        panel.cmp(other).then(a.rect.center().y.total_cmp(&b.rect.center().y))
    });
    let mut ordered = Vec::with_capacity(widgets.len());
    let mut rest = widgets.as_mut_slice();
    while let Some(&(panel, first)) = rest.first() {
        // A line ends with a widget that begins below the middle of its first one.
        let same = |(other, widget): &(usize, WidgetRect)| {
            *other == panel && widget.rect.top() < first.rect.center().y
        };
        let length = rest.iter().position(|widget| !same(widget)).unwrap_or(rest.len()).max(1);
        let (line, below) = rest.split_at_mut(length);
        line.sort_by(|(_, a), (_, b)| a.rect.left().total_cmp(&b.rect.left()));
        ordered.extend(line.iter().map(|(_, widget)| widget.id));
        rest = below;
    }
    ordered
}

/// A ring around what has the focus, over all that was drawn.
pub fn ring_ui(ui: &Ui) {
    let Some(id) = ui.memory(egui::Memory::focused) else { return };
    let widget = ui.ctx().viewport(|viewport| viewport.this_pass.widgets.get(id).copied());
    let Some(widget) = widget.filter(|widget| widget.interact_rect.is_positive()) else { return };
    let stroke = Stroke::new(theme::FOCUS, theme::palette(ui).accent);
    let painter = ui.ctx().layer_painter(widget.layer_id);
    painter.rect_stroke(widget.interact_rect, theme::ROUND, stroke, StrokeKind::Inside);
}
