//! What a definition says of its aggregates before any event.

use super::reading::{Definition, Scope, Script};
use crate::aggregate::Schema;
use std::sync::Arc;

pub fn of(definition: &Definition, script: &Script) -> Schema {
    let category: Arc<str> = match definition.program.scope() {
        Some(Scope::Category(category)) => category,
        Some(Scope::Stream(_) | Scope::All) | None => "*".into(),
    };
    let noun = if &*category == "*" { "aggregate".into() } else { category.clone() };
    let none = Schema {
        category,
        noun,
        note: None,
        file: Some(script.file.clone()),
        columns: Vec::new(),
        statuses: Vec::new(),
        events: Vec::new(),
        commands: Vec::new(),
    };
    match &definition.own {
        Some(own) => Schema {
            noun: own.noun.clone(),
            columns: own.columns.clone(),
            statuses: own.statuses.clone(),
            events: own.events.clone(),
            commands: own.commands.iter().map(|command| command.form.clone()).collect(),
            ..none
        },
        None => none,
    }
}
