//! The command dock: what was typed, what is under way, and how the last command ended.

use super::recent_values::FieldName;
use super::write::{DecideAt, InFlight, Outcome};
use crate::aggregate::{FormField, Schema, Target};
use crate::decision::Expected;
use crate::record::StreamName;
use crate::store::StoreError;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// A field of a command; its aggregate is named by the category.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct TextKey {
    category: Arc<str>,
    command: Arc<str>,
    field: usize,
}

impl TextKey {
    /// `None` where the aggregate has no such command.
    fn of(schema: &Schema, form: usize, field: usize) -> Option<Self> {
        let command = schema.commands.get(form)?.name.clone();
        Some(Self { category: schema.category.clone(), command, field })
    }
}

/// A command; its aggregate is named by the category.
type CommandKey = (Arc<str>, Arc<str>);

/// `None` where the aggregate has no such command.
fn command_key(schema: &Schema, form: usize) -> Option<CommandKey> {
    Some((schema.category.clone(), schema.commands.get(form)?.name.clone()))
}

/// The command dock; what was typed stays until it was appended, whichever aggregate is looked at meanwhile.
#[derive(Debug, Clone)]
pub struct Dock {
    /// The place of the command among its aggregate's, by the aggregate's category.
    chosen: HashMap<Arc<str>, usize>,
    texts: HashMap<TextKey, String>,
    pub(super) decide_at: DecideAt,
    /// What the write of a command expects where the person chose it; else the revision decided at.
    expected: HashMap<CommandKey, Expected>,
    /// What stood in the fields when the last write was asked for.
    pub(super) asked_values: Vec<(FieldName, String)>,
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
            chosen: HashMap::new(),
            texts: HashMap::new(),
            decide_at: DecideAt::default(),
            expected: HashMap::new(),
            asked_values: Vec::new(),
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

    /// What the write of the command expects where the person chose it.
    pub(super) fn expected(&self, schema: &Schema, form: usize) -> Option<Expected> {
        command_key(schema, form).and_then(|key| self.expected.get(&key).copied())
    }

    pub(super) fn expect(&mut self, schema: &Schema, form: usize, expected: Option<Expected>) {
        let Some(key) = command_key(schema, form) else { return };
        match expected {
            Some(expected) => drop(self.expected.insert(key, expected)),
            None => drop(self.expected.remove(&key)),
        }
    }

    /// What was chosen is of a stream or a state that is left.
    pub(super) fn expect_as_decided(&mut self) {
        self.expected.clear();
    }

    /// The stream's name as typed before a write to production.
    pub fn typed_name(&self) -> &str {
        &self.typed_name
    }

    /// The write that is on its way.
    pub fn in_flight(&self) -> Option<&InFlight> {
        self.in_flight.as_ref()
    }

    /// Why the write under way was not sent yet, while it waits and is wanted.
    pub fn waits(&self) -> Option<&StoreError> {
        self.in_flight.as_ref().filter(|write| !write.is_withdrawn)?.waits.as_ref()
    }

    /// A write that waits is sent no more.
    pub(super) fn withdraw(&mut self) {
        if let Some(write) = self.in_flight.as_mut().filter(|write| write.waits.is_some()) {
            write.is_withdrawn = true;
        }
    }

    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// What was typed into a field of a command.
    pub(super) fn text(&self, schema: &Schema, form: usize, field: usize) -> &str {
        let key = TextKey::of(schema, form, field);
        key.and_then(|key| self.texts.get(&key)).map_or("", String::as_str)
    }

    pub(super) fn set_text(&mut self, schema: &Schema, form: usize, field: usize, text: String) {
        if let Some(key) = TextKey::of(schema, form, field) {
            self.texts.insert(key, text);
        }
    }

    /// The place of the command that is shown of the aggregate.
    pub(super) fn form_at(&self, schema: &Schema) -> usize {
        let chosen = self.chosen.get(&schema.category).copied().unwrap_or(0);
        chosen.min(schema.commands.len().saturating_sub(1))
    }

    pub(super) fn choose(&mut self, schema: &Schema, form: usize) {
        self.chosen.insert(schema.category.clone(), form);
    }

    /// Keeps what stands in the fields, for when the write is done.
    pub(super) fn note_values(&mut self, schema: &Schema, form: usize) {
        let Some(command) = schema.commands.get(form) else { return };
        let name = |field: &FormField| FieldName {
            category: schema.category.to_string(),
            command: command.name.to_string(),
            field: field.label.to_string(),
        };
        let fields = command.fields.iter().enumerate();
        let values = fields.map(|(at, field)| (name(field), self.text(schema, form, at).to_owned()));
        self.asked_values = values.collect();
    }

    /// Empties the fields of a command but for the one that names what is there.
    pub(super) fn clear(&mut self, schema: &Schema, form: usize) {
        for field in typed_fields(schema, form) {
            self.set_text(schema, form, field, String::new());
        }
        self.expect(schema, form, None);
        self.outcome = None;
    }

    /// Whether there is anything to clear.
    pub(super) fn is_typed(&self, schema: &Schema, form: usize) -> bool {
        typed_fields(schema, form).any(|field| !self.text(schema, form, field).is_empty())
    }

    /// What was typed is of the database that was left; a write under way stays what it is.
    pub(super) fn leave_database(&mut self) {
        *self = Self { in_flight: self.in_flight.take(), ..Self::default() };
    }

    /// After a conflict: on what is there now.
    pub(super) fn decide_again(&mut self) {
        self.decide_at = DecideAt::Head;
        self.fresh_id = Uuid::new_v4();
    }

    /// Empties the fields of a command that was carried out, where it is still the one that is shown.
    pub(super) fn appended(&mut self, schema: &Schema, form: usize) {
        if self.form_at(schema) != form {
            return;
        }
        for field in 0..schema.commands.get(form).map_or(0, |form| form.fields.len()) {
            self.set_text(schema, form, field, String::new());
        }
        self.fresh_id = Uuid::new_v4();
    }

    /// The commands to what is there are for this stream.
    pub(super) fn name_stream(&mut self, schema: &Schema, stream: &StreamName) {
        for (at, form) in schema.commands.iter().enumerate() {
            if form.target == Target::Existing {
                self.set_text(schema, at, form.id, stream.id().to_owned());
            }
        }
    }
}

/// The fields that say what is to be done, not to which stream.
fn typed_fields(schema: &Schema, form: usize) -> impl Iterator<Item = usize> + use<> {
    let command = schema.commands.get(form);
    let id = command.filter(|command| command.target == Target::Existing).map(|command| command.id);
    (0..command.map_or(0, |command| command.fields.len())).filter(move |field| Some(*field) != id)
}
