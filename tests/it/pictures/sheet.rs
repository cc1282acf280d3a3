//! Many pictures, small, on one.

use super::Picture;
use egui::{Color32, ColorImage};
use std::path::Path;

/// Width of a small picture and height of its place, in pixels, and the gap between two.
const WIDTH: usize = 200;
const HEIGHT: usize = 134;
const GAP: usize = 6;

#[derive(Default)]
pub struct Sheet(Vec<ColorImage>);

impl Sheet {
    pub fn add(&mut self, picture: &Picture) {
        self.0.push(smaller(&picture.image));
    }

    /// Rows of so many pictures.
    pub fn write(&self, file: &Path, columns: usize) {
        if self.0.is_empty() {
            return;
        }
        let rows = self.0.len().div_ceil(columns);
        let size = [columns * (WIDTH + GAP) + GAP, rows * (HEIGHT + GAP) + GAP];
        let mut sheet = ColorImage::filled(size, Color32::from_gray(110));
        for (place, small) in self.0.iter().enumerate() {
            let left = GAP + place % columns * (WIDTH + GAP);
            let top = GAP + place / columns * (HEIGHT + GAP);
            for y in 0..small.height().min(HEIGHT) {
                for x in 0..small.width() {
                    sheet[(left + x, top + y)] = small[(x, y)];
                }
            }
        }
        Picture { image: sheet }.write(file);
    }
}

/// Each pixel is the mean of those that it stands for.
fn smaller(image: &ColorImage) -> ColorImage {
    let [width, height] = image.size;
    let rows = height * WIDTH / width;
    let mut small = ColorImage::filled([WIDTH, rows], Color32::BLACK);
    for y in 0..rows {
        for x in 0..WIDTH {
            let (mut sums, mut count) = ([0_usize; 3], 0);
            for row in y * height / rows..(y + 1) * height / rows {
                for column in x * width / WIDTH..(x + 1) * width / WIDTH {
                    let pixel = image[(column, row)];
                    for (sum, part) in sums.iter_mut().zip([pixel.r(), pixel.g(), pixel.b()]) {
                        *sum += usize::from(part);
                    }
                    count += 1;
                }
            }
            let [r, g, b] = sums.map(|sum| u8::try_from(sum / count.max(1)).unwrap());
            small[(x, y)] = Color32::from_rgb(r, g, b);
        }
    }
    small
}
