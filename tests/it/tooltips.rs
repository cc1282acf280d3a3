//! What hovering tells: one tooltip at a time, and each time both locally and in UTC.

use crate::window::Window;
use egui::{Event, Key, Modifiers, Order, Pos2, Rect};
use egui_kittest::kittest::{NodeT, Queryable};

fn tooltips(window: &Window) -> usize {
    let layers = window.harness.ctx.memory(|memory| memory.areas().visible_layer_ids());
    layers.iter().filter(|layer| layer.order == Order::Tooltip).count()
}

fn hover(window: &mut Window, at: Pos2) {
    window.harness.event(Event::PointerMoved(at));
    window.harness.run_steps(4);
}

/// The middle of everything that has a name or text, once each.
fn places(window: &Window) -> Vec<(String, Rect)> {
    let nodes = window.harness.root().children_recursive().map(|node| node.accesskit_node());
    let place = |node: egui_kittest::kittest::AccessKitNode<'_>| {
        let text = node.label().or(node.value()).filter(|text| !text.is_empty())?;
        let bounds = node.raw_bounds()?;
        #[expect(clippy::cast_possible_truncation, reason = "points on screen")]
        let pos = |x: f64, y: f64| egui::pos2(x as f32, y as f32);
        Some((text, Rect::from_min_max(pos(bounds.x0, bounds.y0), pos(bounds.x1, bounds.y1))))
    };
    nodes.filter_map(place).collect()
}

#[track_caller]
fn one_each(window: &mut Window, what: &str) {
    for (text, rect) in places(window) {
        hover(window, rect.center());
        let found = tooltips(window);
        assert!(found <= 1, "{what}: {found} tooltips on {text:?}");
        hover(window, Pos2::ZERO);
    }
}

#[test]
fn nothing_has_two_tooltips() {
    let mut window = Window::open(true, egui::Theme::Dark);
    // Where there is little room, much is cut.
    window.harness.set_size(egui::vec2(900.0, 600.0));
    window.go_to("order-14ad6e22");
    window.until("rev 2 of 2");
    for tab in [Key::Num1, Key::Num3, Key::Num5] {
        window.press(Modifiers::NONE, tab);
        one_each(&mut window, &format!("{tab:?}"));
    }
}

#[test]
fn times_are_told_locally_and_in_utc() {
    let mut window = Window::open(true, egui::Theme::Dark);
    window.go_to("order-14ad6e22");
    window.until("rev 2 of 2");
    let told = |window: &mut Window, at: Pos2, what: &str| {
        hover(window, at);
        window.harness.run_steps(4);
        assert!(window.shows(" UTC") && window.shows(" local\n"), "{what}");
        hover(window, Pos2::ZERO);
    };
    let row = window.harness.get_by_label_contains("order-14ad6e22 Paid").rect().center();
    told(&mut window, row, "the list");
    let track = window.harness.get_by_label("Timeline").rect().center();
    told(&mut window, track, "the track");
    let place = window.harness.get_by_label_contains(" local · ").rect().center();
    told(&mut window, place, "the time panel");
    let header = window.harness.get_by_label_contains("complete history").rect().center();
    told(&mut window, header, "the header");
    window.press(Modifiers::NONE, Key::B);
    window.until("Tail");
    window.harness.run_steps(20);
}
