//! The window's icon, in the colour of the database.

use super::connection_text::Place;
use super::theme;
use egui::{Color32, IconData, Pos2, Rect, pos2};

const SIDE: u8 = 64;

/// A playhead that goes back, on a rounded square.
pub fn window_icon(place: Place) -> IconData {
    let colors = theme::ICON;
    let ground = match place {
        Place::Sandbox => colors.sandbox,
        Place::Server => colors.server,
        Place::Production => colors.production,
    };
    let side = usize::from(SIDE);
    let mut rgba = Vec::with_capacity(side * side * 4);
    for y in 0..SIDE {
        for x in 0..SIDE {
            rgba.extend(pixel(x, y, ground, colors.sign).to_srgba_unmultiplied());
        }
    }
    IconData { rgba, width: SIDE.into(), height: SIDE.into() }
}

/// Four samples a side, so that edges are smooth.
fn pixel(x: u8, y: u8, ground: Color32, sign: Color32) -> Color32 {
    let samples = (0..4_u8).flat_map(|i| (0..4_u8).map(move |j| (i, j)));
    let at =
        |(i, j)| pos2(f32::from(x) + (f32::from(i) + 0.5) / 4.0, f32::from(y) + (f32::from(j) + 0.5) / 4.0);
    let (mut grounds, mut signs) = (0_u8, 0_u8);
    for sample in samples.map(at) {
        grounds += u8::from(is_ground(sample));
        signs += u8::from(is_sign(sample));
    }
    let color = ground.lerp_to_gamma(sign, f32::from(signs) / 16.0);
    color.gamma_multiply(f32::from(grounds) / 16.0)
}

fn is_ground(at: Pos2) -> bool {
    let side = f32::from(SIDE);
    let (margin, radius) = (2.0, 14.0);
    let inner = Rect::from_min_max(Pos2::ZERO, pos2(side, side)).shrink(margin + radius);
    inner.distance_to_pos(at) <= radius
}

/// Two triangles that point back.
fn is_sign(at: Pos2) -> bool {
    [16.0, 33.0].into_iter().any(|left: f32| {
        let tip = pos2(left - 3.0, 32.0);
        let off = at - tip;
        off.x >= 0.0 && off.x <= 18.0 && off.y.abs() <= off.x * 0.95
    })
}
