//! Draws the triangles of a frame into pixels, as a graphics card would.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::many_single_char_names,
    reason = "pixels and corners of a picture"
)]

use crate::window::Window;
use egui::epaint::{Mesh, Primitive, Vertex};
use egui::{Color32, ColorImage, Pos2, Rect};
use std::path::Path;

/// The pixels of a window, from the top left on.
pub struct Picture {
    pub image: ColorImage,
}

/// The window as its last frame is.
pub fn taken(window: &Window) -> Picture {
    let ctx = &window.harness.ctx;
    let scale = ctx.pixels_per_point();
    let size = ctx.content_rect().size() * scale;
    let size = [size.x.round() as usize, size.y.round() as usize];
    let shapes = ctx.tessellate(window.harness.output().shapes.clone(), scale);
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method is of one lifetime")]
    let font = ctx.fonts(|fonts| fonts.image());
    let mut canvas = Canvas { image: ColorImage::filled(size, Color32::BLACK), font, scale };
    for shape in &shapes {
        if let Primitive::Mesh(mesh) = &shape.primitive {
            canvas.mesh(mesh, shape.clip_rect);
        }
    }
    Picture { image: canvas.image }
}

impl Picture {
    pub fn size(&self) -> (u32, u32) {
        let side = |side: usize| u32::try_from(side).unwrap();
        (side(self.image.width()), side(self.image.height()))
    }

    pub fn pixel(&self, x: u32, y: u32) -> Color32 {
        self.image.pixels[y as usize * self.image.width() + x as usize]
    }

    pub fn write(&self, file: &Path) {
        let (width, height) = self.size();
        let pixels = self.image.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()]).collect();
        let image = image::RgbImage::from_raw(width, height, pixels).unwrap();
        image.save_with_format(file, image::ImageFormat::Png).unwrap();
    }
}

struct Canvas {
    image: ColorImage,
    font: ColorImage,
    scale: f32,
}

/// Twice the signed area of a triangle.
fn area(a: Pos2, b: Pos2, c: Pos2) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

impl Canvas {
    fn mesh(&mut self, mesh: &Mesh, clip: Rect) {
        let clip = (clip * self.scale).intersect(Rect::from_min_size(
            Pos2::ZERO,
            egui::vec2(self.image.width() as f32, self.image.height() as f32),
        ));
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |at: usize| mesh.vertices[corners[at] as usize];
            self.triangle([corner(0), corner(1), corner(2)], clip);
        }
    }

    fn triangle(&mut self, mut corners: [Vertex; 3], clip: Rect) {
        for corner in &mut corners {
            corner.pos = (corner.pos.to_vec2() * self.scale).to_pos2();
        }
        let all = area(corners[0].pos, corners[1].pos, corners[2].pos);
        if all == 0.0 {
            return;
        }
        if all < 0.0 {
            corners.swap(1, 2);
        }
        let [a, b, c] = corners;
        let all = all.abs();
        let bounds = Rect::from_points(&[a.pos, b.pos, c.pos]);
        let from = bounds.min.max(clip.min.round());
        let to = bounds.max.min(clip.max.round());
        // An edge between two triangles belongs to one of them.
        let owns = |from: Pos2, to: Pos2| to.y < from.y || (to.y == from.y && to.x > from.x);
        let edges = [(b, c), (c, a), (a, b)].map(|(from, to)| (from.pos, to.pos, owns(from.pos, to.pos)));
        let plain = a.uv == b.uv && b.uv == c.uv && a.color == b.color && b.color == c.color;
        let first = from.x.floor().max(0.0) as usize;
        let last = to.x.ceil().max(0.0) as usize;
        for y in from.y.floor().max(0.0) as usize..to.y.ceil().max(0.0) as usize {
            let at = |x: usize| egui::pos2(x as f32 + 0.5, y as f32 + 0.5);
            let inside = |x: usize| {
                clip.contains(at(x))
                    && edges.iter().all(|(from, to, owned)| {
                        let weight = area(*from, *to, at(x));
                        weight > 0.0 || weight == 0.0 && *owned
                    })
            };
            // A row of a triangle has no gaps.
            let Some(left) = (first..last).find(|x| inside(*x)) else { continue };
            let right = (left..last).rev().find(|x| inside(*x)).map_or(left, |x| x + 1);
            let width = self.image.width();
            if plain {
                let color = self.shade(a.color, a.uv);
                let row = &mut self.image.pixels[y * width + left..y * width + right];
                if color.is_opaque() {
                    row.fill(color);
                } else {
                    for pixel in row {
                        *pixel = pixel.blend(color);
                    }
                }
                continue;
            }
            for x in left..right {
                let [u, v, w] = edges.map(|(from, to, _)| area(from, to, at(x)) / all);
                let part = |part: fn(&Vertex) -> f32| part(&a) * u + part(&b) * v + part(&c) * w;
                let color = [0, 1, 2, 3].map(|at: usize| {
                    let part = |vertex: &Vertex| f32::from(vertex.color[at]);
                    (part(&a) * u + part(&b) * v + part(&c) * w).round() as u8
                });
                let uv = egui::pos2(part(|vertex| vertex.uv.x), part(|vertex| vertex.uv.y));
                let [red, green, blue, alpha] = color;
                let color = self.shade(Color32::from_rgba_premultiplied(red, green, blue, alpha), uv);
                let pixel = &mut self.image.pixels[y * width + x];
                *pixel = pixel.blend(color);
            }
        }
    }

    /// The colour with what the font's texture has at the place, between its four nearest pixels.
    fn shade(&self, color: Color32, uv: Pos2) -> Color32 {
        let [width, height] = self.font.size;
        let (x, y) = ((uv.x * width as f32 - 0.5).max(0.0), (uv.y * height as f32 - 0.5).max(0.0));
        let (left, top) = ((x as usize).min(width - 1), (y as usize).min(height - 1));
        let (right, below) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
        let (dx, dy) = (x.fract(), y.fract());
        let texels = [(left, top), (right, top), (left, below), (right, below)].map(|place| self.font[place]);
        if texels.iter().all(|texel| *texel == Color32::WHITE) {
            return color;
        }
        let shares = [(1.0 - dx) * (1.0 - dy), dx * (1.0 - dy), (1.0 - dx) * dy, dx * dy];
        let part = |at: usize| {
            let texel: f32 =
                texels.iter().zip(shares).map(|(texel, share)| f32::from(texel[at]) * share).sum();
            (f32::from(color[at]) * texel / 255.0).round() as u8
        };
        Color32::from_rgba_premultiplied(part(0), part(1), part(2), part(3))
    }
}
