//! What wakes the window.

use std::sync::Arc;
use std::task;

/// Draws the window again when it is woken.
pub struct Repaint(egui::Context);

impl Repaint {
    pub fn new(ctx: &egui::Context) -> Self {
        Self(ctx.clone())
    }
}

impl task::Wake for Repaint {
    fn wake(self: Arc<Self>) {
        self.0.request_repaint();
    }
}
