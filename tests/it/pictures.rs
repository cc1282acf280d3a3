//! Pictures of the finished program, drawn without a screen or a graphics card. They are made by hand:
//! `cargo test --test it -- --ignored readme_pictures` writes those of the README, and
//! `HINDSIGHT_PICTURES=folder cargo test --test it -- --ignored contact_sheet` every state in both themes and four sizes.

mod raster;
mod sheet;
mod states;

pub use raster::{Picture, taken};

use crate::window::Window;
use states::{STATES, State};
use std::path::{Path, PathBuf};

/// The sizes of the windows, in points, and pixels for each point.
const SIZES: [(f32, f32, f32); 4] =
    [(900.0, 600.0, 1.0), (1280.0, 800.0, 1.0), (1600.0, 1000.0, 1.0), (1920.0, 1080.0, 2.0)];

/// The window in this size, once it is settled.
pub fn sized(window: &mut Window, (width, height, scale): (f32, f32, f32)) -> Picture {
    if let Some(screen) = window.harness.input_mut().viewports.get_mut(&egui::ViewportId::ROOT) {
        screen.native_pixels_per_point = Some(scale);
    }
    // A presentation has fewer and larger points.
    let zoom = window.harness.ctx.zoom_factor();
    window.harness.set_size(egui::vec2(width, height) / zoom);
    add_fonts(&window.harness.ctx);
    // Panels have their sizes a frame after they are first drawn in another arrangement.
    window.harness.run_steps(12);
    taken(window)
}

/// Where Debian has the scripts of Asia; the window itself asks the system.
const CJK: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

fn add_fonts(ctx: &egui::Context) {
    let Ok(font) = std::fs::read(CJK) else { return };
    let lowest = egui::epaint::text::FontPriority::Lowest;
    let families = [
        egui::FontFamily::Proportional,
        egui::FontFamily::Monospace,
        egui::FontFamily::Name("strong".into()),
    ];
    let families = families.map(|family| egui::epaint::text::InsertFontFamily { family, priority: lowest });
    ctx.add_font(egui::epaint::text::FontInsert::new(
        "cjk",
        egui::FontData::from_owned(font),
        families.to_vec(),
    ));
}

fn theme_name(theme: egui::Theme) -> &'static str {
    match theme {
        egui::Theme::Dark => "dark",
        egui::Theme::Light => "light",
    }
}

/// The folder that the environment names; none, and the test does nothing.
fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("HINDSIGHT_PICTURES")?);
    std::fs::create_dir_all(&folder).unwrap();
    Some(folder)
}

#[test]
#[ignore = "writes the README's pictures into assets"]
fn readme_pictures() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let mut window = (STATES[1].open)(egui::Theme::Dark);
    sized(&mut window, (1600.0, 1000.0, 1.0)).write(&assets.join("window.png"));
}

#[test]
#[ignore = "writes many pictures into the folder that HINDSIGHT_PICTURES names"]
fn contact_sheet() {
    let Some(folder) = folder() else { return };
    let only = std::env::var("HINDSIGHT_STATE").ok();
    let mut sheet = sheet::Sheet::default();
    for State { name, open } in
        STATES.iter().filter(|state| only.as_deref().is_none_or(|only| only == state.name))
    {
        for theme in [egui::Theme::Dark, egui::Theme::Light] {
            let mut window = open(theme);
            for size in SIZES {
                let picture = sized(&mut window, size);
                let (width, height) = picture.size();
                picture.write(&folder.join(format!("{name}-{}-{width}x{height}.png", theme_name(theme))));
                sheet.add(&picture);
            }
        }
    }
    sheet.write(&folder.join("contact-sheet.png"), SIZES.len() * 2);
}

#[test]
fn a_picture_shows_the_windows_ground_and_its_text() {
    let mut window = Window::open(false, egui::Theme::Dark);
    let picture = sized(&mut window, (900.0, 600.0, 1.0));
    assert_eq!(picture.size(), (900, 600));
    let palette = hindsight::ui::theme::PALETTES[0];
    assert_eq!(picture.pixel(2, 2), palette.panel, "the top bar");
    let is_text = |at: &(u32, u32)| picture.pixel(at.0, at.1) == palette.text;
    let title = (14..90).flat_map(|x| (10..34).map(move |y| (x, y)));
    assert!(title.filter(is_text).count() > 20, "the program's name");
}
