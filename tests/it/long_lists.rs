//! The list widget with ten million rows: every row is reached, exactly, by pointer, keys and screen reader.

use egui::accesskit::{Action, ActionData, ActionRequest, Role, TreeId};
use egui::{Event, Id, Key, Modifiers, PointerButton, Pos2, Rect, Sense, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::ui::scroll::{Place, Rows};

const ROW: f32 = 31.0;
const COUNT: usize = 10_000_000;
const LAST: usize = COUNT - 1;

struct List {
    rows: Rows<usize>,
    /// The row that is brought into view when it becomes another one.
    at: usize,
    clicked: Option<usize>,
}

fn list() -> Harness<'static, List> {
    let list = List { rows: Rows::default(), at: 0, clicked: None };
    let mut harness = Harness::builder().with_size([300.0, 500.0]).build_ui_state(
        |ui, list: &mut List| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let place = Place {
                key: list.at,
                row: Some(list.at),
                keep: true,
                row_height: ROW,
                height: ui.available_height(),
                bar: Id::unique("bar"),
                name: "Scroll rows",
            };
            let clicked = &mut list.clicked;
            list.rows.show(ui, place, COUNT, |ui, row| {
                let (_, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
                let name = format!("Row {row}.");
                response.widget_info(|| egui::WidgetInfo::labeled(Role::Button, true, name.clone()));
                if response.clicked() {
                    *clicked = Some(row);
                }
                response
            });
        },
        list,
    );
    harness.run_steps(3);
    harness
}

/// The rows that are drawn, from above.
fn drawn(harness: &Harness<'_, List>) -> Vec<(usize, Rect)> {
    let nodes = harness.query_all_by_role(Role::Button);
    let row = |node: egui_kittest::Node<'_>| {
        let label = node.accesskit_node().label()?;
        Some((label.strip_prefix("Row ")?.strip_suffix('.')?.parse().ok()?, node.rect()))
    };
    let mut rows: Vec<(usize, Rect)> = nodes.filter_map(row).collect();
    rows.sort_unstable_by_key(|(row, _)| *row);
    rows
}

fn first(harness: &Harness<'_, List>) -> usize {
    drawn(harness)[0].0
}

fn bar<'h>(harness: &'h Harness<'_, List>) -> egui_kittest::Node<'h> {
    harness.get_by_role_and_label(Role::ScrollBar, "Scroll rows")
}

fn wheel(harness: &mut Harness<'_, List>, points: f32) {
    harness.event(Event::PointerMoved(Pos2::new(100.0, 200.0)));
    harness.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, points),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(40);
}

