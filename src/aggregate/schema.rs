//! What is known of an aggregate before any event of it: names, columns, statuses, colours and commands, all of them data.

use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Schema {
    /// The text before the first `-` of its streams' names; `*` where it is for any.
    pub category: Arc<str>,
    /// What one of them is called, like `account`; `aggregate` where nobody said.
    pub noun: Arc<str>,
    /// What the state is, where it is nobody's logic.
    pub note: Option<Arc<str>>,
    /// The user's file that defines it, where it is one.
    pub file: Option<Arc<str>>,
    /// Of the list; empty where they are chosen by what the streams share.
    pub columns: Vec<Column>,
    /// In the order of their sorting; each is a facet of the list.
    pub statuses: Vec<Arc<Status>>,
    /// Colours of event types; a type that is not here has one of its own.
    pub events: Vec<(Arc<str>, Tone)>,
    pub commands: Vec<CommandForm>,
}

impl Schema {
    pub fn event_tone(&self, event_type: &str) -> Option<Tone> {
        self.events.iter().find(|(name, _)| &**name == event_type).map(|(_, tone)| *tone)
    }
}

/// A field of the state as a column of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub label: Arc<str>,
    pub path: Arc<str>,
    /// Sorted and aligned as numbers.
    pub numeric: bool,
}

/// What a colour says; the theme has the colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    Neutral,
    Begun,
    Good,
    Warning,
    Bad,
}

/// A word for a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// As scripts read it, like `unpaid`.
    pub word: Arc<str>,
    /// As shown, like `Unpaid`.
    pub label: Arc<str>,
    pub tone: Tone,
    /// Its place in the sorting.
    pub rank: usize,
}

/// Whether a command begins an aggregate or goes to one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    New,
    Existing,
}

/// A command as a person fills it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandForm {
    /// As scripts name it, like `pay`.
    pub name: Arc<str>,
    /// As shown, like `Pay order`.
    pub label: Arc<str>,
    pub target: Target,
    pub fields: Vec<FormField>,
    /// The place of the field that names the aggregate.
    pub id: usize,
    /// What to type, while nothing can be judged yet.
    pub incomplete: Arc<str>,
    /// The event types that it can append.
    pub appends: Vec<Arc<str>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    pub label: Arc<str>,
    pub hint: Arc<str>,
    pub required: bool,
    pub kind: FieldKind,
}

/// What a form's field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    /// A decimal number, kept exactly.
    Decimal,
    Integer,
    Boolean,
    Uuid,
    Json,
    /// One of these words.
    Choice(Vec<Arc<str>>),
}
