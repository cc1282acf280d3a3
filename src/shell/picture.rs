//! Pictures of the window, as its next frame shows it.

use crate::app::Failure;
use egui::{Color32, ColorImage, Context};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;
use std::task::Waker;
use tokio::sync::oneshot;

/// What becomes of a picture.
#[derive(Debug, Clone, Copy)]
pub enum Use {
    Copied,
    Saved,
}

/// The picture that is waited for, if any.
#[derive(Default)]
pub struct Picture(Option<(Use, oneshot::Receiver<Arc<ColorImage>>)>);

impl Picture {
    /// Of the next frame; one that was asked for before is no longer waited for.
    pub fn ask(&mut self, ctx: &Context, waker: &Waker, used: Use) {
        let (sender, taken) = oneshot::channel();
        let waker = waker.clone();
        ctx.request_screenshot(move |image| {
            if sender.send(image).is_ok() {
                waker.wake();
            }
        });
        self.0 = Some((used, taken));
    }

    /// The picture once it is there.
    pub fn ready(&mut self) -> Option<(Use, Arc<ColorImage>)> {
        let (used, taken) = self.0.as_mut()?;
        let (used, taken) = (*used, taken.try_recv());
        if !matches!(taken, Err(oneshot::error::TryRecvError::Empty)) {
            self.0 = None;
        }
        Some((used, taken.ok()?))
    }
}

/// Writes it as PNG.
pub fn write(image: &ColorImage, file: &Path) -> Result<(), Failure> {
    let failure = |why: String| Failure::Picture { file: file.to_owned(), why };
    let side = |points: usize| u32::try_from(points).unwrap_or(u32::MAX);
    let pixels: Vec<u8> = image.pixels.iter().flat_map(Color32::to_srgba_unmultiplied).collect();
    let picture = image::RgbaImage::from_raw(side(image.width()), side(image.height()), pixels)
        .ok_or_else(|| failure("it is empty".to_owned()))?;
    let mut out = BufWriter::new(File::create(file).map_err(|error| failure(error.to_string()))?);
    picture.write_to(&mut out, image::ImageFormat::Png).map_err(|error| failure(error.to_string()))?;
    std::io::Write::flush(&mut out).map_err(|error| failure(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot unwrap should fail")]
    use super::*;

    #[test]
    fn a_picture_is_written_as_png_and_a_file_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("window.png");
        let image = ColorImage::filled([3, 2], Color32::RED);
        write(&image, &file).unwrap();
        let read = image::open(&file).unwrap().to_rgba8();
        assert_eq!((read.dimensions(), read.get_pixel(2, 1).0), ((3, 2), [255, 0, 0, 255]));
        let nowhere = folder.path().join("none").join("window.png");
        let Err(Failure::Picture { file, .. }) = write(&image, &nowhere) else { panic!("it is written") };
        assert_eq!(file, nowhere);
    }
}
