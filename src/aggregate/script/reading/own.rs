//! `aggregate({…})`: what it says of a category, its columns, words, colours and commands.

use super::definition::{Definition, FunctionList, Functions, Own};
use super::own_command;
use super::program::{Partitioning, Program, Sources};
use super::reader::{Reader, wrong};
use crate::aggregate::script::host::{Host, to_json, with_helpers};
use crate::aggregate::{Column, Fault, Status, Tone};
use rquickjs::{Ctx, Function, Object, Value};
use std::collections::HashMap;
use std::sync::Arc;

const KEYS: [&str; 9] =
    ["category", "noun", "initial", "when", "problems", "columns", "status", "colors", "commands"];

pub fn read<'js>(
    ctx: &Ctx<'js>,
    host: &Host,
    given: &Object<'js>,
    list: &mut FunctionList<'js>,
) -> Result<Definition, Fault> {
    let mut reader = Reader { ctx, host, list };
    reader.only(given, "aggregate", &KEYS)?;
    let category = reader.text(given, "category")?.filter(|name| !name.is_empty() && !name.contains('-'));
    let category = category.ok_or_else(|| {
        wrong("category is missing: name the streams' text before the first -, like \"account\"")
    })?;
    let mut functions = Functions::default();
    let initial = initial(&mut reader, given, &mut functions)?;
    let when = reader.object(given, "when")?;
    let when = when.ok_or_else(|| wrong("when is missing: it has a handler for each event type"))?;
    let mut handlers = HashMap::new();
    for name in reader.names(&when)? {
        let handler: Value<'js> = when.get(&*name).map_err(|error| reader.failed(&error))?;
        let handler: Function<'js> =
            handler.into_function().ok_or_else(|| wrong(format!("when's {name:?} is no function")))?;
        let place = reader.list.add(handler);
        if name == "$any" {
            functions.any = Some(place);
        } else if name.starts_with('$') {
            return Err(wrong(format!(
                "when's {name:?} is no event type: an aggregate has `initial` and $any"
            )));
        } else {
            handlers.insert(name.into_boxed_str(), place);
        }
    }
    functions.problems = reader.function(given, "problems")?;
    let (statuses, events) = colors(&reader, given, &handlers)?;
    let status = reader.function(given, "status")?;
    if status.is_some() && statuses.is_empty() {
        return Err(wrong("status needs colors: give each of its words one, like { open: \"good\" }"));
    }
    let own = Own {
        noun: reader.text(given, "noun")?.unwrap_or_else(|| category.clone()),
        initial,
        status,
        columns: columns(&reader, given)?,
        statuses,
        events,
        commands: own_command::read(&mut reader, given, &category)?,
        category: category.clone(),
    };
    let program = Program {
        sources: Sources::Category(category),
        partitioning: Partitioning::ByStream,
        all_events: functions.any.is_some(),
        handlers,
        bi_state: false,
        includes_links: false,
        handles_deleted: false,
        handles_created: false,
        has_transforms: false,
        outputs_state: false,
        result_stream: None,
    };
    Ok(Definition { program: program.into(), functions: functions.into(), own: Some(own.into()) })
}

fn initial<'js>(
    reader: &mut Reader<'_, 'js>,
    given: &Object<'js>,
    functions: &mut Functions,
) -> Result<Option<Arc<str>>, Fault> {
    match reader.value(given, "initial")? {
        None => Ok(Some("{}".into())),
        Some(value) if value.is_function() => {
            functions.init = value.into_function().map(|function| reader.list.add(function));
            Ok(None)
        }
        Some(value) => {
            let text = with_helpers(reader.ctx, reader.host, |helpers, _| {
                to_json(helpers, &value)
                    .map_err(|why| wrong(why.sentence().replacen("the state", "initial", 1)))
            })?;
            Ok(Some(text.into()))
        }
    }
}

fn columns<'js>(reader: &Reader<'_, 'js>, given: &Object<'js>) -> Result<Vec<Column>, Fault> {
    let column = |value: Value<'js>| {
        if let Some(path) = value.as_string().and_then(|path| path.to_string().ok()) {
            let path: Arc<str> = path.into();
            return Ok(Column { label: path.clone(), path, numeric: false });
        }
        let object = value.as_object();
        let object =
            object.ok_or_else(|| wrong("a column is a field's name, or { path, label, numeric }"))?;
        reader.only(object, "a column", &["path", "label", "numeric"])?;
        let path = reader.text(object, "path")?.ok_or_else(|| wrong("a column's path is missing"))?;
        Ok(Column {
            label: reader.text(object, "label")?.unwrap_or_else(|| path.clone()),
            path,
            numeric: reader.flag(object, "numeric")?.unwrap_or(false),
        })
    };
    reader.list(given, "columns")?.into_iter().map(column).collect()
}

type Colors = (Vec<Arc<Status>>, Vec<(Arc<str>, Tone)>);

/// A name that is an event type colours that; all others are words of the status.
fn colors<'js>(
    reader: &Reader<'_, 'js>,
    given: &Object<'js>,
    handlers: &HashMap<Box<str>, usize>,
) -> Result<Colors, Fault> {
    let (mut statuses, mut events) = (Vec::new(), Vec::new());
    let Some(colors) = reader.object(given, "colors")? else { return Ok((statuses, events)) };
    for word in reader.names(&colors)? {
        let name = reader.text(&colors, &word)?.unwrap_or_default();
        let tone = tone(&name).ok_or_else(|| {
            let help =
                "use neutral, begun, good, warning or bad, or a colour like green, blue, orange, red, gray";
            wrong(format!("the colour {name:?} of {word:?} is unknown: {help}"))
        })?;
        if handlers.contains_key(word.as_str()) {
            events.push((word.into(), tone));
        } else {
            let status = Status { label: capitalized(&word), word: word.into(), tone, rank: statuses.len() };
            statuses.push(Arc::new(status));
        }
    }
    Ok((statuses, events))
}

fn tone(name: &str) -> Option<Tone> {
    Some(match name.to_ascii_lowercase().as_str() {
        "neutral" | "gray" | "grey" | "white" | "black" => Tone::Neutral,
        "begun" | "blue" | "cyan" | "teal" | "purple" | "violet" => Tone::Begun,
        "good" | "green" | "lime" => Tone::Good,
        "warning" | "orange" | "yellow" | "amber" | "gold" => Tone::Warning,
        "bad" | "red" | "crimson" | "pink" => Tone::Bad,
        _ => return None,
    })
}

pub(super) fn capitalized(word: &str) -> Arc<str> {
    let mut rest = word.chars();
    rest.next().map_or_else(|| "".into(), |first| format!("{}{}", first.to_uppercase(), rest.as_str()).into())
}
