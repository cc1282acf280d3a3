//! The key that was pressed last, for those who watch a presentation.

use super::theme::{self, Palette};
use super::time;
use super::widgets::key;
use crate::app::Action;
use egui::{Align2, Area, Context, Frame, Id, Margin, Order, RichText, vec2};
use std::time::Duration;

/// How long it is shown, in seconds.
const SHOWN: f64 = 1.5;

#[derive(Debug, Default)]
pub struct Pressed {
    action: Option<Action>,
    /// Seconds since the program began.
    at: f64,
}

impl Pressed {
    pub fn note(&mut self, ctx: &Context, action: Action) {
        (self.action, self.at) = (Some(action), ctx.input(|input| input.time));
    }

    /// How long it is still shown.
    pub fn left(&self, ctx: &Context) -> Option<Duration> {
        self.action?;
        let left = SHOWN - (ctx.input(|input| input.time) - self.at);
        (left > 0.0).then(|| Duration::from_secs_f64(left))
    }

    pub fn show(&mut self, ctx: &Context, p: &Palette) {
        if self.left(ctx).is_none() {
            self.action = None;
        }
        let Some(entry) = self.action.map(Action::entry) else { return };
        let Some(chord) = entry.chord else { return };
        let area = Area::new(Id::unique("pressed-key")).order(Order::Tooltip).interactable(false);
        area.anchor(Align2::CENTER_BOTTOM, vec2(0.0, -time::height(ctx) - theme::PRESSED_ABOVE)).show(
            ctx,
            |ui| {
                let frame = Frame::new().fill(p.raise).stroke((1.0, p.line)).corner_radius(theme::ROUND);
                frame.inner_margin(Margin::symmetric(14, 8)).show(ui, |ui| {
                    ui.horizontal(|ui| {
                        key(ui, &chord.text());
                        ui.label(RichText::new(entry.about).color(p.text));
                    });
                });
            },
        );
    }
}
