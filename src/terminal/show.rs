//! `hindsight show`: a history step by step.

use super::database::Database;
use super::failure::Failure;
use super::moments::{self, Until};
use super::output::{self, Output, print, state_note};
use super::problem::Problem;
use super::reading::{self, Stream};
use crate::aggregate::{self, Field, StateObject, leaves};
use crate::cli::Show;
use crate::history::{Mark, MarkdownTable, Replay, Setters, changes_among};
use crate::record::json::{Payload, json_line, one_line, raw, safe};
use crate::record::{Record, Revision, StreamName};
use crate::sentences::at_moment;
use crate::store::Life;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;
use std::sync::Arc;

/// Longer data is cut in the text view; `--json` has all of it.
const MAX_DATA: usize = 4096;

/// The published shape of one line.
#[derive(serde::Serialize)]
struct Line<'a> {
    revision: u64,
    r#type: &'a str,
    created: String,
    folded: bool,
    data: Payload<'a>,
    state: Option<StateObject<'a>>,
    changed: &'a [Arc<str>],
    problem: Option<Problem<'a>>,
    /// Only of a definition that says more than the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<OutputLine<'a>>,
    #[expect(clippy::option_option, reason = "absent, null and there are three things in JSON")]
    /// Only of links: the event that it leads to, null where that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Option<Target<'a>>>,
}

#[derive(serde::Serialize)]
struct OutputLine<'a> {
    /// What a projection would have written.
    emitted: Vec<EmittedLine<'a>>,
    log: &'a [String],
    /// What the definition's transforms make of the state.
    result: Option<Box<RawValue>>,
}

#[derive(serde::Serialize)]
struct EmittedLine<'a> {
    stream: &'a str,
    r#type: &'a str,
    data: Payload<'a>,
    metadata: Option<Payload<'a>>,
}

impl<'a> From<&'a aggregate::Output> for OutputLine<'a> {
    fn from(output: &'a aggregate::Output) -> Self {
        let emitted = output.emitted.iter().map(|emitted| EmittedLine {
            stream: &emitted.stream,
            r#type: &emitted.event_type,
            data: emitted.data.as_bytes().into(),
            metadata: emitted.metadata.as_ref().map(|metadata| metadata.as_bytes().into()),
        });
        let result = output.result.as_deref().and_then(raw);
        Self { emitted: emitted.collect(), log: &output.log, result }
    }
}

#[derive(serde::Serialize)]
struct Target<'a> {
    stream: &'a str,
    revision: u64,
    r#type: &'a str,
    created: String,
    data: Payload<'a>,
}

impl<'a> From<&'a Record> for Target<'a> {
    fn from(record: &'a Record) -> Self {
        Self {
            stream: record.stream.as_str(),
            revision: record.revision.0,
            r#type: &record.event_type,
            created: record.created.rfc3339(),
            data: (&*record.data).into(),
        }
    }
}

/// One event and what it did.
struct Step<'a> {
    record: &'a Record,
    mark: Mark,
    fields: Option<&'a [Field]>,
    changed: Vec<Arc<str>>,
    problem: Option<(aggregate::Problem, String)>,
    output: Option<aggregate::Output>,
}

/// Prints the events as they come: of those before, only the state is kept, and who set its fields.
struct Telling {
    replay: Replay,
    fields: Option<Vec<Field>>,
    /// The revision that changed a field last.
    setters: Setters,
    json: bool,
    /// Where to stop.
    until: Option<Revision>,
    first: Option<Revision>,
    /// Takes the events, where a table of them is asked for.
    table: Option<MarkdownTable>,
}

/// Why no more is read.
enum Stop {
    /// All that was asked for is told.
    Enough,
    Failed(Failure),
}

impl Telling {
    /// Most events up to where to stop; of a stream that was cut there may be fewer.
    fn left(&self, stream: &Stream) -> usize {
        let first = stream.records.first().map_or(0, |record| record.revision.0);
        let from = self.replay.last().map_or(first, |last| last.0 + 1);
        let left = self.until.map_or(u64::MAX, |until| (until.0 + 1).saturating_sub(from));
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        // One more than the table takes tells that there are more.
        self.table.as_ref().map_or(left, |table| left.min(MarkdownTable::MOST + 1 - table.len()))
    }

    fn records(&mut self, records: &[Record]) -> Result<(), Stop> {
        if self.table.is_some() {
            return self.rows(records);
        }
        let mut text = String::new();
        let (mut changed, mut is_enough) = (Vec::new(), false);
        for record in records {
            is_enough = self.until.is_some_and(|until| record.revision > until);
            if is_enough {
                break;
            }
            text.extend(self.step(record, &mut changed));
        }
        print(&text).map_err(Stop::Failed)?;
        if is_enough { Err(Stop::Enough) } else { Ok(()) }
    }

