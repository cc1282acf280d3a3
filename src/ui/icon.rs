//! The program's own signs, painted: no font has to hold them.

use egui::{Atom, Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Play,
    Pause,
    Back,
    Forward,
    Oldest,
    Newest,
    /// A filled circle: a state, said by its colour and the word beside it.
    Dot,
    /// A circle with its right half filled.
    Half,
    /// Opens a menu.
    Down,
    /// Opens a menu of what stands the other way round.
    Up,
    /// Three dots: opens a menu of what can be done with the thing beside it.
    More,
    Close,
    /// It is done.
    Check,
    /// A clock: a moment or a place in a history.
    Clock,
    /// A magnifying glass.
    Search,
    /// An arrow to the right: leads elsewhere.
    Arrow,
    /// Three lines: a list, or the fields of a state.
    Lines,
    /// A triangle with its point up: something is wrong.
    Warning,
}

/// The sign as a part of a button, in the button's own colour where none is given.
pub fn icon(icon: Icon, size: f32, color: Option<Color32>) -> Atom<'static> {
    Atom::paint(Vec2::splat(size), move |ui, args| {
        paint(ui.painter(), args.rect, icon, color.unwrap_or(args.fallback_text_color));
    })
}

/// Paints the sign into a square.
pub fn paint(painter: &Painter, rect: Rect, icon: Icon, color: Color32) {
    // Places in the square, from -1 to 1 both ways.
    let at = |x: f32, y: f32| rect.center() + Vec2::new(x, y) * rect.size() / 2.0;
    let fill = |points: Vec<Pos2>| {
        painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
    };
    let bar = |left: f32, right: f32| {
        painter.rect_filled(Rect::from_min_max(at(left, -0.8), at(right, 0.8)), 0.5, color);
    };
    let radius = rect.width() / 2.0;
    match icon {
        Icon::Play | Icon::Forward => fill(vec![at(-0.7, -0.85), at(0.9, 0.0), at(-0.7, 0.85)]),
        Icon::Back => fill(vec![at(0.7, -0.85), at(0.7, 0.85), at(-0.9, 0.0)]),
        Icon::Pause => {
            bar(-0.7, -0.2);
            bar(0.2, 0.7);
        }
        Icon::Oldest => {
            bar(-0.95, -0.7);
            fill(vec![at(0.9, -0.85), at(0.9, 0.85), at(-0.55, 0.0)]);
        }
        Icon::Newest => {
            bar(0.7, 0.95);
            fill(vec![at(-0.9, -0.85), at(0.55, 0.0), at(-0.9, 0.85)]);
        }
        Icon::Dot => {
            painter.circle_filled(rect.center(), radius, color);
        }
        Icon::More => {
            for x in [-0.75, 0.0, 0.75] {
                painter.circle_filled(at(x, 0.0), radius * 0.2, color);
            }
        }
        Icon::Half => {
            painter.circle_stroke(rect.center(), radius - 0.75, Stroke::new(1.5, color));
            let half = |step: u8| {
                let angle = std::f32::consts::PI * (f32::from(step) / 16.0 - 0.5);
                rect.center() + Vec2::angled(angle) * (radius - 0.75)
            };
            fill((0..=16).map(half).collect());
        }
        Icon::Down => fill(vec![at(-0.8, -0.35), at(0.8, -0.35), at(0.0, 0.55)]),
        Icon::Up => fill(vec![at(-0.8, 0.35), at(0.0, -0.55), at(0.8, 0.35)]),
        Icon::Clock => {
            let stroke = Stroke::new(1.3, color);
            painter.circle_stroke(rect.center(), radius - 0.65, stroke);
            painter.line_segment([at(0.0, -0.6), at(0.0, 0.05)], stroke);
            painter.line_segment([at(0.0, 0.05), at(0.45, 0.05)], stroke);
        }
        Icon::Search => {
            let stroke = Stroke::new(1.4, color);
            painter.circle_stroke(at(-0.2, -0.2), radius * 0.62, stroke);
            painter.line_segment([at(0.28, 0.28), at(0.85, 0.85)], stroke);
        }
        Icon::Arrow => {
            let stroke = Stroke::new(1.3, color);
            painter.line_segment([at(-0.85, 0.0), at(0.8, 0.0)], stroke);
            painter.line_segment([at(0.25, -0.5), at(0.8, 0.0)], stroke);
            painter.line_segment([at(0.25, 0.5), at(0.8, 0.0)], stroke);
        }
        Icon::Lines => {
            for y in [-0.6, 0.0, 0.6] {
                painter.line_segment([at(-0.75, y), at(0.75, y)], Stroke::new(1.3, color));
            }
        }
        Icon::Warning => fill(vec![at(0.0, -0.8), at(0.9, 0.75), at(-0.9, 0.75)]),
        Icon::Check => {
            let stroke = Stroke::new(1.5, color);
            painter.line_segment([at(-0.75, 0.05), at(-0.2, 0.6)], stroke);
            painter.line_segment([at(-0.2, 0.6), at(0.75, -0.6)], stroke);
        }
        Icon::Close => {
            let stroke = Stroke::new(1.4, color);
            painter.line_segment([at(-0.7, -0.7), at(0.7, 0.7)], stroke);
            painter.line_segment([at(-0.7, 0.7), at(0.7, -0.7)], stroke);
        }
    }
}
