//! How the desktop shows the window: its title and its icon.

use crate::app::App;
use crate::ui;
use std::sync::Arc;

pub struct Face {
    /// The state may have changed since they were made.
    is_old: bool,
    title: String,
    place: ui::Place,
}

impl Default for Face {
    fn default() -> Self {
        Self { is_old: true, title: String::new(), place: ui::Place::Sandbox }
    }
}

impl Face {
    /// The state is another one.
    pub fn may_change(&mut self) {
        self.is_old = true;
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