fn press(harness: &mut Harness<'_, List>, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

#[test]
fn rows_join_without_gaps_wherever_the_list_stands() {
    let mut harness = list();
    for at in [0, 541_199, 541_201, 5_000_000, 9_999_990, LAST] {
        harness.state_mut().at = at;
        harness.run_steps(3);
        let rows = drawn(&harness);
        let rect = rows.iter().find(|(row, _)| *row == at).unwrap_or_else(|| panic!("{at} is not drawn")).1;
        let track = bar(&harness).rect();
        assert!(rect.top() >= track.top() - 0.5 && rect.bottom() <= track.bottom() + 0.5, "{at} at {rect:?}");
        for pair in rows.windows(2) {
            assert_eq!(pair[1].0, pair[0].0 + 1);
            assert!((pair[1].1.top() - pair[0].1.top() - ROW).abs() < 0.01, "{pair:?}");
        }
    }
}

#[test]
fn one_row_of_the_wheel_is_one_row_far_down_too() {
    let mut harness = list();
    harness.state_mut().at = 9_000_000;
    harness.run_steps(3);
    let before = drawn(&harness)[0];
    wheel(&mut harness, -ROW);
    let after = drawn(&harness)[0];
    assert_eq!(after.0, before.0 + 1);
    assert!((after.1.top() - before.1.top()).abs() < 0.6, "{before:?} {after:?}");
    wheel(&mut harness, -2.0);
    let next = drawn(&harness)[0];
    assert!(next != after, "two points are no row, and are not lost");
}

#[test]
fn a_click_on_a_row_far_down_is_a_click_on_that_row() {
    let mut harness = list();
    harness.state_mut().at = 8_765_432;
    harness.run_steps(3);
    let rect = drawn(&harness).into_iter().find(|(row, _)| *row == 8_765_434).unwrap().1;
    for pressed in [true, false] {
        let (pos, button) = (rect.center(), PointerButton::Primary);
        harness.event(Event::PointerMoved(pos));
        harness.event(Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
    }
    harness.run_steps(3);
    assert_eq!(harness.state().clicked, Some(8_765_434));
}

#[test]
fn the_bar_is_dragged_from_end_to_end_and_clicked_for_a_page() {
    let mut harness = list();
    let track = bar(&harness).rect();
    let drag = |harness: &mut Harness<'_, List>, from: Pos2, to: Pos2| {
        let button = |pos, pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        harness.event(Event::PointerMoved(from));
        harness.event(button(from, true));
        harness.run_steps(1);
        for step in 1_u8..=10 {
            harness.event(Event::PointerMoved(from + (to - from) * f32::from(step) / 10.0));
            harness.run_steps(1);
        }
        harness.event(button(to, false));
        harness.run_steps(3);
    };
    let below = Vec2::new(0.0, 5.0);
    drag(&mut harness, track.center_top() + below, track.center());
    let middle = first(&harness);
    assert!((4_000_000..6_000_000).contains(&middle), "{middle}");
    drag(&mut harness, track.center(), track.center_bottom() + below);
    assert_eq!(drawn(&harness).last().unwrap().0, LAST);
    let page = track.center();
    for pressed in [true, false] {
        let button = PointerButton::Primary;
        harness.event(Event::PointerMoved(page));
        harness.event(Event::PointerButton { pos: page, button, pressed, modifiers: Modifiers::NONE });
        harness.run_steps(1);
    }
    harness.run_steps(3);
    let last = drawn(&harness).last().unwrap().0;
    assert!((LAST - 17..LAST - 14).contains(&last), "one page up: {last}");
}

#[test]
fn keys_turn_pages_and_go_to_the_ends_while_the_bar_has_the_focus() {
    let mut harness = list();
    bar(&harness).focus();
    harness.run_steps(3);
    press(&mut harness, Key::PageDown);
    assert_eq!(first(&harness), 15, "as many whole rows as are in view");
    press(&mut harness, Key::PageDown);
    press(&mut harness, Key::PageUp);
    press(&mut harness, Key::ArrowDown);
    assert_eq!(first(&harness), 16);
    press(&mut harness, Key::End);
    assert_eq!(drawn(&harness).last().unwrap().0, LAST);
    press(&mut harness, Key::ArrowUp);
    assert_eq!(drawn(&harness).last().unwrap().0, LAST - 1);
    press(&mut harness, Key::Home);
    assert_eq!(first(&harness), 0);
}

#[test]
fn a_screen_reader_is_told_the_first_row_and_sets_it() {
    let mut harness = list();
    let (target, _) = bar(&harness).accesskit_node().locate();
    for (action, data, row) in [
        (Action::SetValue, Some(ActionData::NumericValue(7_654_321.0)), 7_654_321),
        (Action::Increment, None, 7_654_322),
        (Action::Decrement, None, 7_654_321),
    ] {
        let request = ActionRequest { action, target_tree: TreeId::ROOT, target_node: target, data };
        harness.event(Event::AccessKitActionRequest(request));
        harness.run_steps(3);
        assert_eq!(first(&harness), row);
        let said = bar(&harness).accesskit_node().numeric_value();
        assert_eq!(said.map(|said| format!("{said}")), Some(row.to_string()));
    }
}

#[test]
fn the_focus_moves_through_rows_and_a_focused_row_comes_wholly_into_view() {
    let mut harness = list();
    harness.state_mut().at = 6_000_000;
    harness.run_steps(3);
    wheel(&mut harness, -25.0);
    let edge = bar(&harness).rect().top();
    let (row, cut) = drawn(&harness)[0];
    assert!(cut.top() < edge - 1.0, "the first row is cut: {cut:?}");
    harness.get_by_label(&format!("Row {row}.")).focus();
    harness.run_steps(4);
    let rect = harness.get_by_label(&format!("Row {row}.")).rect();
    assert!((rect.top() - edge).abs() < 0.6, "{rect:?}");
}
