//! What a definition says, once it was evaluated.

mod definition;
mod own;
mod own_command;
mod program;
mod reader;

pub use definition::{Definition, Functions, OwnCommand, Script};
pub use program::{Partitioning, Program, Scope, Sources};

use super::host::{Host, fault};
use crate::aggregate::{Fault, FaultKind};
use definition::{FunctionList, HELPERS, Transform};
use rquickjs::{Ctx, Function, Object};
use std::collections::HashMap;
use std::sync::Arc;

pub fn helpers<'js>(prelude: &Object<'js>) -> rquickjs::Result<Vec<Function<'js>>> {
    HELPERS.iter().map(|name| prelude.get(*name)).collect()
}

type Read<'js> = Result<(Definition, Vec<Function<'js>>), Fault>;

pub fn definition<'js>(ctx: &Ctx<'js>, host: &Host, found: &Object<'js>) -> Read<'js> {
    let failed = |error: rquickjs::Error| fault(ctx, host, &error, FaultKind::Definition);
    let form: String = found.get("form").map_err(failed)?;
    let mut list = FunctionList::default();
    let definition = match &*form {
        "aggregate" => {
            let given: Object<'js> = found.get("aggregate").map_err(failed)?;
            own::read(ctx, host, &given, &mut list)?
        }
        "projection" => {
            let (program, functions) = projection(found, &mut list).map_err(failed)?;
            check(&program, found).map_err(failed)?.map_or(Ok(()), |why| Err(refused(why)))?;
            Definition { program: Arc::new(program), functions: Arc::new(functions), own: None }
        }
        _ => {
            let help =
                "it defines nothing: begin with fromCategory(\"…\"), fromStream(\"…\") or aggregate({…})";
            return Err(refused(help));
        }
    };
    Ok((definition, list.0))
}

fn refused(why: &str) -> Fault {
    Fault::new(FaultKind::Definition, why)
}

fn projection<'js>(
    found: &Object<'js>,
    list: &mut FunctionList<'js>,
) -> rquickjs::Result<(Program, Functions)> {
    let mut one = |name: &str| -> rquickjs::Result<Option<usize>> {
        Ok(found.get::<_, Option<Function<'js>>>(name)?.map(|function| list.add(function)))
    };
    let mut functions = Functions {
        init: one("init")?,
        init_shared: one("initShared")?,
        any: one("any")?,
        deleted: one("deleted")?,
        partition: one("partition")?,
        ..Functions::default()
    };
    let created: Vec<Function<'js>> = found.get("created")?;
    functions.created = created.into_iter().map(|function| list.add(function)).collect();
    let transforms: Vec<Function<'js>> = found.get("transforms")?;
    let filters: Vec<bool> = found.get("filters")?;
    let transform = |(function, is_filter)| Transform { is_filter, function: list.add(function) };
    functions.transforms = transforms.into_iter().zip(filters).map(transform).collect();
    let types: Vec<String> = found.get("types")?;
    let handlers: Vec<Function<'js>> = found.get("handlers")?;
    let handler = |(name, function): (String, Function<'js>)| (name.into(), list.add(function));
    let handlers: HashMap<Box<str>, usize> = types.into_iter().zip(handlers).map(handler).collect();
    let (categories, streams): (Vec<String>, Vec<String>) = (found.get("categories")?, found.get("streams")?);
    let flag = |name: &str| found.get::<_, bool>(name);
    let sources = match categories.first() {
        Some(category) => Sources::Category(category.as_str().into()),
        None if flag("all")? => Sources::All,
        None => Sources::Streams(streams.iter().map(|name| name.as_str().into()).collect()),
    };
    let partitioning = match functions.partition {
        Some(_) => Partitioning::ByFunction,
        None if flag("byStream")? => Partitioning::ByStream,
        None => Partitioning::None,
    };
    let program = Program {
        sources,
        partitioning,
        all_events: flag("allEvents")?,
        bi_state: flag("biState")?,
        includes_links: flag("includeLinks")?,
        handles_deleted: functions.deleted.is_some(),
        handles_created: !functions.created.is_empty(),
        has_transforms: !functions.transforms.is_empty(),
        outputs_state: flag("outputState")? || !functions.transforms.is_empty(),
        result_stream: found.get::<_, Option<String>>("resultStream")?.map(Arc::from),
        handlers,
    };
    Ok((program, functions))
}

/// Why the server does not start such a projection.
fn check(program: &Program, found: &Object<'_>) -> rquickjs::Result<Option<&'static str>> {
    let (categories, streams): (Vec<String>, Vec<String>) = (found.get("categories")?, found.get("streams")?);
    let (all, reorders): (bool, bool) = (found.get("all")?, found.get("reorderEvents")?);
    let lag: f64 = found.get("processingLag")?;
    let by_stream = program.partitioning == Partitioning::ByStream;
    let rules = [
        (!all && categories.is_empty() && streams.is_empty(), "None of streams and categories are included"),
        (
            !streams.is_empty() && !categories.is_empty(),
            "Streams and categories cannot be included in a filter at the same time",
        ),
        (
            all && (!streams.is_empty() || !categories.is_empty()),
            "Both FromAll and specific categories/streams cannot be set",
        ),
        (
            program.all_events && !program.handlers.is_empty(),
            "Both AllEvents and specific event filters cannot be set",
        ),
        (!program.all_events && program.handlers.is_empty(), "None of events are included"),
        (
            by_stream && !streams.is_empty(),
            "foreachStream projections are not supported on stream based sources",
        ),
        (reorders && all, "Event reordering cannot be used with fromAll()"),
        (reorders && streams.len() < 2, "Event reordering is only available in fromStreams([]) projections"),
        (reorders && lag < 50.0, "Event reordering requires processing lag at least of 50ms"),
        (
            program.handles_deleted && !by_stream,
            "Deleted stream notifications are only supported with foreachStream()",
        ),
    ];
    Ok(rules.iter().find(|(broken, _)| *broken).map(|(_, why)| *why))
}