    /// More events of the table.
    fn rows(&mut self, records: &[Record]) -> Result<(), Stop> {
        let Some(table) = &mut self.table else { return Ok(()) };
        for record in records {
            let is_enough = self.until.is_some_and(|until| record.revision > until);
            if is_enough || !table.push(record.into()) {
                return Err(Stop::Enough);
            }
            self.first.get_or_insert(record.revision);
        }
        Ok(())
    }

    /// The table as text, of a stream whose newest event is the last one.
    fn table_text(self, last: Option<Revision>) -> Option<String> {
        let table = self.table?;
        let all = self
            .until
            .or(last)
            .zip(self.first)
            .map_or(0, |(last, first)| (last.0 + 1).saturating_sub(first.0));
        let events = if table.len() < MarkdownTable::MOST {
            table.len()
        } else {
            usize::try_from(all).unwrap_or(usize::MAX)
        };
        Some(table.finish(events))
    }

    /// One more event as text; `None` for a repeat.
    fn step(&mut self, record: &Record, changed: &mut Vec<Arc<str>>) -> Option<String> {
        let (before, last) = (self.replay.state().clone(), self.replay.last());
        changed.clear();
        let (mark, problem) = self.replay.apply(record, changed)?;
        self.first.get_or_insert(record.revision);
        let folded_by = &**self.replay.aggregate();
        self.fields = folded_by.fields(self.replay.state());
        let fields = self.fields.as_deref().unwrap_or_default();
        let differing = changes_among(folded_by, &before, fields, changed);
        let problem = problem.map(|problem| {
            let text = self.setters.sentence(&problem, last);
            (problem, text)
        });
        self.setters.set(changed.drain(..), record.revision);
        let changed = differing.into_iter().map(|change| change.field).collect();
        let output =
            folded_by.output(&before, record.into()).filter(|output| *output != aggregate::Output::default());
        let step = Step { record, mark, fields: self.fields.as_deref(), changed, problem, output };
        Some(if self.json { json_line(&line(&step)) } else { text(&step) })
    }
}

pub async fn show(show: &Show, database: &Database) -> Result<Output, Failure> {
    if show.stream == "$all" {
        return Err(Failure::Usage(
            "$all is every stream, not one. Name a stream; `hindsight list --category '*'` shows them."
                .to_owned(),
        ));
    }
    let stream = reading::find(database, &show.stream, &show.category).await?;
    if stream.life == Life::Missing {
        return Err(missing(&stream));
    }
    let name = &stream.name;
    let until = until(&stream, show, database).await?;
    let mut telling = Telling {
        replay: reading::unread(&database.registry, name),
        fields: None,
        setters: Setters::default(),
        json: show.json,
        until,
        first: None,
        table: show.markdown.then(|| {
            MarkdownTable::new(reading::unread(&database.registry, name).aggregate().clone(), name.clone())
        }),
    };
    // After a lost connection it goes on behind what is told.
    let read = database.patiently(async |session| {
        let (after, most) = (telling.replay.last(), telling.left(&stream));
        session.read_resolved_after(name, after, most, |records| telling.records(&records)).await
    });
    let (life, last) = match read.await? {
        Ok(end) => end,
        Err(Stop::Enough) => (Life::Live, stream.last),
        Err(Stop::Failed(failure)) => return Err(failure),
    };
    let is_empty = telling.first.is_none();
    let text = if is_empty && !show.json { "No event of this stream can be read.\n" } else { "" };
    let gone = reading::gone_note(name, &life, telling.first, last, || telling.replay.is_known());
    let text = telling.table_text(last).unwrap_or_else(|| text.to_owned());
    Ok(Output { text: text.into(), notes: notes(show, name, gone, database) })
}

fn missing(stream: &Stream) -> Failure {
    let name = &stream.name;
    Failure::Usage(format!(
        "Stream {name} does not exist. `hindsight list` shows those that do; give the full name, like account-1, or the id and its --category."
    ))
}

/// Which stream it is where that was not said, what of it is gone, and what its state is not.
fn notes(show: &Show, name: &StreamName, gone: Option<String>, database: &Database) -> Vec<String> {
    let found = (name.as_str() != show.stream).then(|| format!("This is stream {name}."));
    let state = state_note(&**database.registry.for_stream(name));
    [found, gone, state].into_iter().flatten().collect()
}

