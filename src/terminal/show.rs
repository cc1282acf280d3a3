//! `hindsight show`: a history step by step.

use super::database::Database;
use super::failure::Failure;
use super::output::{Output, state_note};
use super::reading::{self, Stream};
use crate::aggregate::{Field, Registry, Value, leaves};
use crate::cli::Show;
use crate::history::Mark;
use crate::record::json::{Payload, json_line, one_line, raw, safe};
use crate::record::{Record, Revision};
use crate::store::Life;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Serialize, Serializer};
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
    state: Option<State<'a>>,
    changed: &'a [Arc<str>],
    problem: Option<Problem<'a>>,
    #[expect(clippy::option_option, reason = "absent, null and there are three things in JSON")]
    /// Only of links: the event that it leads to, null where that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Option<Target<'a>>>,
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

struct State<'a>(&'a [Field]);

impl Serialize for State<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|field| (&*field.name, Member(&field.value))))
    }
}

struct Member<'a>(&'a Value);

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Token(token) => raw(token).serialize(serializer),
            Value::Object(fields) => State(fields).serialize(serializer),
        }
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
    changed: Vec<Arc<str>>,
    problem: Option<(&'static str, String)>,
}

pub async fn show(show: &Show, database: &Database) -> Result<Output, Failure> {
    if show.stream == "$all" {
        return Err(Failure::Usage(
            "$all is every stream, not one. Name a stream; `hindsight list --category '*'` shows them."
                .to_owned(),
        ));
    }
    // No further than asked: of a stream that begins at 0 these are the events up to the revision.
    let most = show.at.map_or(usize::MAX, |at| usize::try_from(at).unwrap_or(usize::MAX).saturating_add(1));
    let stream = find(show, database, most).await?;
    if stream.life == Life::Missing {
        return Err(missing(&stream));
    }
    let last = last_shown(&stream, show.at)?;
    let steps = steps(&stream);
    let shown = steps.iter().take_while(|step| last.is_none_or(|last| step.record.revision <= last));
    let text = if show.json {
        shown.map(|step| json_line(&line(step))).collect()
    } else if steps.is_empty() {
        "No event of this stream can be read.\n".to_owned()
    } else {
        shown.map(text).collect()
    };
    Ok(Output { text, notes: notes(show, &stream) })
}

/// The stream of that name, or else the one of the category with that id.
async fn find(show: &Show, database: &Database, most: usize) -> Result<Stream, Failure> {
    let stream = reading::read(database, &show.stream, most).await?;
    if stream.life != Life::Missing || stream.name.is_system() || show.category == "*" {
        return Ok(stream);
    }
    let by_id = reading::read(database, &format!("{}-{}", show.category, show.stream), most).await?;
    Ok(if by_id.life == Life::Missing { stream } else { by_id })
}

fn missing(stream: &Stream) -> Failure {
    let name = &stream.name;
    Failure::Usage(format!(
        "Stream {name} does not exist. `hindsight list` shows those that do; give the full name, like account-1, or the id and its --category."
    ))
}

/// Which stream it is where that was not said, what of it is gone, and what its state is not.
fn notes(show: &Show, stream: &Stream) -> Vec<String> {
    let found = (stream.name.as_str() != show.stream).then(|| format!("This is stream {}.", stream.name));
    let state = state_note(&**Registry::default().for_stream(&stream.name));
    [found, stream.note(), state].into_iter().flatten().collect()
}

/// The revision to stop at; one that the stream does not have is a slip of the hand.
fn last_shown(stream: &Stream, at: Option<u64>) -> Result<Option<Revision>, Failure> {
    let (Some(at), Some(first), Some(last)) = (at, stream.records.first(), stream.records.last()) else {
        return Ok(at.map(Revision));
    };
    let (first, last) = (first.revision, last.revision.max(stream.last.unwrap_or_default()));
    if (first..=last).contains(&Revision(at)) {
        return Ok(Some(Revision(at)));
    }
    let name = &stream.name;
    Err(Failure::Usage(format!("Stream {name} has no revision {at}. Use one from {first} to {last}.")))
}

/// Folds as it goes: each event costs one step, however long the history is.
fn steps(stream: &Stream) -> Vec<Step<'_>> {
    let mut timeline = stream.empty_timeline();
    let mut steps = Vec::with_capacity(stream.records.len());
    for record in &stream.records {
        let before = timeline.head().clone();
        if !timeline.push(record) {
            continue;
        }
        let index = timeline.len() - 1;
        let kind = timeline.problems().next_back().filter(|(at, _)| *at == index).map(|(_, p)| p.kind);
        steps.push(Step {
            record,
            mark: timeline.mark(index),
            fields: timeline.aggregate().fields(timeline.head()),
            changed: timeline
                .changes(&before, timeline.head())
                .iter()
                .map(|change| change.field.clone())
                .collect(),
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
        target: step.record.is_link().then(|| step.record.target.as_deref().map(Target::from)),
    }
}

fn text(step: &Step) -> String {
    let record = step.record;
    let time = record.created.date_time(&jiff::tz::TimeZone::UTC);
    let event_type = safe(&record.event_type);
    let unknown = if step.mark == Some(Mark::NotFolded) { "  (not folded)" } else { "" };
    let mut out = format!("{:>5}  {time}  {event_type}{unknown}\n", record.revision.0);
    let mut detail = |name: &str, value: &str| out.extend(["       ", name, safe(value).as_ref(), "\n"]);
    detail("data     ", &data_text(&record.data));
    if record.is_link() {
        detail("target   ", &target_text(record.target.as_deref()));
        if let Some(target) = &record.target {
            detail("         ", &data_text(&target.data));
        }
    }
    detail("state    ", &state_text(step.fields.as_deref()));
    if !step.changed.is_empty() {
        detail("changed  ", &step.changed.join(", "));
    }
    if let Some((_, text)) = &step.problem {
        detail("problem  ", text);
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
