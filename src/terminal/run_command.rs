//! `hindsight command`: any command of an aggregate, by its name and the names of its fields.

use super::command::{Manner, carry_out, permit};
use super::database::Database;
use super::failure::Failure;
use super::output::Output;
use crate::aggregate::{Aggregate, CommandForm, FieldKind, FormField, InputError};
use crate::cli::RunCommand;
use crate::record::json::safe;
use std::fmt::Write;
use uuid::Uuid;

pub async fn run_command(run: &RunCommand, database: &Database) -> Result<Output, Failure> {
    let Some(name) = &run.name else {
        if let Some((field, _)) = run.fields.first() {
            return Err(Failure::Usage(format!("Name the command before its field --{field}.")));
        }
        return Ok(Output { text: listed(database).into(), notes: Vec::new() });
    };
    let (aggregate, form) = find(name, run.category.as_deref(), database)?;
    let texts = texts(form, &run.fields)?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let command = aggregate.command(form, &texts, &Uuid::new_v4().to_string()).map_err(|error| {
        let usage = usage(aggregate, form);
        match error {
            InputError::Incomplete(what) => Failure::Usage(format!("{what} Usage: {usage}")),
            InputError::Invalid(text) => Failure::Usage(text),
        }
    })?;
    let manner =
        Manner { expect: run.expect, dry_run: run.dry_run, permit: permit(run.production), json: run.json };
    carry_out(&command, &manner, &database.registry, database).await
}

/// Letters and digits alone, so that `account-id` names `AccountID`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn find<'a>(
    name: &str,
    category: Option<&str>,
    database: &'a Database,
) -> Result<(&'a dyn Aggregate, &'a CommandForm), Failure> {
    let aggregates = || {
        let of = |aggregate: &&dyn Aggregate| category.is_none_or(|of| *aggregate.schema().category == *of);
        database.registry.defined().map(|aggregate| &**aggregate).filter(of)
    };
    let mut found = aggregates().flat_map(|aggregate| {
        let named = |form: &&CommandForm| plain(&form.name) == plain(name);
        aggregate.schema().commands.iter().filter(named).map(move |form| (aggregate, form))
    });
    let Some(first) = found.next() else {
        let listed = listed(database);
        return Err(Failure::Usage(format!("There is no command {}. There are:\n{listed}", safe(name))));
    };
    match found.next() {
        None => Ok(first),
        Some(second) => Err(Failure::Usage(format!(
            "{} and {} both have a command {}. Say which with --category.",
            safe(&first.0.schema().category),
            safe(&second.0.schema().category),
            safe(name)
        ))),
    }
}

/// The text of each field of the form.
fn texts(form: &CommandForm, given: &[(String, String)]) -> Result<Vec<String>, Failure> {
    let mut texts = vec![None; form.fields.len()];
    for (name, value) in given {
        let place = form.fields.iter().position(|field| plain(&field.label) == plain(name));
        let Some(text) = place.and_then(|place| texts.get_mut(place)) else {
            let fields: Vec<_> = form.fields.iter().map(option).collect();
            let (name, fields) = (safe(name), fields.join(", "));
            return Err(Failure::Usage(format!(
                "{} has no field --{name}. It has {fields}.",
                safe(&form.name)
            )));
        };
        if text.replace(value.clone()).is_some() {
            return Err(Failure::Usage(format!("The field --{} is given twice.", safe(name))));
        }
    }
    Ok(texts.into_iter().map(Option::unwrap_or_default).collect())
}

/// The name of a field as it is typed.
fn option(field: &FormField) -> String {
    format!("--{}", safe(&field.label).replace(' ', "-"))
}

fn usage(aggregate: &dyn Aggregate, form: &CommandForm) -> String {
    let mut text = format!("hindsight command {}", safe(&form.name));
    for field in &form.fields {
        let option = format!("{} {}", option(field), kind(&field.kind));
        let written = if field.required { write!(text, " {option}") } else { write!(text, " [{option}]") };
        debug_assert!(written.is_ok());
    }
    let written = write!(text, "   ({}: {})", safe(&aggregate.schema().category), safe(&form.label));
    debug_assert!(written.is_ok());
    text
}

fn kind(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Text => "TEXT".to_owned(),
        FieldKind::Decimal => "NUMBER".to_owned(),
        FieldKind::Integer => "INTEGER".to_owned(),
        FieldKind::Boolean => "true|false".to_owned(),
        FieldKind::Uuid => "UUID".to_owned(),
        FieldKind::Json => "JSON".to_owned(),
        FieldKind::Choice(words) => {
            words.iter().map(|word| safe(word).into_owned()).collect::<Vec<_>>().join("|")
        }
    }
}

/// Every command with its fields, a line each.
fn listed(database: &Database) -> String {
    let mut text = String::new();
    for aggregate in database.registry.defined() {
        for form in &aggregate.schema().commands {
            text.extend([usage(&**aggregate, form).as_str(), "\n"]);
        }
    }
    text
}
