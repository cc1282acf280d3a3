//! How the desktop shows the window.

use crate::app::App;
use crate::ui;
use std::sync::Arc;

/// Its title and its icon.
pub struct Face {
    /// The state may have changed since they were made.
    pub is_old: bool,
    title: String,
    place: ui::Place,
}

impl Face {
    pub fn new() -> Self {
        Self { is_old: true, title: String::new(), place: ui::Place::Sandbox }
    }

    /// Says what is another one now, and nothing else.
    pub fn follow(&mut self, ctx: &egui::Context, app: &App) {
        if !std::mem::take(&mut self.is_old) {
            return;
        }
        let (title, place) = (ui::title(app), ui::Place::of(app));
        if self.title != title {
            self.title.clone_from(&title);
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title));
        }
        if self.place != place {
            self.place = place;
            ctx.send_viewport_cmd(egui::ViewportCommand::Icon(Some(Arc::new(ui::window_icon(place)))));
        }
    }
}
