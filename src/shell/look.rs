//! What the toolkit must know of the settings, and the window of the system: the theme, motion, and the zoom of a presentation.

use crate::app::{App, Intent, Settings, Theme, ViewIntent};
use crate::ui::theme;
use egui::Context;

pub struct Look {
    theme: Theme,
    moves: bool,
    presents: bool,
    system_is_dark: bool,
}

impl Look {
    pub fn new(ctx: &Context, settings: &Settings) -> Self {
        theme::follow(ctx, settings.theme);
        if settings.reduced_motion {
            theme::set_motion(ctx, false);
        }
        Self { theme: settings.theme, moves: !settings.reduced_motion, presents: false, system_is_dark: true }
    }

    /// Tells the toolkit what is another one now.
    pub fn follow(&mut self, ctx: &Context, app: &App) {
        let (theme, moves) = (app.settings().theme, !app.settings().reduced_motion);
        if std::mem::replace(&mut self.theme, theme) != theme {
            theme::follow(ctx, theme);
        }
        if std::mem::replace(&mut self.moves, moves) != moves {
            theme::set_motion(ctx, moves);
        }
        let presents = app.showing().is_presentation();
        if std::mem::replace(&mut self.presents, presents) != presents {
            // The person's own zoom is kept beside it.
            let times = if presents { theme::PRESENTED } else { 1.0 / theme::PRESENTED };
            ctx.set_zoom_factor(ctx.zoom_factor() * times);
        }
        if presents && ctx.input(|input| input.viewport().close_requested()) {
            // egui keeps the zoom between runs.
            ctx.options_mut(|options| options.zoom_factor /= theme::PRESENTED);
        }
    }

    /// Where the system turned dark or light.
    pub fn system_changed(&mut self, ctx: &Context) -> Option<Intent> {
        let is_dark = ctx.system_theme().is_none_or(|theme| theme == egui::Theme::Dark);
        let before = std::mem::replace(&mut self.system_is_dark, is_dark);
        (before != is_dark).then_some(Intent::View(ViewIntent::SystemIsDark(is_dark)))
    }
}
