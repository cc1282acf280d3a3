//! `hindsight command`: any command of an aggregate, by its name and the names of its fields.

use super::command::carry_out;
use super::database::Database;
use super::failure::Failure;
use super::output::Output;
use crate::aggregate::{Aggregate, CommandForm, FieldKind, FormField, InputError};
use crate::cli::{RunCommand, is_option};
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
    let missing = missing(form, &texts);
    if !missing.is_empty() {
        let (name, missing, usage) = (safe(&form.name), missing.join(" and "), usage(aggregate, form));
        return Err(Failure::Usage(format!("{name} needs {missing}. Usage: {usage}")));
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let command = aggregate.command(form, &texts, &Uuid::new_v4().to_string()).map_err(|error| {
        let usage = usage(aggregate, form);
        match error {
            InputError::Incomplete(what) => Failure::Usage(format!("{what} Usage: {usage}")),
            InputError::Invalid(text) => Failure::Usage(text),
        }
    })?;
    carry_out(&command, run.expect, &run.writing, &database.registry, database).await
}

/// Letters and digits alone, so that `account-id` names `AccountID`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What has exactly this name, or else what has it but for case and punctuation.
fn named<T>(all: Vec<T>, of: impl Fn(&T) -> &str, name: &str) -> Vec<T> {
    let (exact, other): (Vec<T>, Vec<T>) = all.into_iter().partition(|one| of(one) == name);
    if !exact.is_empty() {
        return exact;
    }
    let name = plain(name);
    other.into_iter().filter(|one| !name.is_empty() && plain(of(one)) == name).collect()
}

fn find<'a>(
    name: &str,
    category: Option<&str>,
    database: &'a Database,
) -> Result<(&'a dyn Aggregate, &'a CommandForm), Failure> {
    let aggregates = database.registry.defined().map(|aggregate| &**aggregate);
    let of = |aggregate: &&dyn Aggregate| category.is_none_or(|of| *aggregate.schema().category == *of);
    let forms =
        |aggregate: &'a dyn Aggregate| aggregate.schema().commands.iter().map(move |form| (aggregate, form));
    let all: Vec<_> = aggregates.filter(of).flat_map(forms).collect();
    let names: Vec<_> = all.iter().map(|(_, form)| safe(&form.name).into_owned()).collect();
    let found = named(all, |(_, form)| &*form.name, name);
    match &found[..] {
        [one] => Ok(*one),
        [] => Err(Failure::Usage(unknown(name, category, &names))),
        [(first, form), (second, other), ..] => {
            let (name, first, second) =
                (safe(name), safe(&first.schema().category), safe(&second.schema().category));
            Err(Failure::Usage(if first == second {
                let (form, other) = (safe(&form.name), safe(&other.name));
                format!("{name} may be {form} or {other}. Type the name as it is there.")
            } else {
                format!("{first} and {second} both have a command {name}. Say which with --category.")
            }))
        }
    }
}

fn unknown(name: &str, category: Option<&str>, names: &[String]) -> String {
    let of = category.map(|category| format!(" of category {}", safe(category))).unwrap_or_default();
    let there_are = match names {
        [] => "There is none at all.".to_owned(),
        names => format!("There are {}.", names.join(", ")),
    };
    format!(
        "There is no command {}{of}. {there_are} `hindsight command` lists them with their fields.",
        safe(name)
    )
}

/// The text of each field of the form.
fn texts(form: &CommandForm, given: &[(String, String)]) -> Result<Vec<String>, Failure> {
    let mut texts = vec![None; form.fields.len()];
    for (name, value) in given {
        let fields = form.fields.iter().enumerate().collect();
        let place = named(fields, |(_, field)| &*field.label, name).first().map(|(place, _)| *place);
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

/// The fields that are required and have no text.
fn missing(form: &CommandForm, texts: &[String]) -> Vec<String> {
    let fields = form.fields.iter().zip(texts);
    fields.filter(|(field, text)| field.required && text.is_empty()).map(|(field, _)| option(field)).collect()
}

/// The name of a field as it is typed; upper case where the program has an option of that name.
fn option(field: &FormField) -> String {
    let name = safe(&field.label).replace(' ', "-");
    if is_option(&name) { format!("--{}", name.to_uppercase()) } else { format!("--{name}") }
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
