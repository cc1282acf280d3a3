//! Whether the condition of the list was ever true.

use super::app::App;
use crate::app::ever::{Ever, EverState};
use crate::app::intent::{Dialog, Effect};
use crate::store::{EverStep, Ticket};

impl App {
    /// In which streams the condition was ever true, once that is asked.
    pub fn ever(&self) -> Option<&Ever> {
        self.streams.ever.as_ref()
    }

    pub(super) fn ask_ever(&mut self) -> Vec<Effect> {
        if let Some(condition) = self.list().condition().cloned() {
            self.streams.ever = Some(Ever::new(self.ticket(), condition));
        } else {
            self.view.say("No condition is asked. Type one like Total > 50 into the filter first.");
        }
        Vec::new()
    }

    pub(super) fn stop_asking_ever(&mut self) -> Vec<Effect> {
        self.streams.ever.take_if(|ever| ever.is_running());
        Vec::new()
    }

    /// What was found is shown again; what was not asked or failed is asked.
    pub(super) fn open_ever(&mut self) -> Vec<Effect> {
        let is_asked = self.ever().is_some_and(|ever| !matches!(ever.state(), EverState::Failed(_)));
        if !is_asked {
            self.ask_ever();
        }
        if self.ever().is_some() { self.view.open(Dialog::Ever) } else { Vec::new() }
    }

    pub(super) fn ever_step(&mut self, ticket: Ticket, step: EverStep) {
        if let Some(ever) = &mut self.streams.ever {
            ever.step(ticket, step);
        }
    }

    /// What was found of a condition goes with it.
    pub(super) fn forget_other_ever(&mut self) {
        let Some(ever) = self.ever() else { return };
        if self.list().condition() != Some(ever.condition()) {
            self.streams.ever = None;
            if self.dialog() == Some(&Dialog::Ever) {
                self.view.close();
            }
        }
    }
}
