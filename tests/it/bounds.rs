//! Whether what a window shows is inside it and nothing lies over what can be pressed: for any window or dialog.

use egui::accesskit::{NodeId, Role};
use egui::{LayerId, Rect, Sense, WidgetRect};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT;
use std::collections::HashMap;

/// A named part of the window as it was drawn last.
struct Part {
    name: String,
    role: Role,
    widget: WidgetRect,
    layer: LayerId,
}

impl Part {
    fn is_control(&self) -> bool {
        self.widget.sense.senses_click() && self.role != Role::Label
    }

    fn told(&self) -> String {
        format!("{:?} {:?} at {:?}", self.role, self.name, self.widget.rect)
    }
}

/// In the order in which they lie over each other within a layer.
fn parts<S>(harness: &Harness<'_, S>) -> Vec<Part> {
    let names: HashMap<NodeId, (String, Role)> = harness
        .root()
        .children_recursive()
        .filter_map(|node| {
            let node = node.accesskit_node();
            let name = node.label().or(node.value()).filter(|name| !name.is_empty())?;
            Some((node.locate().0, (name, node.role())))
        })
        .collect();
    harness.ctx.viewport(|viewport| {
        let part = |layer: LayerId, widget: &WidgetRect| {
            let (name, role) = names.get(&widget.id.accesskit_id())?.clone();
            Some(Part { name, role, widget: *widget, layer })
        };
        let of_layer = |(layer, widgets): (&LayerId, &[WidgetRect])| {
            widgets.iter().filter_map(|widget| part(*layer, widget)).collect::<Vec<_>>()
        };
        viewport.this_pass.widgets.layers().flat_map(of_layer).collect()
    })
}

/// What is outside, cut at a side, or covered; scrolled away is none of these.
pub fn faults<S>(harness: &Harness<'_, S>) -> Vec<String> {
    let (screen, parts) = (harness.ctx.content_rect().expand(0.6), parts(harness));
    assert!(parts.len() > 20, "hardly anything is drawn: {}", parts.len());
    let mut faults = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let (rect, seen) = (part.widget.rect, part.widget.interact_rect);
        if !part.widget.visible || rect.width() < 1.0 {
            continue;
        }
        let is_scrolled_away = !seen.is_positive();
        let sideways = rect.x_range();
        if sideways.min < screen.left() || sideways.max > screen.right() {
            faults.push(format!("outside: {}", part.told()));
        } else if !is_scrolled_away && (seen.width() + 1.0 < rect.width()) {
            faults.push(format!("cut: {}, seen {seen:?}", part.told()));
        }
        if !part.is_control() || is_scrolled_away {
            continue;
        }
        let later = parts[place + 1..].iter().filter(|other| other.layer == part.layer && other.is_control());
        // What is cut by an edge that it is scrolled to has its middle elsewhere.
        let middle = seen.center();
        for other in later.filter(|other| other.widget.interact_rect.shrink(1.0).contains(middle)) {
            faults.push(format!("covered: {} by {}", part.told(), other.told()));
        }
    }
    faults.extend(overlaps(&parts));
    faults
}

/// Texts and controls that lie half over each other.
fn overlaps(parts: &[Part]) -> Vec<String> {
    let mut found = Vec::new();
    // The edge between two panels is dragged from both sides of it, and the bar of a list lies over its rows.
    let lies_over = |part: &&Part| matches!(part.role, Role::Splitter | Role::ScrollBar);
    let parts: Vec<&Part> = parts.iter().filter(|part| !lies_over(part)).collect();
    for (place, part) in parts.iter().enumerate() {
        for other in parts[place + 1..].iter().filter(|other| other.layer == part.layer) {
            let (a, b) = (part.widget.interact_rect, other.widget.interact_rect);
            let both = a.intersect(b);
            let is_inside = |inner: Rect, outer: Rect| outer.expand(1.0).contains_rect(inner);
            let is_apart = both.width() < 2.0 || both.height() < 2.0;
            if a.is_positive() && b.is_positive() && !is_apart && !is_inside(a, b) && !is_inside(b, a) {
                found.push(format!("over each other: {} and {}", part.told(), other.told()));
            }
        }
    }
    found
}

/// Whether a control of this name is drawn whole.
pub fn is_whole<S>(harness: &Harness<'_, S>, name: &str) -> bool {
    parts(harness).iter().any(|part| {
        let (rect, seen) = (part.widget.rect, part.widget.interact_rect);
        let is_seen = part.is_control() || part.widget.sense == Sense::hover();
        part.name == name && is_seen && seen.expand(1.0).contains_rect(rect) && rect.is_positive()
    })
}
