//! The commands of `aggregate({…})`, as the definition says them.

use super::definition::OwnCommand;
use super::reader::{Reader, wrong};
use crate::aggregate::{CommandForm, Fault, FieldKind, FormField, Target};
use rquickjs::{Object, Value};
use std::sync::Arc;

/// The kind of that name, and a hint for it.
fn kind(name: &str) -> Option<(FieldKind, &'static str)> {
    Some(match name {
        "text" => (FieldKind::Text, "text"),
        "decimal" => (FieldKind::Decimal, "99.90"),
        "integer" => (FieldKind::Integer, "3"),
        "boolean" => (FieldKind::Boolean, "true or false"),
        "uuid" => (FieldKind::Uuid, "123e4567-e89b-12d3-a456-426614174000"),
        "json" => (FieldKind::Json, "JSON"),
        _ => return None,
    })
}

const KEYS: [&str; 7] = ["label", "fields", "stream", "decide", "creates", "id", "appends"];
const INCOMPLETE: &str = "Fill in the fields.";

pub fn read<'js>(
    reader: &mut Reader<'_, 'js>,
    given: &Object<'js>,
    category: &str,
) -> Result<Vec<OwnCommand>, Fault> {
    let Some(commands) = reader.object(given, "commands")? else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for name in reader.names(&commands)? {
        let what = format!("the command {name:?}");
        let command = reader.object(&commands, &name)?.ok_or_else(|| wrong(format!("{what} is missing")))?;
        all.push(one(reader, &command, &name, category).map_err(|fault| within(fault, &what))?);
    }
    Ok(all)
}

fn within(fault: Fault, what: &str) -> Fault {
    Fault { message: format!("{what}: {}", fault.message), ..fault }
}

fn one<'js>(
    reader: &mut Reader<'_, 'js>,
    command: &Object<'js>,
    name: &str,
    category: &str,
) -> Result<OwnCommand, Fault> {
    reader.only(command, "a command", &KEYS)?;
    let fields = reader.object(command, "fields")?.ok_or_else(|| wrong("fields is missing"))?;
    let shown = reader.names(&fields)?.into_iter().map(|field| field_of(reader, &fields, &field));
    let mut shown = shown.collect::<Result<Vec<FormField>, Fault>>()?;
    let id = match reader.text(command, "id")? {
        Some(id) => shown.iter().position(|field| field.label == id),
        None => (!shown.is_empty()).then_some(0),
    };
    let id = id.ok_or_else(|| wrong("id names none of the fields"))?;
    let creates = reader.flag(command, "creates")?.unwrap_or(false);
    let decide = reader.value(command, "decide")?.ok_or_else(|| wrong("decide is missing"))?;
    let source: String = decide.get::<rquickjs::Coerced<String>>().map(|text| text.0).unwrap_or_default();
    let decide = decide.into_function().ok_or_else(|| wrong("decide is no function"))?;
    let declared = reader.list(command, "appends")?;
    let declared = declared.iter().filter_map(Value::as_string).filter_map(|name| name.to_string().ok());
    let mut appends: Vec<Arc<str>> = declared.map(Arc::from).collect();
    if appends.is_empty() {
        appends = named_events(&source);
    }
    if creates {
        // A fresh id is there where none was typed.
        shown[id].required = false;
    }
    let is_text = shown[id].kind == FieldKind::Text;
    let form = CommandForm {
        name: name.into(),
        label: reader.text(command, "label")?.unwrap_or_else(|| spaced(name).into()),
        target: if creates { Target::New } else { Target::Existing },
        fields: shown,
        id,
        incomplete: INCOMPLETE.into(),
        appends,
    };
    let stream = reader.function(command, "stream")?;
    if stream.is_none() && !is_text {
        return Err(wrong(format!(
            "stream is missing: without it {category}- and a text field name the stream"
        )));
    }
    Ok(OwnCommand { form, stream, decide: reader.list.add(decide) })
}

fn field_of<'js>(reader: &Reader<'_, 'js>, fields: &Object<'js>, name: &str) -> Result<FormField, Fault> {
    let value = reader.value(fields, name)?.ok_or_else(|| wrong(format!("the field {name:?} is missing")))?;
    let Some(object) = value.as_object() else {
        let (kind, hint) = known_kind(name, &reader.text(fields, name)?.unwrap_or_default())?;
        return Ok(FormField { label: name.into(), hint: hint.into(), required: true, kind });
    };
    reader.only(object, "a field", &["kind", "hint", "required", "choice"])?;
    let words = reader.list(object, "choice")?;
    let words = words.iter().filter_map(Value::as_string).filter_map(|word| word.to_string().ok());
    let words: Vec<Arc<str>> = words.map(Arc::from).collect();
    let (kind, hint) = if words.is_empty() {
        let (kind, hint) = known_kind(name, reader.text(object, "kind")?.as_deref().unwrap_or("text"))?;
        (kind, hint.into())
    } else {
        let hint = words.join(", ").into();
        (FieldKind::Choice(words), hint)
    };
    Ok(FormField {
        label: name.into(),
        hint: reader.text(object, "hint")?.unwrap_or(hint),
        required: reader.flag(object, "required")?.unwrap_or(true),
        kind,
    })
}

fn known_kind(field: &str, name: &str) -> Result<(FieldKind, &'static str), Fault> {
    let help = "use text, decimal, integer, boolean, uuid or json, or { choice: [\"…\"] }";
    kind(name).ok_or_else(|| wrong(format!("the field {field:?} has the unknown kind {name:?}: {help}")))
}

/// The types that a function's text gives to `event`.
fn named_events(source: &str) -> Vec<Arc<str>> {
    let mut all: Vec<Arc<str>> = Vec::new();
    for part in source.split("event(").skip(1) {
        let part = part.trim_start();
        let Some(quote) = part.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else { continue };
        if let Some((name, _)) = part[1..].split_once(quote)
            && !all.iter().any(|known| &**known == name)
        {
            all.push(name.into());
        }
    }
    all
}

/// `WithdrawMoney` as `Withdraw money`.
fn spaced(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
            out.extend(c.to_lowercase());
        } else if out.is_empty() {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
    out
}
