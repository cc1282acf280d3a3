//! How long the start took, in the log.

use crate::app::App;
use std::time::Instant;

pub struct StartTimes {
    started: Instant,
    is_drawn: bool,
    is_listed: bool,
}

impl StartTimes {
    pub fn since(started: Instant) -> Self {
        Self { started, is_drawn: false, is_listed: false }
    }

    /// After each frame.
    pub fn note(&mut self, app: &App) {
        let gone = self.started.elapsed().as_millis();
        if !std::mem::replace(&mut self.is_drawn, true) {
            tracing::info!("first frame after {gone} ms");
        }
        if !self.is_listed && app.listing().caught_up {
            self.is_listed = true;
            tracing::info!("list filled after {gone} ms");
        }
    }
}
