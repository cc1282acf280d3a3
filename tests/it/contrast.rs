//! Text that everyone can read: the contrast of each colour, as WCAG computes it, with what it is drawn on.

use crate::window::Window;
use egui::epaint::{ClippedShape, Shape, TextShape};
use egui::{Color32, Event, Key, Modifiers, Rect};
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::ui::theme::{PALETTES, QUIET_CONTRAST, TEXT_CONTRAST};

fn contrast(a: Color32, b: Color32) -> f32 {
    let light = |color: Color32| {
        let [r, g, b, _] = egui::Rgba::from(color).to_array();
        0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
    };
    light(a).max(light(b)) / light(a).min(light(b))
}

#[test]
fn every_colour_of_text_has_its_contrast_on_every_ground() {
    for palette in PALETTES {
        for (name, color, grounds) in palette.text_colors() {
            for ground in grounds {
                let found = contrast(color, ground);
                assert!(found >= TEXT_CONTRAST, "{name} {color:?} on {ground:?}: {found:.2}");
            }
        }
    }
}

#[test]
fn what_is_disabled_or_in_the_future_can_still_be_read() {
    for palette in PALETTES {
        let colors = [
            palette.text,
            palette.dim,
            palette.faint,
            palette.red,
            palette.green,
            palette.amber,
            palette.accent,
        ];
        for color in colors.into_iter().chain(palette.types) {
            let found = contrast(palette.future(color), palette.bg);
            assert!(found >= QUIET_CONTRAST, "{color:?} in the future: {found:.2}");
        }
        let controls = [
            (palette.text, palette.raise),
            (palette.dim, palette.raise),
            (palette.dim, palette.panel),
            (palette.on_accent, palette.accent),
            (palette.red, palette.red_bg),
        ];
        for (color, ground) in controls {
            let found = contrast(palette.disabled(color), palette.disabled(ground));
            assert!(found >= QUIET_CONTRAST, "{color:?} on {ground:?} disabled: {found:.2}");
        }
    }
}

/// A text that is drawn: its colours, and the colour below it.
struct Drawn {
    text: String,
    rect: Rect,
    color: Color32,
    ground: Color32,
}

fn over(ground: Color32, color: Color32) -> Color32 {
    ground.blend(color)
}

/// Every text of the frame with what was filled below it before.
fn drawn(shapes: &[ClippedShape]) -> Vec<Drawn> {
    let mut fills: Vec<(Rect, Color32)> = Vec::new();
    let mut texts = Vec::new();
    for ClippedShape { clip_rect, shape, .. } in shapes {
        visit(shape, *clip_rect, &mut fills, &mut texts);
    }
    texts
}

fn visit(shape: &Shape, clip: Rect, fills: &mut Vec<(Rect, Color32)>, texts: &mut Vec<Drawn>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| visit(shape, clip, fills, texts)),
        Shape::Rect(rect) if rect.fill != Color32::TRANSPARENT => {
            fills.push((rect.rect.intersect(clip), rect.fill));
        }
        Shape::Text(text) => text_drawn(text, clip, fills, texts),
        _ => {}
    }
}

fn text_drawn(shape: &TextShape, clip: Rect, fills: &[(Rect, Color32)], texts: &mut Vec<Drawn>) {
    let job = &shape.galley.job;
    let rect = shape.galley.rect.translate(shape.pos.to_vec2());
    let seen = rect.intersect(clip);
    if !seen.is_positive() || job.text.trim().is_empty() {
        return;
    }
    let at = seen.center();
    let ground = fills
        .iter()
        .filter(|(fill, _)| fill.contains(at))
        .fold(Color32::BLACK, |below, (_, fill)| over(below, *fill));
    for section in &job.sections {
        let part = &job.text[section.byte_range.start.0..section.byte_range.end.0];
        if part.trim().is_empty() {
            continue;
        }
        let color = shape.override_text_color.unwrap_or(if section.format.color == Color32::PLACEHOLDER {
            shape.fallback_color
        } else {
            section.format.color
        });
        let ground = if section.format.background == Color32::TRANSPARENT {
            ground
        } else {
            section.format.background
        };
        let color = over(ground, color.gamma_multiply(shape.opacity_factor));
        texts.push(Drawn { text: part.to_owned(), rect: seen, color, ground });
    }
}

/// Where text may be quiet: disabled controls, and rows after the playhead.
fn quiet(window: &Window) -> Vec<Rect> {
    let nodes = window.harness.root().children_recursive();
    let disabled = nodes.filter(|node| node.accesskit_node().is_disabled()).map(|node| node.rect());
    let table = window.harness.query_by_label("Event table").map(|table| table.rect());
    disabled.chain(table).collect()
}

#[track_caller]
fn assert_read(window: &mut Window, what: &str) {
    window.harness.run_steps(3);
    let quiet = quiet(window);
    for drawn in drawn(&window.harness.output().shapes) {
        let is_quiet = quiet.iter().any(|rect| rect.expand(2.0).contains(drawn.rect.center()));
        let least = if is_quiet { QUIET_CONTRAST } else { TEXT_CONTRAST };
        let found = contrast(drawn.color, drawn.ground);
        assert!(
            found >= least,
            "{what}: {:?} {:?} on {:?}: {found:.2}",
            drawn.text,
            drawn.color,
            drawn.ground
        );
    }
}

fn read_everywhere(theme: egui::Theme) {
    let mut window = Window::open(true, theme);
    assert_read(&mut window, "no stream");
    window.go_to("order-14ad6e22");
    window.until("rev 2 of 2");
    for tab in [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5] {
        window.press(Modifiers::NONE, tab);
        assert_read(&mut window, &format!("{tab:?}"));
    }
    window.press(Modifiers::NONE, Key::Num1);
    window.press(Modifiers::NONE, Key::Home);
    assert_read(&mut window, "before the second payment");
    window.click("Pay order");
    assert_read(&mut window, "refused");
    window.types("Filter streams", "Total > 50 && Paid");
    assert_read(&mut window, "condition");
    window.press(Modifiers::NONE, Key::Escape);
    for command in
        ["Keys", "Journal", "Database", "Definitions", "Category", "Connection", "Problems", "Reset sandbox"]
    {
        window.press(Modifiers::COMMAND, Key::K);
        window.harness.event(Event::Text(command.to_owned()));
        window.harness.run_steps(4);
        assert_read(&mut window, "palette");
        window.press(Modifiers::NONE, Key::Enter);
        assert_read(&mut window, command);
        window.press(Modifiers::NONE, Key::Escape);
    }
}

#[test]
fn everything_that_is_drawn_in_the_dark_theme_can_be_read() {
    read_everywhere(egui::Theme::Dark);
}

#[test]
fn everything_that_is_drawn_in_the_light_theme_can_be_read() {
    read_everywhere(egui::Theme::Light);
}
