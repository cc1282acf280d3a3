//! `hindsight show`: a history step by step.

use super::reading::{self, Database, Stream};
use super::{Failure, Output};
use crate::cli::Show;
use crate::domain::OrderFold;
use crate::fold::{Field, Fold};
use crate::history::{Mark, Timeline};
use crate::record::json::{Payload, json_line, one_line, raw, safe};
use crate::record::{Record, Revision};
use crate::store::Life;
use serde::ser::{Serialize, Serializer};

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
    state: Option<State<'a>>,
    changed: &'a [&'static str],
    problem: Option<Problem<'a>>,
}

struct State<'a>(&'a [Field]);

impl Serialize for State<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|field| (field.name, raw(&field.value))))
    }
}

#[derive(serde::Serialize)]
struct Problem<'a> {
    kind: &'static str,
    text: &'a str,
}

/// One event and what it did.
struct Step<'a> {
    record: &'a Record,
    mark: Option<Mark>,
    fields: Option<Vec<Field>>,
    changed: Vec<&'static str>,
    problem: Option<(&'static str, String)>,
}

pub async fn show(show: &Show, database: &Database) -> Result<Output, Failure> {
    let stream = reading::read(database, &show.stream).await?;
    if stream.life == Life::Missing {
        return Err(missing(&stream));
    }
    let last = last_shown(&stream, show.at)?;
    let steps = steps(&stream);
    let shown = steps.iter().take_while(|step| last.is_none_or(|last| step.record.revision <= last));
    let text = if show.json {
        shown.map(|step| json_line(&line(step))).collect()
    } else {
        shown.map(text).collect()
    };
    Ok(Output { text, note: stream.note() })
}

fn missing(stream: &Stream) -> Failure {
    let name = &stream.name;
    Failure::Usage(format!(
        "Stream {name} does not exist. `hindsight list` shows the orders that do; give the full name, like order-1001."
    ))
}

/// The revision to stop at; one that the stream does not have is a slip of the hand.
fn last_shown(stream: &Stream, at: Option<u64>) -> Result<Option<Revision>, Failure> {
    let (Some(at), Some(first), Some(last)) = (at, stream.records.first(), stream.records.last()) else {
        return Ok(at.map(Revision));
    };
    let (first, last) = (first.revision, last.revision);
    if (first..=last).contains(&Revision(at)) {
        return Ok(Some(Revision(at)));
    }
    let name = &stream.name;
    Err(Failure::Usage(format!("Stream {name} has no revision {at}. Use one from {first} to {last}.")))
}

/// Folds as it goes: each event costs one step, however long the history is.
fn steps(stream: &Stream) -> Vec<Step<'_>> {
    let fold = OrderFold::of_stream(stream.name.as_str());
    let mut timeline = Timeline::new(fold.clone());
    let mut steps = Vec::with_capacity(stream.records.len());
    for record in &stream.records {
        let before = timeline.head().clone();
        if !timeline.push(record.clone()) {
            continue;
        }
        let index = timeline.len() - 1;
        let kind = timeline.problems().next_back().filter(|(at, _)| *at == index).map(|(_, p)| p.kind);
        steps.push(Step {
            record,
            mark: timeline.mark(index),
            fields: fold.fields(timeline.head()),
            changed: timeline.changes(&before, timeline.head()).iter().map(|change| change.field).collect(),
            problem: kind.zip(timeline.problem_text(index)),
        });
    }
    steps
}

fn line<'a>(step: &'a Step) -> Line<'a> {
    Line {
        revision: step.record.revision.0,
        r#type: &step.record.event_type,
        created: step.record.created.rfc3339(),
        folded: step.mark == Some(Mark::Folded),
        data: (&*step.record.data).into(),
        state: step.fields.as_deref().map(State),
        changed: &step.changed,
        problem: step.problem.as_ref().map(|(kind, text)| Problem { kind, text }),
    }
}

fn text(step: &Step) -> String {
    let record = step.record;
    let time = record.created.date_time(&jiff::tz::TimeZone::UTC);
    let event_type = safe(&record.event_type);
    let unknown = if step.mark == Some(Mark::NotFolded) { "  (not folded)" } else { "" };
    let data = one_line(&record.data, MAX_DATA);
    let mut out = format!("{:>5}  {time}  {event_type}{unknown}\n", record.revision.0);
    let mut detail = |name: &str, value: &str| out.extend(["       ", name, safe(value).as_ref(), "\n"]);
    detail("data     ", &data);
    detail("state    ", &state_text(step.fields.as_deref()));
    if !step.changed.is_empty() {
        detail("changed  ", &step.changed.join(", "));
    }
    if let Some((_, text)) = &step.problem {
        detail("problem  ", text);
    }
    out
}

fn state_text(fields: Option<&[Field]>) -> String {
    let Some(fields) = fields else { return "none".to_owned() };
    fields.iter().map(|field| format!("{} {}", field.name, field.value)).collect::<Vec<_>>().join("  ")
}
