//! What a person wants, done.

use super::{App, Effect, Intent};

impl App {
    /// The one door for what a person wants.
    pub fn apply(&mut self, intent: Intent) -> Vec<Effect> {
        drop(intent);
        Vec::new()
    }
}
