//! What the store says, taken in.

use super::{App, Effect};
use crate::store::Update;

impl App {
    /// The one door for what the store says; the only place where a timeline grows.
    pub fn absorb(&mut self, update: Update) -> Vec<Effect> {
        drop(update);
        Vec::new()
    }
}
