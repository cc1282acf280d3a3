//! `hindsight check`: the streams of a definition folded by it, and what of them is a problem.

use super::database::Database;
use super::failure::Failure;
use super::output::{Output, note, print};
use super::problem::{Problem, ScriptFault};
use super::reading;
use crate::aggregate::script::{Arrival, Definition, Folds, Scope, arrivals};
use crate::aggregate::{self, Aggregate, Fault, Registry};
use crate::cli::Check;
use crate::definition_files::script;
use crate::history::{Comparison, Difference, Mark, Replay, Setters};
use crate::record::json::{json_line, safe};
use crate::record::{Record, StreamName};
use crate::sentences::definition_fault;
use crate::store::Life;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// Events that a projection of several streams is run over: all of them are held in memory, because what was deleted later
/// decides what reaches it.
const MOST_EVENTS: usize = 1_000_000;

/// The published shape of a line about an event.
#[derive(Serialize)]
struct ProblemLine<'a> {
    stream: &'a str,
    revision: u64,
    r#type: &'a str,
    problem: Problem<'a>,
}

/// The published shape of a line about two folds of a stream.
#[derive(Serialize)]
struct DifferenceLine<'a> {
    stream: &'a str,
    /// The first revision after which the states differ.
    differs_at: u64,
    /// Whether they differ after the last event, too.
    differs_at_end: bool,
}

/// The published shape of a line about an event that stops a projection of several streams.
#[derive(Serialize)]
struct FaultLine<'a> {
    stream: &'a str,
    revision: u64,
    r#type: &'a str,
    fault: ScriptFault<'a>,
}

pub async fn check(check: &Check, database: &Database) -> Result<Output, Failure> {
    let Some(file) = &check.file else {
        return Err(Failure::Usage("Name a definition file, or a category with --category.".to_owned()));
    };
    let definition = definition(file)?;
    let other = check.other.as_deref().map(self::definition).transpose()?;
    let Folds::Streams(scope, aggregate) = definition.folds() else {
        if other.is_some() || check.stream.is_some() {
            let file = safe(definition.file()).into_owned();
            let text =
                "folds several streams into one state: it is run as a whole, without --with and --stream";
            return Err(Failure::Usage(format!("{file} {text}.")));
        }
        return projection(check, &definition, database).await;
    };
    let other = match other.as_ref().map(|other| (other, other.folds())) {
        Some((_, Folds::Streams(_, other))) => Some(other.clone() as Arc<dyn Aggregate>),
        Some((other, Folds::Partitions(_))) => {
            let file = safe(other.file());
            return Err(Failure::Usage(format!(
                "{file} folds several streams into one state: nothing of one stream can be compared with it."
            )));
        }
        None => None,
    };
    let aggregate: Arc<dyn Aggregate> = aggregate.clone();
    let streams = streams(check, scope, &aggregate, other.is_some(), database).await?;
    let mut looked_at = streams.looked_at;
    let (mut problems, mut with_problems, mut differences) = (0, 0, 0);
    for name in &streams.names {
        let mut folding = Folding::new(name, &aggregate, other.as_ref(), check.json);
        if folding.read(database).await? == Life::Missing {
            let text = format!("Stream {name} does not exist.");
            if check.stream.is_some() {
                return Err(Failure::Usage(text));
            }
            note(&text);
            looked_at = looked_at.saturating_sub(1);
        }
        let found = folding.problems();
        problems += found;
        with_problems += u64::from(found > 0);
        differences += u64::from(folding.tell_difference()?);
    }
    if !check.json {
        let file = safe(definition.file());
        let of = count(looked_at, "stream");
        let mut text = format!("{file}: {} in {with_problems} of {of}.", count(problems, "problem"));
        if other.is_some() {
            text.extend([" The two definitions differ in ", &differences.to_string(), " of ", &of, "."]);
        }
        print(&(text + "\n"))?;
    }
    if let Some(why) = aggregate.outside_state() {
        note(&format!("{why}."));
    }
    if problems + differences > 0 {
        Err(Failure::Found)
    } else {
        Ok(Output { text: String::new().into(), notes: Vec::new() })
    }
}

fn definition(file: &Path) -> Result<Arc<Definition>, Failure> {
    let read = script(file).and_then(Definition::read).map(Arc::new);
    read.map_err(|fault| Failure::Usage(definition_fault(&file.display().to_string(), &fault)))
}

pub fn count(n: u64, one: &str) -> String {
    format!("{n} {one}{}", if n == 1 { "" } else { "s" })
}

/// Which streams are read, and of how many this was found out.
struct Streams {
    names: Vec<StreamName>,
    looked_at: u64,
}

/// Those with problems, by the list's own fold, or all of them.
async fn streams(
    check: &Check,
    scope: &Scope,
    aggregate: &Arc<dyn Aggregate>,
    all: bool,
    database: &Database,
) -> Result<Streams, Failure> {
    let category = match (&check.stream, scope) {
        (Some(stream), _) => return Ok(Streams { names: vec![StreamName::new(stream)], looked_at: 1 }),
        (None, Scope::Stream(stream)) => {
            return Ok(Streams { names: vec![StreamName::new(stream)], looked_at: 1 });
        }
        (None, Scope::Category(category)) => category,
        (None, Scope::All) => "*",
    };
    let (rows, _) = reading::list_by(database, category, Registry::of_one(aggregate.clone())).await?;
    let looked_at = rows.len() as u64;
    let is_read = |row: &crate::store::StreamRow| all || row.problems > 0;
    let names = rows.into_iter().filter(is_read).map(|row| row.stream).collect();
    Ok(Streams { names, looked_at })
}

