//! The command dock: what was typed, what is under way, and how the last command ended.

use super::write::{DecideAt, InFlight, Outcome};
use crate::aggregate::{self, Aggregate};
use crate::decision::Expected;
use crate::record::StreamName;
use std::collections::HashMap;
use uuid::Uuid;

/// The command dock; what was typed stays until it was appended.
#[derive(Debug, Clone)]
pub struct Dock {
    /// The place of the command among its aggregate's.
    pub(super) form: usize,
    /// What was typed, by command and field.
    pub(super) texts: HashMap<(usize, usize), String>,
    pub(super) decide_at: DecideAt,
    /// What the write expects when the person chose it; else the revision decided at.
    pub(super) expected: Option<Expected>,
    /// Of the next event; another one once a write was answered.
    pub(super) event_id: Uuid,
    /// Of the next aggregate that is given no id.
    pub(super) fresh_id: Uuid,
    /// The stream's name as typed before a write to production.
    pub(super) typed_name: String,
    pub(super) in_flight: Option<InFlight>,
    pub(super) outcome: Option<Outcome>,
}

impl Default for Dock {
    fn default() -> Self {
        Self {
            form: 0,
            texts: HashMap::new(),
            decide_at: DecideAt::default(),
            expected: None,
            event_id: Uuid::new_v4(),
            fresh_id: Uuid::new_v4(),
            typed_name: String::new(),
            in_flight: None,
            outcome: None,
        }
    }
}

impl Dock {
    pub fn decide_at(&self) -> DecideAt {
        self.decide_at
    }

    /// What the write expects where the person chose it.
    pub fn expected(&self) -> Option<Expected> {
        self.expected
    }

    /// The stream's name as typed before a write to production.
    pub fn typed_name(&self) -> &str {
        &self.typed_name
    }

    /// The write that is on its way.
    pub fn in_flight(&self) -> Option<&InFlight> {
        self.in_flight.as_ref()
    }

    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// What was typed into a field of a command.
    pub fn text(&self, form: usize, field: usize) -> &str {
        self.texts.get(&(form, field)).map_or("", String::as_str)
    }

    /// The place of the form that is shown, of so many.
    pub(super) fn form_at(&self, forms: usize) -> usize {
        self.form.min(forms.saturating_sub(1))
    }

    /// What was expected and said is of the command as it was before a change.
    pub(super) fn forget_outcome(&mut self) {
        self.expected = None;
        self.outcome = None;
    }

    /// After a conflict: on what is there now.
    pub(super) fn decide_again(&mut self) {
        self.decide_at = DecideAt::Head;
        self.fresh_id = Uuid::new_v4();
    }

    pub(super) fn set_text(&mut self, form: usize, field: usize, text: String) {
        self.texts.insert((form, field), text);
    }

    /// Empties the fields of a command that was carried out.
    pub(super) fn clear_texts(&mut self, form: usize) {
        self.texts.retain(|(of, _), _| *of != form);
        self.fresh_id = Uuid::new_v4();
    }

    /// The commands to what is there are for this stream.
    pub(super) fn name_stream(&mut self, aggregate: &dyn Aggregate, stream: &StreamName) {
        for (at, form) in aggregate.schema().commands.iter().enumerate() {
            if form.target == aggregate::Target::Existing {
                self.set_text(at, form.id, stream.id().to_owned());
            }
        }
    }
}
