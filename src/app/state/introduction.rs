//! What is said of the sandbox until a person dismisses it.

use super::app::App;
use crate::app::first_look::{FirstLook, Introduction};
use crate::app::intent::Effect;
use crate::store::{Connection, Target};

impl App {
    /// With the place where the first start stands; `None` at every later one.
    #[must_use]
    pub fn beginning_at(mut self, first_look: Option<FirstLook>) -> Self {
        self.first_look = first_look;
        self
    }

    /// What the line over the window says; `None` on other databases, and once it was dismissed.
    pub fn introduction(&self) -> Option<Introduction<'_>> {
        let is_shown = *self.target() == Target::Sandbox && !self.lessons.is_running();
        if !is_shown || self.settings.sandbox_introduced {
            return None;
        }
        let address = match self.connection() {
            Connection::Online { address, .. } => address,
            Connection::Offline | Connection::Connecting { .. } | Connection::Waiting { .. } => "",
        };
        let ahead =
            self.first_look.as_ref().zip(self.opened()).and_then(|(first, opened)| first.ahead(opened));
        Some(Introduction { address, ahead })
    }

    pub(super) fn dismiss_introduction(&mut self) -> Vec<Effect> {
        self.settings.sandbox_introduced = true;
        vec![Effect::Save]
    }
}