/// By one definition, or by two.
enum Fold {
    One(Replay),
    Two(Comparison),
}

impl Fold {
    /// By the definition that is checked.
    fn replay(&self) -> &Replay {
        match self {
            Self::One(replay) => replay,
            Self::Two(comparison) => comparison.one(),
        }
    }

    fn apply(
        &mut self,
        record: &Record,
        changed: &mut Vec<Arc<str>>,
    ) -> Option<(Mark, Option<aggregate::Problem>)> {
        match self {
            Self::One(replay) => replay.apply(record, changed),
            Self::Two(comparison) => comparison.apply(record, changed),
        }
    }
}

/// One stream, folded as it is read: its problems are told as they come.
pub struct Folding<'a> {
    name: &'a StreamName,
    fold: Fold,
    /// Who set the fields of the state.
    setters: Setters,
    changed: Vec<Arc<str>>,
    json: bool,
}

impl<'a> Folding<'a> {
    pub fn new(
        name: &'a StreamName,
        aggregate: &Arc<dyn Aggregate>,
        other: Option<&Arc<dyn Aggregate>>,
        json: bool,
    ) -> Self {
        let fold = match other {
            Some(other) => Fold::Two(Comparison::new(aggregate.clone(), other.clone(), name)),
            None => Fold::One(Replay::new(aggregate.clone(), name.clone())),
        };
        Self { name, fold, setters: Setters::default(), changed: Vec::new(), json }
    }

    /// Reads the stream; after a lost connection from where it was.
    pub async fn read(&mut self, database: &Database) -> Result<Life, Failure> {
        let name = self.name;
        let read = database.patiently(async |session| {
            let after = self.fold.replay().last();
            let sink = |records: Vec<Record>| self.records(&records);
            session.read_resolved_after(name, after, usize::MAX, sink).await
        });
        let (life, _) = read.await??;
        Ok(life)
    }

    pub fn problems(&self) -> u64 {
        self.fold.replay().problems()
    }

    fn records(&mut self, records: &[Record]) -> Result<(), Failure> {
        let mut text = String::new();
        for record in records {
            text.extend(self.record(record));
        }
        print(&text)
    }

    /// The text of the event's problem.
    fn record(&mut self, record: &Record) -> Option<String> {
        let last = self.fold.replay().last();
        self.changed.clear();
        let (_, problem) = self.fold.apply(record, &mut self.changed)?;
        let told = problem.map(|problem| {
            let text = self.setters.sentence(&problem, last);
            let (stream, revision) = (self.name.as_str(), record.revision.0);
            if self.json {
                let problem = Problem::new(&problem, &text);
                return json_line(&ProblemLine { stream, revision, r#type: &record.event_type, problem });
            }
            text_of((stream, revision), problem.kind, &text, problem.fault.as_deref())
        });
        self.setters.set(self.changed.drain(..), record.revision);
        told
    }

    /// Whether two folds of the stream differ anywhere.
    fn tell_difference(&self) -> Result<bool, Failure> {
        let Fold::Two(comparison) = &self.fold else { return Ok(false) };
        let Some(Difference { first: at, at_end: differs_at_end }) = comparison.difference() else {
            return Ok(false);
        };
        let stream = self.name.as_str();
        let text = if self.json {
            json_line(&DifferenceLine { stream, differs_at: at.0, differs_at_end })
        } else {
            let end = if differs_at_end { "and at its end" } else { "and not at its end" };
            format!("{} differs from revision {at} on, {end}.\n", safe(stream))
        };
        print(&text)?;
        Ok(true)
    }
}

/// A definition of several streams, run over the database as the server runs it.
async fn projection(check: &Check, definition: &Definition, database: &Database) -> Result<Output, Failure> {
    let mut projection = definition
        .projection()
        .map_err(|fault| Failure::Usage(definition_fault(definition.file(), &fault)))?;
    let log = database.patiently(async |session| session.read_log(MOST_EVENTS).await).await?;
    if log.len() == MOST_EVENTS {
        return Err(Failure::Usage(format!(
            "The database has more than {MOST_EVENTS} events, which are all held in memory for a fold of several streams. Check the definition on a smaller database."
        )));
    }
    let program = projection.program().clone();
    let reached = arrivals(&program, &log);
    let ran = projection.run(&reached, |_| {});
    let count = projection.partitions().len();
    let file = safe(definition.file());
    let Err((place, fault)) = ran else {
        let text = if check.json {
            String::new()
        } else {
            format!(
                "{file}: no problem in {} events, {count} state{}.\n",
                reached.len(),
                if count == 1 { "" } else { "s" }
            )
        };
        return Ok(Output { text: text.into(), notes: Vec::new() });
    };
    print(&told(check, reached.get(place).map(Arrival::place), &fault))?;
    Err(Failure::Found)
}

fn told(check: &Check, record: Option<(&str, u64, &str)>, fault: &Fault) -> String {
    let (stream, revision, r#type) = record.unwrap_or_default();
    if check.json {
        return json_line(&FaultLine { stream, revision, r#type, fault: fault.into() });
    }
    text_of((stream, revision), fault.kind.name(), &fault.to_string(), Some(fault))
}

/// What is wrong at an event, with the calls that a script was in.
fn text_of((stream, revision): (&str, u64), kind: &str, text: &str, fault: Option<&Fault>) -> String {
    let mut told = format!("{} {revision}  {kind}  {}\n", safe(stream), safe(text));
    let calls = fault.into_iter().flat_map(Fault::lines);
    calls.for_each(|line| told.extend(["    ", safe(&line).as_ref(), "\n"]));
    told
}
