//! What was sent in the fields of commands, to be offered again. The field names are a stored format.

use serde::{Deserialize, Serialize};

/// Values of one field, and fields, that are kept.
const MOST_VALUES: usize = 8;
const MOST_FIELDS: usize = 100;
/// Longest value that is kept, in bytes.
const LONGEST: usize = 500;

/// The field sent last comes first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RecentValues(Vec<RecentField>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct RecentField {
    category: String,
    command: String,
    field: String,
    /// The newest first.
    values: Vec<String>,
}

/// A field of a command, by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldName {
    pub category: String,
    pub command: String,
    pub field: String,
}

impl RecentValues {
    pub fn of(&self, category: &str, command: &str, field: &str) -> &[String] {
        let is =
            |one: &&RecentField| one.category == category && one.command == command && one.field == field;
        self.0.iter().find(is).map_or(&[], |one| &one.values)
    }

    pub fn remember(&mut self, name: &FieldName, value: &str) {
        if value.trim().is_empty() || value.len() > LONGEST {
            return;
        }
        let FieldName { category, command, field } = name.clone();
        let is = |one: &RecentField| {
            (&one.category, &one.command, &one.field) == (&name.category, &name.command, &name.field)
        };
        let known = self.0.iter().position(is).map(|at| self.0.remove(at));
        let mut known = known.unwrap_or(RecentField { category, command, field, values: Vec::new() });
        known.values.retain(|other| other != value);
        known.values.insert(0, value.to_owned());
        known.values.truncate(MOST_VALUES);
        self.0.insert(0, known);
        self.0.truncate(MOST_FIELDS);
    }
}