/// The last revision that is to be shown.
async fn until(stream: &Stream, show: &Show, database: &Database) -> Result<Option<Revision>, Failure> {
    let Some(at) = show.at.as_deref().map(|at| moments::until("--at", at)).transpose()? else {
        return Ok(None);
    };
    let name = &stream.name;
    let at = match at {
        Until::Revision(revision) => {
            check_revision(stream, Some(revision.0), database).await?;
            return Ok(Some(revision));
        }
        Until::Moment(at) => at,
    };
    output::note(&format!("As it was at {}.", at_moment(at)));
    if let Some(found) = database.patiently(async |session| session.revision_at(name, at).await).await? {
        return Ok(Some(found));
    }
    let Some(first) = stream.records.first() else { return Ok(None) };
    let begins = at_moment(first.created);
    Err(Failure::Usage(if first.revision.0 == 0 {
        format!("Stream {name} had no event yet: its first is of {begins}. Give that moment or a later one.")
    } else {
        format!(
            "The events that stream {name} had then are gone: the first that is left is of {begins}. Give that moment or a later one."
        )
    }))
}

/// A revision that the stream does not have is a slip of the hand.
async fn check_revision(stream: &Stream, at: Option<u64>, database: &Database) -> Result<(), Failure> {
    let (Some(at), Some(first)) = (at, stream.records.first()) else { return Ok(()) };
    let name = &stream.name;
    let newest = database.patiently(async |session| session.newest_revision(name).await).await?;
    let (first, last) = (first.revision, newest.max(stream.last).unwrap_or_default());
    if (first..=last).contains(&Revision(at)) {
        return Ok(());
    }
    Err(Failure::Usage(format!("Stream {name} has no revision {at}. Use one from {first} to {last}.")))
}

fn line<'a>(step: &'a Step<'_>) -> Line<'a> {
    Line {
        revision: step.record.revision.0,
        r#type: &step.record.event_type,
        created: step.record.created.rfc3339(),
        folded: step.mark == Mark::Folded,
        data: (&*step.record.data).into(),
        state: step.fields.map(StateObject),
        changed: &step.changed,
        problem: step.problem.as_ref().map(|(problem, text)| Problem::new(problem, text)),
        output: step.output.as_ref().map(OutputLine::from),
        target: step.record.is_link().then(|| step.record.target.as_deref().map(Target::from)),
    }
}

fn text(step: &Step) -> String {
    let record = step.record;
    let time = record.created.date_time(&jiff::tz::TimeZone::UTC);
    let event_type = safe(&record.event_type);
    let unknown = if step.mark == Mark::NotFolded { "  (not folded)" } else { "" };
    let mut out = format!("{:>5}  {time}  {event_type}{unknown}\n", record.revision.0);
    let mut detail = |name: &str, value: &str| out.extend(["       ", name, safe(value).as_ref(), "\n"]);
    detail("data     ", &data_text(&record.data));
    if record.is_link() {
        detail("target   ", &target_text(record.target.as_deref()));
        if let Some(target) = &record.target {
            detail("         ", &data_text(&target.data));
        }
    }
    detail("state    ", &state_text(step.fields));
    if !step.changed.is_empty() {
        detail("changed  ", &step.changed.join(", "));
    }
    if let Some(output) = &step.output {
        for emitted in &output.emitted {
            let (stream, data) = (safe(&emitted.stream), data_text(emitted.data.as_bytes()));
            detail("emits    ", &format!("{} to {stream} {data}", safe(&emitted.event_type)));
        }
        output.log.iter().for_each(|text| detail("log      ", text));
        output.result.iter().for_each(|result| detail("result   ", &data_text(result.as_bytes())));
    }
    if let Some((problem, text)) = &step.problem {
        detail("problem  ", text);
        let stack = problem.fault.iter().flat_map(|fault| fault.lines());
        stack.for_each(|line| detail("         ", &line));
    }
    out
}

/// Data on one line; what is no text as its size and base64, and a sign where something is left out.
fn data_text(data: &[u8]) -> String {
    if std::str::from_utf8(data).is_err() {
        let shown = &data[..data.len().min(MAX_DATA / 4 * 3)];
        let rest = if shown.len() < data.len() { "\u{2026} (cut; --json has all)" } else { "" };
        return format!("{} bytes, base64 {}{rest}", data.len(), STANDARD.encode(shown));
    }
    let line = one_line(data, MAX_DATA + 1);
    match line.char_indices().nth(MAX_DATA) {
        Some((at, _)) => {
            format!("{}\u{2026} (cut; {} bytes in all, --json has them)", &line[..at], data.len())
        }
        None => line,
    }
}

/// Where a link leads.
fn target_text(target: Option<&Record>) -> String {
    target.map_or_else(
        || "gone: what it leads to cannot be read".to_owned(),
        |target| {
            let time = target.created.date_time(&jiff::tz::TimeZone::UTC);
            let (stream, revision) = (&target.stream, target.revision);
            format!("{} at revision {revision} of {stream}, {time}", target.event_type)
        },
    )
}

fn state_text(fields: Option<&[Field]>) -> String {
    let Some(fields) = fields else { return "none".to_owned() };
    leaves(fields).iter().map(|(path, token)| format!("{path} {token}")).collect::<Vec<_>>().join("  ")
}
